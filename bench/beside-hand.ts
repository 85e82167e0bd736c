/**
 * Compiled gradients against the same written by hand: values are compared first, then all run in turn and the medians of the process's CPU time are set
 * side by side.
 */
import { cpus } from 'node:os'
import { compareCpu, printTable } from './harness.js'
import type { Results, Workload } from './workloads.js'

const TOLERANCE = 2e-4

export async function besideHand(workloads: readonly Workload[]): Promise<void> {
  const rows: string[][] = []
  for (const { name, make } of workloads) {
    const { naive, best, compiled } = await make()
    const reference = naive()
    const others = { ...(best && { best }), nnc: compiled }
    for (const [who, run] of Object.entries(others)) {
      const difference = largestDifference(run(), reference)
      if (!(difference < TOLERANCE)) throw new Error(`${name}: ${who} differs by ${difference}`)
    }
    const times = compareCpu({ naive, ...others })
    const ratio = (a: number, b: number): string => (best ? (a / b).toFixed(2) : '')
    rows.push([
      name,
      show(times.naive),
      best ? show(times.best) : '',
      show(times.nnc),
      ratio(times.naive, times.best),
      ratio(times.nnc, times.best),
      (times.nnc / times.naive).toFixed(2),
    ])
  }
  console.log(
    `${cpus()[0].model.trim()}, Node ${process.versions.node}, one thread; medians of CPU time, interleaved`,
  )
  printTable(['workload', 'naive', 'best by hand', 'nnc', 'naive / best', 'nnc / best', 'nnc / naive'], rows)
}

function show(ms: number): string {
  if (ms >= 1) return `${ms.toFixed(2)} ms`
  return ms >= 0.01 ? `${(1000 * ms).toFixed(1)} µs` : `${(1e6 * ms).toFixed(0)} ns`
}

/** The largest difference of two lists of arrays, each relative to its largest entry. */
function largestDifference(a: Results, b: Results): number {
  if (a.length !== b.length) throw new Error(`${a.length} results against ${b.length}`)
  let worst = 0
  for (const [at, own] of a.entries()) {
    const other = b[at]
    if (own.length !== other.length)
      throw new Error(`result ${at} has ${own.length} entries against ${other.length}`)
    let scale = 1e-30
    let difference = 0
    for (let i = 0; i < own.length; i++) {
      scale = Math.max(scale, Math.abs(other[i]))
      difference = Math.max(difference, Math.abs(own[i] - other[i]))
    }
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference / scale)
  }
  return worst
}
