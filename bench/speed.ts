/**
 * Compiled gradients against the same written by hand, naively and as well as we could: values are compared first, then all run in
 * turn and the medians of the process's CPU time are set side by side. `npx tsx bench/speed.ts lstm tiny` runs some of them.
 */
import { cpus } from 'node:os'
import { compareCpu, printTable } from './harness.js'
import { WORKLOADS, type Results } from './workloads.js'

const TOLERANCE = 2e-4
const wanted = process.argv.slice(2)
const chosen = WORKLOADS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
)
const rows: string[][] = []
for (const { name, make } of chosen) {
  const { naive, best, compiled } = await make()
  const reference = naive()
  for (const [who, run] of [
    ['best', best],
    ['nnc', compiled],
  ] as const) {
    // prettier-ignore
    const difference = largestDifference(run(), reference)
    if (!(difference < TOLERANCE)) throw new Error(`${name}: ${who} differs by ${difference}`)
  }
  const times = compareCpu({ naive, best, compiled })
  rows.push([
    name,
    show(times.naive),
    show(times.best),
    show(times.compiled),
    `${(times.naive / times.best).toFixed(2)}`,
    `${(times.compiled / times.best).toFixed(2)}`,
  ])
}
console.log(
  `${cpus()[0].model.trim()}, Node ${process.versions.node}, one thread; medians of CPU time, interleaved`,
)
printTable(['workload', 'naive', 'best by hand', 'nnc', 'naive / best', 'nnc / best'], rows)

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
