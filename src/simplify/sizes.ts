/** Bounds of how large expressions are, by the logarithm of their modulus: known also where they overflow or underflow themselves. */
import type { Add, Apply, Expr, Mul } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { bodyOfNumber } from './shared-factors.js'
import { HALF, ONE, Rational } from '../ir/rational.js'

/** Logarithms of the smallest and of the largest number. */
const [LEAST, MOST] = [-745, 709]
/** As good as the logarithm of 0. */
const NOTHING = Rational.fromNumber(-1e300)

type Side = 'above' | 'below'

export class Sizes {
  private readonly known = { above: new Map<Expr, Expr>(), below: new Map<Expr, Expr>() }

  constructor(private readonly graph: Graph) {}

  /** Whether they cost more to compute than what they are asked for. */
  get areMany(): boolean {
    return this.known.above.size + this.known.below.size > MANY
  }

  /** At least `log |e|`. */
  above(e: Expr): Expr {
    return this.bound('above', e)
  }

  /** At most that. */
  below(e: Expr): Expr {
    return this.bound('below', e)
  }

  /** How deep expressions are is bounded: what is below so many operators is known by its value. */
  private bound(side: Side, e: Expr, depth = 0): Expr {
    const known = this.known[side].get(e)
    if (known) return known
    const found =
      (depth < DEEPEST && !this.areMany ? this.ofNode(side, e, depth + 1) : undefined) ??
      this.ofValue(side, e)
    this.known[side].set(e, found)
    return found
  }

  /** What is 0 may be small, and what is infinite large. */
  private ofValue(side: Side, e: Expr): Expr {
    const { graph } = this
    if (e.kind === 'num') return graph.num(e.value.isZero ? NOTHING : logarithmOf(e.value))
    const log = this.log(e)
    if (e.kind === 'read') return log
    return side === 'above' ? graph.apply('max', [log, graph.num(LEAST)]) : graph.apply('min', [log, graph.num(MOST)]) // prettier-ignore
  }

  private ofNode(side: Side, e: Expr, depth: number): Expr | undefined {
    const body = bodyOfRead(e)
    if (body) return this.bound(side, body, depth)
    switch (e.kind) {
      case 'stop':
        return this.bound(side, e.operand, depth)
      case 'guard':
        return side === 'above' ? this.bound(side, e.body, depth) : undefined
      case 'mul':
        return this.ofProduct(side, e, depth)
      case 'add':
        return this.ofSum(side, e, depth)
      case 'apply':
        return this.ofOperator(side, e, depth)
      default:
        return undefined
    }
  }

  private ofProduct(side: Side, { factors }: Mul, depth: number): Expr {
    const opposite = side === 'above' ? 'below' : 'above'
    return this.graph.addAll(
      factors.map(({ base, exponent }) =>
        this.graph.scale(exponent, this.bound(exponent.isNegative ? opposite : side, base, depth)),
      ),
    )
  }

  /** The largest term is no less than its share, and no more than a sum of positive ones. */
  private ofSum(side: Side, e: Add, depth: number): Expr | undefined {
    const { graph } = this
    if (e.terms.length > LONGEST) return undefined
    const terms = e.terms.map(({ node, coefficient }) => ({ node, coefficient: coefficient.abs(), isPositive: coefficient.isNegative ? node.facts.high <= 0 : node.facts.low >= 0 })) // prettier-ignore
    if (side === 'below' && !(terms.every(({ isPositive }) => isPositive) && !e.constant.isNegative))
      return undefined
    const sizes = terms.map(({ node, coefficient }) => graph.add(this.bound(side, node, depth), graph.num(logarithmOf(coefficient)))) // prettier-ignore
    if (!e.constant.isZero) sizes.push(graph.num(logarithmOf(e.constant.abs())))
    const largest = sizes.reduce((a, b) => graph.apply('max', [a, b]))
    return side === 'below' ? largest : graph.add(largest, number(graph, Math.log(sizes.length)))
  }

  private ofOperator(side: Side, e: Apply, depth: number): Expr | undefined {
    const { graph } = this
    const [u, v, w] = e.args
    const { operator } = e
    if (operator === 'select') return graph.select(u, this.bound(side, v, depth), this.bound(side, w, depth))
    if (operator === 'exp') return u
    if (operator === 'abs') return this.bound(side, u, depth)
    if (operator === 'pow') return graph.mul(v, this.log(u))
    const bell = (): Expr => graph.neg(graph.mul(u, u))
    const where = (condition: Expr, value: Expr, other: number): Expr =>
      graph.select(condition, value, number(graph, other))
    const isNegative = graph.apply('lt', [u, graph.zero])
    if (side === 'below') {
      const isLarge = graph.apply('lt', [graph.one, u])
      if (operator === 'cosh') return graph.sub(graph.apply('abs', [u]), graph.one)
      if (operator === 'expm1' || operator === 'sinh')
        return graph.select(isLarge, graph.sub(u, graph.num(2)), this.ofValue(side, e))
      return undefined
    }
    switch (operator) {
      case 'expm1':
        return graph.apply('max', [u, graph.zero])
      case 'exprel':
        return graph.apply('max', [v, graph.zero])
      case 'sigmoid':
        return graph.apply('min', [u, graph.zero])
      case 'sinh':
      case 'cosh':
        return graph.apply('abs', [u])
      case 'gaussian':
        return bell()
      case 'normal_pdf':
        return graph.scale(HALF, bell())
      case 'normal_cdf':
        return where(isNegative, graph.scale(HALF, bell()), 0)
      case 'erfc':
        return graph.select(isNegative, graph.one, bell())
      case 'softplus':
        return graph.select(isNegative, u, graph.apply('log1p', [u]))
      default: {
        const bound = Math.max(-e.facts.low, e.facts.high)
        return Number.isFinite(bound) && bound > 0 ? number(graph, Math.log(bound)) : undefined
      }
    }
  }

  private log(e: Expr): Expr {
    return this.graph.apply('log', [this.graph.apply('abs', [e])])
  }
}

/** What a number is that is computed by a definition of its own. */
export const bodyOfRead = (e: Expr): Expr | undefined => (e.kind === 'read' ? bodyOfNumber(e.def) : undefined)

const DEEPEST = 8
const MANY = 24
/** Longer sums are known by their values. */
const LONGEST = 8

const number = (graph: Graph, x: number): Expr => graph.num(Rational.fromNumber(x))

/** Of a number that is not 0. */
function logarithmOf(value: Rational): Rational {
  const log = Math.log(value.abs().toNumber())
  return Number.isFinite(log) ? Rational.fromNumber(log) : ONE
}
