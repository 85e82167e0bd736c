/** The functions that the language itself has, by kind. */
import type { ReductionName } from '../../grammar/ast.js'
import type { OperatorName } from '../ops/signatures.js'

/** Scalar operators that are called by name, and the operator of the table that each is. */
export const OPERATOR_FUNCTIONS = {
  abs: 'abs', sign: 'sign', floor: 'floor', ceil: 'ceil', round: 'round', trunc: 'trunc', mod: 'mod', div: 'idiv',
  clamp: 'clamp', sqrt: 'sqrt', cbrt: 'cbrt', hypot: 'hypot', relu: 'relu', pow: 'pow',
  exp: 'exp', expm1: 'expm1', log: 'log', log1p: 'log1p', log2: 'log2', log10: 'log10', xlogy: 'xlogy',
  sigmoid: 'sigmoid', logit: 'logit', softplus: 'softplus', log_sigmoid: 'log_sigmoid', log1mexp: 'log1mexp',
  sin: 'sin', cos: 'cos', tan: 'tan', asin: 'asin', acos: 'acos', atan: 'atan', atan2: 'atan2',
  sinh: 'sinh', cosh: 'cosh', tanh: 'tanh', asinh: 'asinh', acosh: 'acosh', atanh: 'atanh',
  erf: 'erf', erfc: 'erfc', erfcx: 'erfcx', erfcx_derivative: 'erfcx_derivative', log_erfc: 'log_erfc', log_erfc_derivative: 'log_erfc_derivative', normal_cdf: 'normal_cdf', normal_pdf: 'normal_pdf',
  lgamma: 'lgamma', digamma: 'digamma', polygamma: 'polygamma',
} as const satisfies Record<string, OperatorName> // prettier-ignore

export type OperatorFunction = keyof typeof OPERATOR_FUNCTIONS

export const REDUCTIONS = [
  'sum', 'prod', 'mean', 'max', 'min', 'argmax', 'argmin', 'logsumexp', 'any', 'all',
] as const satisfies readonly ReductionName[] // prettier-ignore

export const DERIVATIVES = ['d', 'grad', 'jacobian', 'hessian', 'jvp', 'vjp', 'hvp'] as const
export type DerivativeName = (typeof DERIVATIVES)[number]

/** Functions of whole tensors. */
export const TENSOR_FUNCTIONS = [
  'zeros', 'ones', 'eye', 'concat', 'reshape', 'where', 'stop_gradient',
  'solve', 'inv', 'det', 'cofactors', 'logdet', 'cholesky',
] as const // prettier-ignore
export type TensorFunction = (typeof TENSOR_FUNCTIONS)[number]

export type BuiltinName = OperatorFunction | ReductionName | DerivativeName | TensorFunction

export const isOperatorFunction = (name: string): name is OperatorFunction =>
  Object.hasOwn(OPERATOR_FUNCTIONS, name)
export const isReduction = (name: string): name is ReductionName => REDUCTIONS.some((other) => other === name)
export const isDerivativeOperator = (name: string): name is DerivativeName =>
  DERIVATIVES.some((other) => other === name)
export const isTensorFunction = (name: string): name is TensorFunction =>
  TENSOR_FUNCTIONS.some((other) => other === name)

export const isBuiltin = (name: string): name is BuiltinName =>
  isOperatorFunction(name) || isReduction(name) || isDerivativeOperator(name) || isTensorFunction(name)

export const BUILTIN_NAMES: readonly BuiltinName[] = [
  ...Object.keys(OPERATOR_FUNCTIONS).filter(isOperatorFunction),
  ...REDUCTIONS,
  ...DERIVATIVES,
  ...TENSOR_FUNCTIONS,
]
