/** Trees of loops as statements. */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import type { Shape } from './contract.js'
import { type Emission, plainName, type Target } from './emission.js'
import { leavesOf } from './fuse.js'
import type { Buffer, Scalar, Statement } from './loop-program.js'
import { emitReduction } from './reduce.js'
import { emitRoutine } from './routine.js'
import { emitRow } from './row.js'
import { emitScatter } from './scatter-loop.js'
import type { LeafNode, TreeNode } from './tree.js'

export interface EmitContext {
  readonly emission: Emission
  readonly shapes: ReadonlyMap<ComputedDef, Shape>
  /** The result buffer of a definition that is a result. */
  readonly results: ReadonlyMap<ComputedDef, Buffer>
  /** Names for titles where they are not the definition's own. */
  readonly names: ReadonlyMap<Def, string>
  /** What stands above the statements of a definition where it is not its equation. */
  readonly titles: ReadonlyMap<Def, Def | string>
  /** Whether one of some results is asked for. */
  readonly isWanted: (flags: readonly number[]) => Scalar
}

export function emitItems(
  context: EmitContext,
  items: readonly TreeNode[],
  depth: number,
  titled: boolean,
): Statement[] {
  return items.flatMap((item) => emitNode(context, item, depth, titled))
}

/** `titled`: the equation stands above already. */
function emitNode(context: EmitContext, node: TreeNode, depth: number, titled: boolean): Statement[] {
  const { emission } = context
  const leaves = node.kind === 'loop' && !titled ? leavesOf(node) : []
  if (leaves.length === 1) return [...titleOf(context, leaves[0]), ...emitNode(context, node, depth, true)]
  switch (node.kind) {
    case 'loop': {
      const body = (inner: number): Statement[] => emitItems(context, node.items, inner, titled)
      const loop = emission.loop(node.index, depth, body, node.range)
      return [{ ...loop, descending: node.descending }]
    }
    case 'when':
      return emission.when(node.conditions, () => emitItems(context, node.items, depth, titled))
    case 'flagged': {
      const consequent = emitItems(context, node.items, depth, titled)
      return [{ kind: 'branch', condition: context.isWanted(node.flags), consequent, alternate: [] }]
    }
    case 'remark':
      return [{ kind: 'remark', text: node.text }]
    case 'leaf': {
      const body = emitLeaf(context, node, depth)
      return titled || body.length === 0 ? body : [...titleOf(context, node), ...body]
    }
  }
}

function titleOf({ names, titles }: EmitContext, { nest: { def, form } }: LeafNode): Statement[] {
  const title = form.kind === 'restore' ? form.title : (titles.get(def) ?? def)
  if (typeof title === 'string') return title === '' ? [] : [{ kind: 'remark', text: title }]
  return [{ kind: 'title', def: title, name: names.get(def) ?? def.name }]
}

function emitLeaf(context: EmitContext, leaf: LeafNode, depth: number): Statement[] {
  const { emission } = context
  const { def, form } = leaf.nest
  const shape = context.shapes.get(def)
  if (!def.body || !shape) throw new Error(`'${def.name}' has no place`)
  const target = shape.scalar ? undefined : emission.target(def)
  switch (form.kind) {
    case 'restore':
      if (!target) throw new Error(`the steps of '${def.name}' have no memory`)
      return [storeAt(emission, target, def, leaf.at, emission.value(form.value, leaf.at))]
    case 'pointwise': {
      const value = emission.value(def.body, leaf.at)
      if (target) return [storeAt(emission, target, def, leaf.at, value)]
      emission.setValue(def, value)
      return []
    }
    case 'reduce': {
      const { statements, value } = emitReduction(emission, leaf, form, depth)
      if (target) return [...statements, storeAt(emission, target, def, leaf.at, value)]
      emission.setValue(def, value)
      return statements
    }
    case 'row':
      if (!target) throw new Error(`the row of '${def.name}' has no memory`)
      return emitRow(emission, leaf, form, target, depth)
    case 'routine':
      if (!target) throw new Error(`the matrix of '${def.name}' has no memory`)
      return emitRoutine(emission, leaf, form, target, depth)
    case 'scatter':
      if (!target) throw new Error(`the entries of '${def.name}' have no memory`)
      return emitScatter(emission, leaf, form, target, depth)
  }
}

/** Makes the memory of all definitions: steps of a recurrence read what later statements of earlier steps wrote. */
export function allocate({ emission, shapes, results }: EmitContext, items: readonly TreeNode[]): void {
  for (const { nest } of items.flatMap(leavesOf)) {
    const { def, form } = nest
    const shape = shapes.get(def)
    if (!shape || shape.scalar || form.kind === 'restore') continue
    // A ring is rounded as all steps are where all are stored.
    const small = shape.axes.length < def.idx.length || (shape.window !== undefined && !shape.ring)
    // What a logarithm of a sum loses in f32, the exponential of a difference with it multiplies.
    const wide =
      small || form.kind === 'scatter' || form.kind === 'routine' || def.reduction?.kind === 'logsumexp'
    const element = wide ? 'f64' : def.integer ? 'i32' : emission.element
    const buffer = results.get(def) ?? emission.temporary(plainName(def), def, element, extentsOf(def, shape)) // prettier-ignore
    emission.setTarget(def, { buffer, axes: shape.axes, window: shape.window })
  }
}

const extentsOf = (def: ComputedDef, { axes, window }: Shape): Expr[] =>
  axes.map((axis) => (axis === window?.axis ? window.length : def.idx[axis].extent))

function storeAt(
  emission: Emission,
  target: Target,
  def: ComputedDef,
  at: ReadonlyMap<Index, Expr>,
  value: Scalar,
): Statement {
  const args = def.idx.map((index) => substitute(emission.graph, index, at))
  const offset = emission.lowering.offset(def, args, target)
  return { kind: 'store', buffer: target.buffer, offset, value, accumulate: false }
}
