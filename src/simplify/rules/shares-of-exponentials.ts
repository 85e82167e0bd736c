/**
 * Quotients by sums of exponentials, which overflow and vanish where the quotients do not: a softmax written out by hand, and its derivatives.
 * `e^x / (e^x + e^y + 1)` is the share of one term, `sigmoid(x - log(e^y + 1))`; a product of shares has no derivative in which digits cancel.
 */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf, summandsOf } from '../../ir/term.js'
import { procedure, type RewriteContext } from '../../rewrite/rule.js'
import { asExponential } from './as-exponential.js'
import {
  type Above,
  balanceOf,
  type Leaf,
  leavesOf,
  logOfLeaves,
  logOfShare,
  scaledSum,
  shareOf,
  WIDEST,
} from './exponential-sums.js'

type Total = readonly Leaf[]

/** Higher powers of a sum are left alone. */
const MOST = 8
/** Ways in which an exponent is looked for among the sums of those of the terms. */
const ATTEMPTS = 400

export const sharesOfExponentials = procedure({
  name: 'shares of exponentials',
  sound: 'real',
  root: 'mul',
  apply: (e, context) => {
    if (e.kind !== 'mul') return undefined
    const { graph } = context
    const divisors = new Map<Factor, Total>()
    for (const factor of e.factors) {
      const total = totalOf(context, factor)
      if (total) divisors.set(factor, total)
    }
    if (divisors.size === 0) return undefined
    const slots = new Slots([...divisors].map(([factor, total]) => ({ factor, total, left: -Number(factor.exponent.n) }))) // prettier-ignore
    const exponents: Expr[] = []
    const found: Expr[] = []
    const rest: Expr[] = []
    let isScaled = false
    for (const factor of e.factors) {
      if (divisors.has(factor)) continue
      const { base, exponent } = factor
      const isAbove = exponent.isInteger && !exponent.isNegative
      const exponential = isAbove ? asExponential(graph, context.view, base) : undefined
      if (exponential?.conditions.length === 0) {
        exponents.push(graph.scale(exponent, exponential.exponent))
        continue
      }
      const above = isAbove ? sumAbove(context, slots, base, Number(exponent.n)) : undefined
      if (!above) {
        rest.push(graph.power(base, exponent))
        continue
      }
      found.push(graph.power(above.factor, exponent))
      if (!above.log) continue
      isScaled = true
      exponents.push(graph.scale(exponent, above.log))
    }
    const quotient = quotientOf(context, graph.addAll(exponents), slots.remaining(), isScaled)
    if (!quotient && found.length === 0) return undefined
    const beside =
      quotient ?? graph.mulAll([graph.apply('exp', [graph.addAll(exponents)]), ...slots.powers(graph)])
    return graph.mulAll([beside, ...found, ...rest])
  },
})

/** What is divided by: a whole power of a sum of exponentials, none of which is subtracted. */
function totalOf(context: RewriteContext, { base, exponent }: Factor): Total | undefined {
  if (!exponent.isInteger || !exponent.isNegative || exponent.abs().compare(Rational.of(MOST)) > 0)
    return undefined
  const leaves = leavesOf(context, base)
  return leaves && leaves.length > 1 && !leaves.some(({ weight }) => weight.isNegative) ? leaves : undefined
}

interface Slot {
  readonly factor: Factor
  readonly total: Total
  /** How often it still divides. */
  left: number
}

/** The divisors, each as often as nothing has been divided by it. */
class Slots {
  constructor(private readonly all: readonly Slot[]) {}

  /** Those that divide at least so often. */
  atLeast(times: number): readonly Slot[] {
    return this.all.filter(({ left }) => left >= times)
  }

  remaining(): readonly Total[] {
    return this.all.flatMap(({ total, left }) => Array.from({ length: left }, () => total))
  }

  powers(graph: Graph): Expr[] {
    return this.all.map(({ factor, left }) => graph.power(factor.base, Rational.of(-left)))
  }
}

/** A sum that stands above, to the power `times`, over divisors that it takes. */
function sumAbove(context: RewriteContext, slots: Slots, base: Expr, times: number): Above | undefined {
  const leaves = leavesOf(context, base)
  if (!leaves) return meanOf(context, slots, base, times)
  for (const slot of slots.atLeast(times)) {
    const factor = partOf(context, slot.total, leaves)
    if (!factor) continue
    slot.left -= times
    return { factor }
  }
  return formOf(context, slots, leaves, times) ?? scaledSum(context, leaves)
}

/** `Σ c w e^u / Σ w e^u` of some of the leaves: together where they are weighted alike, but for signs. */
function partOf(context: RewriteContext, total: Total, leaves: readonly Leaf[]): Expr | undefined {
  const { graph } = context
  const ratios = new Map<Leaf, Rational>()
  for (const { exponent, weight } of leaves) {
    const own = total.find((leaf) => leaf.exponent === exponent)
    if (!own) return undefined
    ratios.set(own, weight.dividedBy(own.weight))
  }
  const signed = (wanted: Rational): Leaf[] => [...ratios].flatMap(([leaf, ratio]) => (ratio.equals(wanted) ? [leaf] : [])) // prettier-ignore
  const sizes = distinct([...ratios.values()].map((ratio) => ratio.abs()))
  if (sizes.length > 1) {
    const all = distinct([...ratios.values()])
    return graph.addAll(all.map((ratio) => graph.scale(ratio, shareOf(context, total, signed(ratio)))))
  }
  const [size] = sizes
  const [above, below] = [signed(size), signed(size.negate())]
  const share = graph.scale(size, shareOf(context, total, [...above, ...below]))
  if (below.length === 0) return share
  return above.length === 0 ? graph.neg(share) : graph.mul(share, balanceOf(context, above, below))
}

