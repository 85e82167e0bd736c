/** Random trees over the operator table. */
import { type OperatorName, SIGNATURES } from '../../src/ops/signatures.js'
import type { Random } from '../../src/verify/random.js'
import { apply, name, number, type Tree } from './tree.js'

const LEAVES = [name('x'), name('x'), name('x'), name('y'), name('y')]
const NUMBERS = [number('0'), number('1'), number('2'), number('3'), number('0.5'), number('0.1'), number('pi', Math.PI), number('(-1)', -1), number('(-2)', -2)] // prettier-ignore
const EXPONENTS: readonly Tree[] = [
  ...[2, 2, 3, 4, -1, -2, -3].map((n) => number(`(${n})`, n)),
  ...[[1, 2], [-1, 2], [3, 2], [-3, 2], [1, 3], [2, 3], [-1, 3], [5, 2], [1, 4]].map(([n, d]) => number(`(${n}/${d})`, n / d)),
  number('0', 0), number('0.7'), number('1'), name('y'), name('x'),
] // prettier-ignore

const CONDITIONS: ReadonlySet<OperatorName> = new Set([
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  'and',
  'or',
  'not',
])
/** Drawn apart, internal, or of arguments that are whole numbers. */
const APART: ReadonlySet<OperatorName> = new Set(['add', 'sub', 'mul', 'div', 'neg', 'pow', 'select', 'min', 'max', 'gaussian', 'erfcx_derivative', 'exprel', 'log_erfc_derivative', 'polygamma', 'digamma', 'lgamma', ...CONDITIONS]) // prettier-ignore
const FUNCTIONS = Object.keys(SIGNATURES).filter(isOperator).filter((operator) => !APART.has(operator)) // prettier-ignore
const COMMON: readonly OperatorName[] = ['exp', 'log', 'sqrt', 'abs', 'sin', 'cos', 'tanh', 'sigmoid', 'relu', 'sign', 'log1p', 'expm1', 'softplus', 'atan', 'cbrt', 'log', 'sqrt', 'exp'] // prettier-ignore
const ARITHMETIC: readonly OperatorName[] = ['add', 'sub', 'mul', 'div', 'add', 'mul', 'sub', 'div', 'neg']
const COMPARISONS: readonly OperatorName[] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne']

function isOperator(text: string): text is OperatorName {
  return Object.hasOwn(SIGNATURES, text)
}

/** What trees are made of, and how often: arithmetic, powers, common functions, any function, extremes; the rest are choices. */
export interface Taste {
  readonly numbers: readonly Tree[]
  readonly exponents: readonly Tree[]
  readonly common: readonly OperatorName[]
  readonly shares: readonly [number, number, number, number, number]
}

const PLAIN: Taste = {
  numbers: NUMBERS,
  exponents: EXPONENTS,
  common: COMMON,
  shares: [0.5, 0.62, 0.78, 0.88, 0.95],
}
const ANGLES = [[1, 2], [1, 3], [2, 3], [1, 4], [3, 4], [1, 6], [5, 6], [-1, 4], [3, 2], [2, 1], [1, 12]].map(([n, d]) => number(`(${n} * pi / ${d})`, (n * Math.PI) / d)) // prettier-ignore
const WHOLE = [-6, -5, -4, -3, -2, -1, 2, 3, 4, 5, 6].map((n) => number(`(${n})`, n))

/** Each of its own kind: angles, pieces, powers, exponentials. */
export const TASTES: readonly Taste[] = [
  { numbers: [...ANGLES, number('2'), number('3')], exponents: EXPONENTS, common: ['sin', 'cos', 'tan', 'sin', 'cos', 'asin', 'acos', 'atan', 'sqrt', 'abs'], shares: [0.55, 0.65, 0.95, 0.96, 0.98] },
  { numbers: NUMBERS, exponents: EXPONENTS, common: ['abs', 'sign', 'relu', 'floor', 'ceil', 'round', 'trunc', 'sqrt', 'abs'], shares: [0.4, 0.46, 0.6, 0.62, 0.82] },
  { numbers: NUMBERS, exponents: [...WHOLE, ...EXPONENTS], common: ['sqrt', 'cbrt', 'log', 'abs', 'exp'], shares: [0.55, 0.82, 0.93, 0.94, 0.97] },
  { numbers: NUMBERS, exponents: EXPONENTS, common: ['exp', 'log', 'sinh', 'cosh', 'tanh', 'sigmoid', 'softplus', 'log1p', 'expm1', 'log_sigmoid', 'asinh', 'atanh', 'acosh', 'logit', 'exp', 'log'], shares: [0.52, 0.6, 0.94, 0.95, 0.98] },
] // prettier-ignore

/** A tree of about so many nodes; parts occur again, so that they meet and cancel. */
export function drawTree(random: Random, size: number, taste = PLAIN): Tree {
  const { numbers, exponents, common, shares } = taste
  const parts: Tree[] = []
  const kept = (tree: Tree): Tree => {
    parts.push(tree)
    return tree
  }
  const split = (total: number, count: number): number[] => {
    const first = count === 1 ? total : random.integer(1, Math.max(2, total - count + 2))
    return count === 1 ? [total] : [first, ...split(Math.max(1, total - first), count - 1)]
  }
  const operation = (operator: OperatorName, room: number): Tree =>
    kept(apply(operator, ...split(room - 1, SIGNATURES[operator]).map(draw)))
  const condition = (room: number): Tree => {
    if (room > 6 && random.uniform() < 0.3) {
      const [left, right] = split(room - 1, 2)
      return apply(random.choose<OperatorName>(['and', 'or']), condition(left), condition(right))
    }
    if (random.uniform() < 0.1) return apply('not', condition(room - 1))
    const [left, right] = split(room - 1, 2)
    return apply(random.choose(COMPARISONS), draw(left), draw(right))
  }
  const draw = (room: number): Tree => {
    if (room <= 1) return random.uniform() < 0.7 ? random.choose(LEAVES) : random.choose(numbers)
    const kind = random.uniform()
    if (kind < 0.15 && parts.length > 0) return random.choose(parts)
    if (kind < shares[0]) return operation(random.choose(ARITHMETIC), room)
    if (kind < shares[1]) return kept(apply('pow', draw(room - 1), random.choose(exponents)))
    if (kind < shares[2]) return operation(random.choose(common), room)
    if (kind < shares[3]) return operation(random.choose(FUNCTIONS), room)
    if (kind < shares[4]) return operation(random.choose<OperatorName>(['max', 'min']), room)
    const [test, yes, no] = split(room - 1, 3)
    return kept(apply('select', condition(Math.max(3, test)), draw(yes), draw(no)))
  }
  return draw(size)
}

/** Whole numbers, quarters and numbers between; 0 among them. */
export function drawCoordinate(random: Random): number {
  const kind = random.uniform()
  if (kind < 0.2) return 0
  if (kind < 0.4) return random.integer(-3, 4)
  if (kind < 0.6) return random.integer(-12, 13) / 4
  return random.between(-3, 3)
}
