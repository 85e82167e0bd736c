import type { Algebra } from '../ops/operator.js'
import { algebraOf } from '../ops/number-algebra.js'
import { OPERATORS } from '../ops/table.js'
import type { OperatorName } from '../ops/signatures.js'
import type { Builder } from './builder.js'
import type {
  ComputedDef,
  Constant,
  Def,
  DerivativeDef,
  Expr,
  Factor,
  Facts,
  Index,
  InputDef,
  MatrixDef,
  Num,
  ParamDef,
  Read,
  ReductionKind,
  Size,
  TableDef,
  Term,
} from './expr.js'
import {
  Definitions,
  type DefinitionSpec,
  type DerivativeSpec,
  type LeafSpec,
  type MatrixSpec,
} from './definitions.js'
import * as facts from './facts.js'
import { hashOperator, hashText, InternTable, mix } from './interning.js'
import { normalAdd, normalScale } from './normal/add.js'
import { normalApply } from './normal/apply.js'
import { normalAnd, normalEq0, normalGe0, normalGuard, normalNot } from './normal/condition.js'
import { normalMul, normalPower } from './normal/mul.js'
import { MINUS_ONE, ONE, Rational, ZERO } from './rational.js'
import { hashOperands, isSameList, KIND, NO_INDICES, Shape, union } from './shape.js'
import { seedOfProduct, seedOfSum, skeletonOf } from './skeleton.js'
import { sum } from './sum.js'
import { substitute } from './walk.js'

/**
 * The interned expressions and definitions of one compilation. Equal expressions are one object; constructors
 * return normal forms. Everything is created in a deterministic order.
 */
export class Graph implements Builder {
  private readonly nodes = new InternTable<Expr>()
  private readonly indices = new Map<string, Index>()
  private count = 0
  private freshOrdinal = 1 << 20
  readonly indexNames = new Map<Index, string>()
  readonly definitions: Definitions
  /** Whole-numbered expressions known to be `>= 0`: each is checked when sizes are bound. */
  readonly assumptions: Expr[] = []
  readonly zero: Num
  readonly one: Num
  readonly pi: Constant
  readonly infinity: Constant
  readonly nan: Constant
  readonly algebra: Algebra<Expr>

  constructor() {
    this.zero = this.num(0)
    this.one = this.num(1)
    this.pi = this.constant('pi', facts.exactly(Math.PI))
    this.infinity = this.constant('inf', facts.exactly(Infinity))
    this.nan = this.constant('nan', facts.UNKNOWN)
    this.algebra = algebraOf<Expr>({
      apply: (operator, args) => this.apply(operator, args),
      number: (numerator, denominator = 1) => this.num(Rational.of(numerator, denominator)),
      pi: this.pi,
      infinity: this.infinity,
    })
    this.definitions = new Definitions(this)
  }

  // ── Interning ────────────────────────────────────────────────────────────────────────────────────────────

  /** A node that was not there yet. `seed` is a hash of what it is beyond its operands, without ids: for the skeleton. */
  private make<E extends Expr>(
    hash: number,
    seed: number,
    operands: readonly Expr[],
    integer: boolean,
    known: Facts,
    make: (base: Shape) => E,
  ): E {
    const skeleton = skeletonOf(seed, operands)
    const node = make(new Shape(this.count++, skeleton, operands, union(operands), integer, known))
    this.nodes.add(hash, node)
    return node
  }

  num(value: Rational | number | bigint): Num {
    const exact =
      value instanceof Rational
        ? value
        : typeof value === 'bigint'
          ? Rational.of(value)
          : Rational.fromNumber(value)
    const hash = mix(KIND.num, exact.hash)
    const present = this.nodes.find(hash, (e) => e.kind === 'num' && e.value.equals(exact))
    if (present?.kind === 'num') return present
    return this.make(hash, hashText(`#${exact}`), [], exact.isInteger, facts.exactly(exact.toNumber()), (base) => Object.assign(base, { kind: 'num' as const, value: exact })) // prettier-ignore
  }

  private constant(name: Constant['name'], known: Facts): Constant {
    return this.make(hashText(name), hashText(`!${name}`), [], false, known, (base) => Object.assign(base, { kind: 'constant' as const, name })) // prettier-ignore
  }

  /** A size of its own, whatever its name. */
  size(name: string): Size {
    return this.make(hashText(name), hashText(`s${name}`), [], true, facts.SIZE, (base) => Object.assign(base, { kind: 'size' as const, name })) // prettier-ignore
  }

  index(extent: Expr, ordinal: number): Index {
    const key = `${extent.id}:${ordinal}`
    const present = this.indices.get(key)
    if (present) return present
    const high = extent.kind === 'num' ? extent.value.toNumber() - 1 : Infinity
    const known: Facts = { low: 0, high: Math.max(0, high), nonzero: false, finite: true }
    // The ordinal stays out of the skeleton; the extent's own skeleton comes in.
    const base = new Shape(this.count++, mix(hashText('index'), extent.skeleton), [], NO_INDICES, true, known)
    const node: Index = Object.assign(base, { kind: 'index' as const, extent, ordinal })
    Object.assign(node, { free: [node] })
    this.indices.set(key, node)
    return node
  }

