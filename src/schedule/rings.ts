/** How much of a definition the loop over segments holds at a time: all that reads it is near in time. */
import type { ComputedDef, Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { SegmentLoop } from './segments.js'
import { Definitions, lagOf } from './time-axes.js'

/** Positions at an end that may be read after the loop. */
const FARTHEST = 8

/** A definition that is read at all times, so that all of it would have to be stored, if there is one. */
export function readWhole(
  graph: Graph,
  results: readonly Def[],
  loops: readonly SegmentLoop[],
): ComputedDef | undefined {
  const kept = loops.flatMap(({ restores }) => [...restores.values()])
  const definitions = new Definitions(graph, [...results, ...kept])
  const isResult = new Set(results)
  for (const loop of loops)
    for (const def of loop.tiles.keys()) {
      const isNear = (reader: ComputedDef): boolean =>
        definitions
          .readsOf(reader)
          .every((read) => read.def !== def || distanceOf(graph, loop, reader, read) !== undefined)
      if (!isResult.has(def) && !(definitions.readers.get(def) ?? []).every(isNear)) return def
    }
  return undefined
}

export interface Ring {
  readonly length: Expr
  readonly shift: number
}

/** A ring has room for the positions of a segment, and for those before and after it that are read with it. */
export function ringOf(
  graph: Graph,
  loop: SegmentLoop,
  def: ComputedDef,
  readers: Iterable<{ readonly reader: ComputedDef; readonly read: Read }>,
): Ring {
  let before = loop.restores.has(def) ? loop.kept : 0
  let after = 0
  for (const { reader, read } of readers) {
    const distance = distanceOf(graph, loop, reader, read)
    if (distance === undefined) throw new Error(`'${reader.name}' reads '${def.name}' at no fixed distance`)
    before = Math.max(before, -distance)
    after = Math.max(after, distance)
  }
  const offset = loop.tiles.get(def)?.offset ?? 0
  return { length: graph.add(loop.length, graph.num(before + after)), shift: offset + before }
}

/** How much later what is read lies in time than what it is read for; after the loop, how far from its end. */
function distanceOf(graph: Graph, loop: SegmentLoop, reader: ComputedDef, read: Read): number | undefined {
  const tile = read.def.kind === 'computed' ? loop.tiles.get(read.def) : undefined
  if (!tile) return undefined
  const arg = read.args[tile.axis]
  const mine = loop.tiles.get(reader)
  const part = loop.perSegment.get(reader)
  if (mine) return away(lagOf(graph, arg, reader.idx[mine.axis]), tile.offset - mine.offset)
  switch (part?.kind) {
    case 'part':
      return away(lagOf(graph, arg, part.index), tile.offset - part.offset)
    case 'kept':
      return -part.before
    case 'total':
      return undefined
    case undefined: {
      const last = graph.sub(read.def.idx[tile.axis].extent, graph.one)
      const rest = loop.descending ? arg : graph.sub(last, arg)
      const count = rest.kind === 'num' ? rest.value.toNumber() : Infinity
      return count > FARTHEST ? undefined : loop.descending ? count : -count
    }
  }
}

const away = (lag: number | undefined, offset: number): number | undefined =>
  lag === undefined ? undefined : lag + offset
