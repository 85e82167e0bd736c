/** `if … then … else …` for people: conditions known in the arms, and choices that have a name. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { asTerm, powersOf, productWithout } from '../../ir/term.js'
import { postorder, replaceNodes, rewrite } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { sharedTerms } from './extremes.js'
import { comparisonsOf } from '../ties.js'
import { boundIn, extremesWhere } from './known-order.js'

/** Longer arms are not looked through for what is known of the condition. */
const LONGEST = 100
const WIDEST = 24

export function choices(counts: NodeCounts): readonly Procedure[] {
  const shorter = (e: Expr, candidates: Iterable<Expr>): Expr | undefined => {
    let best = e
    for (const candidate of candidates) if (counts.of(candidate) < counts.of(best)) best = candidate
    return best === e ? undefined : best
  }
  return [
    procedure({
      name: 'choice',
      sound: 'real',
      root: 'select',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [condition, consequent, alternate] = e.args
        return shorter(e, spellings(graph, counts, condition, consequent, alternate))
      },
    }),
    procedure({
      name: 'opposite arms',
      sound: 'real',
      root: 'mul',
      among: 'select',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const choice of e.factors) {
          const { base, exponent } = choice
          const side = exponent.isOne ? oppositeArms(graph, base) : undefined
          const own = e.factors.find((factor) => factor.base === side?.x && factor.exponent.isOne)
          if (!side || !own) continue
          const rest = productWithout(graph, e.factors, choice, own)
          return graph.mulAll([side.above, graph.apply('abs', [side.x]), rest])
        }
        return undefined
      },
    }),
    procedure({
      name: 'choice or 0',
      sound: 'real',
      root: 'guard',
      apply: (e, { graph }) => {
        if (e.kind !== 'guard' || e.conditions.length !== 1) return undefined
        return shorter(e, guardSpellings(graph, counts, e.conditions[0], e.body))
      },
    }),
  ]
}

function* spellings(
  graph: Graph,
  counts: NodeCounts,
  condition: Expr,
  consequent: Expr,
  alternate: Expr,
): Generator<Expr> {
  if (condition.kind === 'apply' && condition.operator === 'not')
    yield graph.select(condition.args[0], alternate, consequent)
  const comparison = comparisonOf(condition)
  if (comparison) yield* ofComparison(graph, comparison, consequent, alternate)
  yield* ofEquality(graph, condition, consequent, alternate)
  const knownConsequent = knowing(graph, counts, consequent, condition, true)
  const knownAlternate = knowing(graph, counts, alternate, condition, false)
  if (knownConsequent !== consequent || knownAlternate !== alternate)
    yield graph.select(condition, knownConsequent, knownAlternate)
  const shared = sharedTerms(graph, [consequent, alternate])
  if (shared !== graph.zero)
    yield graph.add(
      shared,
      graph.select(condition, graph.sub(consequent, shared), graph.sub(alternate, shared)),
    )
  const factor = sharedFactors(graph, consequent, alternate)
  if (factor) yield graph.mul(factor.shared, graph.select(condition, factor.consequent, factor.alternate))
  if (alternate.kind === 'apply' && alternate.operator === 'select') {
    const [inner, same, other] = alternate.args
    if (same === consequent) yield graph.select(graph.or(condition, inner), same, other)
  }
  if (consequent.kind === 'apply' && consequent.operator === 'select') {
    const [inner, other, same] = consequent.args
    if (same === alternate) yield graph.select(graph.and([condition, inner]), other, same)
  }
}

/** `p < q` or `p <= q` of numbers that are defined everywhere: where one is NaN the comparison is false, the choice is not NaN. */
interface Comparison {
  readonly low: Expr
  readonly high: Expr
}

function comparisonOf(condition: Expr): Comparison | undefined {
  if (condition.kind !== 'apply' || (condition.operator !== 'lt' && condition.operator !== 'le'))
    return undefined
  const [low, high] = condition.args
  return low.facts.finite && high.facts.finite ? { low, high } : undefined
}

