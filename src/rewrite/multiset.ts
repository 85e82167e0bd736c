/** What is left of a sum or a product while a pattern is matched. */
import type { Add, Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, ZERO, type Rational } from '../ir/rational.js'
import { factorsOf, powersOf } from '../ir/term.js'

/** A sum less a few of its terms: taking one away costs nothing, however long the sum is. */
export class Terms {
  static readonly empty = new Terms(ZERO, new Map(), [])

  private constructor(
    readonly constant: Rational,
    private readonly coefficients: ReadonlyMap<Expr, Rational>,
    private readonly taken: readonly Expr[],
  ) {}

  /** Many rules look at one sum. */
  private static readonly whole = new WeakMap<Add, Terms>()

  static of(sum: Add): Terms {
    let terms = Terms.whole.get(sum)
    if (!terms) {
      const coefficients = new Map(sum.terms.map(({ node, coefficient }) => [node, coefficient]))
      terms = new Terms(sum.constant, coefficients, [])
      Terms.whole.set(sum, terms)
    }
    return terms
  }

  get isEmpty(): boolean {
    return this.constant.isZero && this.size === 0
  }

  get size(): number {
    return this.coefficients.size - this.taken.length
  }

  *entries(): Iterable<readonly [Expr, Rational]> {
    for (const entry of this.coefficients) if (!this.taken.includes(entry[0])) yield entry
  }

  private coefficientOf(node: Expr): Rational | undefined {
    return this.taken.includes(node) ? undefined : this.coefficients.get(node)
  }

  without(node: Expr): Terms {
    if (!this.coefficientOf(node)) return this
    return new Terms(this.constant, this.coefficients, [...this.taken, node])
  }

  minusConstant(value: Rational): Terms {
    return value.isZero ? this : new Terms(this.constant.minus(value), this.coefficients, this.taken)
  }

  /** Without `factor · e`, if that is a part. */
  minus(e: Expr, factor: Rational): Terms | undefined {
    if (e.kind === 'num') {
      const value = e.value.times(factor)
      return value.equals(this.constant) && !value.isZero ? this.minusConstant(value) : undefined
    }
    if (this.coefficientOf(e)?.equals(factor)) return this.without(e)
    if (e.kind !== 'add') return undefined
    for (const { node, coefficient } of e.terms)
      if (!this.coefficientOf(node)?.equals(coefficient.times(factor))) return undefined
    const constant = e.constant.times(factor)
    if (!constant.isZero && !constant.equals(this.constant)) return undefined
    const taken = [...this.taken, ...e.terms.map((term) => term.node)]
    return new Terms(this.constant.minus(constant), this.coefficients, taken)
  }

  toExpr(graph: Graph): Expr {
    const terms = [...this.entries()].map(([node, coefficient]) => ({ node, coefficient }))
    return graph.addTerms(this.constant, terms)
  }
}

export class Factors {
  static readonly empty = new Factors(ONE, [])

  private constructor(
    readonly coefficient: Rational,
    readonly factors: readonly Factor[],
  ) {}

  static of(e: Expr): Factors {
    if (e.kind === 'num') return new Factors(e.value, [])
    if (e.kind === 'mul') return new Factors(ONE, e.factors)
    if (e.kind !== 'add' || e.terms.length !== 1 || !e.constant.isZero)
      return new Factors(ONE, [{ base: e, exponent: ONE }])
    const { node, coefficient } = e.terms[0]
    return new Factors(coefficient, factorsOf(node))
  }

  get isEmpty(): boolean {
    return this.coefficient.isOne && this.factors.length === 0
  }

  /** Without the factor at this place, or with another exponent for it. */
  without(at: number, exponent: Rational = ZERO): Factors {
    const factors = exponent.isZero
      ? this.factors.filter((_, other) => other !== at)
      : this.factors.map((factor, other) => (other === at ? { ...factor, exponent } : factor))
    return new Factors(this.coefficient, factors)
  }

  toExpr(graph: Graph): Expr {
    const factors = powersOf(graph, this.factors)
    return graph.mulAll(this.coefficient.isOne ? factors : [graph.num(this.coefficient), ...factors])
  }
}
