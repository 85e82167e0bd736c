/**
 * Array contraction: an axis that follows a loop shared by the definition and all its readers needs no memory. What is
 * left is a row, or a scalar. Of an axis along which only the last few steps of a recurrence are read, a window is left.
 */
import type { ComputedDef, Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import type { Layout, Window } from './layout.js'
import { ringOf } from './rings.js'
import type { SampleLoop } from './samples.js'
import type { SegmentLoop } from './segments.js'
import type { Storage } from './storage.js'
import type { LeafNode, LoopNode, TreeNode } from './tree.js'

/** Nests that run only if one of the flags is set; without flags always. */
export interface Group {
  readonly flags: readonly number[]
  readonly items: TreeNode[]
}

export interface Shape extends Layout {
  /** A local of the block that computes it. */
  readonly scalar: boolean
  /** The window is as long as a segment of time. */
  readonly ring?: boolean
}

/** What encloses a leaf, outermost first: groups with flags, loops, conditions. */
type Path = readonly (Group | TreeNode)[]

interface Place {
  readonly leaf: LeafNode
  readonly path: Path
}

export function contractStorage(
  graph: Graph,
  storage: Storage,
  groups: readonly Group[],
  loops: readonly SegmentLoop[] = [],
  samples?: SampleLoop,
): Map<ComputedDef, Shape> {
  const all = groups.flatMap(placesIn).filter(({ leaf }) => leaf.nest.form.kind !== 'restore')
  // A sum that grows reads in its loop, and is there after it.
  const partOf = ({ leaf: { nest } }: Place) =>
    nest.form.kind === 'running' ? nest.form.part : nest.part ? 'add' : undefined
  const places = all.filter((place) => (partOf(place) ?? 'end') === 'end')
  const readers = new Map<Def, Place[]>()
  for (const place of all.filter((one) => (partOf(one) ?? 'add') === 'add'))
    for (const def of new Set(storage.effectiveReads(place.leaf.nest.def).map((read) => read.def))) {
      const list = readers.get(def)
      if (list) list.push(place)
      else readers.set(def, [place])
    }
  const shapes = new Map<ComputedDef, Shape>()
  for (const place of places) {
    const { def } = place.leaf.nest
    const uses = readers.get(def) ?? []
    const shape = shapeOf(graph, storage, place, uses)
    const ring =
      shape.window || storage.isRoot(def) ? undefined : ringAlong(graph, storage, def, shape, uses, loops)
    const block = shape.window || storage.isRoot(def) ? undefined : blockAlong(place, shape, uses, samples)
    const window = ring ?? block
    shapes.set(def, window ? { ...shape, window, ring: true } : shape)
  }
  return shapes
}

function placesIn(group: Group): Place[] {
  const places: Place[] = []
  const top: Path = group.flags.length > 0 ? [group] : []
  const pending: { node: TreeNode; path: Path }[] = [...group.items]
    .reverse()
    .map((node) => ({ node, path: top }))
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next
    if (node.kind === 'leaf') places.push({ leaf: node, path })
    else if (node.kind !== 'remark')
      for (const item of [...node.items].reverse()) pending.push({ node: item, path: [...path, node] })
  }
  return places
}

function shapeOf(graph: Graph, storage: Storage, { leaf, path }: Place, readers: readonly Place[]): Shape {
  const { def } = leaf.nest
  const order = storage.order(def)
  let common = path.length
  for (const reader of readers) {
    let shared = 0
    while (shared < common && reader.path[shared] === path[shared]) shared++
    common = shared
  }
  if (storage.isRoot(def)) return { scalar: order.length === 0 && path.length === 0, axes: order }
  // From the outermost loop: within an inner one an element lives on only if it is not read in another step of an outer one.
  const dropped = new Set<number>()
  let window: Window | undefined
  for (const [depth, node] of path.entries()) {
    if (!('kind' in node) || node.kind !== 'loop') continue
    const along = order.filter((axis) => leaf.at.get(def.idx[axis])?.free.includes(node.index))
    if (depth >= common || !along.every((axis) => isReadInPlace(graph, storage, leaf, axis, readers))) {
      if (along.length === 1 && node.sequential)
        window = windowAlong(graph, storage, leaf, along[0], node, readers)
      break
    }
    for (const axis of along) dropped.add(axis)
  }
  // Of one element there is nothing to tell apart; what works in memory needs it even so.
  const { kind } = leaf.nest.form
  const inMemory = kind === 'routine' || kind === 'scatter' || kind === 'row'
  const axes = order.filter((axis) => !dropped.has(axis) && (inMemory || def.idx[axis].extent !== graph.one))
  return { scalar: axes.length === 0 && common === path.length, axes, window }
}

