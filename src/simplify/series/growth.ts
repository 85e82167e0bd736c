/**
 * Expressions of one leaf with exponentials of it, far from 0: the leading power of `t = e^(-|x|)`, times what grows as powers do, stands for
 * them where exponentials overflow. `√(e^x - 1)` is `e^(x/2)` there, and `log(sinh(x) / x)` is `x - log(2x)`.
 */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational, ZERO } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { expand, monomialsOf, monomialToExpr } from '../polynomial.js'

/** `Σ terms[k] t^(lead + k)` as far as it is known: the terms are free of exponentials. */
export interface Growth {
  readonly lead: number
  readonly terms: readonly Expr[]
}

/** Powers of `t` that are kept. */
const LENGTH = 4

/** In `t = e^(-rate · leaf)`, for a leaf that is known to be positive, and large. */
export class Growths {
  private readonly known = new Map<Expr, Growth | undefined>()

  constructor(
    private readonly graph: Graph,
    private readonly leaf: Expr,
    private readonly rate: Rational,
    /** Whether a condition holds far out; absent where that is open. */
    private readonly holds: (condition: Expr) => boolean | undefined,
  ) {}

  of(e: Expr): Growth | undefined {
    for (const node of postorder([e], (part) => !this.known.has(part)))
      this.known.set(node, this.ofNode(node))
    return this.known.get(e)
  }

  private at(e: Expr): Growth | undefined {
    return this.known.get(e)
  }

  private ofNode(e: Expr): Growth | undefined {
    switch (e.kind) {
      case 'num':
      case 'constant':
      case 'read':
        return this.plain(e)
      case 'stop':
        return this.at(e.operand)
      case 'add': {
        const terms = e.terms.map(({ node, coefficient }) => {
          const term = this.at(node)
          return term && this.scaled(coefficient, term)
        })
        if (!e.constant.isZero) terms.push(this.plain(this.graph.num(e.constant)))
        return terms.reduce((a, b) => a && b && this.sum(a, b))
      }
      case 'mul': {
        let product: Growth | undefined = this.plain(this.graph.one)
        for (const { base, exponent } of e.factors) {
          const own = this.at(base)
          const factor = own && this.power(own, exponent)
          product = product && factor && this.product(product, factor)
        }
        return product
      }
      case 'apply':
        return this.ofOperator(e.operator, e.args)
      default:
        return undefined
    }
  }

  private ofOperator(operator: AppliedOperator, args: readonly Expr[]): Growth | undefined {
    const [argument] = args
    const { graph } = this
    const chosen = (condition: Expr, yes: Growth | undefined, no: Growth | undefined): Growth | undefined => {
      const holds = this.holds(condition)
      return holds === undefined ? undefined : holds ? yes : no
    }
    if (operator === 'select') return chosen(args[0], this.at(args[1]), this.at(args[2]))
    if (operator === 'max' || operator === 'min') {
      const [a, b] = args.map((arg) => this.at(arg))
      return operator === 'max'
        ? chosen(graph.apply('lt', args), b, a)
        : chosen(graph.apply('lt', args), a, b)
    }
    const u = this.at(argument)
    const isPlain = args.every((arg) => {
      const growth = this.at(arg)
      return growth !== undefined && isFree(growth)
    })
    if (!u) return undefined
    if (operator === 'abs')
      return chosen(graph.apply('lt', [argument, graph.zero]), this.scaled(ONE.negate(), u), u)
    const one = this.plain(graph.one)
    const exp = (sign: bigint): Growth | undefined => this.exponential(this.scaled(Rational.of(sign), u))
    const minus = (a: Growth | undefined): Growth | undefined => a && this.scaled(ONE.negate(), a)
    const plus = (a: Growth | undefined, b: Growth | undefined): Growth | undefined =>
      a && b && this.sum(a, b)
    const over = (a: Growth | undefined, b: Growth | undefined): Growth | undefined => {
      const inverse = b && this.power(b, ONE.negate())
      return a && inverse && this.product(a, inverse)
    }
    const half = (a: Growth | undefined): Growth | undefined => a && this.scaled(HALF, a)
    switch (operator) {
      case 'exp':
        return exp(1n)
      case 'expm1':
        return plus(exp(1n), minus(one))
      case 'log':
        return this.logarithm(u)
      case 'log1p':
        return this.logarithm(this.sum(one, u))
      case 'sinh':
        return half(plus(exp(1n), minus(exp(-1n))))
      case 'cosh':
        return half(plus(exp(1n), exp(-1n)))
      case 'tanh':
        return over(plus(exp(1n), minus(exp(-1n))), plus(exp(1n), exp(-1n)))
      case 'sigmoid':
        return over(one, plus(one, exp(-1n)))
      case 'softplus':
      case 'log_sigmoid': {
        const sum = plus(one, exp(operator === 'softplus' ? 1n : -1n))
        const log = sum && this.logarithm(sum)
        return operator === 'softplus' ? log : minus(log)
      }
      case 'log1mexp': {
        const rest = plus(one, minus(exp(1n)))
        return rest && this.logarithm(rest)
      }
      default:
        return isPlain ? this.plain(graph.apply(operator, args)) : undefined
    }
  }

