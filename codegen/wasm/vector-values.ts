/** Scalars of the loop program in several steps of a loop at once. A value of 64 bits in four steps is a pair of vectors. */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Buffer, Load, Local, Scalar } from '../../src/schedule/loop-program.js'
import { Arithmetic } from './arithmetic.js'
import type { Body } from './body.js'
import {
  type Callee,
  type Code,
  type Statement,
  get,
  i32,
  op,
  opAt,
  shuffle,
  type Variable,
  vector,
} from './code.js'
import { ELEMENTARY } from './math/elementary.js'
import type { Places, ScalarLowering } from './scalar.js'
import type { Unit } from './unit.js'
import { VectorMemory } from './vector-memory.js'
import type { VectorPlan } from './vector-plan.js'
import { isExact, isWholeIn, type Width, widthOf } from './widths.js'

/** One vector of f32, one of f64 in two steps, or two of them in four. */
export type Parts = readonly Code[]

const LOW_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]

export class VectorValues {
  private readonly arithmetic: Readonly<Record<Width, Arithmetic>>
  private readonly memo: Readonly<Record<Width | 'mask f32' | 'mask f64', Map<Scalar, Parts>>> = {
    f32: new Map(),
    f64: new Map(),
    'mask f32': new Map(),
    'mask f64': new Map(),
  }
  private wholes = new Map<Scalar, Code>()
  private readonly own = new Map<Local, { readonly width: Width; readonly parts: readonly Variable[] }>()
  private readonly ownWhole = new Map<Local, Variable>()
  /** What does not change in the loop, computed before it. */
  readonly hoisted: Statement[] = []
  readonly memory: VectorMemory

  constructor(
    private readonly body: Body,
    private readonly scalars: ScalarLowering,
    places: Places,
    readonly plan: VectorPlan,
    /** The index in the first of the steps. */
    readonly at: Variable,
    unit: Unit,
  ) {
    this.memory = new VectorMemory(body, scalars, places, plan, at, (value) => this.before(value))
    const call = (operator: OperatorName): Callee => unit.operator(operator)
    this.arithmetic = {
      f32: new Arithmetic('f32x4', body, call),
      f64: new Arithmetic('f64x2', body, call),
    }
  }

  /** The vectors of a value of this width. */
  count(width: Width): number {
    return width === 'f32' ? 1 : this.plan.lanes / 2
  }

  arithmeticOf(width: Width): Arithmetic {
    return this.arithmetic[width]
  }

  /** What was read may have been written. */
  forget(): void {
    for (const memo of Object.values(this.memo)) memo.clear()
    this.wholes = new Map()
  }

  private before(value: () => Code): Code {
    const { statements, value: named } = this.body.capture(() => this.body.let(value(), 'v'))
    this.hoisted.push(...statements)
    return named
  }

  private varies(node: Scalar): boolean {
    return this.plan.scope.varies(node)
  }

  private isBefore(node: Scalar): boolean {
    return node.depth < this.plan.scope.index.depth
  }

  /** What is the same in all steps: computed before the loop, unless it depends on a loop inside. */
  private uniform(node: Scalar, value: () => Code): Code {
    return this.isBefore(node) ? this.before(value) : value()
  }

  // ── Real numbers ─────────────────────────────────────────────────────────────────────────────────────────

  real(node: Scalar, width: Width): Parts {
    const memo = this.memo[width]
    let parts = memo.get(node)
    if (!parts) {
      const made = this.make(node, width)
      const name = node.kind === 'load' ? node.buffer.name : 'v'
      parts = made.map((part) => (part.kind === 'vector' ? part : this.body.let(part, name)))
      memo.set(node, parts)
    }
    return parts
  }

  private make(node: Scalar, width: Width): Parts {
    const m = this.arithmetic[width]
    if (node.kind === 'number') return this.repeat(m.number(node.value), width)
    if (!this.varies(node))
      return this.repeat(
        this.uniform(node, () => this.splat(node, width)),
        width,
      )
    if (node.type === 'condition') {
      const [one, zero] = [m.number(1), m.number(0)]
      return this.mask(node, width).map((mask) => m.select(mask, one, zero))
    }
    if (isWholeIn(node, this.plan.scope)) return this.fromWhole(this.whole(node), width)
    switch (node.kind) {
      case 'local': {
        const own = this.own.get(node.local)
        if (own) return this.convert(own.parts.map(get), own.width, width)
        // A whole number that does not fit into 32 bits is computed where it is read.
        const value = this.plan.scope.constants.get(node.local)
        if (!value) throw new Error(`'${node.local.name}' has no value in vectors`)
        return this.real(value, width)
      }
      case 'load':
        return this.load(node, width)
      case 'apply': {
        const computed = widthOf(node, width, this.plan.lanes, this.plan.scope)
        return this.convert(this.apply(node, computed), computed, width)
      }
    }
  }

