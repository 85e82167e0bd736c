/** What the language itself has, in a line or two, with derivatives from the table of operators. */
import {
  isDerivativeOperator,
  isOperatorFunction,
  isReduction,
  isTensorFunction,
  OPERATOR_FUNCTIONS,
} from '../../check/builtin-names.js'
import type { DerivativeName, TensorFunction } from '../../check/builtin-names.js'
import type { ReductionName } from '../../../grammar/ast.js'
import { grad } from '../../expression.js'
import { MATRIX_OPERATORS } from '../../ops/matrix.js'
import { SIGNATURES } from '../../ops/signatures.js'
import { OPERATORS } from '../../ops/table.js'

export interface LanguageDoc {
  /** As it is written. */
  readonly head: string
  readonly doc: string
  /** Equations; found when asked for. */
  readonly derivative: () => readonly string[]
}

const REDUCTION_DOCS: Readonly<Record<ReductionName, readonly [doc: string, derivative: string]>> = {
  sum: ['The sum; 0 over nothing', '∂/∂x[i] sum[j] x[j] = 1'],
  prod: ['The product; 1 over nothing', '∂/∂x[i] prod[j] x[j] = prod[j if j != i] x[j]'],
  mean: ['The sum divided by the number of terms', '∂/∂x[i] mean[j < n] x[j] = 1 / n'],
  max: ['The largest; -∞ over nothing', '∂/∂x[i] max[j] x[j] = 1 at the first largest, else 0'],
  min: ['The smallest; ∞ over nothing', '∂/∂x[i] min[j] x[j] = 1 at the first smallest, else 0'],
  argmax: ['The position of the first largest', '0: a position makes steps'],
  argmin: ['The position of the first smallest', '0: a position makes steps'],
  logsumexp: ['log Σ exp, without overflow', '∂/∂x[i] logsumexp[j] x[j] = exp(x[i] - logsumexp[j] x[j])'],
  any: ['Whether one of the conditions holds', '0: a condition makes steps'],
  all: ['Whether all of the conditions hold', '0: a condition makes steps'],
}

const DERIVATIVE_DOCS: Readonly<Record<DerivativeName, readonly [head: string, doc: string]>> = {
  d: [
    'd(e, x)',
    'The derivative of e by x: one of them is a number; also ∂(e, x), and by several: d(e, x, y)',
  ],
  grad: ['grad(e, x)', 'The gradient of a number e, in the shape of x'],
  jacobian: ['jacobian(e, x)', 'All partial derivatives: the axes of e, then those of x'],
  hessian: ['hessian(e, x)', 'The second derivatives of a number e: the axes of x twice'],
  jvp: ['jvp(e, x, v)', 'The derivative of e by x along v: jacobian(e, x) times v, without the matrix'],
  vjp: ['vjp(e, x, u)', 'u times jacobian(e, x), without the matrix: in the shape of x'],
  hvp: ['hvp(e, x, v)', 'hessian(e, x) times v, without the matrix'],
}

const TENSOR_DOCS: Readonly<
  Record<Exclude<TensorFunction, keyof typeof MATRIX_OPERATORS>, readonly [head: string, doc: string]>
> = {
  zeros: ['zeros(n, m, …)', 'A tensor of zeros of these sizes'],
  ones: ['ones(n, m, …)', 'A tensor of ones of these sizes'],
  eye: ['eye(n)', 'The identity matrix'],
  concat: ['concat(a, b, axis = 0)', 'Tensors one behind the other along an axis'],
  reshape: ['reshape(x, n, m, …)', 'The same entries in the same order, under another shape'],
  where: ['where(c, a, b)', 'a where the condition holds, else b, entry by entry'],
  stop_gradient: ['stop_gradient(e)', 'e, which derivatives take for a constant'],
}

