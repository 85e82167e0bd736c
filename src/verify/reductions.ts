/** Reductions over any field, one entry at a time in row-major order. */
import type { ReductionKind } from '../ir/expr.js'
import type { Field } from './field.js'
import { type KinkMonitor, relativeGap } from './kinks.js'

export interface Accumulator<N> {
  /** `position` counts all entries of the index ranges, those that a filter leaves out included. */
  add(entry: N, position: number): void
  result(): N
}

export function accumulator<N>(kind: ReductionKind, field: Field<N>, monitor: KinkMonitor): Accumulator<N> {
  switch (kind) {
    case 'sum':
      return fold(field, 'add', 0)
    case 'prod':
      // Read backwards, the running product gives prefix times suffix: no division, exact with zeros.
      return fold(field, 'mul', 1)
    case 'max':
      return extremum(field, 1, monitor, (best) => best?.entry ?? field.constant(-Infinity))
    case 'min':
      return extremum(field, -1, monitor, (best) => best?.entry ?? field.constant(Infinity))
    case 'argmax':
      return extremum(field, 1, monitor, (best) => field.constant(best?.position ?? 0))
    case 'argmin':
      return extremum(field, -1, monitor, (best) => field.constant(best?.position ?? 0))
    case 'logsumexp':
      return logSumExp(field)
  }
}

function fold<N>(field: Field<N>, operator: 'add' | 'mul', neutral: number): Accumulator<N> {
  let total: N | undefined
  return {
    add(entry) {
      total = total === undefined ? entry : field.apply(operator, [total, entry])
    },
    result: () => total ?? field.constant(neutral),
  }
}

interface Entry<N> {
  readonly entry: N
  readonly position: number
}

/** The first extremal entry itself, so that derivatives go to it alone. NaN wins over everything. */
function extremum<N>(
  field: Field<N>,
  sign: 1 | -1,
  monitor: KinkMonitor,
  result: (best: Entry<N> | undefined) => N,
): Accumulator<N> {
  let best: Entry<N> | undefined
  let value = 0
  let runnerUp = NaN
  return {
    add(entry, position) {
      const next = field.value(entry)
      if (best && !(sign * next > sign * value) && !(Number.isNaN(next) && !Number.isNaN(value))) {
        if (!(sign * next <= sign * runnerUp)) runnerUp = next
        return
      }
      runnerUp = best ? value : NaN
      best = { entry, position }
      value = next
    },
    result() {
      if (Number.isFinite(runnerUp)) monitor(relativeGap(value, runnerUp))
      return result(best)
    },
  }
}

/** `m + log Σ exp(x - m)` for the largest value m, held constant: the weights of the derivative are the softmax. */
function logSumExp<N>(field: Field<N>): Accumulator<N> {
  const entries: N[] = []
  return {
    add(entry) {
      entries.push(entry)
    },
    result() {
      const largest = entries.reduce((max, entry) => Math.max(max, field.value(entry)), -Infinity)
      const shift = field.constant(largest)
      if (!Number.isFinite(largest)) return shift
      const sum = entries
        .map((entry) => field.apply('exp', [field.apply('sub', [entry, shift])]))
        .reduce((total, term) => field.apply('add', [total, term]))
      return field.apply('add', [shift, field.apply('log', [sum])])
    },
  }
}