  private apply(node: Scalar & { readonly kind: 'apply' }, width: Width): Parts {
    const m = this.arithmetic[width]
    if (node.operator === 'select') {
      const masks = this.mask(node.args[0], width)
      const [yes, no] = node.args.slice(1).map((arg) => this.real(arg, width))
      return masks.map((mask, at) => m.select(mask, yes[at], no[at]))
    }
    const expand = ELEMENTARY[node.operator]
    if (!expand) throw new Error(`'${node.operator}' has no vectors`)
    const args = node.args.map((arg) => this.real(arg, width))
    return Array.from({ length: this.count(width) }, (_, at) => expand(m, ...args.map((arg) => arg[at])))
  }

  private repeat(code: Code, width: Width): Parts {
    return Array.from({ length: this.count(width) }, () => code)
  }

  private splat(node: Scalar, width: Width): Code {
    if (node.kind === 'load' && node.buffer.element === 'f32' && width === 'f32') {
      const { at, offset } = this.scalars.address(node.buffer, node.offset)
      return opAt({ offset }, 'v128.load32_splat', at)
    }
    const value = this.scalars.real(node)
    return width === 'f64' ? op('f64x2.splat', value) : op('f32x4.splat', op('f32.demote_f64', value))
  }

  convert(parts: Parts, from: Width, to: Width): Parts {
    if (from === to) return parts
    if (from === 'f64') {
      const [low, high] = parts.map((part) => op('f32x4.demote_f64x2_zero', part))
      return [high ? shuffle(low, high, LOW_HALVES) : low]
    }
    const whole = this.body.let(parts[0])
    const low = op('f64x2.promote_low_f32x4', whole)
    if (this.plan.lanes === 2) return [low]
    return [low, op('f64x2.promote_low_f32x4', shuffle(whole, whole, HIGH_HALF))]
  }

  private fromWhole(value: Code, width: Width): Parts {
    if (width === 'f32') return [op('f32x4.convert_i32x4_s', value)]
    const whole = this.body.let(value)
    const low = op('f64x2.convert_low_i32x4_s', whole)
    if (this.plan.lanes === 2) return [low]
    return [low, op('f64x2.convert_low_i32x4_s', shuffle(whole, whole, HIGH_HALF))]
  }

  // ── Conditions ───────────────────────────────────────────────────────────────────────────────────────────

  mask(node: Scalar, width: Width): Parts {
    const memo = this.memo[`mask ${width}`]
    let parts = memo.get(node)
    if (!parts) {
      parts = this.makeMask(node, width).map((part) => this.body.let(part, 'mask'))
      memo.set(node, parts)
    }
    return parts
  }

  private makeMask(node: Scalar, width: Width): Parts {
    const { plan } = this
    if (!this.varies(node)) {
      const splat = (): Code => op('i32x4.splat', op('i32.sub', i32(0), this.scalars.condition(node)))
      return this.repeat(this.uniform(node, splat), width)
    }
    if (node.kind === 'local' && node.type === 'condition') {
      const own = this.own.get(node.local)
      if (!own) throw new Error(`'${node.local.name}' has no value in vectors`)
      return this.convertMask(own.parts.map(get), own.width, width)
    }
    if (node.kind !== 'apply' || node.type !== 'condition') {
      // Neither 0 nor NaN.
      const natural: Width = plan.lanes === 4 && isExact(node, plan.scope) ? 'f32' : 'f64'
      const m = this.arithmetic[natural]
      const masks = this.real(node, natural).map((part) => m.lt(m.number(0), m.abs(part)))
      return this.convertMask(masks, natural, width)
    }
    const { operator, args } = node
    const [a, b] = args
    switch (operator) {
      case 'and':
      case 'or': {
        const [left, right] = [this.mask(a, width), this.mask(b, width)]
        const instruction = operator === 'and' ? 'v128.and' : 'v128.or'
        return left.map((part, at) => op(instruction, part, right[at]))
      }
      case 'not':
        return this.mask(a, width).map((part) => op('v128.not', part))
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
      case 'eq':
      case 'ne': {
        if (isWholeIn(a, plan.scope) && isWholeIn(b, plan.scope)) {
          const compare = WHOLE_COMPARISON[operator]
          return this.convertMask([op(compare, this.whole(a), this.whole(b))], 'f32', width)
        }
        const natural = widthOf(node, width, plan.lanes, plan.scope)
        const shape = natural === 'f32' ? 'f32x4' : 'f64x2'
        const [left, right] = [this.real(a, natural), this.real(b, natural)]
        const masks = left.map((part, at) => op(`${shape}.${operator}`, part, right[at]))
        return this.convertMask(masks, natural, width)
      }
      default:
        throw new Error(`'${operator}' is no condition`)
    }
  }