  freshIndex(extent: Expr, name?: string): Index {
    const index = this.index(extent, this.freshOrdinal++)
    if (name !== undefined) this.indexNames.set(index, name)
    return index
  }

  read(def: Def, args: readonly Expr[]): Read {
    if (args.length !== def.idx.length)
      throw new Error(`'${def.name}' has ${def.idx.length} axes, read with ${args.length}`)
    const hash = hashOperands(mix(KIND.read, def.id), args)
    const present = this.nodes.find(hash, (e) => e.kind === 'read' && e.def === def && isSameList(e.args, args)) // prettier-ignore
    if (present?.kind === 'read') return present
    // A copy stands among operands where the original does.
    const rank = def.kind === 'computed' ? (def.like ?? def.id) : def.id
    return this.make(hash, hashText(`r${rank}`), args, def.integer, def.facts, (base) => Object.assign(base, { kind: 'read' as const, def, args })) // prettier-ignore
  }

  internAdd(constant: Rational, terms: readonly Term[]): Expr {
    let hash = mix(KIND.add, constant.hash)
    for (const { node, coefficient } of terms) hash = mix(mix(hash, node.id), coefficient.hash)
    const isSame = (e: Expr): boolean =>
      e.kind === 'add' &&
      e.constant.equals(constant) &&
      e.terms.length === terms.length &&
      e.terms.every((term, at) => term.node === terms[at].node && term.coefficient.equals(terms[at].coefficient)) // prettier-ignore
    const present = this.nodes.find(hash, isSame)
    if (present) return present
    const nodes = terms.map((term) => term.node)
    const integer =
      constant.isInteger && terms.every((term) => term.coefficient.isInteger && term.node.integer)
    return this.make(hash, seedOfSum(constant, terms), nodes, integer, facts.factsOfAdd(constant, terms), (base) => Object.assign(base, { kind: 'add' as const, constant, terms })) // prettier-ignore
  }

  internMul(factors: readonly Factor[]): Expr {
    let hash: number = KIND.mul
    for (const { base, exponent } of factors) hash = mix(mix(hash, base.id), exponent.hash)
    const isSame = (e: Expr): boolean =>
      e.kind === 'mul' &&
      e.factors.length === factors.length &&
      e.factors.every((factor, at) => factor.base === factors[at].base && factor.exponent.equals(factors[at].exponent)) // prettier-ignore
    const present = this.nodes.find(hash, isSame)
    if (present) return present
    const nodes = factors.map((factor) => factor.base)
    const integer = factors.every(
      ({ base, exponent }) => base.integer && exponent.isInteger && !exponent.isNegative,
    )
    return this.make(hash, seedOfProduct(factors), nodes, integer, facts.factsOfMul(factors), (base) => Object.assign(base, { kind: 'mul' as const, factors })) // prettier-ignore
  }

