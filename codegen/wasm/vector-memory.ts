/** Where the entries of several steps of a loop lie, and how they are loaded and stored together. */
import type { Buffer, Scalar } from '../../src/schedule/loop-program.js'
import { isNatural } from '../../src/schedule/scalars.js'
import { affineOf, sumCode, type Term } from './affine.js'
import type { Body } from './body.js'
import {
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
} from './code.js'
import { type Places, SIZES, type ScalarLowering } from './scalar.js'
import type { VectorPlan } from './vector-plan.js'

/** A place in memory in the first of the steps, and how far the next ones are, in bytes. */
export interface Stride {
  readonly at: Code
  /** Known when compiling, and added to it. */
  readonly offset: number
  readonly step: number | Code
}

/** Words of two vectors: every other one of both, and those of both in turn. */
const EVERY_OTHER = bytesOf([0, 2, 5, 7])
const LOW_IN_TURN = bytesOf([0, 4, 1, 5])
const HIGH_IN_TURN = bytesOf([2, 6, 3, 7])

export class VectorMemory {
  private readonly starts = new Map<Buffer, Map<string, Code>>()
  private readonly indices = new Map<number, Code>()
  /** What is used all over a step, computed at its start. */
  readonly first: Statement[] = []

  constructor(
    private readonly body: Body,
    private readonly scalars: ScalarLowering,
    private readonly places: Places,
    private readonly plan: VectorPlan,
    /** The index in the first of the steps. */
    private readonly at: Variable,
    /** Computes what does not change before the loop. */
    private readonly before: (value: () => Code) => Code,
  ) {}

  /** Where the entries of the steps lie. */
  stride(buffer: Buffer, offset: Scalar): Stride {
    const { scope } = this.plan
    const position = affineOf(offset, scope)
    if (!position) throw new Error(`the entries of '${buffer.name}' are not evenly spaced`)
    const size = SIZES[buffer.element]
    const isOuter = ({ factors }: Term): boolean => factors.every(({ depth }) => depth < scope.index.depth)
    const isConstant = ({ factors, index }: Term): boolean => !index && factors.length === 0
    const sum = (which: (term: Term) => boolean): Code =>
      scaled(sumCode(position, which, this.scalars, this.body), size)
    // Neighbours share the address in front of them, unless that may be below 0.
    const isAfter = position.terms.every(({ scale, factors }) => scale >= 0 && factors.every(isNatural))
    const constant = isAfter
      ? position.terms.filter(isConstant).reduce((all, { scale }) => all + scale, 0)
      : 0
    const outer = position.terms.filter(
      (term) => !term.index && isOuter(term) && !(isAfter && isConstant(term)),
    )
    const start = this.start(buffer, outer, () => sum((term) => outer.includes(term)))
    const inner = sum((term) => !term.index && !isOuter(term))
    const { coefficient } = position
    const known = { offset: constant * size }
    if (coefficient !== undefined)
      return {
        ...known,
        at: plus(plus(start, inner), this.along(coefficient * size)),
        step: coefficient * size,
      }
    const makeStep = (): Code => sum(({ index }) => index)
    const step = position.terms.every((term) => !term.index || isOuter(term))
      ? this.before(makeStep)
      : this.body.let(makeStep(), 'step')
    return { ...known, at: plus(plus(start, inner), op('i32.mul', get(this.at), step)), step }
  }

  /** The place of a buffer that some terms lead to, before the loop. */
  private start(buffer: Buffer, terms: readonly Term[], bytes: () => Code): Code {
    const starts = this.starts.get(buffer) ?? new Map<string, Code>()
    this.starts.set(buffer, starts)
    const key = terms.map(({ scale, factors }) => [scale, ...factors.map(({ id }) => id)].join()).join(' ')
    let start = starts.get(key)
    if (!start) starts.set(key, (start = this.before(() => plus(this.places.address(buffer), bytes()))))
    return start
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

  /** Words of 32 bits from as many steps. */
  words(place: Stride, lanes: number): Code {
    const { at, offset, step } = place
    if (step === 4) return opAt({ offset }, lanes === 4 ? 'v128.load' : 'v128.load64_zero', at)
    const start = { ...place, at: this.body.let(at, 'at') }
    // The second vector begins a word early, so that nothing behind the last entry is read.
    if (step === 8 && lanes === 4)
      return shuffle(opAt({ offset }, 'v128.load', start.at), opAt({ offset: offset + 12 }, 'v128.load', start.at), EVERY_OTHER) // prettier-ignore
    let value: Code = opAt({ offset }, 'v128.load32_zero', start.at)
    for (let lane = 1; lane < lanes; lane++) {
      const next = stepped(start, lane)
      value = opAt({ offset: next.offset, lane }, 'v128.load32_lane', next.address, value)
    }
    return value
  }

  /** Numbers of 64 bits from as many steps, two in each vector. */
  doubles(place: Stride, lanes: number): readonly Code[] {
    return Array.from({ length: lanes / 2 }, (_, part) => this.pair(place, 2 * part))
  }

  private pair(place: Stride, first: number): Code {
    const start = { ...place, at: this.body.let(place.at, 'at') }
    const low = stepped(start, first)
    if (place.step === 8) return opAt({ offset: low.offset }, 'v128.load', low.address)
    const high = stepped(start, first + 1)
    const zero = opAt({ offset: low.offset }, 'v128.load64_zero', low.address)
    return opAt({ offset: high.offset, lane: 1 }, 'v128.load64_lane', high.address, zero)
  }

  store(buffer: Buffer, offset: Scalar, parts: readonly Code[]): void {
    const place = this.stride(buffer, offset)
    const at = this.body.let(place.at, 'at')
    const start = { ...place, at }
    const { step } = place
    const { lanes } = this.plan
    const size = SIZES[buffer.element]
    const perPart = size === 8 ? 2 : lanes
    for (const [part, value] of parts.entries()) {
      if (step === size && (size === 8 || lanes === 4)) {
        this.body.store('v128.store', { offset: place.offset + 16 * part }, at, value)
        continue
      }
      if (step === size) {
        this.body.store('v128.store64_lane', { offset: place.offset, lane: 0 }, at, value)
        continue
      }
      const named = this.body.let(value)
      for (let lane = 0; lane < perPart; lane++) {
        const { address, offset: known } = stepped(start, part * perPart + lane)
        this.body.store(size === 8 ? 'v128.store64_lane' : 'v128.store32_lane', { offset: known, lane }, address, named) // prettier-ignore
      }
    }
  }

  /** Two words of each of four steps, which lie side by side: those of the second value follow those of the first, at `offset`. */
  storeInTurn(buffer: Buffer, offset: Scalar, first: Code, second: Code): void {
    const place = this.stride(buffer, offset)
    const at = this.body.let(place.at, 'at')
    const [even, odd] = [this.body.let(first), this.body.let(second)]
    this.body.store('v128.store', { offset: place.offset }, at, shuffle(even, odd, LOW_IN_TURN))
    this.body.store('v128.store', { offset: place.offset + 16 }, at, shuffle(even, odd, HIGH_IN_TURN))
  }
}

function bytesOf(words: readonly number[]): readonly number[] {
  return words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte))
}

/** A number of steps further on. */
function stepped({ at, offset, step }: Stride, times: number): { address: Code; offset: number } {
  if (typeof step === 'number' && step >= 0) return { address: at, offset: offset + step * times }
  if (typeof step === 'number') return { address: plus(at, i32(step * times)), offset }
  return {
    address: times === 0 ? at : plus(at, times === 1 ? step : op('i32.mul', step, i32(times))),
    offset,
  }
}
