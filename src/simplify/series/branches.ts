/**
 * How far one analytic function goes: behind a zero of what a modulus, a root or a logarithm is taken of, an expression is another function,
 * or none, and a series from this side of it is wrong there.
 */
import type { Expr } from '../../ir/expr.js'
import { Values } from './values.js'

/** 0 where the expression changes, from the values of its nodes. */
type Critical = (values: Float64Array) => number

/** Shares of an interval: halved again and again next to where it begins, equal parts farther out. */
const PARTS = 24
const SHARES = [
  ...Array.from({ length: 56 }, (_, k) => 2 ** (k - 60)),
  ...Array.from({ length: PARTS - 1 }, (_, k) => (k + 1.5) / PARTS),
]
/** Nearer to where it begins, what comes near 0 may be so by rounding. */
const CLEAR = SHARES.findIndex((share) => share >= 2 ** -10)
/** Steps of the search for a minimum, which is 0 if it is so much smaller than what is beside it. */
const STEPS = 80
const NOTHING = 1e-8

/** Where it is looked far out: densely among sizes that are ordinary, then to the largest. */
const FAR_OUT = [
  ...Array.from({ length: 320 }, (_, k) => 1.13 ** (k - 60)),
  ...Array.from({ length: 70 }, (_, k) => 10 ** (14 + 4 * k)),
]

const known = new WeakMap<Expr, readonly Critical[]>()

/** How far towards `to` an expression of one leaf is the analytic function that it is next to `from`: a number with few digits. */
export function analyticTo(e: Expr, leaf: Expr, from: number, to: number): number {
  const points = [from, ...SHARES.map((share) => from + share * (to - from)), to]
  const changes = changesIn(e, leaf, points, 1 + CLEAR)
  if (changes.length === 0) return to
  const first = Math.min(...changes.map(({ after }) => after))
  return from + Number((0.95 * (points[first] - from)).toPrecision(2))
}

/** The size of the leaf from which on the expression is one analytic function, on one side: the least of those that were looked at. */
export function analyticFrom(e: Expr, leaf: Expr, side: 1 | -1): number {
  const points = FAR_OUT.map((x) => side * x)
  const changes = changesIn(e, leaf, points, 0)
  return changes.length === 0 ? 0 : FAR_OUT[Math.max(...changes.map(({ before }) => before))]
}

/** Whether a condition on the leaf, for sizes from that on, holds at all of them or at none; absent if neither is so. */
export function sameFarOut(condition: Expr, leaf: Expr, from: number): boolean | undefined {
  const values = Values.of(condition, leaf)
  const first = values.at(from)
  if (Number.isNaN(first)) return undefined
  return FAR_OUT.every((x) => x <= from || values.at(x) === first) ? first !== 0 : undefined
}

/** Between two of the points, by their positions. */
interface Change {
  readonly after: number
  readonly before: number
}

/** Those before `clear` are next to a point where it may be anything. */
function changesIn(e: Expr, leaf: Expr, points: readonly number[], clear: number): readonly Change[] {
  const criticals = criticalsOf(e, leaf)
  if (criticals.length === 0) return []
  const values = Values.of(e, leaf)
  const all = points.map((x) => values.allAt(x))
  return criticals.flatMap((critical) => {
    const seen = all.map(critical)
    const size = (x: number): number => Math.abs(critical(values.allAt(x)))
    let last = 0
    return seen.flatMap((value, before) => {
      if (value === 0 || Number.isNaN(value)) return []
      const after = last
      last = before
      if (seen[after] * value < 0 || (before > clear && seen[before - 1] === 0)) return [{ after, before }]
      if (before - 2 < clear || !isDip(seen, before)) return []
      const beside = Math.max(Math.abs(seen[before - 2]), Math.abs(value))
      const isZero = touches(size, points[before - 2], points[before], beside)
      return isZero ? [{ after: before - 2, before }] : []
    })
  })
}

/** Whether the middle one of the three up to `k` is the smallest. */
const isDip = (seen: readonly number[], k: number): boolean =>
  Math.abs(seen[k - 1]) < Math.abs(seen[k - 2]) && Math.abs(seen[k - 1]) < Math.abs(seen[k])

/** Whether the minimum between two points is 0. */
function touches(size: (x: number) => number, from: number, to: number, beside: number): boolean {
  let [low, high] = [from, to]
  for (let step = 0; step < STEPS; step++) {
    const third = (high - low) / 3
    if (size(low + third) < size(high - third)) high -= third
    else low += third
  }
  return size((low + high) / 2) <= NOTHING * beside
}

function criticalsOf(e: Expr, leaf: Expr): readonly Critical[] {
  const present = known.get(e)
  if (present) return present
  const { nodes } = Values.of(e, leaf)
  const positions = new Map(nodes.map((node, at) => [node, at]))
  const criticals = nodes.flatMap((node) => criticalsAt(node, (part) => positions.get(part) ?? -1))
  known.set(e, criticals)
  return criticals
}

function criticalsAt(e: Expr, position: (node: Expr) => number): readonly Critical[] {
  if (e.kind === 'mul')
    return e.factors
      .filter(({ exponent }) => !exponent.isInteger)
      .map(({ base }) => {
        const at = position(base)
        return (values) => values[at]
      })
  if (e.kind !== 'apply') return []
  const [own, at] = [position(e), position(e.args[0])]
  switch (e.operator) {
    case 'abs':
    case 'sign':
    case 'log':
    case 'log1mexp':
    case 'pow':
    case 'lgamma':
    case 'digamma':
      return [(values) => values[at]]
    case 'xlogy':
    case 'polygamma':
      return [(values) => values[position(e.args[1])]]
    case 'hypot':
      return [(values) => values[own]]
    case 'log1p':
      return [(values) => 1 + values[at]]
    case 'logit':
      return [(values) => values[at] * (1 - values[at])]
    case 'atanh':
    case 'asin':
    case 'acos':
      return [(values) => 1 - values[at] * values[at]]
    case 'acosh':
      return [(values) => values[at] - 1]
    case 'atan':
      // Behind a pole it is another one.
      return [(values) => 1 / (1 + values[at] * values[at])]
    default:
      return []
  }
}