/** Whether along an axis every reader reads what is computed in the same step. */
function isReadInPlace(
  graph: Graph,
  storage: Storage,
  { nest, at }: LeafNode,
  axis: number,
  readers: readonly Place[],
): boolean {
  const mine = at.get(nest.def.idx[axis])
  return readers.every(({ leaf }) =>
    storage
      .effectiveReads(leaf.nest.def)
      .every((read) => read.def !== nest.def || substitute(graph, read.args[axis], leaf.at) === mine),
  )
}

/** A window longer than this saves little, and its positions are divided by a number that is no power of two. */
const LONGEST_WINDOW = 8

/**
 * The positions of an axis of which a loop of a recurrence needs the last few: readers in the loop stay at most so many
 * steps behind, and what reads it afterwards reads the last positions.
 */
function windowAlong(
  graph: Graph,
  storage: Storage,
  { nest, at }: LeafNode,
  axis: number,
  loop: LoopNode,
  readers: readonly Place[],
): Window | undefined {
  const { def, form } = nest
  const own = def.idx[axis]
  const position = at.get(own)
  if (form.kind === 'scatter' || !position) return undefined
  const end = loop.descending ? graph.zero : graph.sub(own.extent, graph.one)
  // Two at least: what is written in a step is told from what was written before by its place.
  let length = 2
  for (const { leaf, path } of readers) {
    const inside = path.includes(loop)
    for (const read of storage.effectiveReads(leaf.nest.def)) {
      if (read.def !== def) continue
      const there = substitute(graph, read.args[axis], leaf.at)
      const ahead = graph.sub(inside ? position : end, there)
      const behind = loop.descending ? graph.neg(ahead) : ahead
      if (behind.kind !== 'num' || behind.value.isNegative) return undefined
      length = Math.max(length, behind.value.toNumber() + 1)
    }
  }
  return length <= LONGEST_WINDOW ? { axis, length: graph.num(length) } : undefined
}

/** Of an axis along samples the loop over their blocks needs the rows of one block. */
function blockAlong(
  { leaf: { nest } }: Place,
  { axes }: Layout,
  readers: readonly Place[],
  samples: SampleLoop | undefined,
): Window | undefined {
  const axis = samples?.axes.get(nest.def)
  if (!samples || axis === undefined || !axes.includes(axis)) return undefined
  const { blocks } = samples
  const isInside = ({ path }: Place): boolean =>
    path.some((node) => 'kind' in node && node.kind === 'rows' && node.blocks === blocks)
  return readers.every(isInside) ? { axis, length: samples.length, start: blocks.start } : undefined
}

/** Of an axis along time the loop over segments needs the times of one segment and a few more. */
function ringAlong(
  graph: Graph,
  storage: Storage,
  def: ComputedDef,
  { axes }: Layout,
  readers: readonly Place[],
  loops: readonly SegmentLoop[],
): Window | undefined {
  const loop = loops.find(({ tiles }) => tiles.has(def))
  const axis = loop?.tiles.get(def)?.axis
  if (!loop || axis === undefined || !axes.includes(axis)) return undefined
  const reads = readers.flatMap(({ leaf }) =>
    storage
      .effectiveReads(leaf.nest.def)
      .flatMap((read) => (read.def === def ? [{ reader: leaf.nest.def, read }] : [])),
  )
  return { axis, ...ringOf(graph, loop, def, reads) }
}
