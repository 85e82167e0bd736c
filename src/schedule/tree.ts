/** Loops with what is computed inside, before scalars: the form in which nests are fused and storage is shrunk. */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Product } from './products.js'
import type { Part } from './ranges.js'

export type TreeNode = LoopNode | RowsNode | WhenNode | FlaggedNode | RemarkNode | LeafNode

export interface LoopNode {
  readonly kind: 'loop'
  /** A fresh index; its extent is the number of steps. */
  readonly index: Index
  readonly descending: boolean
  /** The loop of a recurrence: its steps stay in order and nothing else joins it. */
  readonly sequential: boolean
  /** The steps that it runs through, if not all. */
  readonly range?: { readonly from: Expr; readonly to: Expr }
  readonly items: TreeNode[]
}

/** Blocks of rows along an axis: which one a step is at. */
export interface RowBlocks {
  /** All rows. */
  readonly extent: Expr
  /** The first row of the block, and how many it has. */
  readonly start: Index
  readonly count: Index
  /** Of all blocks but perhaps the last one. */
  readonly length: number
}

/** A loop over blocks of rows: loops along that axis inside run through the rows of the block. */
export interface RowsNode {
  readonly kind: 'rows'
  readonly blocks: RowBlocks
  readonly items: TreeNode[]
}

/** Items that run only where the conditions hold. */
export interface WhenNode {
  readonly kind: 'when'
  readonly conditions: readonly Expr[]
  readonly items: TreeNode[]
}

/** Items that run only if one of some results is asked for. */
export interface FlaggedNode {
  readonly kind: 'flagged'
  readonly flags: readonly number[]
  readonly items: TreeNode[]
}

/** What the items after it are about. */
export interface RemarkNode {
  readonly kind: 'remark'
  readonly text: string
}

export interface LeafNode {
  readonly kind: 'leaf'
  readonly nest: Nest
  /** The definition's own indices, those of the loops around it, in terms of the indices of these loops. */
  readonly at: ReadonlyMap<Index, Expr>
}

/** How a definition is computed. */
export interface Nest {
  readonly def: ComputedDef
  readonly form: NestForm
  /** Own indices with loops around the leaf, outermost first. */
  readonly loops: readonly Index[]
  /** A product of tensors in which data are used again and again: two of them share no loop. */
  readonly heavy: boolean
  /** The indices along which the number may grow, step by step of the loops that compute what it adds up. */
  readonly along?: readonly Index[] | undefined
  /** The summed index of which each block of rows around adds its part to the sum. */
  readonly part?: Part | undefined
}

export type NestForm =
  | { readonly kind: 'pointwise' }
  /** Entries that were kept when they were computed before: `value`, over the definition's own indices. */
  | { readonly kind: 'restore'; readonly value: Expr; readonly title: string }
  /** A sum of a few terms, written out. */
  | { readonly kind: 'spelled'; readonly bound: readonly Index[] }
  /** A scalar accumulator; `lanes` independent ones for a dot product. Reduction indices outermost first. */
  | { readonly kind: 'reduce'; readonly order: readonly Index[]; readonly lanes: number }
  /** A product of matrices: the last loop around the leaf runs through its rows, a block of them at a time. */
  | { readonly kind: 'block'; readonly product: Product }
  /** A row of accumulators along `row`, to which several entries of the last reduction index are added per pass. */
  | { readonly kind: 'row'; readonly row: Index; readonly order: readonly Index[] }
  /** Sums over a few terms, those of several entries along each axis of a tile in variables. */
  | { readonly kind: 'held'; readonly tile: readonly Index[]; readonly order: readonly Index[] }
  /** Terms `[own = position] value` of a sum: each is added where it belongs. */
  | { readonly kind: 'scatter'; readonly inner: readonly Index[] }
  /** A number that grows along a loop: what it does before, in each step, and after it. */
  | { readonly kind: 'running'; readonly part: 'start' | 'add' | 'end' }
  /** Entries from which a routine begins; `inner` are the indices of one matrix. */
  | { readonly kind: 'routine'; readonly inner: readonly Index[] }
