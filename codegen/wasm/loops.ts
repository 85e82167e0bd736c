/** Loops one step at a time, or written out, with the sums that a nest of them makes. */
import type { Accumulate, Local, Loop } from '../../src/schedule/loop-program.js'
import type { Body } from './body.js'
import { type Code, type Variable, get, i32, op, plus } from './code.js'
import { isFew, NestSum, sumsOf } from './nest-sums.js'
import type { ScalarLowering } from './scalar.js'

/** What loops are written into. */
export interface LoopsContext {
  readonly body: Body
  readonly scalars: ScalarLowering
  /** The index of a loop. */
  index(local: Local): Variable
  /** The loop with its body, from a step on. */
  plainLoop(loop: Loop, from: Code, to: Code): void
  /** `local = local operator value`. */
  update(local: Local, operator: Accumulate['operator'], value: Code): void
}

/** Loops in vectors of at most so many steps are written out. */
const UNROLL = 8

export class Loops {
  private readonly nestSums = new Map<Local, NestSum>()

  constructor(private readonly context: LoopsContext) {}

  /** Where lanes are added up in a nest of loops. */
  sumAround(local: Local): NestSum | undefined {
    return this.nestSums.get(local)
  }

  /** One step at a time. */
  loop(loop: Loop): void {
    const { context, nestSums } = this
    const { body, scalars } = context
    const from = body.let(scalars.whole(loop.from), 'from')
    const to = body.let(scalars.whole(loop.to), 'to')
    const sums = sumsOf(loop)
    const opened = sums.filter((local) => !nestSums.has(local))
    for (const local of opened) nestSums.set(local, new NestSum(body, local))
    const few = sums.flatMap((local) => {
      const sum = nestSums.get(local)
      return sum && !sum.isOpen && isFew(loop, local) ? [sum] : []
    })
    for (const sum of few) sum.open()
    const { statements } = body.capture(() => {
      context.plainLoop(loop, from, to)
      return to
    })
    const closed = few.flatMap((sum) => sum.close() ?? [])
    const used = opened.flatMap((local) => {
      const sum = nestSums.get(local)
      nestSums.delete(local)
      return sum?.isUsed === true ? [{ local, sum }] : []
    })
    for (const { sum } of used) sum.start()
    for (const { before } of closed) before()
    body.append(statements)
    for (const { after } of closed) after()
    for (const { local, sum } of used) context.update(local, 'add', sum.total())
  }

  /** Short loops are written out. */
  short(loop: Loop, write: () => void): void {
    const { body, scalars } = this.context
    const { from, to, step, descending } = loop
    if (
      !descending &&
      from.kind === 'number' &&
      to.kind === 'number' &&
      (to.value - from.value) / step <= UNROLL
    ) {
      const index = this.context.index(loop.index)
      for (let at = from.value; at < to.value; at += step) {
        body.set(index, i32(at))
        write()
      }
      return
    }
    this.counted(loop, body.let(scalars.whole(from), 'from'), body.let(scalars.whole(to), 'to'), write)
  }

  counted({ index: local, step, descending }: Loop, from: Code, to: Code, write: () => void): void {
    const { body } = this.context
    const index = this.context.index(local)
    if (!descending) {
      body.count(index, from, to, step, write)
      return
    }
    body.set(index, plus(to, i32(-1)))
    body.while(op('i32.ge_s', get(index), from), () => {
      write()
      body.set(index, plus(get(index), i32(-1)))
    })
  }
}
