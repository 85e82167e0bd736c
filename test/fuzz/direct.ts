/** The value by plain evaluation, how much of it rounding decides, and whether numbers left the range of binary64 on the way. */
import type { OperatorName } from '../../src/ops/signatures.js'
import { type Field, NUMBERS } from '../../src/verify/field.js'
import { Random } from '../../src/verify/random.js'
import { type Tree, valueOf } from './tree.js'

export interface Point {
  readonly [name: string]: number
  readonly x: number
  readonly y: number
}

export interface Direct {
  readonly value: number
  /** How far rounding moves the value; infinite where it decides whether there is one. */
  readonly spread: number
  /** Something over- or underflowed, or a comparison met what is undefined. */
  readonly left: boolean
  /** A pole was met: what is made of the infinity is a matter of signs of zeros, unless it is a number again. */
  readonly pole: boolean
  /** The larger of equal numbers was taken: who shares in its derivative depends on how they are written. */
  readonly tie: boolean
}

const RUNS = 12
/** Of results that are rounded: some units in the last place. */
const NOISE = 2 ** -51

const EXACT: ReadonlySet<OperatorName> = new Set(['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'trunc', 'min', 'max', 'relu', 'clamp', 'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'select', 'idiv']) // prettier-ignore
const COMPARISONS: ReadonlySet<OperatorName> = new Set(['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'not', 'and', 'or', 'sign', 'floor']) // prettier-ignore

/** Numbers of few bits are results that no rounding has touched. */
const isShort = (value: number): boolean => Number.isInteger(value * 4096) && Math.abs(value) < 2 ** 26

const isUnit = (value: number): boolean => Math.abs(value) === 1 || value === 0

function isExact(operator: OperatorName, args: readonly number[], value: number): boolean {
  if (EXACT.has(operator)) return true
  const [x, y] = args
  if ((operator === 'add' || operator === 'sub') && (x === 0 || y === 0)) return true
  if (operator === 'mul' && (isUnit(x) || isUnit(y))) return true
  if ((operator === 'div' || operator === 'pow') && y === 1) return true
  if (!args.every(isShort)) return false
  switch (operator) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'mod':
      return true
    case 'div':
    case 'sqrt':
    case 'cbrt':
    case 'pow':
    case 'hypot':
      return isShort(value)
    default:
      // Only at these are elementary functions exact.
      return args.every((arg) => arg === 0 || arg === 1) && Number.isInteger(value)
  }
}

const CHOICES: ReadonlySet<OperatorName> = new Set(['select', 'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not']) // prettier-ignore

const TINY = 1e-150
const HUGE = 1e150

function leaves(operator: OperatorName, args: readonly number[], value: number): boolean {
  if (COMPARISONS.has(operator)) return args.some(Number.isNaN)
  const [x, y, z] = args
  if (operator === 'clamp' && !(y <= z)) return true
  // What rounding makes of 0: `sin(pi)`.
  if (operator === 'div' && y !== 0 && Math.abs(y) < 1e-13) return true
  const size = Math.abs(value)
  if (size > HUGE && size < Infinity) return true
  if (size > 0 && size < TINY) return true
  if (!args.every(Number.isFinite)) return operator === 'pow'
  if (size === Infinity) return !isPole(operator, args)
  if (value !== 0) return false
  switch (operator) {
    case 'mul':
      return x !== 0 && y !== 0
    case 'div':
      return x !== 0
    case 'pow':
      return x !== 0
    case 'exp':
    case 'sigmoid':
    case 'softplus':
    case 'erfc':
    case 'erfcx':
    case 'normal_cdf':
    case 'normal_pdf':
    case 'log_sigmoid':
    case 'log1mexp':
      return true
    default:
      return false
  }
}

function isPole(operator: OperatorName, args: readonly number[]): boolean {
  switch (operator) {
    case 'div':
      return args[1] === 0
    case 'pow':
      return args[0] === 0
    case 'log':
    case 'log2':
    case 'log10':
    case 'log1p':
    case 'logit':
    case 'atanh':
    case 'log1mexp':
    case 'xlogy':
      return true
    default:
      return false
  }
}

/** Their zeros have a sign by accident. */
const SIGNED: ReadonlySet<OperatorName> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'floor',
  'ceil',
  'round',
  'trunc',
  'min',
  'max',
  'sin',
  'tan',
  'cbrt',
  'log',
  'log1p',
  'expm1',
])

