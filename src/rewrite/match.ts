/**
 * Matching of patterns on expressions in normal form. Sums and products match as multisets: at the root of a rule a
 * part of them may be left over. Generators backtrack; they nest as deep as the pattern, not as the expression.
 */
import type { Add, Expr, Mul } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, type Rational } from '../ir/rational.js'
import { COMMUTATIVE } from './commutative.js'
import { marksOf, marksOfFactors } from './marks.js'
import type { Pattern, Variable } from './pattern.js'
import { Factors, Terms } from './multiset.js'
import { rootOf, satisfies } from './rule.js'
import type { View } from './view.js'

export type Bindings = ReadonlyMap<Expr, Expr>

export interface Match {
  readonly bindings: Bindings
  /** The whole expression with the matched part replaced. */
  readonly complete: (replacement: Expr) => Expr
}

/** Candidates looked at for one rule at one node before giving up: sums of 100,000 terms must not take quadratic time. */
const BUDGET = 2000

interface Found {
  readonly bindings: Bindings
  readonly complete: (replacement: Expr) => Expr
}

/** Operands of patterns in the order in which they are looked for: patterns are few, and tried at every node. */
const ordered = { terms: new WeakMap<Add, Add['terms']>(), factors: new WeakMap<Mul, Mul['factors']>() }

const whole = (replacement: Expr): Expr => replacement

export function findMatch(graph: Graph, pattern: Pattern, subject: Expr, view: View): Match | undefined {
  const matcher = new Matcher(graph, pattern.variables, view)
  for (const found of matcher.match(pattern.node, subject, new Map(), true)) return found
  return undefined
}

class Matcher {
  private budget = BUDGET

  constructor(
    private readonly graph: Graph,
    private readonly variables: ReadonlyMap<Expr, Variable>,
    private readonly view: View,
  ) {}

  /** `part`: a sum or product may have more operands than the pattern. */
  *match(pattern: Expr, subject: Expr, bindings: Bindings, part = false): Generator<Found> {
    if (this.budget-- <= 0) return
    const variable = this.variables.get(pattern)
    if (variable) {
      const bound = bindings.get(pattern)
      if (bound === subject) yield { bindings, complete: whole }
      else if (!bound && satisfies(variable.fact, subject))
        yield { bindings: new Map(bindings).set(pattern, subject), complete: whole }
      return
    }
    switch (pattern.kind) {
      case 'num':
        if (subject.kind === 'num' && subject.value.equals(pattern.value)) yield { bindings, complete: whole }
        return
      case 'constant':
        if (subject.kind === 'constant' && subject.name === pattern.name) yield { bindings, complete: whole }
        return
      case 'apply': {
        if (subject.kind === 'apply' && subject.operator === pattern.operator) {
          yield* this.sequence(pattern.args, subject.args, bindings)
          if (COMMUTATIVE.has(pattern.operator))
            yield* this.sequence(pattern.args, [subject.args[1], subject.args[0]], bindings)
        }
        break
      }
      case 'add': {
        const single = pattern.terms.length === 1 && pattern.constant.isZero
        if (single) {
          const inverse = this.graph.scale(pattern.terms[0].coefficient.inverse(), subject)
          yield* this.match(pattern.terms[0].node, inverse, bindings)
          return
        }
        if (subject.kind === 'add') yield* this.sum(pattern, subject, bindings, part)
        break
      }
      case 'mul':
        if (subject.kind !== 'read' || !this.body(pattern, subject))
          yield* this.product(pattern, subject, bindings, part)
        break
      case 'guard':
        if (subject.kind === 'guard' && subject.conditions.length === pattern.conditions.length)
          yield* this.sequence(
            [...pattern.conditions, pattern.body],
            [...subject.conditions, subject.body],
            bindings,
          )
        return
      case 'test':
      case 'stop':
      case 'read':
      case 'size':
      case 'index':
        throw new Error(`a pattern holds no ${pattern.kind}`)
    }
    const body = this.body(pattern, subject)
    if (body) yield* this.match(pattern, body, bindings, part)
  }