function* ofComparison(
  graph: Graph,
  { low, high }: Comparison,
  consequent: Expr,
  alternate: Expr,
): Generator<Expr> {
  const isSign = low === graph.zero && consequent === graph.one && isMinusOneBelow(graph, alternate, high)
  if (isSign) yield graph.apply('sign', [high])
  if (isSignTimes(graph, low, high, consequent, alternate))
    yield graph.apply('clamp', [consequent, graph.neg(high), high])
  if (consequent === high && alternate === low) yield graph.apply('max', [high, low])
  if (consequent === low && alternate === high) yield graph.apply('min', [low, high])
  const difference = graph.sub(high, low)
  if (consequent === difference && alternate === graph.neg(difference)) yield graph.apply('abs', [difference])
  if (alternate === difference && consequent === graph.neg(difference))
    yield graph.neg(graph.apply('abs', [difference]))
}

/** The arm for positive `x` of `if x > 0 then c else -c`. */
function oppositeArms(graph: Graph, e: Expr): { readonly x: Expr; readonly above: Expr } | undefined {
  if (e.kind !== 'apply' || e.operator !== 'select' || e.args[1] !== graph.neg(e.args[2])) return undefined
  const [condition, consequent, alternate] = e.args
  const bound = boundIn(condition)
  if (!bound?.bound.isZero || !bound.x.facts.finite) return undefined
  return { x: bound.x, above: bound.isAbove ? consequent : alternate }
}

/** `x` where `|x| < c`, else `c sign(x)`. */
function isSignTimes(graph: Graph, low: Expr, high: Expr, x: Expr, other: Expr): boolean {
  const isBound = low === graph.apply('abs', [x]) && high.kind === 'num' && !high.value.isNegative
  return isBound && other === graph.mul(high, graph.apply('sign', [x]))
}

/** `if x == y then x else y` is `y`: one arm where both sides are the same is the other. */
function* ofEquality(graph: Graph, condition: Expr, consequent: Expr, alternate: Expr): Generator<Expr> {
  const equality = equalityOf(condition, true)
  if (!equality) return
  const { left, right, holds } = equality
  const [equal, other] = holds ? [consequent, alternate] : [alternate, consequent]
  for (const values of [new Map([[left, right]]), new Map([[right, left]])])
    if (replaceNodes(graph, equal, values) === other || replaceNodes(graph, other, values) === equal)
      yield other
}

/** `-[x < 0]`. */
function isMinusOneBelow(graph: Graph, e: Expr, x: Expr): boolean {
  const isNegative = graph.apply('lt', [x, graph.zero])
  return e === graph.neg(isNegative) || e === graph.guard([isNegative], graph.neg(graph.one))
}

function* guardSpellings(graph: Graph, counts: NodeCounts, condition: Expr, body: Expr): Generator<Expr> {
  const comparison = comparisonOf(condition)
  if (comparison) {
    const difference = graph.sub(comparison.high, comparison.low)
    if (body === difference) yield graph.apply('relu', [difference])
    if (body === graph.neg(difference)) yield graph.neg(graph.apply('relu', [difference]))
  }
  const equality = equalityOf(condition, true)
  if (
    equality &&
    !equality.holds &&
    equality.right === graph.zero &&
    vanishesWith(graph, body, equality.left)
  )
    yield body
  const known = knowing(graph, counts, body, condition, true)
  if (known !== body) yield graph.guard([condition], known)
}

/** `e` where the condition is known to hold, or not to. */
function knowing(graph: Graph, counts: NodeCounts, e: Expr, condition: Expr, holds: boolean): Expr {
  if (counts.of(e) > LONGEST) return e
  const values = new Map<Expr, Expr>([[condition, holds ? graph.one : graph.zero]])
  values.set(graph.not(condition), holds ? graph.zero : graph.one)
  if (condition.kind === 'apply' && condition.operator === 'lt' && holds) {
    const [low, high] = condition.args
    for (const [comparison, value] of comparisonsOf(graph, low, high, true, false)) values.set(comparison, value) // prettier-ignore
  }
  for (const [comparison, value] of otherBounds(graph, e, condition, holds)) values.set(comparison, value)
  for (const [extreme, value] of extremesWhere(graph, e, condition, holds)) values.set(extreme, value)
  const equality = equalityOf(condition, holds)
  if (equality?.holds && equality.right.kind === 'num') values.set(equality.left, equality.right)
  const known = replaceNodes(graph, e, values)
  if (!equality || equality.holds || equality.right !== graph.zero) return known
  return rewrite(graph, known, (_, part) => mergedPowers(graph, equality.left, part))
}