  // ── Arithmetic ─────────────────────────────────────────────────────────────────────────────────────────────

  private plain(e: Expr): Growth {
    return { lead: 0, terms: [e, ...Array.from({ length: LENGTH - 1 }, () => this.graph.zero)] }
  }

  /** The first term is not 0, or none is left. */
  private made(lead: number, terms: readonly Expr[]): Growth {
    const reduced = terms.map((term) => expand(this.graph, term)?.expr ?? term)
    const first = reduced.findIndex((term) => term !== this.graph.zero)
    return first < 0
      ? { lead: lead + terms.length, terms: [] }
      : { lead: lead + first, terms: reduced.slice(first, first + LENGTH) }
  }

  private scaled(factor: Rational, { lead, terms }: Growth): Growth {
    return { lead, terms: terms.map((term) => this.graph.scale(factor, term)) }
  }

  private sum(a: Growth, b: Growth): Growth {
    const lead = Math.min(a.lead, b.lead)
    const end = Math.min(a.lead + a.terms.length, b.lead + b.terms.length)
    const at = ({ lead: own, terms }: Growth, k: number): Expr => terms[lead + k - own] ?? this.graph.zero
    const length = Math.max(0, end - lead)
    return this.made(
      lead,
      Array.from({ length }, (_, k) => this.graph.add(at(a, k), at(b, k))),
    )
  }

  private product(a: Growth, b: Growth): Growth {
    const length = Math.min(a.terms.length, b.terms.length)
    const { graph } = this
    return this.made(
      a.lead + b.lead,
      Array.from({ length }, (_, n) =>
        graph.addAll(Array.from({ length: n + 1 }, (_term, k) => this.times(a.terms[k], b.terms[n - k]))),
      ),
    )
  }

  private power(a: Growth, exponent: Rational): Growth | undefined {
    const [first] = a.terms
    const lead = exponent.times(Rational.of(a.lead))
    if (!first || !lead.isInteger) return undefined
    const { graph } = this
    const ratios = a.terms.map((term) => this.times(term, graph.power(first, ONE.negate())))
    // n y[n] = Σ (k q - (n - k)) r[k] y[n - k], of (Σ r[k] t^k)^q.
    const y: Expr[] = [graph.one]
    for (let n = 1; n < a.terms.length; n++) {
      const terms = Array.from({ length: n }, (_, at) => {
        const k = Rational.of(at + 1)
        const factor = exponent.times(k).minus(Rational.of(n).minus(k))
        return graph.scale(factor.dividedBy(Rational.of(n)), this.times(ratios[at + 1], y[n - at - 1]))
      })
      const sum = graph.addAll(terms)
      y.push(expand(graph, sum)?.expr ?? sum)
    }
    const start = graph.power(first, exponent)
    return this.made(
      lead.toNumber(),
      y.map((term) => this.times(start, term)),
    )
  }

