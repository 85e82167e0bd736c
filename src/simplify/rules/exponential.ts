/** Products and powers of exponentials, also of those behind reads. */
import type { ComputedDef, Expr, Factor, Index } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { findUnsafeRead } from '../../ir/prove.js'
import { ZERO } from '../../ir/rational.js'
import { asTerm, powersOf, productWithout, summandsOf } from '../../ir/term.js'
import { substitute, substituteAt } from '../../ir/walk.js'
import { areLogsOfShares } from '../shares.js'
import { procedure, type RewriteContext } from '../../rewrite/rule.js'
import { throughDefinitions } from '../../rewrite/view.js'
import { asExponential } from './as-exponential.js'
import { leavesOf, scaledSum } from './exponential-sums.js'

/** `e^a · e^b = e^(a+b)`, `(e^a)^q = e^(q a)`. */
export const mergeExponentials = procedure({
  name: 'product of exponentials',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    const isExp = ({ base }: Factor): boolean => base.kind === 'apply' && base.operator === 'exp'
    const exponentials = e.factors.filter(isExp)
    if (exponentials.length === 0) return undefined
    if (exponentials.length === 1 && exponentials[0].exponent.isOne) return undefined
    const exponents = exponentials.flatMap(({ base, exponent }) =>
      base.kind === 'apply' ? [graph.scale(exponent, base.args[0])] : [],
    )
    const others = powersOf(
      graph,
      e.factors.filter((factor) => !isExp(factor)),
    )
    return graph.mulAll([graph.apply('exp', [graph.addAll(exponents)]), ...others])
  },
})

/** `e^a / Σ e^u = e^(a - logsumexp u)`: neither overflows, and a shift of `a` and `u` by the user cancels. */
export const softmax = procedure({
  name: 'softmax',
  sound: 'real',
  root: 'mul',
  apply: (e, context) => {
    if (e.kind !== 'mul') return undefined
    const { graph } = context
    const exponents: Expr[] = []
    const logarithms: Expr[] = []
    const conditions: Expr[] = []
    const others: Factor[] = []
    let divides = false
    for (const { base, exponent } of e.factors) {
      const sum = logOfSum(context, base)
      if (sum) {
        logarithms.push(graph.scale(exponent, sum))
        divides ||= exponent.isNegative
        continue
      }
      const exponential = exponent.isNegative ? undefined : asExponential(graph, context.view, base)
      if (exponential) {
        exponents.push(graph.scale(exponent, exponential.exponent))
        conditions.push(...exponential.conditions)
      } else others.push({ base, exponent })
    }
    if (logarithms.length === 0) return undefined
    const rest: Expr[] = []
    for (const { base, exponent } of others) {
      const leaves =
        divides && exponent.isInteger && !exponent.isNegative ? leavesOf(context, base) : undefined
      const sum = leaves && scaledSum(context, leaves)
      if (sum) exponents.push(graph.scale(exponent, sum.log))
      rest.push(graph.power(sum ? sum.factor : base, exponent))
    }
    if (exponents.length === 0) return undefined
    const merged = graph.apply('exp', [graph.addAll([...exponents, ...logarithms])])
    return graph.guard(conditions, graph.mulAll([merged, ...rest]))
  },
})

/**
 * `Σ c e^u / Σ e^u = Σ c e^(u - logsumexp u)`: a mean whose weights are written as a quotient, which leaves the sum because it is the same for
 * all of its terms.
 */
export const weightedMean = procedure({
  name: 'mean weighted by exponentials',
  sound: 'real',
  root: 'mul',
  apply: (e, context) => {
    if (e.kind !== 'mul') return undefined
    const { graph } = context
    for (const sum of e.factors) {
      if (!sum.exponent.isInteger || sum.exponent.isNegative) continue
      for (const total of e.factors) {
        if (sum.exponent.plus(total.exponent).compare(ZERO) > 0) continue
        const mean = meanOf(context, sum.base, total.base)
        if (!mean) continue
        const rest = productWithout(graph, e.factors, sum, total)
        return graph.mulAll([
          graph.power(mean, sum.exponent),
          graph.power(total.base, total.exponent.plus(sum.exponent)),
          rest,
        ])
      }
    }
    return undefined
  },
})

