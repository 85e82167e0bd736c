/** Sums of products of sigmoids, as derivatives of shares are: with all digits in all tails. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { procedure, type RewriteContext } from '../../rewrite/rule.js'
import { expand, keyOf, monomialsOf, monomialToExpr, type Monomial } from '../polynomial.js'
import {
  mayCancel,
  contentOf,
  groupsBy,
  homogeneous,
  merged,
  nested,
  over,
  Pair,
  type ShareTerm,
  timesPower,
} from '../share-polynomial.js'

/** Sums beside shares are multiplied out so often at most. */
const NESTING = 3
/** Longer sums of products of the same shares, and those of more different shares, are left alone. */
const MOST_TERMS = 40
const MOST_PAIRS = 4
/** What is multiplied out to find that little cancels may grow by so much at most. */
const GROWTH = 32

/**
 * `p - 3 p² + 2 p³ = p q (q - p)` for `p = σ(u)` and `q = σ(-u)`, where `p - q` is `tanh(u/2)`; `y + (x - y) p = x p + y q`; likewise for
 * products with shares of other numbers.
 */
export const productsOfShares = procedure({
  name: 'products of shares',
  sound: 'real',
  root: 'add',
  apply: (e, context) => {
    if (e.kind !== 'add') return undefined
    const terms = monomialsOf(e)
    const shares = new Shares(context, terms)
    if (shares.areNone) return undefined
    const [concerned, others] = partition(terms, (monomial) => shares.taken(monomial).powers.size > 0)
    const { graph } = context
    const most = lengthOf(e) + GROWTH
    // Terms without a share by what they consist of: they may meet those that have the same beside one.
    const beside = new Map(others.map((monomial) => [keyOf(shares.taken(monomial).others), monomial]))
    let changed = false
    const parts = concerned.map((source) => ({ source, terms: multipliedOut(graph, source).map((term) => shares.taken(term)) })) // prettier-ignore
    const sums = shares.clustersOf(parts).map((cluster) => {
      const multiplied = cluster.flatMap((part) => part.terms)
      const met = [...new Set(multiplied.map((term) => keyOf(term.others)))].filter((key) => beside.has(key))
      const all = [...multiplied, ...met.flatMap((key) => beside.get(key) ?? []).map((monomial) => shares.taken(monomial))] // prettier-ignore
      const better = all.length > 1 && all.length <= MOST_TERMS ? improved(graph, all) : undefined
      if (!better || lengthOf(better) > most)
        return graph.addAll(cluster.map(({ source }) => monomialToExpr(graph, source)))
      changed = true
      for (const key of met) beside.delete(key)
      return better
    })
    const rest = [...beside.values()].map((monomial) => monomialToExpr(graph, monomial))
    return changed ? graph.addAll([...sums, ...rest]) : undefined
  },
})

function partition<T>(all: readonly T[], test: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  const [inside, outside] = [new Array<T>(), new Array<T>()]
  for (const each of all) (test(each) ? inside : outside).push(each)
  return [inside, outside]
}

function multipliedOut(graph: Graph, monomial: Monomial): readonly Monomial[] {
  if (!monomial.factors.some(({ base }) => base.kind === 'add')) return [monomial]
  let sum = monomialToExpr(graph, monomial)
  for (let level = 0; level < NESTING; level++) {
    const next = expand(graph, sum)?.expr
    if (!next) break
    sum = next
  }
  return monomialsOf(sum)
}

/** How often `σ(u)`, `σ(-u)` and `σ(u) - σ(-u)` are factors. */
type Powers = readonly [p: number, q: number, differences: number]

/** A term by what is a share in it, a difference of two, and neither. */
interface Taken {
  readonly coefficient: Rational
  /** By the argument. */
  readonly powers: ReadonlyMap<Expr, Powers>
  readonly others: readonly Factor[]
}

/** A term of the sum, and what it is multiplied out. */
interface Part {
  readonly source: Monomial
  readonly terms: readonly Taken[]
}

/** The arguments of shares in a sum, one for each and its opposite. */
class Shares {
  private readonly signs = new Map<Expr, { readonly u: Expr; readonly negated: boolean }>()

  constructor(
    private readonly context: RewriteContext,
    terms: readonly Monomial[],
  ) {
    for (const { factors } of terms) for (const { base } of factors) this.argumentIn(base)
  }

  get areNone(): boolean {
    return this.signs.size === 0
  }

  /** The argument of a sigmoid. */
  private argumentIn(base: Expr): Expr | undefined {
    const { view } = this.context
    const node = base.kind === 'read' ? view(base) : base
    if (node?.kind !== 'apply' || node.operator !== 'sigmoid') return undefined
    const [argument] = node.args
    if (!this.signs.has(argument)) {
      this.signs.set(argument, { u: argument, negated: false })
      this.signs.set(this.context.graph.neg(argument), { u: argument, negated: true })
    }
    return argument
  }