  convertMask(parts: Parts, from: Width, to: Width): Parts {
    if (from === to) return parts
    if (from === 'f64') return [shuffle(parts[0], parts[parts.length - 1], LOW_WORDS)]
    const whole = this.body.let(parts[0], 'mask')
    const low = op('i64x2.extend_low_i32x4_s', whole)
    return this.plan.lanes === 2 ? [low] : [low, op('i64x2.extend_high_i32x4_s', whole)]
  }

  // ── Whole numbers ────────────────────────────────────────────────────────────────────────────────────────

  whole(node: Scalar): Code {
    let code = this.wholes.get(node)
    if (!code) this.wholes.set(node, (code = this.body.let(this.makeWhole(node), 'n')))
    return code
  }

  /** What a whole-numbered variable of the body is now. */
  assignWhole(local: Local, code: Code): void {
    let own = this.ownWhole.get(local)
    if (!own) this.ownWhole.set(local, (own = this.body.variable('v128', local.name)))
    else this.forget()
    this.body.set(own, code)
  }

  wholeOf(local: Local): Code | undefined {
    const own = this.ownWhole.get(local)
    return own && get(own)
  }

  private makeWhole(node: Scalar): Code {
    if (node.kind === 'number') return vector('i32x4', node.value)
    if (!this.varies(node)) return this.uniform(node, () => op('i32x4.splat', this.scalars.whole(node)))
    switch (node.kind) {
      case 'local': {
        if (node.local === this.plan.scope.index)
          return op('i32x4.add', op('i32x4.splat', get(this.at)), vector('i32x4', 0, 1, 2, 3))
        const own = this.wholeOf(node.local)
        if (own) return own
        const value = this.plan.scope.constants.get(node.local)
        if (!value) throw new Error(`'${node.local.name}' has no value in vectors`)
        return this.whole(value)
      }
      case 'load':
        return this.memory.words(this.memory.stride(node.buffer, node.offset), this.plan.lanes)
      case 'apply': {
        const [a, b] = node.args.map((arg) => this.whole(arg))
        if (node.operator !== 'add' && node.operator !== 'sub' && node.operator !== 'mul')
          throw new Error(`'${node.operator}' has no vectors of whole numbers`)
        return op(`i32x4.${node.operator}`, a, b)
      }
    }
  }

  // ── Memory ───────────────────────────────────────────────────────────────────────────────────────────────

  private load({ buffer, offset }: Load, width: Width): Parts {
    return this.current(buffer, offset, width)
  }

  /** What is in memory now. */
  current(buffer: Buffer, offset: Scalar, width: Width): Parts {
    const { memory } = this
    const { lanes } = this.plan
    const place = memory.stride(buffer, offset)
    if (buffer.element === 'f64') return this.convert(memory.doubles(place, lanes), 'f64', width)
    return this.convert([memory.words(place, lanes)], 'f32', width)
  }

  /** What a local of the body is now. */
  assign(local: Local, parts: Parts, width: Width): void {
    let own = this.own.get(local)
    if (!own) {
      own = { width, parts: parts.map(() => this.body.variable('v128', local.name)) }
      this.own.set(local, own)
    } else this.forget()
    for (const [at, part] of parts.entries()) this.body.set(own.parts[at], part)
  }

  valueOf(local: Local): Parts | undefined {
    return this.own.get(local)?.parts.map(get)
  }
}

const WHOLE_COMPARISON = {
  lt: 'i32x4.lt_s',
  le: 'i32x4.le_s',
  gt: 'i32x4.gt_s',
  ge: 'i32x4.ge_s',
  eq: 'i32x4.eq',
  ne: 'i32x4.ne',
} as const