/** `sum / total` as one sum, if the terms of `sum` have the exponentials of `total` as factors. Both are looked at where `sum` is defined. */
function meanOf(context: RewriteContext, sum: Expr, total: Expr): Expr | undefined {
  const { graph, view } = context
  const [weighted, weights] = [sumOf(sum), sumOf(total)]
  if (!weighted || !weights) return undefined
  const places = weights.args.map((arg) => weighted.idx[weighted.args.indexOf(arg)])
  if (places.some((place) => place === undefined)) return undefined
  const weight = asExponential(graph, view, weights.body)
  if (!weight) return undefined
  const { conditions, factors } = termOf(graph, weighted.body)
  const [own, others] = [new Array<Expr>(), new Array<Expr>()]
  for (const factor of factors) {
    const exponential = asExponential(graph, view, factor)
    if (exponential) {
      own.push(exponential.exponent)
      conditions.push(...exponential.conditions)
    } else others.push(factor)
  }
  if (own.length === 0) return undefined
  const exponent = graph.addAll(own)
  const isWeighted = alike(weights.bound, weighted.bound).some((bound) => {
    const renamed = new Map<Index, Expr>([
      ...weights.bound.map((index, at): [Index, Expr] => [index, bound[at]]),
      ...weights.idx.map((index, at): [Index, Expr] => [index, places[at]]),
    ])
    const beside = graph.sub(exponent, substitute(graph, weight.exponent, renamed))
    return !beside.free.some((index) => weighted.bound.includes(index))
  })
  if (!isWeighted) return undefined
  const log = logOfSum(context, graph.read(weights.def, places))
  if (!log) return undefined
  const term = graph.mulAll([graph.apply('exp', [graph.sub(exponent, log)]), ...others])
  const mean = graph.lift('sum', weighted.bound, graph.guard(conditions, term))
  return substituteAt(graph, mean, weighted.idx, weighted.args)
}

/** Whether `e` is `e^(u_i - logsumexp u)` for all entries of `u`. */
export function areShares(graph: Graph, indices: readonly Index[], e: Expr): boolean {
  const share = asExponential(graph, throughDefinitions(graph), e)
  if (!share || share.conditions.length > 0) return false
  return areLogsOfShares(graph, indices, share.exponent)
}

/** `Σ_i c e^(u_i - logsumexp u) = c`. */
export const sumOfShares = procedure({
  name: 'shares sum to one',
  sound: 'real',
  root: 'reduction',
  apply: (e, { graph }) => {
    const sum = sumOf(e)
    if (!sum) return undefined
    const { node, coefficient } = asTerm(sum.body)
    return areShares(graph, sum.bound, node) ? graph.num(coefficient) : undefined
  },
})

/** Indices of `others` that may stand for `bound`. */
function alike(bound: readonly Index[], others: readonly Index[]): (readonly Index[])[] {
  const choices = bound.length === 1 ? others.map((index) => [index]) : [others]
  return choices.filter((own) => own.length === bound.length && own.every(({ extent }, at) => extent === bound[at].extent)) // prettier-ignore
}

function sumOf(e: Expr) {
  if (e.kind !== 'read' || e.def.kind !== 'computed') return undefined
  const { def, args } = e
  const { body, reduction, idx } = def
  if (reduction?.kind !== 'sum' || reduction.filter.length > 0 || !body) return undefined
  return { def, args, idx, bound: reduction.idx, body }
}

function termOf(graph: Graph, body: Expr) {
  const [conditions, term] = body.kind === 'guard' ? [[...body.conditions], body.body] : [[], body]
  const factors = term.kind === 'mul' ? powersOf(graph, term.factors) : [term]
  return { conditions, factors }
}

/** How many definitions are looked through on the way to a sum. */
const DEPTH = 16

/** `log e` where `e` is (a read that leads to) a sum of exponentials. */
export function logOfSum(context: RewriteContext, e: Expr): Expr | undefined {
  let current = e
  for (let depth = 0; depth < DEPTH; depth++) {
    if (current.kind !== 'read') return undefined
    const { def, args } = current
    if (def.kind === 'computed' && def.reduction) {
      const log = logOfReduction(context, def)
      return log && substituteAt(context.graph, log, def.idx, args)
    }
    const body = context.view(current)
    if (!body) return undefined
    current = body
  }
  return undefined
}

/**
 * The logarithm of a sum over its own indices, so that what is lifted is in range for all of them, whatever guard
 * stands around the read.
 */
function logOfReduction({ graph, view }: RewriteContext, def: ComputedDef): Expr | undefined {
  if (def.reduction?.kind !== 'sum' || !def.body) return undefined
  const exponential = asExponential(graph, view, def.body)
  if (!exponential) return undefined
  const { exponent, conditions } = exponential
  const { idx } = def.reduction
  const terms = summandsOf(graph, exponent)
  // What all entries share leaves: log Σ e^(u + c) = c + log Σ e^u.
  const leaves = (term: Expr): boolean =>
    !term.free.some((index) => idx.includes(index)) && !findUnsafeRead(graph, term)
  const shared = terms.filter(leaves)
  const own = terms.filter((term) => !leaves(term))
  if (own.length === 0) return undefined
  const log = graph.lift('logsumexp', idx, graph.addAll(own), conditions)
  return graph.addAll([log, ...shared])
}