/** Every rounded result is off by a random part of its rounding, numbers of the text among them; zeros have either sign. */
const noisy = (random: Random): Field<number> => {
  const disturbed = (value: number): number => value * (1 + random.between(-1, 1) * NOISE)
  const signed = (): number => (random.uniform() < 0.5 ? -0 : 0)
  return {
    ...NUMBERS,
    constant: (value) => (value === 0 ? signed() : isShort(value) ? value : disturbed(value)),
    apply: (operator, args) => {
      const value = NUMBERS.apply(operator, args)
      if (value === 0) return SIGNED.has(operator) ? signed() : value
      // The sign of an infinite power of 0 is that of the 0.
      if (operator === 'pow' && args[0] === 0 && value === Infinity) return 1 / signed()
      return isExact(operator, args, value) ? value : disturbed(value)
    },
  }
}

interface Watch extends Field<number> {
  /** See `Direct`. */
  left: boolean
  pole: boolean
  undefined: boolean
  /** A choice or a condition gave 0: the language takes it for a 0 that no factor changes. */
  nothing: boolean
  tie: boolean
}

function watching(): Watch {
  const watch: Watch = {
    ...NUMBERS,
    left: false,
    pole: false,
    undefined: false,
    nothing: false,
    tie: false,
    // Where a partial is infinite duals take 0 times it for 0: that is no evidence.
    isZero: () => false,
    apply: (operator, args) => {
      const value = NUMBERS.apply(operator, args)
      watch.left ||= leaves(operator, args, value)
      watch.pole ||= Math.abs(value) === Infinity || (operator === 'div' && args[1] === 0)
      watch.undefined ||= Number.isNaN(value)
      watch.tie ||= (operator === 'max' || operator === 'min') && args[0] === args[1]
      watch.nothing ||= value === 0 && CHOICES.has(operator)
      return value
    },
  }
  return watch
}

/** What is computed at a point, over any field of numbers. */
export type Computation = (at: Point, field: Field<number>) => number

export function computeDirectly(computation: Computation, at: Point): Direct {
  const watch = watching()
  const value = computation(at, watch)
  const isNumber = Number.isFinite(value)
  return {
    value,
    spread: spreadOf(value, at, computation),
    pole: watch.pole,
    tie: watch.tie,
    // `NaN ^ 0` is 1: no value of the expression as mathematics has it.
    left: watch.left || (watch.undefined && isNumber) || (watch.nothing && !isNumber),
  }
}

export const evaluateDirectly = (tree: Tree, at: Point): Direct =>
  computeDirectly((point, field) => valueOf(tree, point, field), at)

/** How far the values over noisy fields are from the plain one. */
function spreadOf(value: number, at: Point, computation: Computation): number {
  const random = new Random(1)
  let spread = 0
  for (let run = 0; run < RUNS; run++) {
    const field = noisy(random)
    const point =
      at.x === 0 || at.y === 0 ? { x: at.x || field.constant(0), y: at.y || field.constant(0) } : at
    const other = computation(point, field)
    if (Object.is(other, value) || other === value) continue
    const distance = Math.abs(other - value)
    spread = Number.isNaN(distance) ? Infinity : Math.max(spread, distance)
  }
  return spread
}

/** What of a difference rounding explains; undefined where it decides everything. */
export function allowance(value: number, spread: number): number | undefined {
  if (!(spread < 1e-4 * (1 + Math.abs(value)))) return undefined
  return 1e3 * spread + 1e-13 * Math.abs(value) + 1e-290
}