  /** What stands behind a read, if it can be an instance of the pattern. */
  private body(pattern: Expr, subject: Expr): Expr | undefined {
    if (subject.kind !== 'read' || subject.def.kind !== 'computed') return undefined
    const { body } = subject.def
    if (!body || (body.kind !== 'read' && rootOf(body) !== rootOf(pattern))) return undefined
    return this.view(subject)
  }

  private *sequence(
    patterns: readonly Expr[],
    subjects: readonly Expr[],
    bindings: Bindings,
  ): Generator<Found> {
    if (patterns.length === 0) {
      yield { bindings, complete: whole }
      return
    }
    for (const found of this.match(patterns[0], subjects[0], bindings))
      yield* this.sequence(patterns.slice(1), subjects.slice(1), found.bindings)
  }

  // ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** `subject = factor · pattern + rest`. */
  private *sum(pattern: Add, subject: Add, bindings: Bindings, part: boolean): Generator<Found> {
    const size = (e: Add): number => e.terms.length + (e.constant.isZero ? 0 : 1)
    if (size(subject) < size(pattern) && !pattern.terms.some(({ node }) => this.variables.has(node))) return
    if (subject.constant.isZero && !pattern.constant.isZero) return
    const terms = this.termsOf(pattern)
    const [pivot] = terms
    for (const { node, coefficient } of subject.terms) {
      if (!this.mayMatch(pivot.node, node)) continue
      if (this.spend(subject.terms.length)) return
      const isVariable = this.variables.has(pivot.node)
      const factor = part && !isVariable ? coefficient.dividedBy(pivot.coefficient) : ONE
      if (factor.isZero || (!isVariable && !factor.times(pivot.coefficient).equals(coefficient))) continue
      if (!pattern.constant.isZero && !subject.constant.equals(pattern.constant.times(factor))) continue
      const remaining = Terms.of(subject).without(node).minusConstant(pattern.constant.times(factor))
      const value = isVariable ? this.graph.scale(coefficient.dividedBy(pivot.coefficient), node) : node
      for (const found of this.match(pivot.node, value, bindings))
        for (const [bound, left] of this.terms(terms.slice(1), remaining, factor, found.bindings, part))
          if (part || left.isEmpty) yield { bindings: bound, complete: this.sumWith(left, factor) }
    }
  }

  private sumWith(remaining: Terms, factor: Rational): Found['complete'] {
    const { graph } = this
    return (replacement) => graph.add(graph.scale(factor, replacement), remaining.toExpr(graph))
  }

  private termsOf(pattern: Add): Add['terms'] {
    let terms = ordered.terms.get(pattern)
    if (!terms) {
      terms = pattern.terms.toSorted((s, t) => this.weight(t.node) - this.weight(s.node))
      ordered.terms.set(pattern, terms)
    }
    return terms
  }

  private *terms(
    patterns: Add['terms'],
    remaining: Terms,
    factor: Rational,
    bindings: Bindings,
    part: boolean,
  ): Generator<readonly [Bindings, Terms]> {
    if (patterns.length === 0) {
      yield [bindings, remaining]
      return
    }
    const [{ node: pattern, coefficient }, ...others] = patterns
    const wanted = coefficient.times(factor)
    const bound = bindings.get(pattern)
    if (bound) {
      const left = remaining.minus(bound, wanted)
      if (left) yield* this.terms(others, left, factor, bindings, part)
      return
    }
    const variable = this.variables.get(pattern)
    // The last variable takes all that is left, unless a part may be left over.
    if (variable && others.length === 0 && !part) {
      const value = this.graph.scale(wanted.inverse(), remaining.toExpr(this.graph))
      if (!remaining.isEmpty && satisfies(variable.fact, value))
        yield [new Map(bindings).set(pattern, value), Terms.empty]
      return
    }
    for (const [node, present] of remaining.entries()) {
      if (!variable && (!present.equals(wanted) || !this.mayMatch(pattern, node))) continue
      if (this.spend(remaining.size)) return
      const value = variable ? this.graph.scale(present.dividedBy(wanted), node) : node
      for (const found of this.match(pattern, value, bindings))
        yield* this.terms(others, remaining.without(node), factor, found.bindings, part)
    }
  }

  // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────

  private *product(pattern: Mul, subject: Expr, bindings: Bindings, part: boolean): Generator<Found> {
    const { graph } = this
    for (const [bound, left] of this.factors(this.factorsOf(pattern), Factors.of(subject), bindings, part))
      if (part || left.isEmpty)
        yield { bindings: bound, complete: (replacement) => graph.mul(replacement, left.toExpr(graph)) }
  }

  private factorsOf(pattern: Mul): Mul['factors'] {
    let factors = ordered.factors.get(pattern)
    if (!factors) {
      factors = pattern.factors.toSorted((s, t) => this.weight(t.base) - this.weight(s.base))
      ordered.factors.set(pattern, factors)
    }
    return factors
  }

  private *factors(
    patterns: Mul['factors'],
    remaining: Factors,
    bindings: Bindings,
    part: boolean,
  ): Generator<readonly [Bindings, Factors]> {
    if (patterns.length === 0) {
      yield [bindings, remaining]
      return
    }
    const [{ base: pattern, exponent }, ...others] = patterns
    const bound = bindings.get(pattern)
    const variable = this.variables.get(pattern)
    if (bound && exponent.isOne && others.length === 0 && !part) {
      if (remaining.toExpr(this.graph) === bound) yield [bindings, Factors.empty]
      return
    }
    if (!bound && variable && exponent.isOne && others.length === 0 && !part) {
      const value = remaining.toExpr(this.graph)
      if (!remaining.isEmpty && satisfies(variable.fact, value))
        yield [new Map(bindings).set(pattern, value), Factors.empty]
      return
    }
    for (const [at, factor] of remaining.factors.entries()) {
      if (!this.mayMatch(pattern, factor.base)) continue
      if (this.spend(remaining.factors.length)) return
      const multiple = factor.exponent.dividedBy(exponent)
      if (variable && !bound) {
        if (!multiple.isInteger || multiple.isNegative || multiple.isZero) continue
        // Everything is the root of its square: only roots match roots.
        if (!exponent.isInteger && factor.exponent.isInteger) continue
        const value = this.graph.power(factor.base, multiple)
        for (const found of this.match(pattern, value, bindings))
          yield* this.factors(others, remaining.without(at), found.bindings, part)
        continue
      }
      // A higher whole power holds the wanted one.
      const holds = exponent.isInteger && factor.exponent.isInteger && multiple.compare(ONE) > 0
      if (!multiple.isOne && !holds) continue
      const left = remaining.without(at, factor.exponent.minus(exponent))
      for (const found of this.match(pattern, factor.base, bindings))
        yield* this.factors(others, left, found.bindings, part)
    }
  }

  /** Each candidate copies what is left of its sum or product. */
  private spend(operands: number): boolean {
    this.budget -= 1 + (operands >> 5)
    return this.budget <= 0
  }

  /** Operands that can match least are looked for first. */
  private weight(pattern: Expr): number {
    if (this.variables.has(pattern)) return 0
    return pattern.kind === 'apply' ? 3 : pattern.kind === 'num' || pattern.kind === 'constant' ? 2 : 1
  }

  private mayMatch(pattern: Expr, subject: Expr): boolean {
    if (this.variables.has(pattern) || pattern.kind === 'add') return true
    if (pattern.kind === 'mul') {
      const wanted = marksOf(pattern.operands, false)
      return wanted === 0 || (marksOfFactors(subject) & wanted) === wanted
    }
    if (subject.kind === 'read') return true
    return pattern.kind === subject.kind && rootOf(pattern) === rootOf(subject)
  }
}