  /** What a factor is of the pair of an argument; the difference of both may have the other sign. */
  private placeOf(
    base: Expr,
  ): { readonly u: Expr; readonly powers: Powers; readonly negated?: boolean } | undefined {
    // prettier-ignore
    const { graph, view } = this.context
    const argument = this.argumentIn(base)
    const sign = argument && this.signs.get(argument)
    if (sign) return { u: sign.u, powers: sign.negated ? [0, 1, 0] : [1, 0, 0] }
    const node = base.kind === 'read' ? view(base) : base
    if (node?.kind !== 'apply' || node.operator !== 'tanh') return undefined
    const twice = this.signs.get(graph.add(node.args[0], node.args[0]))
    return twice && { u: twice.u, powers: [0, 0, 1], negated: twice.negated }
  }

  taken(monomial: Monomial): Taken {
    const powers = new Map<Expr, Powers>()
    const others: Factor[] = []
    let { coefficient } = monomial
    for (const factor of monomial.factors) {
      const { exponent } = factor
      const found = exponent.isInteger && !exponent.isNegative ? this.placeOf(factor.base) : undefined
      if (!found) {
        others.push(factor)
        continue
      }
      const times = Number(exponent.n)
      const [p, q, differences] = powers.get(found.u) ?? [0, 0, 0]
      powers.set(found.u, [p + times * found.powers[0], q + times * found.powers[1], differences + times * found.powers[2]]) // prettier-ignore
      if (found.negated && times % 2 === 1) coefficient = coefficient.negate()
    }
    return { coefficient, powers, others: others.toSorted((a, b) => a.base.id - b.base.id) }
  }

  /** Terms that have a share in common, or are connected by others. */
  clustersOf(parts: readonly Part[]): readonly (readonly Part[])[] {
    const leaders = new Map<Expr, Expr>()
    const leaderOf = (u: Expr): Expr => {
      let leader = u
      for (let next = leaders.get(leader); next; next = leaders.get(leader)) {
        // Half of the path is passed by the next time.
        leaders.set(leader, leaders.get(next) ?? next)
        leader = next
      }
      return leader
    }
    const argumentsOf = ({ terms }: Part): readonly Expr[] =>
      terms.flatMap(({ powers }) => [...powers.keys()])
    for (const part of parts) {
      const [first, ...more] = argumentsOf(part)
      for (const u of more) if (leaderOf(u) !== leaderOf(first)) leaders.set(leaderOf(u), leaderOf(first))
    }
    return [...groupsBy(parts, (part) => leaderOf(argumentsOf(part)[0])).values()]
  }
}

/** The sum by its common powers of shares, where that takes out what the terms do not show, or cancels what they do. */
function improved(graph: Graph, taken: readonly Taken[]): Expr | undefined {
  const arguments_ = [...new Set(taken.flatMap(({ powers }) => [...powers.keys()]))]
  if (arguments_.length > MOST_PAIRS) return undefined
  const given = taken.flatMap((term) => inShares(term, arguments_))
  if (!mayCancel(given, arguments_.length)) return undefined
  const terms = homogeneous(merged(given), arguments_.length)
  if (!terms) return undefined
  if (terms.length === 0) return graph.zero
  const content = contentOf(terms)
  const pairs = arguments_.map((u, at) => ({ pair: new Pair(graph, u), at }))
  const rest = over(terms, content)
  // Of equal length the one that keeps its digits next to the zero of an argument that is small there: `x - y` is none where both are large.
  const byPlace = pairs.toSorted((one, other) => sizeAtZero(one.pair.u) - sizeAtZero(other.pair.u))
  const ways = byPlace.map((inner) => nested(graph, [...pairs.filter((each) => each !== inner), inner], rest))
  const best = ways.reduce((one, other) => (lengthOf(other) < lengthOf(one) ? other : one))
  return graph.mulAll([
    ...pairs.map(({ pair, at }) => pair.power(content[2 * at], content[2 * at + 1])),
    best,
  ])
}

function inShares({ coefficient, powers, others }: Taken, all: readonly Expr[]): readonly ShareTerm[] {
  const degrees = all.flatMap((u) => powers.get(u)?.slice(0, 2) ?? [0, 0])
  let terms: readonly ShareTerm[] = [{ coefficient, degrees, others }]
  for (const [pair, u] of all.entries())
    terms = terms.flatMap((term) => timesPower(term, pair, powers.get(u)?.[2] ?? 0, -1))
  return terms
}

/** 0 if arguments are small where it is 0, 2 if they may be of any size, 1 if that is not seen. */
function sizeAtZero(e: Expr): number {
  if (e.kind === 'add') return e.terms.length === 1 && e.constant.isZero ? sizeAtZero(e.terms[0].node) : e.operands.every(isInput) ? 2 : 1 // prettier-ignore
  return isInput(e) ? 0 : 1
}

const isInput = ({ kind }: Expr): boolean => kind === 'read'

/** How many sums, products and what they consist of there are, each counted once. */
function lengthOf(root: Expr): number {
  const seen = new Set([root])
  for (const e of seen)
    if (e.kind === 'add' || e.kind === 'mul') for (const operand of e.operands) seen.add(operand)
  return seen.size
}
