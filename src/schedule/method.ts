/** Schedules one method: whole, or a block of samples after the other where that takes less memory. */
import type { Graph } from '../ir/graph.js'
import { LOOP_STATEMENTS } from './cost.js'
import { placeEarly } from './early.js'
import type { Method } from './loop-program.js'
import type { Machine } from './machine.js'
import { peakOf } from './peak.js'
import { Scheduling } from './scheduling.js'
import { sizeOf } from './split.js'
import type { MethodSpec } from './wanted.js'

/** `checkpoint`: of recurrences that run backwards too, only some states are kept. */
export function scheduleMethod(
  graph: Graph,
  element: 'f32' | 'f64',
  spec: MethodSpec,
  machine: Machine,
  checkpoint = false,
): Method {
  const schedule = (inBlocks: boolean) => new Scheduling(graph, element, spec, machine, checkpoint, inBlocks)
  const { plain: most, recurrent } = machine.samples
  const mayHaveBlocks = spec.entry.kind === 'model' && !checkpoint && (most ?? recurrent) !== undefined
  const inBlocks = mayHaveBlocks ? schedule(true) : undefined
  const plain = schedule(false)
  const made = plain.emit()
  const early = placeEarly(made.always, made.optional)
  if (!inBlocks?.samples) return plain.finish(made, early)
  const inner = inBlocks.emit()
  const isTooLong = [...inner.always, ...inner.optional].some(
    (statement) => sizeOf(statement) > LOOP_STATEMENTS,
  )
  if (isTooLong) return plain.finish(made, early)
  const late = plain.finish(made, [...made.always, ...made.optional])
  const blocked = inBlocks.finish(inner, [...inner.always, ...inner.optional])
  const [less, all] = [peakOf(graph, blocked), peakOf(graph, late)]
  if (less <= WORTH_BLOCKS * all && all - less > ONE_NUMBER) return blocked
  return made.optional.length > 0 ? plain.finish(made, early) : late
}

/** Blocks are worth it if they leave at most so much of the memory. */
const WORTH_BLOCKS = 0.85
/** One number for each of as many samples as there typically are is worth no loop. */
const ONE_NUMBER = 256
