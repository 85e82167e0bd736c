/** Powers of one base with exponents of both signs, and terms that have cancelled, where the whole is undefined at 0 anyway. */
import type { Add, Expr, Factor, Mul } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { powersOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'

/** Longer sums and products, and deeper ones, are not searched. */
const LONGEST = 16
const DEEPEST = 4

/** `x · x^-2 = 1/x`, which has the same pole; `x² log(x) / x = x log(x)`, for the logarithm is undefined at 0 as well. */
export const oppositePowers = procedure({
  name: 'powers of opposite signs',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => (e.kind === 'mul' ? merged(graph, e, () => false) : undefined),
})

/**
 * `y / (x y)` as `1/x` where `y` is not 0, for the last run: `x y` may overflow. Where `y` is 0 it stays undefined, as nothing
 * is differentiated any more.
 */
export const powersApartFromZero = procedure({
  name: 'powers of opposite signs, apart from 0',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    const bases = new Set<Expr>()
    const whole = merged(graph, e, (base) => {
      bases.add(base)
      return base.facts.finite
    })
    if (!whole || whole.kind === 'read' || [...bases].some(({ kind }) => kind !== 'read')) return undefined
    const nonzero = [...bases].map((base) => graph.apply('ne', [base, graph.zero]))
    return nonzero.length === 0 ? whole : graph.select(nonzero.reduce((a, b) => graph.apply('and', [a, b])), whole, graph.nan) // prettier-ignore
  },
})

/** `2 log(x) + x/x = 2 log(x) + 1`: where `x` is 0 another term is undefined. */
export const sharedPoles = procedure({
  name: 'poles of other terms',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => besidePoles(graph, e),
})

/** The sum without what has cancelled in it, and with merged powers, as far as the poles of its other terms allow; nothing if there is no such thing. */
export function besidePoles(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'add' || e.terms.length > LONGEST || e.terms.length < 2) return undefined
  if (!e.terms.some(({ node, coefficient }) => coefficient.isZero || hasOppositePowers(node)))
    return undefined
  const poles = e.terms.map(({ node }) => polesOf(node, DEEPEST))
  let changed = false
  const terms = e.terms.map(({ node, coefficient }, at) => {
    const elsewhere = (base: Expr): boolean => poles.some((own, other) => other !== at && own.has(base))
    if (coefficient.isZero && vanishes(node, elsewhere)) {
      changed = true
      // Its poles must not be what another such term relies on.
      poles[at] = new Set()
      return graph.zero
    }
    const whole = node.kind === 'mul' ? merged(graph, node, elsewhere) : undefined
    changed ||= whole !== undefined
    return graph.scale(coefficient, whole ?? node)
  })
  return changed ? graph.addAll([graph.num(e.constant), ...terms]) : undefined
}

/** `(if x != 0 then y else 0) + log(x)/x` without the condition: where `x` is 0 another term is undefined. For people. */
export const guardsBesidePoles = procedure({
  name: 'conditions beside poles',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.terms.length > LONGEST || !e.terms.some(({ node }) => node.kind === 'guard')) return undefined // prettier-ignore
    const poles = e.terms.map(({ node }) => polesOf(node, DEEPEST))
    let changed = false
    const terms = e.terms.map(({ node, coefficient }, at) => {
      if (node.kind !== 'guard') return graph.scale(coefficient, node)
      const elsewhere = poles.flatMap((own, other) => (other === at ? [] : [...own]))
      const holding = new Set(
        elsewhere.flatMap((base) => [
          graph.apply('ne', [base, graph.zero]),
          graph.not(graph.apply('eq', [base, graph.zero])),
        ]),
      )
      const kept = node.conditions.filter((condition) => !holding.has(condition))
      changed ||= kept.length < node.conditions.length
      return graph.scale(coefficient, graph.guard(kept, node.body))
    })
    return changed ? graph.addAll([graph.num(e.constant), ...terms]) : undefined
  },
})

function hasOppositePowers(e: Expr): boolean {
  if (e.kind !== 'mul' || e.factors.length > LONGEST) return false
  return new Set(e.factors.map(({ base }) => base)).size < e.factors.length
}

/** The product with the powers of each base that cannot be 0, or whose power stays a pole, as one. */
function merged(graph: Graph, e: Mul, isPole: (base: Expr) => boolean): Expr | undefined {
  if (!hasOppositePowers(e)) return undefined
  let changed = false
  const left: Factor[] = []
  for (const factor of e.factors) {
    const at = left.findIndex(({ base }) => base === factor.base)
    const total = at < 0 ? undefined : left[at].exponent.plus(factor.exponent)
    // A root that becomes a whole power would lose the sign of its base.
    const isWhole = at >= 0 && left[at].exponent.isInteger && factor.exponent.isInteger
    const others = e.factors.filter(({ base }) => base !== factor.base)
    const mayMerge =
      total &&
      (isWhole || !total.isInteger) &&
      (total.isNegative ||
        isPole(factor.base) ||
        others.some((other) => polesOfFactor(other, DEEPEST).has(factor.base)))
    if (total && mayMerge) {
      left[at] = { base: factor.base, exponent: total }
      changed = true
    } else left.push(factor)
  }
  return changed ? graph.mulAll(powersOf(graph, left)) : undefined
}

/** `0 · e` where `e` is finite if the bases of its poles are not 0. */
function vanishes(e: Expr, isPole: (base: Expr) => boolean): boolean {
  if (e.kind !== 'mul') return false
  return e.factors.every(
    ({ base, exponent }) =>
      base.facts.finite && exponent.isInteger && (!exponent.isNegative || base.facts.nonzero || isPole(base)),
  )
}

/** Bases at whose zeros the expression is undefined. */
function polesOf(e: Expr, depth: number): ReadonlySet<Expr> {
  if (depth === 0) return NONE
  switch (e.kind) {
    case 'mul':
      return e.factors.length > LONGEST ? NONE : polesOfProduct(e, depth)
    case 'add':
      return e.terms.length > LONGEST ? NONE : polesOfSum(e, depth)
    case 'apply':
      return e.operator === 'log' || e.operator === 'log2' || e.operator === 'log10'
        ? new Set([e.args[0], ...factorsOfLogarithm(e.args[0]), ...polesOf(e.args[0], depth - 1)])
        : NONE
    default:
      return NONE
  }
}

/** `log(x / y)` has no value where either is 0. */
const factorsOfLogarithm = (e: Expr): readonly Expr[] =>
  e.kind === 'mul' && e.factors.length <= LONGEST ? e.operands : []

const NONE: ReadonlySet<Expr> = new Set<Expr>()

function polesOfFactor({ base, exponent }: Factor, depth: number): ReadonlySet<Expr> {
  const own = polesOf(base, depth - 1)
  return exponent.isNegative ? new Set([base, ...own]) : own
}

function polesOfProduct({ factors }: Mul, depth: number): ReadonlySet<Expr> {
  const numerators = new Set(factors.flatMap(({ base, exponent }) => (exponent.isNegative ? [] : [base])))
  // What stands above and below may vanish when both meet.
  return new Set(factors.flatMap((factor) => (numerators.has(factor.base) && factor.exponent.isNegative ? [] : [...polesOfFactor(factor, depth)]))) // prettier-ignore
}

const polesOfSum = ({ terms }: Add, depth: number): ReadonlySet<Expr> =>
  new Set(terms.flatMap(({ node }) => [...polesOf(node, depth - 1)]))
