/** Makes the scalars of one kernel, interned, with the few identities that keep subscripts plain. */
import type { OperatorName } from '../ops/signatures.js'
import { hashOperator, InternTable, mix } from '../ir/interning.js'
import type { Applied, Buffer, Local, Scalar, ScalarType } from './loop-program.js'

const CONDITIONS: ReadonlySet<OperatorName> = new Set<OperatorName>(['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not']) // prettier-ignore
const WHOLE: ReadonlySet<OperatorName> = new Set<OperatorName>(['add', 'sub', 'mul', 'neg', 'min', 'max', 'mod', 'abs', 'select', 'clamp', 'relu']) // prettier-ignore
const ALWAYS_WHOLE: ReadonlySet<OperatorName> = new Set<OperatorName>(['idiv', 'floor', 'ceil', 'round', 'trunc', 'sign']) // prettier-ignore

/** Where the hash of a load starts. */
const LOAD = 1

export class Scalars {
  private count = 0
  private readonly interned = new InternTable<Scalar>()
  private readonly numbers = new Map<number | '-0', Scalar>()
  private readonly locals = new Map<Local, Scalar>()
  /** What a scalar is called where it becomes a local. */
  readonly hints = new Map<Scalar, string>()
  readonly kept = new Set<Scalar>()
  readonly zero = this.number(0)
  readonly one = this.number(1)

  number(value: number): Scalar {
    let scalar = this.numbers.get(Object.is(value, -0) ? '-0' : value)
    if (!scalar) {
      const type = Number.isInteger(value) && !Object.is(value, -0) ? 'integer' : 'real'
      scalar = { kind: 'number', id: this.count++, type, depth: 0, loads: false, value }
      this.numbers.set(Object.is(value, -0) ? '-0' : value, scalar)
    }
    return scalar
  }

  local(local: Local): Scalar {
    let scalar = this.locals.get(local)
    if (!scalar) {
      scalar = { kind: 'local', id: this.count++, type: local.type, depth: local.depth, loads: false, local }
      this.locals.set(local, scalar)
    }
    return scalar
  }

  /** An entry of a buffer; `partial` before all of it is there. */
  load(buffer: Buffer, offset: Scalar, partial = false): Scalar {
    const hash = mix(mix(LOAD, buffer.def.id), offset.id)
    const present = this.interned.find(hash, (s) => s.kind === 'load' && s.buffer === buffer && s.offset === offset && s.partial === partial) // prettier-ignore
    if (present) return present
    const type = buffer.element === 'i32' || buffer.def.integer ? 'integer' : 'real'
    return this.enter(hash, {
      kind: 'load',
      id: this.count++,
      type,
      depth: offset.depth,
      loads: true,
      buffer,
      offset,
      partial,
    })
  }

  apply(operator: OperatorName, args: readonly Scalar[]): Scalar {
    const folded = this.fold(operator, args)
    if (folded) return folded
    let hash = hashOperator(operator)
    for (const { id } of args) hash = mix(hash, id)
    const isSame = (s: Scalar): boolean =>
      s.kind === 'apply' && s.operator === operator && s.args.every((arg, at) => arg === args[at])
    const present = this.interned.find(hash, isSame)
    if (present) return present
    const depth = args.reduce((deepest, arg) => Math.max(deepest, arg.depth), 0)
    const loads = args.some((arg) => arg.loads)
    return this.enter(hash, { kind: 'apply', id: this.count++, type: typeOf(operator, args), depth, loads, operator, args }) // prettier-ignore
  }

  add(a: Scalar, b: Scalar): Scalar {
    return this.apply('add', [a, b])
  }
  sub(a: Scalar, b: Scalar): Scalar {
    return this.apply('sub', [a, b])
  }
  mul(a: Scalar, b: Scalar): Scalar {
    return this.apply('mul', [a, b])
  }

  /** The scalar becomes a local of that name wherever it is used. */
  keep(scalar: Scalar, name: string): void {
    this.hints.set(scalar, name)
    this.kept.add(scalar)
  }

  hint(scalar: Scalar, name: string): void {
    if (!this.hints.has(scalar)) this.hints.set(scalar, name)
  }

  private enter(hash: number, scalar: Scalar): Scalar {
    this.interned.add(hash, scalar)
    return scalar
  }

  private fold(operator: OperatorName, args: readonly Scalar[]): Scalar | undefined {
    const [a, b] = args
    switch (operator) {
      case 'add':
        if (isNumber(a, 0)) return b
        if (isNumber(b, 0)) return a
        return this.foldWhole(a, b, (x, y) => x + y)
      case 'sub':
        if (isNumber(b, 0)) return a
        return this.foldWhole(a, b, (x, y) => x - y)
      case 'mul':
        if (isNumber(a, 1)) return b
        if (isNumber(b, 1)) return a
        if (isNumber(a, 0) && b.type === 'integer') return a
        if (isNumber(b, 0) && a.type === 'integer') return b
        return this.foldWhole(a, b, (x, y) => x * y)
      case 'eq':
        return this.foldWhole(a, b, (x, y) => Number(x === y))
      case 'div':
        return isNumber(b, 1) ? a : undefined
      case 'max':
        return this.foldWhole(a, b, Math.max)
      case 'min':
        return this.foldWhole(a, b, Math.min)
      case 'idiv':
        return isNumber(b, 1) && a.type === 'integer' ? a : this.foldWhole(a, b, (x, y) => Math.floor(x / y))
      case 'neg':
        return a.kind === 'number' ? this.number(-a.value) : undefined
      case 'and':
        return isNumber(a, 1) ? b : isNumber(b, 1) ? a : undefined
      case 'select':
        return a.kind === 'number' ? (a.value ? b : args[2]) : this.foldSelect(a, b, args[2])
      default:
        return undefined
    }
  }