const MATRIX_DERIVATIVES: Readonly<Record<keyof typeof MATRIX_OPERATORS, string>> = {
  solve: 'd(A⁻¹ b) = A⁻¹ (db - dA A⁻¹ b)',
  inv: 'd(A⁻¹) = -A⁻¹ dA A⁻¹',
  det: 'd det A = tr(Cᵀ dA), where C are the cofactors of A',
  cofactors: 'dC = tr(A⁻¹ dA) C - A⁻ᵀ dAᵀ C',
  logdet: 'd log |det A| = tr(A⁻¹ dA)',
  cholesky: 'dL = L Φ(L⁻¹ dA L⁻ᵀ), where Φ keeps the lower triangle and half of the diagonal',
}

const WORDS: Readonly<Record<string, string>> = {
  pi: 'The number π = 3.14159…',
  π: 'The number π = 3.14159…',
  inf: 'Infinity, ∞',
  '∞': 'Infinity',
  int: 'A whole number; `int[n]` is a tensor of them',
  real: 'A real number',
  bool: 'A condition, 0 or 1; `bool[n]` is a tensor of them',
  he: 'First values from a normal distribution of variance 2 / fan-in',
  glorot: 'First values from a uniform distribution of variance 2 / (fan-in + fan-out)',
  lecun: 'First values from a normal distribution of variance 1 / fan-in',
  normal: '`normal(μ, σ)`: first values from a normal distribution',
  uniform: '`uniform(a, b)`: first values evenly from a to b',
  orthogonal: 'First values with orthonormal rows or columns',
}

/** Words that are no names where they stand. */
const KEYWORDS: Readonly<Record<string, readonly [head: string, doc: string]>> = {
  import: [
    'import { g, h as k } from "./other.nn"',
    'Names that another file exports; of the library, from "nnc/…"',
  ],
  export: ['export fn f(x) = …', 'Makes a function or constant part of the module'],
  const: ['const width = 128', 'A value known when compiling; `-D width=64` sets another'],
  fn: ['fn f(x: [n], a = 1) { … return y }', 'A function; `fn f(x) = e` is short for one that returns e'],
  optimizer: [
    'optimizer f(w, g, state, rate = 0.01) { … }',
    'A step of training: the new parameters and states',
  ],
  model: [
    'model M[size = 8](x: [n, d]) { … }',
    'Data in parentheses, sizes in brackets; inside has `param`, `out` and `loss`. Used in another model it is a layer',
  ],
  derivative: [
    'derivative of f(x) by x = …',
    'An own rule for the derivative of a function; `given g` states a pullback',
  ],
  param: [
    'param W: [a, b] ~ he',
    'A parameter to be trained, drawn (~) or set (=) at first; with a model as its type a layer',
  ],
  out: ['out y = …', 'A result of the model'],
  loss: ['loss e', 'The number that training lowers: what is differentiated'],
  recur: [
    'recur t < T { h[-1] = …; h[t] = … }',
    'A recurrence: each step reads those before it, or after it',
  ],
  return: ['return e', 'The result of a function; several are separated by commas'],
  assume: ['assume n > 2', 'A fact that the proofs may use; of sizes it is tested when they are known'],
  if: [
    'if c then a else b',
    'A value: a where the condition holds, else b; the other arm is not evaluated. In a reduction a filter',
  ],
  and: ['a and b', 'Whether both conditions hold'],
  or: ['a or b', 'Whether one of the conditions holds'],
  not: ['not a', 'Whether the condition does not hold'],
}

const PARTS_OF: ReadonlyMap<string, string> = new Map([
  ['then', 'if'],
  ['else', 'if'],
  ['from', 'import'],
  ['as', 'import'],
  ['of', 'derivative'],
  ['by', 'derivative'],
  ['given', 'derivative'],
])

export function keywordDoc(word: string): LanguageDoc | undefined {
  const whole = PARTS_OF.get(word) ?? word
  return Object.hasOwn(KEYWORDS, whole) ? plain(...KEYWORDS[whole]) : undefined
}