/** Where `x > 0` holds `x > -1` does, and `x < 0` does not. */
function otherBounds(graph: Graph, e: Expr, condition: Expr, holds: boolean): Map<Expr, Expr> {
  const known = new Map<Expr, Expr>()
  const given = boundIn(condition)
  // Where it fails `x` may also be no number.
  if (!given || (!holds && !given.x.facts.finite)) return known
  const above = given.isAbove === holds
  const isStrict = given.isStrict === holds
  for (const part of postorder([e])) {
    const asked = part === condition ? undefined : boundIn(part)
    if (asked?.x !== given.x) continue
    const order = given.bound.compare(asked.bound) * (above ? 1 : -1)
    const reaches = order > 0 || (order === 0 && (isStrict || !asked.isStrict))
    const misses = order > 0 || (order === 0 && (isStrict || asked.isStrict))
    if (asked.isAbove === above ? reaches : misses)
      known.set(part, asked.isAbove === above ? graph.one : graph.zero)
  }
  return known
}

/** `left = right` or `left != right`, if the condition says that. */
function equalityOf(stated: Expr, wanted: boolean) {
  const negated = stated.kind === 'apply' && stated.operator === 'not'
  const [condition, holds] = negated ? [stated.args[0], !wanted] : [stated, wanted]
  if (condition.kind !== 'apply' || (condition.operator !== 'eq' && condition.operator !== 'ne'))
    return undefined
  const [left, right] = condition.args
  return { left, right, holds: (condition.operator === 'eq') === holds }
}

/** Whether `e` is a multiple of `x` by what is finite, so that it is 0 where `x` is. */
function vanishesWith(graph: Graph, e: Expr, x: Expr): boolean {
  const product = asTerm(e).node
  if (product.kind !== 'mul') return product === x
  const own = product.factors.find(({ base }) => base === x)
  if (!own || own.exponent.isNegative) return false
  const others = productWithout(graph, product.factors, own)
  return others.facts.finite
}

/** `x^n x^y = x^(n + y)` where `x` is not 0. */
function mergedPowers(graph: Graph, x: Expr, e: Expr): Expr {
  if (e.kind !== 'mul') return e
  const exponents: Expr[] = []
  const others: Expr[] = []
  for (const { base, exponent } of e.factors)
    if (base === x) exponents.push(graph.num(exponent))
    else if (base.kind === 'apply' && base.operator === 'pow' && base.args[0] === x && exponent.isInteger)
      exponents.push(graph.scale(exponent, base.args[1]))
    else others.push(graph.power(base, exponent))
  return exponents.length < 2 ? e : graph.mulAll([graph.pow(x, graph.addAll(exponents)), ...others])
}

interface SharedFactors {
  readonly shared: Expr
  readonly consequent: Expr
  readonly alternate: Expr
}

/** The factors of both arms, finite ones: 0 in an arm that is taken stays 0. */
function sharedFactors(graph: Graph, consequent: Expr, alternate: Expr): SharedFactors | undefined {
  const factorsOf = (e: Expr): readonly Expr[] =>
    e.kind === 'mul'
      ? powersOf(graph, e.factors)
      : e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
        ? [graph.num(e.terms[0].coefficient), ...factorsOf(e.terms[0].node)]
        : [e]
  const [first, second] = [factorsOf(consequent), factorsOf(alternate)]
  const shared = first.filter((factor) => factor.facts.finite && second.includes(factor))
  if (shared.length === 0) return undefined
  const without = (factors: readonly Expr[]): Expr =>
    graph.mulAll(factors.filter((factor) => !shared.includes(factor)))
  return { shared: graph.mulAll(shared), consequent: without(first), alternate: without(second) }
}