const distinct = (all: readonly Rational[]): Rational[] =>
  all.filter((one, at) => all.findIndex((other) => other.equals(one)) === at)

/** `(e^(2x) + e^(x + y)) / (e^x + e^y)²`: each term is a product of as many shares. */
function formOf(
  context: RewriteContext,
  slots: Slots,
  leaves: readonly Leaf[],
  times: number,
): Above | undefined {
  const { graph } = context
  for (const slot of slots.atLeast(2 * times)) {
    for (let degree = 2; degree * times <= slot.left; degree++) {
      const totals = Array.from({ length: degree }, () => slot.total)
      const terms = leaves.map(({ exponent, weight }) => {
        const product = sharesWith(context, exponent, totals)
        return product && graph.scale(weight, product)
      })
      if (!terms.every((term) => term !== undefined)) continue
      slot.left -= degree * times
      return { factor: graph.addAll(terms) }
    }
  }
  return undefined
}

/** `(x e^x + y e^y) / (e^x + e^y)`: a mean, term by term. */
function meanOf(context: RewriteContext, slots: Slots, base: Expr, times: number): Above | undefined {
  const { graph, view } = context
  const sum = base.kind === 'read' ? view(base) : base
  if (sum?.kind !== 'add' || sum.terms.length > WIDEST) return undefined
  const [slot] = slots.atLeast(times)
  if (!slot) return undefined
  let weighted = 0
  const terms = summandsOf(graph, sum).map((term) => {
    const { node, coefficient } = asTerm(term)
    const exponents: Expr[] = []
    const others: Factor[] = []
    for (const factor of factorsOf(node)) {
      const exponential = factor.exponent.isInteger && !factor.exponent.isNegative ? asExponential(graph, view, factor.base) : undefined // prettier-ignore
      if (exponential?.conditions.length === 0)
        exponents.push(graph.scale(factor.exponent, exponential.exponent))
      else others.push(factor)
    }
    if (exponents.length > 0) weighted++
    const share = quotientOf(context, graph.addAll(exponents), [slot.total], exponents.length === 0)
    return share && graph.mulAll([graph.num(coefficient), share, ...powersOf(graph, others)])
  })
  if (weighted === 0 || !terms.every((term) => term !== undefined)) return undefined
  slot.left -= times
  return { factor: graph.addAll(terms) }
}

/** `e^exponent` over the totals, as a product of as many shares. */
function sharesWith(context: RewriteContext, exponent: Expr, totals: readonly Total[]): Expr | undefined {
  const { graph } = context
  const chosen = leavesAddingTo(graph, exponent, totals)
  return chosen && graph.mulAll(chosen.map((leaf, at) => graph.scale(leaf.weight.inverse(), shareOf(context, totals[at], [leaf])))) // prettier-ignore
}

/** One leaf of each total, so that the exponents add up to the one wanted. */
function leavesAddingTo(graph: Graph, wanted: Expr, totals: readonly Total[]): readonly Leaf[] | undefined {
  const path: { readonly at: number; readonly rest: Expr }[] = []
  let attempts = 0
  let at = 0
  let rest = wanted
  for (;;) {
    if (path.length === totals.length) {
      if (rest === graph.zero) return path.map((step, place) => totals[place][step.at])
      at = Infinity
    }
    const total = totals[path.length]
    if (at < (total?.length ?? 0)) {
      if (attempts++ > ATTEMPTS) return undefined
      path.push({ at, rest })
      rest = graph.sub(rest, total[at].exponent)
      // The same total again: its leaves in order.
      at = totals[path.length] === total ? at : 0
      continue
    }
    const last = path.pop()
    if (!last) return undefined
    at = last.at + 1
    rest = last.rest
  }
}

/**
 * `e^exponent` over the totals: a product of shares, or one exponential of the logarithms of some and of what is left. Undefined if there is
 * nothing in it that a total could be divided by, unless it is wanted anyhow.
 */
function quotientOf(
  context: RewriteContext,
  exponent: Expr,
  totals: readonly Total[],
  always = false,
): Expr | undefined {
  const { graph } = context
  if (totals.length === 0) return undefined
  const product = sharesWith(context, exponent, totals)
  if (product) return product
  let rest = exponent
  let isCloser = always
  const logarithms = totals.map((total) => {
    const closest = total
      .map((leaf) => ({ leaf, left: graph.sub(rest, leaf.exponent) }))
      .reduce((one, other) => (termCount(other.left) < termCount(one.left) ? other : one))
    if (termCount(closest.left) >= termCount(rest)) return graph.neg(logOfLeaves(context, total))
    rest = closest.left
    isCloser = true
    const { leaf } = closest
    return graph.sub(logOfShare(context, total, [leaf]), graph.apply('log', [graph.num(leaf.weight)]))
  })
  return isCloser ? graph.apply('exp', [graph.addAll([rest, ...logarithms])]) : undefined
}

const termCount = (e: Expr): number => (e.kind === 'add' ? e.terms.length + (e.constant.isZero ? 0 : 1) : e.kind === 'num' && e.value.isZero ? 0 : 1) // prettier-ignore
