/** How much memory a method takes, for sizes such as one has: what is chosen between for its memory is compared so. */
import type { Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { replaceNodes } from '../ir/walk.js'
import type { Buffer, Method } from './loop-program.js'

/** What stands for every size. */
const TYPICAL = 64

const BYTES = { f32: 4, f64: 8, i32: 4 } as const

/** Bytes of parameters, results, and the most that is computed on the way at one time; not what only flags ask for. */
export function peakOf(graph: Graph, { entry, buffers, lifetimes, sizes, results }: Method): number {
  const typical = new Map<Expr, Expr>(sizes.map(({ size }) => [size, graph.num(TYPICAL)]))
  const count = (extents: readonly Expr[]): number => {
    const entries = replaceNodes(graph, graph.mulAll(extents), typical)
    return entries.kind === 'num' ? entries.value.toNumber() : Infinity
  }
  const bytesOf = ({ element, extents }: Buffer): number => BYTES[element] * count(extents)
  const given = entry.params.reduce((sum, { def }) => sum + BYTES.f32 * count(extentsOf(def)), 0)
  const made = results.reduce((sum, { value, flag }) => (value.kind === 'buffer' && !flag ? sum + bytesOf(value.buffer) : sum), 0) // prettier-ignore
  const changes = new Map<number, number>()
  const change = (step: number, bytes: number): unknown => changes.set(step, (changes.get(step) ?? 0) + bytes)
  for (const buffer of buffers) {
    const lifetime = lifetimes.get(buffer)
    if (buffer.role !== 'temp' || !lifetime || lifetime.flags.length > 0) continue
    change(lifetime.from, bytesOf(buffer))
    change(lifetime.until + 1, -bytesOf(buffer))
  }
  let [now, most] = [0, 0]
  for (const [, bytes] of [...changes].sort(([a], [b]) => a - b)) most = Math.max(most, (now += bytes))
  return given + made + most
}

const extentsOf = (def: Def): Expr[] => def.idx.map(({ extent }) => extent)
