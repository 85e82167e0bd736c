/** Expressions of a dump, by recursive descent: dumped expressions nest little, and hostile depth is refused. */
import { SIGNATURES, type OperatorName } from '../ops/signatures.js'
import type { Def, Expr } from './expr.js'
import type { Graph } from './graph.js'
import { MINUS_ONE, Rational } from './rational.js'
import type { TokenReader } from './read-tokens.js'

const DEEPEST = 400

/** What names mean where an expression stands: by the spelling in the dump, numbers included. */
export interface Meanings {
  /** An index, a size, or a let. */
  value(name: string): Expr | undefined
  definition(name: string): Def | undefined
}

const RELATIONS: ReadonlyMap<string, OperatorName> = new Map([
  ['<', 'lt'],
  ['<=', 'le'],
  ['==', 'eq'],
  ['!=', 'ne'],
] as const)

const isOperator = (name: string): name is OperatorName => Object.hasOwn(SIGNATURES, name)

export class ExpressionReader {
  private depth = 0

  constructor(
    private readonly graph: Graph,
    private readonly tokens: TokenReader,
    private readonly meanings: Meanings,
  ) {}

  expression(): Expr {
    if (++this.depth > DEEPEST) this.tokens.fail('nested too deeply')
    const result = this.tokens.accept('if') ? this.conditional() : this.disjunction()
    this.depth--
    return result
  }

  private conditional(): Expr {
    const condition = this.disjunction()
    this.tokens.expect('then')
    const consequent = this.disjunction()
    this.tokens.expect('else')
    return this.graph.select(condition, consequent, this.expression())
  }

  private disjunction(): Expr {
    let left = this.conjunction()
    while (this.tokens.accept('or')) left = this.graph.or(left, this.conjunction())
    return left
  }

  private conjunction(): Expr {
    const conditions = [this.negation()]
    while (this.tokens.accept('and')) conditions.push(this.negation())
    return conditions.length === 1 ? conditions[0] : this.graph.and(conditions)
  }

  private negation(): Expr {
    let odd = false
    while (this.tokens.accept('not')) odd = !odd
    const operand = this.comparison()
    return odd ? this.graph.not(operand) : operand
  }

  private comparison(): Expr {
    const left = this.sum()
    const relation = RELATIONS.get(this.tokens.next.text)
    if (!relation) return left
    this.tokens.take()
    return this.graph.apply(relation, [left, this.sum()])
  }

  /** Read as one list: built from the left, long sums would nest. */
  private sum(): Expr {
    const terms = [this.product()]
    for (;;) {
      if (this.tokens.accept('+')) terms.push(this.product())
      else if (this.tokens.accept('-')) terms.push(this.graph.neg(this.product()))
      else return terms.length === 1 ? terms[0] : this.graph.addAll(terms)
    }
  }

  private product(): Expr {
    const factors = this.signed()
    for (;;) {
      if (this.tokens.accept('*')) factors.push(...this.signed())
      else if (this.tokens.accept('/')) {
        const [operand, ...signs] = this.signed()
        factors.push(this.graph.power(operand, MINUS_ONE), ...signs)
      } else return factors.length === 1 ? factors[0] : this.graph.mulAll(factors)
    }
  }

  /** The sign is a factor of its own: `-(a - b) / c` is no `(b - a) / c`. */
  private signed(): Expr[] {
    let negative = false
    while (this.tokens.accept('-')) negative = !negative
    const operand = this.power()
    return negative ? [operand, this.graph.num(-1)] : [operand]
  }

  private power(): Expr {
    const base = this.operand()
    if (!this.tokens.accept('^')) return base
    if (++this.depth > DEEPEST) this.tokens.fail('nested too deeply')
    const exponent = this.power()
    this.depth--
    return this.graph.pow(base, exponent)
  }

  private operand(): Expr {
    const { tokens, graph } = this
    const token = tokens.take()
    if (token.kind === 'number') return graph.num(Rational.parse(token.text))
    if (token.text === '(') {
      const inside = this.expression()
      tokens.expect(')')
      return inside
    }
    if (token.kind === 'let') return this.value(token.text)
    if (token.kind !== 'name') tokens.fail(`an operand expected, found '${token.text}'`)
    if (tokens.accept('[')) return graph.read(this.definition(token.text), this.list(']'))
    if (tokens.accept('(')) return this.call(token.text, this.list(')'))
    switch (token.text) {
      case 'pi':
        return graph.pi
      case 'inf':
        return graph.infinity
      case 'nan':
        return graph.nan
      default:
        return this.value(token.text)
    }
  }

  private list(close: string): Expr[] {
    return this.tokens.list(close, () => this.expression())
  }

  private call(name: string, args: readonly Expr[]): Expr {
    if (name === 'stop_gradient' && args.length === 1) return this.graph.stop(args[0])
    const operator = name === 'div' ? 'idiv' : name
    if (!isOperator(operator) || SIGNATURES[operator] !== args.length)
      return this.tokens.fail(`no operator '${name}' of ${args.length} arguments`)
    return this.graph.apply(operator, args)
  }

  private value(name: string): Expr {
    return this.meanings.value(name) ?? this.tokens.fail(`unknown name '${name}'`)
  }

  definition(name: string): Def {
    return this.meanings.definition(name) ?? this.tokens.fail(`unknown definition '${name}'`)
  }
}
