/** Trees of loops as statements. */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { type BlockLeaf, emitBlock, emitBlocks, emitSteps, isPanel } from './block.js'
import type { Shape } from './contract.js'
import { type Emission, plainName, type Target } from './emission.js'
import { leavesOf } from './fuse.js'
import { emitHeld } from './held.js'
import { type Rows, rowsOf } from './left-operand.js'
import type { Buffer, Scalar, Statement } from './loop-program.js'
import { startParts, storePart } from './parts.js'
import { type Store, emitPieces, emitSumBeside, piecesAlong, sumBeside } from './piece-loops.js'
import { emitReduction, spelledSum } from './reduce.js'
import { emitRoutine } from './routine.js'
import { emitRow } from './row.js'
import { emitRunning } from './running.js'
import { bodyOf, emitTiles, tilesOf } from './tiles.js'
import { emitScatter } from './scatter-loop.js'
import { emitTogether, togetherAlong } from './together.js'
import type { LeafNode, LoopNode, TreeNode } from './tree.js'
import { elementOf } from './words.js'

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
  const statements: Statement[] = []
  for (let at = 0; at < items.length; at++) {
    const [item, next] = items.slice(at, at + 2)
    const joined =
      item.kind === 'leaf' && item.nest.form.kind === 'reduce' && next?.kind === 'loop'
        ? emitSumInPieces(context, item, next, depth, titled)
        : undefined
    statements.push(...(joined ?? emitNode(context, item, depth, titled)))
    if (joined) at++
  }
  return underOneBranch(statements)
}

/** What follows one another under one condition, as one branch. */
function underOneBranch(statements: readonly Statement[]): Statement[] {
  const joined: Statement[] = []
  for (const statement of statements) {
    const last = joined.at(-1)
    if (
      statement.kind === 'branch' &&
      last?.kind === 'branch' &&
      last.condition === statement.condition &&
      last.alternate.length === 0 &&
      statement.alternate.length === 0
    )
      joined[joined.length - 1] = { ...last, consequent: [...last.consequent, ...statement.consequent] }
    else joined.push(statement)
  }
  return joined
}

