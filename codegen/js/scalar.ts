/** Scalar expressions of the loop program in JavaScript. */
import type { OperatorName } from '../../src/ops/signatures.js'
import { OPERATORS } from '../../src/ops/table.js'
import type { Applied, Buffer, Local, Scalar } from '../../src/schedule/loop-program.js'
import { isNatural } from '../../src/schedule/scalars.js'
import { type Js, binary, call, element, math, member, name, negative, not, number } from './syntax.js'

/** How a function spells what it refers to. */
export interface Spelling {
  /** A variable, or an element of the array that parts of a method share. */
  local(local: Local): Js
  buffer(buffer: Buffer): string
  /** The name of a function of the runtime, which the module then copies in. */
  runtime(name: string): string
  /** Functions of the runtime in the place of some of `Math`. */
  readonly fast: boolean
  /** Whether all digits of the value are wanted, and not just as many as 32 bits hold. */
  isPrecise(scalar: Scalar): boolean
  /** Derivatives are computed beside values. */
  readonly hasSlopes: boolean
}

/** What is faster in loops than the function of `Math`, and as exact. */
const FAST: Readonly<Partial<Record<OperatorName, string>>> = {
  exp: 'fastExp',
  expm1: 'fastExpm1',
  sigmoid: 'fastSigmoid',
  tanh: 'fastTanh',
  softplus: 'fastSoftplus',
  log_sigmoid: 'fastLogSigmoid',
  erf: 'fastErf',
  gaussian: 'fastGaussian',
  normal_cdf: 'fastNormalCdf',
  normal_pdf: 'fastNormalPdf',
}

/** The same for what is rounded to 32 bits. */
const FAST_ROUNDED: Readonly<Partial<Record<OperatorName, string>>> = {
  exp: 'fastExpF32',
  expm1: 'fastExpm1F32',
  sigmoid: 'fastSigmoidF32',
  tanh: 'fastTanhF32',
  softplus: 'fastSoftplusF32',
  log_sigmoid: 'fastLogSigmoidF32',
  sin: 'fastSinF32',
  cos: 'fastCosF32',
  erf: 'fastErfF32',
  gaussian: 'fastGaussianF32',
  normal_cdf: 'fastNormalCdfF32',
  normal_pdf: 'fastNormalPdfF32',
}

/** What shares parts with derivatives of it that stand outside loops. */
const BESIDE_SLOPES: Readonly<Partial<Record<OperatorName, string>>> = { tanh: 'tanhByExp' }

/** Operators whose operand at that position is a condition, so that it stays a boolean. */
const TAKES_CONDITION: Readonly<Partial<Record<OperatorName, number>>> = { and: 2, or: 2, not: 1, select: 1 }

/** The scalar as a number: a condition is 1 or 0. */
export function numericJs(scalar: Scalar, spelling: Spelling): Js {
  const js = scalarJs(scalar, spelling)
  return scalar.type === 'condition' ? { kind: 'conditional', test: js, yes: number(1), no: number(0) } : js
}

/** The scalar as JavaScript has it: conditions are booleans. */
export function scalarJs(scalar: Scalar, spelling: Spelling): Js {
  switch (scalar.kind) {
    case 'number':
      return numberJs(scalar.value)
    case 'local':
      return spelling.local(scalar.local)
    case 'load':
      return element(name(spelling.buffer(scalar.buffer)), scalarJs(scalar.offset, spelling))
    case 'apply': {
      const conditions = TAKES_CONDITION[scalar.operator] ?? 0
      const args = scalar.args.map((arg, at) =>
        at < conditions ? scalarJs(arg, spelling) : numericJs(arg, spelling),
      )
      // The sign of the remainder is JavaScript's own matter only below 0.
      if (scalar.operator === 'mod' && scalar.args.every(isNatural)) return binary('%', args[0], args[1])
      const fast = spelling.fast ? fastFor(scalar, spelling) : undefined
      if (fast !== undefined) return call(spelling.runtime(fast), ...args)
      return applyJs(scalar.operator, args, (part) => spelling.runtime(part))
    }
  }
}

function fastFor(scalar: Applied, spelling: Spelling): string | undefined {
  if (scalar.depth === 0) return spelling.hasSlopes ? BESIDE_SLOPES[scalar.operator] : undefined
  return (spelling.isPrecise(scalar) ? FAST : FAST_ROUNDED)[scalar.operator]
}

const NAMED: readonly (readonly [number, Js])[] = [
  [Math.PI, member(name('Math'), 'PI')],
  [Infinity, name('Infinity')],
  [-Infinity, negative(name('Infinity'))],
]

export function numberJs(value: number): Js {
  if (Number.isNaN(value)) return name('NaN')
  const named = NAMED.find(([known]) => known === value)
  return named ? named[1] : number(value)
}

/** An operator applied to operands. */
export function applyJs(operator: OperatorName, args: readonly Js[], runtime: (name: string) => string): Js {
  // The runtime has a function for it, which would be called in every subscript.
  if (operator === 'idiv') return math('floor', binary('/', args[0], args[1]))
  const { js } = OPERATORS[operator]
  switch (js.kind) {
    case 'prefix':
      return prefixJs(js.operator, args[0])
    case 'infix':
      return js.operator === '&&' || js.operator === '||'
        ? chain(js.operator, args[0], args[1])
        : infixJs(js.operator, args[0], args[1])
    case 'conditional':
      return { kind: 'conditional', test: args[0], yes: args[1], no: args[2] }
    case 'math':
      return math(js.name, ...args)
    case 'runtime':
      return call(runtime(js.name), ...args)
  }
}

type Infix = Exclude<
  Extract<(typeof OPERATORS)[OperatorName]['js'], { kind: 'infix' }>['operator'],
  '&&' | '||'
>

/** `a + -b` is `a - b`, exactly. */
function infixJs(operator: Infix, left: Js, right: Js): Js {
  if (operator === '+' || operator === '-') {
    const opposite = operator === '+' ? '-' : '+'
    if (right.kind === 'number' && right.value < 0) return binary(opposite, left, number(-right.value))
    if (right.kind === 'unary' && right.operator === '-') return binary(opposite, left, right.operand)
  }
  return binary(operator, left, right)
}

function prefixJs(operator: '-' | '!', operand: Js): Js {
  if (operator === '!') return not(operand)
  return operand.kind === 'number' ? number(-operand.value) : negative(operand)
}

/** `a && (b && c)` is `a && b && c`, which is how it is printed. */
function chain(operator: '&&' | '||', left: Js, right: Js): Js {
  if (right.kind === 'binary' && right.operator === operator)
    return binary(operator, chain(operator, left, right.left), right.right)
  return binary(operator, left, right)
}