/** Symbols, by their standard spelling. Derivatives are those by the operands. */
const SYMBOLS: Readonly<Record<string, readonly [head: string, doc: string, expression: string]>> = {
  '+': ['a + b', 'The sum, entry by entry', 'a + b'],
  '-': ['a - b', 'The difference, entry by entry', 'a - b'],
  '*': ['a * b', 'The product, entry by entry; also ·, × and ⊙', 'a * b'],
  '/': ['a / b', 'The quotient, entry by entry', 'a / b'],
  '^': ['a ^ b', 'The power, entry by entry; also a², a³', 'a ^ b'],
  '@': [
    'A @ B',
    'The matrix product: the last axis of A is summed with the last but one of B (the only one of a vector)',
    '',
  ],
  "'": ["A'", 'Transposed: the last two axes change places. After a function: its derivative', ''],
}

const SYMBOL_DERIVATIVES: Readonly<Record<string, readonly string[]>> = {
  '@': ['d(A @ B) = dA @ B + A @ dB'],
  "'": ["d(A') = (dA)'"],
}

const SPELLINGS: Readonly<Record<string, string>> = {
  '−': '-',
  '·': '*',
  '×': '*',
  '⊙': '*',
  '∙': '*',
  '⋅': '*',
  '÷': '/',
  ᵀ: "'",
}

export function symbolDoc(image: string): LanguageDoc | undefined {
  const symbol = SPELLINGS[image] ?? image
  if (!Object.hasOwn(SYMBOLS, symbol)) return undefined
  const [head, doc, expression] = SYMBOLS[symbol]
  return {
    head,
    doc,
    derivative: () => (expression ? partials(head, expression, ['a', 'b']) : SYMBOL_DERIVATIVES[symbol]),
  }
}

/** A function or word of the language. */
export function languageDoc(name: string): LanguageDoc | undefined {
  if (isOperatorFunction(name)) return operatorDoc(name)
  if (isReduction(name)) {
    const [doc, derivative] = REDUCTION_DOCS[name]
    return { head: `${name}[i] x[i]`, doc, derivative: () => [derivative] }
  }
  if (isDerivativeOperator(name)) return plain(...DERIVATIVE_DOCS[name])
  if (isTensorFunction(name)) {
    switch (name) {
      case 'solve':
      case 'inv':
      case 'det':
      case 'cofactors':
      case 'logdet':
      case 'cholesky': {
        const [head, doc] = MATRIX_OPERATORS[name].doc.split(/: (.*)/)
        return { head, doc: capital(doc), derivative: () => [MATRIX_DERIVATIVES[name]] }
      }
      default:
        return plain(...TENSOR_DOCS[name])
    }
  }
  return Object.hasOwn(WORDS, name) ? plain(name, WORDS[name]) : undefined
}

const plain = (head: string, doc: string): LanguageDoc => ({ head, doc, derivative: () => [] })
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  atan2: ['y', 'x'],
  clamp: ['x', 'low', 'high'],
  logit: ['p'],
  pow: ['x', 'y'],
  polygamma: ['n', 'x'],
}

function operatorArguments(name: keyof typeof OPERATOR_FUNCTIONS): readonly string[] {
  const arity = SIGNATURES[OPERATOR_FUNCTIONS[name]]
  return ARGUMENTS[name] ?? ['x', 'y', 'z'].slice(0, arity)
}

function operatorDoc(name: keyof typeof OPERATOR_FUNCTIONS): LanguageDoc {
  const operator = OPERATOR_FUNCTIONS[name]
  const { doc, derivative, kinks } = OPERATORS[operator]
  const args = operatorArguments(name)
  const head = `${name}(${args.join(', ')})`
  if (derivative.kind === 'zero') return { head, doc, derivative: () => [`0: ${derivative.because}`] }
  const decided =
    args.length === 1
      ? kinks.map(({ at, partials: [slope], because }) =>
          `${slope} at ${args[0]} = ${at[0]}: ${because}`.replaceAll('Infinity', '∞'),
        )
      : []
  return { head, doc, derivative: () => [...partials(head, head, args), ...decided] }
}

/** By each argument, as the expression functions of the library find it. */
function partials(head: string, expression: string, args: readonly string[]): string[] {
  return grad(expression, args).map((value, at) => `∂(${head})/∂${args[at]} = ${value.toString()}`)
}
