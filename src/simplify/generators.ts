/** What several parts of an expression are powers of: `x` and `√x`, `e^x` and `e^(2x)`. */
import type { Expr, Term } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { HALF, ONE, type Rational } from '../ir/rational.js'
import { postorder } from '../ir/walk.js'

export interface Generators {
  /** The roots that occur, by what stands under them. */
  readonly roots: ReadonlyMap<Expr, Expr>
  /** What stands under a root, by the root. */
  readonly unders: ReadonlyMap<Expr, Expr>
  /** Of what exponents are sums of, the number that all its coefficients are whole multiples of. */
  readonly units: ReadonlyMap<Expr, Rational>
}

export const NO_GENERATORS: Generators = { roots: new Map(), unders: new Map(), units: new Map() }

export function generatorsOf(graph: Graph, e: Expr): Generators {
  const roots = new Map<Expr, Expr>()
  const unders = new Map<Expr, Expr>()
  const units = new Map<Expr, Rational>()
  const sums = postorder([e], ({ kind }) => kind === 'add' || kind === 'mul')
  for (const part of new Set([e, ...sums, ...sums.flatMap(({ operands }) => operands)])) {
    if (part.kind === 'mul')
      for (const { base, exponent } of part.factors)
        if (exponent.d === 2n) {
          const root = graph.power(base, HALF)
          roots.set(base, root)
          unders.set(root, base)
        }
    if (part.kind !== 'apply' || part.operator !== 'exp') continue
    for (const { node, coefficient } of linear(graph, part.args[0])) {
      const known = units.get(node)
      units.set(node, known ? commonUnit(known, coefficient) : coefficient)
    }
  }
  return { roots, unders, units }
}

/** A sum as multiples of its terms; a number is one of 1. */
export function linear(graph: Graph, e: Expr): readonly Term[] {
  if (e.kind !== 'add') return [{ node: e, coefficient: ONE }]
  return e.constant.isZero ? e.terms : [...e.terms, { node: graph.one, coefficient: e.constant }]
}

/** The greatest number that both are whole multiples of, negative where both are. */
export function commonUnit(a: Rational, b: Rational): Rational {
  let [x, y] = [a.abs(), b.abs()]
  while (!y.isZero) [x, y] = [y, x.minus(y.times(x.dividedBy(y).floor()))]
  return a.isNegative && b.isNegative ? x.negate() : x
}
