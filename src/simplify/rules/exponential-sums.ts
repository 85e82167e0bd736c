/** Sums of exponentials, `2 e^x + 3 e^y + 1`, and what part of the whole some of their terms are. */
import type { Expr } from '../../ir/expr.js'
import { HALF, MINUS_ONE, ONE, type Rational } from '../../ir/rational.js'
import type { RewriteContext } from '../../rewrite/rule.js'
import { expand } from '../polynomial.js'
import { asExponential } from './as-exponential.js'

/** `weight e^exponent`; a number has the exponent 0. */
export interface Leaf {
  readonly exponent: Expr
  readonly weight: Rational
}

/** Longer sums are left alone: each share names all the others. */
export const WIDEST = 8

/** The terms of a sum, if all are exponentials or numbers, of either sign. */
export function leavesOf(context: RewriteContext, sum: Expr): readonly Leaf[] | undefined {
  const { graph, view } = context
  const shown = sum.kind === 'read' ? view(sum) : sum
  if (shown?.kind === 'apply' && shown.operator === 'expm1')
    return [
      { exponent: shown.args[0], weight: ONE },
      { exponent: graph.zero, weight: MINUS_ONE },
    ]
  if (shown?.kind !== 'add' || shown.terms.length > WIDEST) return undefined
  const e = shown.terms.some(({ node }) => node.kind === 'mul')
    ? (expand(graph, shown)?.expr ?? shown)
    : shown
  if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
  const leaves: Leaf[] = []
  let { constant } = e
  for (const { node, coefficient } of e.terms) {
    if (node.kind === 'apply' && node.operator === 'expm1') {
      leaves.push({ exponent: node.args[0], weight: coefficient })
      constant = constant.minus(coefficient)
      continue
    }
    const exponential = asExponential(graph, view, node)
    if (!exponential || exponential.conditions.length > 0) return undefined
    leaves.push({ exponent: exponential.exponent, weight: coefficient })
  }
  return constant.isZero ? leaves : [...leaves, { exponent: graph.zero, weight: constant }]
}

/** `log Σ weight e^exponent` of leaves with positive weights. */
export function logOfLeaves({ graph, fire }: RewriteContext, leaves: readonly Leaf[]): Expr {
  const [first] = leaves
  if (leaves.length === 1) return graph.add(first.exponent, graph.apply('log', [graph.num(first.weight)]))
  const sum = graph.addAll(leaves.map(({ exponent, weight }) => graph.scale(weight, graph.apply('exp', [exponent])))) // prettier-ignore
  const log = graph.apply('log', [sum])
  return fire(log) ?? log
}

/** What some leaves are of the `total` that they are part of, as a number between 0 and 1 that keeps its digits next to both. */
export function shareOf(context: RewriteContext, total: readonly Leaf[], part: readonly Leaf[]): Expr {
  const others = total.filter((leaf) => !part.includes(leaf))
  if (others.length === 0) return context.graph.one
  return context.graph.apply('sigmoid', [distance(context, part, others)])
}

/** The logarithm of a share. */
export function logOfShare(context: RewriteContext, total: readonly Leaf[], part: readonly Leaf[]): Expr {
  const { graph } = context
  const others = total.filter((leaf) => !part.includes(leaf))
  if (others.length === 0) return graph.zero
  return graph.neg(graph.apply('softplus', [distance(context, others, part)]))
}

function distance(context: RewriteContext, above: readonly Leaf[], below: readonly Leaf[]): Expr {
  return context.graph.sub(logOfLeaves(context, above), logOfLeaves(context, below))
}

/** `(A - B) / (A + B) = tanh((log A - log B) / 2)`. */
export function balanceOf(context: RewriteContext, above: readonly Leaf[], below: readonly Leaf[]): Expr {
  const { graph } = context
  return graph.apply('tanh', [graph.scale(HALF, distance(context, above, below))])
}

/** What stands for a sum above a bar: a factor, and the exponent of an exponential beside it. */
export interface Above {
  readonly factor: Expr
  readonly log?: Expr
}

/** A sum by its logarithm: `e^a + e^b` is `e^log(e^a + e^b)`, and `e^a - e^b` is `(e^a + e^b) tanh((a - b) / 2)`. */
export function scaledSum(
  context: RewriteContext,
  leaves: readonly Leaf[],
): (Above & { readonly log: Expr }) | undefined {
  const above = leaves.filter(({ weight }) => !weight.isNegative)
  const below = leaves.flatMap(({ exponent, weight }) => (weight.isNegative ? [{ exponent, weight: weight.negate() }] : [])) // prettier-ignore
  if (above.length === 0) return undefined
  const log = logOfLeaves(context, [...above, ...below])
  return { log, factor: below.length === 0 ? context.graph.one : balanceOf(context, above, below) }
}