  internApply(operator: OperatorName, args: readonly Expr[]): Expr {
    switch (operator) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
      case 'neg':
      case 'sqrt':
      case 'gt':
      case 'ge':
        throw new Error(`'${operator}' has a normal form of its own`)
      default: {
        const hash = hashOperands(mix(KIND.apply, hashOperator(operator)), args)
        const present = this.nodes.find(hash, (e) => e.kind === 'apply' && e.operator === operator && isSameList(e.args, args)) // prettier-ignore
        if (present) return present
        const integer = isWhole(operator, args)
        return this.make(hash, hashOperator(operator), args, integer, facts.factsOfApply(operator, args), (base) => Object.assign(base, { kind: 'apply' as const, operator, args })) // prettier-ignore
      }
    }
  }

  internTest(test: 'ge0' | 'eq0', operand: Expr): Expr {
    const hash = mix(KIND[test], operand.id)
    const present = this.nodes.find(hash, (e) => e.kind === 'test' && e.test === test && e.operand === operand) // prettier-ignore
    return present ?? this.make(hash, hashText(test), [operand], true, facts.CONDITION, (base) => Object.assign(base, { kind: 'test' as const, test, operand })) // prettier-ignore
  }

  internGuard(conditions: readonly Expr[], body: Expr): Expr {
    const hash = hashOperands(mix(KIND.guard, body.id), conditions)
    const present = this.nodes.find(hash, (e) => e.kind === 'guard' && e.body === body && isSameList(e.conditions, conditions)) // prettier-ignore
    return present ?? this.make(hash, hashText('?'), [...conditions, body], body.integer, facts.factsOfGuard(body.facts), (base) => Object.assign(base, { kind: 'guard' as const, conditions, body })) // prettier-ignore
  }

  stop(operand: Expr): Expr {
    if (operand.kind === 'num' || operand.kind === 'stop') return operand
    const hash = mix(KIND.stop, operand.id)
    const present = this.nodes.find(hash, (e) => e.kind === 'stop' && e.operand === operand)
    return present ?? this.make(hash, hashText('stop'), [operand], operand.integer, operand.facts, (base) => Object.assign(base, { kind: 'stop' as const, operand })) // prettier-ignore
  }

  // ── Constructors ─────────────────────────────────────────────────────────────────────────────────────────

  add(...items: readonly Expr[]): Expr {
    return this.addAll(items)
  }
  addAll(items: readonly Expr[]): Expr {
    return normalAdd(this, items.map((node) => ({ node, coefficient: ONE }))) // prettier-ignore
  }
  addTerms(constant: Rational, terms: readonly Term[]): Expr {
    return normalAdd(this, terms, constant)
  }
  sub(a: Expr, b: Expr): Expr {
    return this.addTerms(ZERO, [{ node: a, coefficient: ONE }, { node: b, coefficient: MINUS_ONE }]) // prettier-ignore
  }
  neg(a: Expr): Expr {
    return normalScale(this, MINUS_ONE, a)
  }
  scale(coefficient: Rational, a: Expr): Expr {
    return normalScale(this, coefficient, a)
  }
  mul(...items: readonly Expr[]): Expr {
    return normalMul(this, items)
  }
  mulAll(items: readonly Expr[]): Expr {
    return normalMul(this, items)
  }
  div(a: Expr, b: Expr): Expr {
    return normalMul(this, [a, this.power(b, MINUS_ONE)])
  }
  pow(base: Expr, exponent: Expr): Expr {
    return this.apply('pow', [base, exponent])
  }
  power(base: Expr, exponent: Rational): Expr {
    return normalPower(this, base, exponent)
  }
  apply(operator: OperatorName, args: readonly Expr[]): Expr {
    return normalApply(this, operator, args)
  }
  ge0(e: Expr): Expr {
    return normalGe0(this, e)
  }
  eq0(e: Expr): Expr {
    return normalEq0(this, e)
  }
  not(condition: Expr): Expr {
    return normalNot(this, condition)
  }
  and(conditions: readonly Expr[]): Expr {
    return normalAnd(this, conditions)
  }
  or(a: Expr, b: Expr): Expr {
    return this.apply('or', [a, b])
  }
  guard(conditions: readonly Expr[], body: Expr): Expr {
    return normalGuard(this, conditions, body, (e, from, to) => substitute(this, e, new Map([[from, to]])))
  }
  select(condition: Expr, consequent: Expr, alternate: Expr): Expr {
    return this.apply('select', [condition, consequent, alternate])
  }

  /** Records that `e >= 0`; the caller sees to it that the boundary checks it. */
  assume(e: Expr): void {
    if (!this.assumptions.includes(e)) this.assumptions.push(e)
  }

  // ── Definitions ──────────────────────────────────────────────────────────────────────────────────────────

  input(spec: LeafSpec): InputDef {
    return this.definitions.input(spec)
  }
  param(spec: LeafSpec): ParamDef {
    return this.definitions.param(spec)
  }
  table(spec: LeafSpec & { readonly values: readonly number[] }): TableDef {
    return this.definitions.table(spec)
  }
  define(spec: DefinitionSpec): ComputedDef {
    return this.definitions.define(spec)
  }
  nominal(spec: LeafSpec & { readonly auto?: boolean; readonly like?: number }): ComputedDef {
    return this.definitions.nominal(spec)
  }
  setBody(def: ComputedDef, idx: readonly Index[], body: Expr): void {
    this.definitions.setBody(def, idx, body)
  }
  matrix(spec: MatrixSpec): MatrixDef {
    return this.definitions.matrix(spec)
  }
  derivative(spec: DerivativeSpec): DerivativeDef {
    return this.definitions.derivative(spec)
  }
  lift(kind: ReductionKind, bound: readonly Index[], body: Expr, filter: readonly Expr[] = []): Expr {
    return this.definitions.lift(kind, bound, body, filter)
  }
  /** `Σ_indices body`, deltas eliminated. */
  sum(indices: readonly Index[], body: Expr): Expr {
    return sum(this, indices, body)
  }
  /** Any reduction; the filter's entries that fail take no part and are not evaluated. */
  reduce(kind: ReductionKind, indices: readonly Index[], filter: readonly Expr[], body: Expr): Expr {
    return kind === 'sum'
      ? this.sum(indices, this.guard(filter, body))
      : this.lift(kind, indices, body, filter)
  }
}

function isWhole(operator: OperatorName, args: readonly Expr[]): boolean {
  const { integer } = OPERATORS[operator].facts
  if (operator === 'select') return args[1].integer && args[2].integer
  return integer === true || (integer === 'if arguments' && args.every((arg) => arg.integer))
}
