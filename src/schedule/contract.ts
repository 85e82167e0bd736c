/**
 * Array contraction: an axis that follows a loop shared by the definition and all its readers needs no memory. What is
 * left is a row, or a scalar.
 */
import type { ComputedDef, Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import type { Storage } from './storage.js'
import type { LeafNode, TreeNode } from './tree.js'

/** Nests that run only if one of the flags is set; without flags always. */
export interface Group {
  readonly flags: readonly number[]
  readonly items: TreeNode[]
}

export interface Shape {
  /** A local of the block that computes it. */
  readonly scalar: boolean
  /** The axes kept, in the order in which they lie in memory. */
  readonly axes: readonly number[]
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
): Map<ComputedDef, Shape> {
  const places = groups.flatMap(placesIn)
  const readers = new Map<Def, Place[]>()
  for (const place of places)
    for (const def of new Set(storage.effectiveReads(place.leaf.nest.def).map((read) => read.def))) {
      const list = readers.get(def)
      if (list) list.push(place)
      else readers.set(def, [place])
    }
  const shapes = new Map<ComputedDef, Shape>()
  for (const place of places) {
    const { def } = place.leaf.nest
    const uses = readers.get(def) ?? []
    shapes.set(def, shapeOf(graph, storage, place, uses))
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
    else for (const item of [...node.items].reverse()) pending.push({ node: item, path: [...path, node] })
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
  for (const node of path.slice(0, common)) {
    if (!('kind' in node) || node.kind !== 'loop') continue
    const along = order.filter((axis) => leaf.at.get(def.idx[axis])?.free.includes(node.index))
    if (!along.every((axis) => isReadInPlace(graph, storage, leaf, axis, readers))) break
    for (const axis of along) dropped.add(axis)
  }
  const axes = order.filter((axis) => !dropped.has(axis))
  return { scalar: axes.length === 0 && common === path.length, axes }
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
