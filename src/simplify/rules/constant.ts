/** Numbers that are roots and powers of π, and what they are multiplied by: `x / √2 · √2` is `x` whatever way it is written. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { rationalRoot } from '../../ir/integers.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf } from '../../ir/term.js'
import { readsIn } from '../../ir/walk.js'

/** `sign · √square · π^(halves / 2)`. */
export interface Constant {
  readonly sign: 1 | -1
  readonly square: Rational
  readonly halves: bigint
}

/** The number that an expression is, where it has that form. */
function constantOf(e: Expr): Constant | undefined {
  if (e.kind === 'num') return ofNumber(e.value)
  if (e.kind === 'constant') return e.name === 'pi' ? { sign: 1, square: ONE, halves: 2n } : undefined
  if (e.kind === 'add') {
    const { coefficient, node } = asTerm(e)
    const [scale, own] = [ofNumber(coefficient), node === e ? undefined : constantOf(node)]
    return scale && own && times(scale, own)
  }
  if (e.kind !== 'mul') return undefined
  let product: Constant | undefined = { sign: 1, square: ONE, halves: 0n }
  for (const { base, exponent } of e.factors) {
    const own = constantOf(base)
    const factor = own && powerOf(own, exponent)
    product = product && factor && times(product, factor)
  }
  return product
}

const ofNumber = (value: Rational): Constant | undefined =>
  value.isZero ? undefined : { sign: value.isNegative ? -1 : 1, square: value.times(value), halves: 0n }

export const times = (a: Constant, b: Constant): Constant => ({
  sign: a.sign === b.sign ? 1 : -1,
  square: a.square.times(b.square),
  halves: a.halves + b.halves,
})

export function powerOf({ sign, square, halves }: Constant, exponent: Rational): Constant | undefined {
  const { n, d } = exponent
  const count = Number(n < 0n ? -n : n)
  if (count > MOST || (d !== 1n && d !== 2n)) return undefined
  let power: Constant = { sign: 1, square: ONE, halves: 0n }
  for (let k = 0; k < count; k++) power = times(power, { sign, square, halves })
  if (n < 0n) power = { ...power, square: power.square.inverse(), halves: -power.halves }
  if (d === 1n) return power
  // The square of √c is c, which must be a rational number times a half power of π.
  const root = rationalRoot(power.square, 2)
  return power.sign > 0 && root && power.halves % 2n === 0n
    ? { sign: 1, square: root, halves: power.halves / 2n }
    : undefined
}

const MOST = 4

/** A constant times what is none. */
export interface Split {
  readonly constant: Constant
  readonly rest: Expr
}

export function split(graph: Graph, e: Expr): Split | undefined {
  const { coefficient, node } = asTerm(e)
  const factors: readonly Factor[] = factorsOf(node)
  const isConstant = ({ base }: Factor): boolean => readsIn(base).length === 0
  const product = (some: readonly Factor[]): Expr => graph.mulAll(powersOf(graph, some))
  const [scale, own] = [ofNumber(coefficient), constantOf(product(factors.filter(isConstant)))]
  return scale && own && { constant: times(scale, own), rest: product(factors.filter((factor) => !isConstant(factor))) } // prettier-ignore
}

export const same = (a: Constant, b: Constant): boolean =>
  a.sign === b.sign && a.square.equals(b.square) && a.halves === b.halves

export const spelled = (graph: Graph, { sign, square, halves }: Constant): Expr =>
  graph.mulAll([
    graph.num(sign),
    graph.power(graph.num(square), HALF),
    graph.power(graph.algebra.pi, Rational.of(halves, 2)),
  ])
