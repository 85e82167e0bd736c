/** Scalars of the loop program in several steps of a loop at once. A value of 64 bits in four steps is a pair of vectors. */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Buffer, Load, Local, Scalar } from '../../src/schedule/loop-program.js'
import { affineOf, sumCode, type Term } from './affine.js'
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
  plus,
  scaled,
  shuffle,
  type Variable,
  vector,
} from './code.js'
import { ELEMENTARY } from './math/elementary.js'
import { type Places, SIZES, type ScalarLowering } from './scalar.js'
import type { Unit } from './unit.js'
import type { VectorPlan } from './vector-plan.js'
import { isExact, isWholeIn, type Width, widthOf } from './widths.js'

/** One vector of f32, one of f64 in two steps, or two of them in four. */
export type Parts = readonly Code[]

const LOW_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]

/** A place in memory in the first of the steps, and how far the next ones are, in bytes. */
export interface Stride {
  readonly at: Code
  readonly step: number | Code
}

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
  private readonly starts = new Map<Buffer, Map<Scalar, Code>>()
  private readonly indices = new Map<number, Code>()
  /** What does not change in the loop, computed before it. */
  readonly hoisted: Statement[] = []
  /** What is used all over a step, computed at its start. */
  readonly first: Statement[] = []

  constructor(
    private readonly body: Body,
    private readonly scalars: ScalarLowering,
    private readonly places: Places,
    readonly plan: VectorPlan,
    /** The index in the first of the steps. */
    readonly at: Variable,
    unit: Unit,
  ) {
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
        if (!own) throw new Error(`'${node.local.name}' has no value in vectors`)
        return this.convert(own.parts.map(get), own.width, width)
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
        return this.words(this.stride(node.buffer, node.offset), this.plan.lanes)
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
    const { lanes } = this.plan
    const place = this.stride(buffer, offset)
    if (buffer.element === 'f64') {
      const parts = Array.from({ length: lanes / 2 }, (_, part) => this.doubles(place, 2 * part))
      return this.convert(parts, 'f64', width)
    }
    return this.convert([this.words(place, lanes)], 'f32', width)
  }

  /** Words of 32 bits from as many steps. */
  private words({ at, step }: Stride, lanes: number): Code {
    if (step === 4) return lanes === 4 ? opAt({ offset: 0 }, 'v128.load', at) : op('v128.load64_zero', at)
    const start = this.body.let(at, 'at')
    let value: Code = op('v128.load32_zero', start)
    for (let lane = 1; lane < lanes; lane++) {
      const { address, offset } = stepped(start, step, lane)
      value = opAt({ offset, lane }, 'v128.load32_lane', address, value)
    }
    return value
  }

  /** Two numbers of 64 bits, from this step on. */
  private doubles({ at, step }: Stride, first: number): Code {
    const start = this.body.let(at, 'at')
    const low = stepped(start, step, first)
    if (step === 8) return opAt({ offset: low.offset }, 'v128.load', low.address)
    const high = stepped(start, step, first + 1)
    const zero = opAt({ offset: low.offset }, 'v128.load64_zero', low.address)
    return opAt({ offset: high.offset, lane: 1 }, 'v128.load64_lane', high.address, zero)
  }

  /** Where the entries of the steps lie. */
  stride(buffer: Buffer, offset: Scalar): Stride {
    const position = affineOf(offset, this.plan.scope)
    if (!position) throw new Error(`the entries of '${buffer.name}' are not evenly spaced`)
    const size = SIZES[buffer.element]
    const starts = this.starts.get(buffer) ?? new Map<Scalar, Code>()
    this.starts.set(buffer, starts)
    const isOuter = ({ factors }: Term): boolean => factors.every((factor) => this.isBefore(factor))
    const sum = (which: (term: Term) => boolean): Code =>
      scaled(sumCode(position, which, this.scalars, this.body), size)
    let start = starts.get(offset)
    if (!start) {
      const outer = (term: Term): boolean => !term.index && isOuter(term)
      starts.set(offset, (start = this.before(() => plus(this.places.address(buffer), sum(outer)))))
    }
    const inner = sum((term) => !term.index && !isOuter(term))
    const { coefficient } = position
    if (coefficient !== undefined)
      return { at: plus(plus(start, inner), this.along(coefficient * size)), step: coefficient * size }
    const makeStep = (): Code => sum(({ index }) => index)
    const step = position.terms.every((term) => !term.index || isOuter(term))
      ? this.before(makeStep)
      : this.body.let(makeStep(), 'step')
    return { at: plus(plus(start, inner), op('i32.mul', get(this.at), step)), step }
  }

  /** The index times a number of bytes, at the start of each step. */
  private along(step: number): Code {
    let known = this.indices.get(step)
    if (!known) {
      const { statements, value } = this.body.capture(() =>
        this.body.let(scaled(get(this.at), step), 'along'),
      )
      this.first.push(...statements)
      this.indices.set(step, (known = value))
    }
    return known
  }

  store(buffer: Buffer, offset: Scalar, parts: Parts): void {
    const place = this.stride(buffer, offset)
    const at = this.body.let(place.at, 'at')
    const { step } = place
    const { lanes } = this.plan
    const size = SIZES[buffer.element]
    const perPart = size === 8 ? 2 : lanes
    for (const [part, value] of parts.entries()) {
      if (step === size && (size === 8 || lanes === 4)) {
        this.body.store('v128.store', { offset: 16 * part }, at, value)
        continue
      }
      if (step === size) {
        this.body.store('v128.store64_lane', { offset: 0, lane: 0 }, at, value)
        continue
      }
      const named = this.body.let(value)
      for (let lane = 0; lane < perPart; lane++) {
        const { address, offset: known } = stepped(at, step, part * perPart + lane)
        this.body.store(size === 8 ? 'v128.store64_lane' : 'v128.store32_lane', { offset: known, lane }, address, named) // prettier-ignore
      }
    }
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

/** A number of steps further on. */
function stepped(at: Code, step: number | Code, times: number): { address: Code; offset: number } {
  if (typeof step === 'number')
    return step >= 0
      ? { address: at, offset: step * times }
      : { address: plus(at, i32(step * times)), offset: 0 }
  return {
    address: times === 0 ? at : plus(at, times === 1 ? step : op('i32.mul', step, i32(times))),
    offset: 0,
  }
}