  private logarithm(a: Growth): Growth | undefined {
    const [first] = a.terms
    if (!first) return undefined
    const { graph } = this
    const ratios = a.terms.map((term) => this.times(term, graph.power(first, ONE.negate())))
    // n l[n] = n r[n] - Σ k l[k] r[n - k].
    const l: Expr[] = [graph.zero]
    for (let n = 1; n < a.terms.length; n++) {
      const terms = l.map((term, k) => graph.scale(Rational.of(-k, n), this.times(term, ratios[n - k])))
      l.push(graph.add(ratios[n], graph.addAll(terms)))
    }
    const rate = this.rate.times(Rational.of(-a.lead))
    const start = graph.add(graph.scale(rate, this.leaf), this.logarithmOf(first))
    return this.made(0, [start, ...l.slice(1)])
  }

  /** `log(1 / (2x)) = -log(2x)`. */
  private logarithmOf(e: Expr): Expr {
    const { graph } = this
    const [first, ...rest] = monomialsOf(e)
    const isInverse = first && rest.length === 0 && first.factors.length > 0 && first.factors.every(({ exponent }) => exponent.isNegative) // prettier-ignore
    return isInverse ? graph.neg(graph.apply('log', [graph.power(e, ONE.negate())])) : graph.apply('log', [e])
  }

  /** `e^(c x + d)`, where `d` is a number, times the exponential of what tends to 0. */
  private exponential(a: Growth): Growth | undefined {
    if (a.lead < 0) return undefined
    const { graph } = this
    const whole = [...Array.from({ length: a.lead }, () => graph.zero), ...a.terms].slice(0, LENGTH)
    const [first, ...small] = whole
    if (!first || whole.length < LENGTH) return undefined
    let exponent = ZERO
    const rest: Expr[] = []
    for (const { coefficient, factors } of monomialsOf(first)) {
      if (factors.length === 1 && factors[0].base === this.leaf && factors[0].exponent.isOne)
        exponent = exponent.plus(coefficient)
      else {
        const monomial = monomialToExpr(graph, { coefficient, factors })
        if (postorder([monomial]).includes(this.leaf)) return undefined
        rest.push(monomial)
      }
    }
    const lead = exponent.negate().dividedBy(this.rate)
    if (!lead.isInteger || Math.abs(lead.toNumber()) > LARGEST) return undefined
    // n y[n] = Σ k a[k] y[n - k].
    const y: Expr[] = [graph.mulAll(rest.map((term) => exponentialOf(graph, term)))]
    for (let n = 1; n < LENGTH; n++) {
      const terms = y.map((own, k) => graph.scale(Rational.of(n - k, n), this.times(small[n - k - 1], own)))
      y.push(graph.addAll(terms))
    }
    return this.made(lead.toNumber(), y)
  }

  /** What is 0 stays it, whatever it is multiplied by. */
  private times(a: Expr, b: Expr): Expr {
    const { graph } = this
    return a === graph.zero || b === graph.zero ? graph.zero : graph.mul(a, b)
  }
}

/** `e^(c log n) = n^c`. */
function exponentialOf(graph: Graph, term: Expr): Expr {
  const [{ coefficient, factors }] = monomialsOf(term)
  const [only, ...more] = factors
  const isLog =
    only?.exponent.isOne && more.length === 0 && only.base.kind === 'apply' && only.base.operator === 'log'
  if (isLog && only.base.operands[0].kind === 'num') return graph.power(only.base.operands[0], coefficient)
  return graph.apply('exp', [term])
}

/** Powers of `t` beyond are left alone. */
const LARGEST = 16

/** Whether it is one term without exponentials. */
const isFree = ({ lead, terms }: Growth): boolean =>
  lead === 0 && terms.slice(1).every((term) => term.kind === 'num' && term.value.isZero)