  /** An arm that asks the same condition again is the arm of that. */
  private foldSelect(condition: Scalar, yes: Scalar, no: Scalar): Scalar | undefined {
    const asksAgain = (arm: Scalar): arm is Applied =>
      arm.kind === 'apply' && arm.operator === 'select' && arm.args[0] === condition
    if (!asksAgain(yes) && !asksAgain(no)) return undefined
    return this.apply('select', [
      condition,
      asksAgain(yes) ? yes.args[1] : yes,
      asksAgain(no) ? no.args[2] : no,
    ])
  }

  private foldWhole(a: Scalar, b: Scalar, of: (x: number, y: number) => number): Scalar | undefined {
    if (a.kind !== 'number' || b.kind !== 'number' || a.type !== 'integer' || b.type !== 'integer')
      return undefined
    const value = of(a.value, b.value)
    return Number.isSafeInteger(value) ? this.number(value) : undefined
  }
}

export const operandsOf = (scalar: Scalar): readonly Scalar[] =>
  scalar.kind === 'apply' ? scalar.args : scalar.kind === 'load' ? [scalar.offset] : []

/** All scalars below the roots, in no order. */
export function nodesOf(roots: readonly Scalar[]): Scalar[] {
  const seen = new Seen(roots.reduce((highest, { id }) => Math.max(highest, id), -1) + 1)
  const found: Scalar[] = []
  const pending = [...roots]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!seen.add(next.id)) continue
    found.push(next)
    pending.push(...operandsOf(next))
  }
  return found
}

/** Numbers below a limit: marks for all of them only where many are there, for a statement of a long body holds few. */
class Seen {
  private readonly few = new Set<number>()
  private marks: Uint8Array | undefined

  constructor(private readonly limit: number) {}

  /** Whether the number is new. */
  add(id: number): boolean {
    const { marks, few } = this
    if (marks) {
      if (marks[id] === 1) return false
      marks[id] = 1
      return true
    }
    if (few.has(id)) return false
    few.add(id)
    if (16 * few.size > this.limit) {
      this.marks = new Uint8Array(this.limit)
      for (const each of few) this.marks[each] = 1
    }
    return true
  }
}

export const isNumber = (scalar: Scalar, value: number): boolean =>
  scalar.kind === 'number' && scalar.value === value

function typeOf(operator: OperatorName, args: readonly Scalar[]): ScalarType {
  if (CONDITIONS.has(operator)) return 'condition'
  const values = operator === 'select' ? args.slice(1) : args
  if (ALWAYS_WHOLE.has(operator) || (WHOLE.has(operator) && values.every((arg) => arg.type === 'integer')))
    return 'integer'
  return 'real'
}

const KEEPS_NATURAL: ReadonlySet<OperatorName> = new Set<OperatorName>([
  'add',
  'mul',
  'idiv',
  'mod',
  'max',
  'min',
])

const isRoot = (scalar: Scalar): boolean => scalar.kind === 'apply' && scalar.operator === 'sqrt'

/** Whether it is seen to be a whole number >= 0. */
export function isNatural(scalar: Scalar): boolean {
  const pending = [scalar]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.type !== 'integer') return false
    if (next.kind === 'apply' && next.operator === 'ceil' && isRoot(next.args[0])) continue
    if (next.kind === 'number' ? next.value < 0 : next.kind === 'local' ? !next.local.natural : next.kind === 'load' || !KEEPS_NATURAL.has(next.operator)) return false // prettier-ignore
    if (next.kind === 'apply') pending.push(...next.args)
  }
  return true
}

/** Positions and sizes are below 2 to this: more does not fit into memory. */
export const POSITION_BITS = 26
export const WORD_BITS = 31

/**
 * Whether a whole number and all it is computed of have 32 bits with their sign: `2 i + 1` does, `i²` of a long axis does not, nor does what
 * is computed of data. `valuesOf` says what variables stand for.
 */
export const fitsInWord = (
  scalar: Scalar,
  valuesOf: (local: Local) => readonly Scalar[] | undefined = () => undefined,
): boolean => bitsOf(scalar, valuesOf) <= WORD_BITS

function bitsOf(scalar: Scalar, valuesOf: (local: Local) => readonly Scalar[] | undefined): number {
  if (scalar.type === 'condition') return 1
  switch (scalar.kind) {
    case 'number':
      return Number.isInteger(scalar.value) ? Math.log2(Math.max(1, Math.abs(scalar.value))) : Infinity
    case 'load':
      return scalar.buffer.element === 'i32' ? WORD_BITS : Infinity
    case 'local': {
      const values = valuesOf(scalar.local)
      if (values) return Math.max(0, ...values.map((value) => bitsOf(value, valuesOf)))
      return scalar.local.natural === true ? POSITION_BITS : Infinity
    }
    case 'apply': {
      const [a, b, c] = scalar.args.map((arg) => bitsOf(arg, valuesOf))
      const bits = resultBits(scalar.operator, a, b, c)
      return a <= WORD_BITS && bits <= WORD_BITS ? bits : Infinity
    }
  }
}

/** Of the result of an operator on whole numbers. */
export function resultBits(operator: OperatorName, a: number, b: number, c: number): number {
  switch (operator) {
    case 'add':
    case 'sub':
      return Math.log2(2 ** a + 2 ** b)
    case 'mul':
      return a + b
    case 'neg':
    case 'abs':
    case 'ceil':
    case 'sqrt':
      return a
    case 'idiv':
      return Math.max(a, b) <= WORD_BITS ? a : Infinity
    case 'mod':
      return b
    case 'min':
    case 'max':
      return Math.max(a, b)
    case 'select':
      return Math.max(b, c)
    default:
      return Infinity
  }
}