/** `titled`: the equation stands above already. */
function emitNode(context: EmitContext, node: TreeNode, depth: number, titled: boolean): Statement[] {
  const { emission } = context
  const leaves = node.kind === 'loop' && !titled ? leavesOf(node) : []
  if (leaves.length === 1) return [...titleOf(context, leaves[0]), ...emitNode(context, node, depth, true)]
  switch (node.kind) {
    case 'loop': {
      const block = blockOf(node)
      if (block) return emitBlockLoop(context, node, block, depth, titled)
      const pieces = emitInPieces(context, node, depth)
      if (pieces) return pieces
      const tiles = emitTiled(context, node, depth)
      if (tiles) return tiles
      const together = emitSums(context, node, depth)
      if (together) return together
      const body = (inner: number): Statement[] => emitItems(context, node.items, inner, titled)
      const loop = emission.loop(node.index, depth, body, node.range)
      return [{ ...loop, descending: node.descending }]
    }
    case 'rows':
      return [emitSteps(emission, node.blocks, depth, (inner) => emitItems(context, node.items, inner, titled))] // prettier-ignore
    case 'when':
      return emission.when(node.conditions, () => emitItems(context, node.items, depth, titled))
    case 'flagged': {
      const consequent = emitItems(context, node.items, depth, titled)
      if (consequent.length === 0) return []
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

/** A loop over entries that are put together of pieces. */
function emitInPieces(context: EmitContext, node: LoopNode, depth: number): Statement[] | undefined {
  const loops = piecesAlong(context.emission, node)
  const store = loops && storeOf(context, loops.leaf)
  return store && emitPieces(context.emission, loops, depth, store)
}

/** A sum, and the loop behind it that adds it up on its way. */
function emitSumInPieces(
  context: EmitContext,
  leaf: LeafNode,
  node: LoopNode,
  depth: number,
  titled: boolean,
): Statement[] | undefined {
  const { emission, shapes } = context
  const { def } = leaf.nest
  const loops = shapes.get(def)?.scalar ? piecesAlong(emission, node) : undefined
  const store = loops && storeOf(context, loops.leaf)
  const sum = store && sumBeside(emission, leaf, loops)
  if (!sum) return undefined
  const { local, start, add } = emitSumBeside(emission, sum, loops, depth)
  const pieces = emitPieces(emission, loops, depth, store, add)
  emission.setValue(def, emission.scalars.local(local))
  const title = (of: LeafNode): Statement[] => (titled ? [] : titleOf(context, of))
  return [...title(leaf), ...start, ...title(loops.leaf), ...pieces]
}

/** What puts an entry where it belongs, if it has a place in memory. */
function storeOf({ emission, shapes }: EmitContext, { nest: { def } }: LeafNode): Store | undefined {
  const target = shapes.get(def)?.scalar === true ? undefined : emission.target(def)
  return target && ((at, value) => storeAt(emission, target, def, at, value))
}

/** Loops over entries of which several are made of one. */
function emitTiled(
  { emission, shapes }: EmitContext,
  node: LoopNode,
  depth: number,
): Statement[] | undefined {
  const tiles = tilesOf(emission, node)
  if (!tiles) return undefined
  const { leaf } = tiles
  const { def } = leaf.nest
  const target = shapes.get(def)?.scalar === true ? undefined : emission.target(def)
  if (!target) return undefined
  return emitTiles(emission, tiles, depth, (at) =>
    storeAt(emission, target, def, at, emission.value(bodyOf(leaf), at)),
  )
}

/** Sums of which several are made at a time. */
function emitSums({ emission, shapes }: EmitContext, node: LoopNode, depth: number): Statement[] | undefined {
  const sums = togetherAlong(emission, node)
  if (!sums) return undefined
  const { def } = sums.leaf.nest
  const target = shapes.get(def)?.scalar === true ? undefined : emission.target(def)
  if (!target) return undefined
  const { nest } = sums.leaf
  return emitTogether(emission, sums, depth, (at, value) =>
    storePart(emission, nest, target.buffer, offsetAt(emission, target, def, at), value),
  )
}

/** The product whose rows a loop runs through. */
function blockOf({ items: [first] }: LoopNode): BlockLeaf | undefined {
  if (first?.kind !== 'leaf' || first.nest.form.kind !== 'block') return undefined
  return { leaf: first, product: first.nest.form.product }
}

/** Block by block the product, then row by row what else the loop computes. */
function emitBlockLoop(
  context: EmitContext,
  node: LoopNode,
  block: BlockLeaf,
  depth: number,
  titled: boolean,
): Statement[] {
  const { emission } = context
  const rest = node.items.slice(1)
  const title = titled ? [] : titleOf(context, block.leaf)
  const all = (rows: Rows, inner: number): Statement[] => [
    ...title,
    ...emitBlock(emission, block, rows, inner),
    ...(rest.length === 0
      ? []
      : [emission.loop(node.index, inner, (within) => emitItems(context, rest, within, titled), rows.range)]),
  ]
  const { range } = node
  if (!range) return emitBlocks(emission, node.index, depth, all)
  return all({ start: range.from, count: emission.graph.sub(range.to, range.from), range }, depth)
}

function titleOf({ names, titles }: EmitContext, { nest: { def, form } }: LeafNode): Statement[] {
  if (form.kind === 'running' && form.part !== 'add') return []
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
    case 'spelled': {
      const value = spelledSum(emission, def, form.bound, leaf.at)
      if (target) return [storeAt(emission, target, def, leaf.at, value)]
      emission.setValue(def, value)
      return []
    }
    case 'reduce': {
      const { statements, value } = emitReduction(emission, leaf, form, depth)
      if (leaf.nest.part) return [...statements, addPart(emission, target, leaf, value)]
      if (target) return [...statements, storeAt(emission, target, def, leaf.at, value)]
      emission.setValue(def, value)
      return statements
    }
    case 'row':
      if (!target) throw new Error(`the row of '${def.name}' has no memory`)
      return emitRow(emission, leaf, form, target, depth)
    case 'held': {
      if (!target) throw new Error(`the sums of '${def.name}' have no memory`)
      const store = (at: ReadonlyMap<Index, Expr>, value: Scalar): Statement => storePart(emission, leaf.nest, target.buffer, offsetAt(emission, target, def, at), value) // prettier-ignore
      return emitHeld(emission, leaf, form, depth, store)
    }
    case 'block':
      throw new Error(`the rows of '${def.name}' have no loop`)
    case 'routine':
      if (!target) throw new Error(`the matrix of '${def.name}' has no memory`)
      return emitRoutine(emission, leaf, form, target, depth)
    case 'running': {
      if (leaf.nest.part && !isNumber(emission, def)) return target && form.part === 'start' ? startParts(emission, leaf.nest, target.buffer) : [] // prettier-ignore
      return emitRunning(emission, leaf, form, depth, (at, value) => {
        if (target) return [storeAt(emission, target, def, at, value)]
        emission.setValue(def, value)
        return []
      })
    }
    case 'scatter':
      if (!target) throw new Error(`the entries of '${def.name}' have no memory`)
      return emitScatter(emission, leaf, form, target, depth)
  }
}

const isNumber = ({ graph }: Emission, { idx }: ComputedDef): boolean =>
  idx.every(({ extent }) => extent === graph.one)

/** What a block of rows adds to a sum: a number grows in a variable. */
function addPart(
  emission: Emission,
  target: Target | undefined,
  { nest, at }: LeafNode,
  value: Scalar,
): Statement {
  const { def } = nest
  if (isNumber(emission, def)) {
    const [local] = emission.runningSums(def)
    return { kind: 'accumulate', local, operator: 'add', value }
  }
  if (!target) throw new Error(`the entries of '${def.name}' have no memory`)
  return storePart(emission, nest, target.buffer, offsetAt(emission, target, def, at), value)
}

/** Makes the memory of all definitions: steps of a recurrence read what later statements of earlier steps wrote. */
export function allocate({ emission, shapes, results }: EmitContext, items: readonly TreeNode[]): void {
  for (const { nest } of items.flatMap(leavesOf)) {
    const { def, form, part } = nest
    const shape = shapes.get(def)
    if (part && form.kind !== 'running') continue
    if (!shape || shape.scalar || form.kind === 'restore') continue
    if (form.kind === 'running' && form.part !== 'end') continue
    // A ring is rounded as all steps are where all are stored.
    const small = shape.axes.length < def.idx.length || (shape.window !== undefined && !shape.ring)
    // What a logarithm of a sum loses in f32, the exponential of a difference with it multiplies.
    const wide =
      (small && !emission.storage.machine.narrow) ||
      form.kind === 'scatter' ||
      form.kind === 'routine' ||
      def.reduction?.kind === 'logsumexp'
    const element = wide ? 'f64' : elementOf(def, emission.element)
    if (form.kind === 'block' && isPanel(def, form.product, shape)) {
      const { graph } = emission
      const { machine } = emission.storage
      const extents = [rowsOf(graph, form.product, machine), form.product.column.extent]
      const buffer = emission.temporary(plainName(def), def, emission.sums, extents, 'panel')
      // The rows that it holds are known in the loop over blocks.
      const panel = { axis: def.idx.indexOf(form.product.row), start: graph.zero, rows: graph.zero, order: machine.panel } // prettier-ignore
      emission.setTarget(def, { buffer, axes: shape.axes, panel })
      continue
    }
    const buffer = results.get(def) ?? emission.temporary(plainName(def), def, element, extentsOf(def, shape), emission.storage.isCopy(def) ? 'copy' : undefined) // prettier-ignore
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
  return { kind: 'store', buffer: target.buffer, offset: offsetAt(emission, target, def, at), value, accumulate: false } // prettier-ignore
}

function offsetAt(
  { graph, lowering }: Emission,
  target: Target,
  def: ComputedDef,
  at: ReadonlyMap<Index, Expr>,
): Scalar {
  const args = def.idx.map((index) => substitute(graph, index, at))
  return lowering.offset(def, args, target)
}
