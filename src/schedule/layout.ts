/** Where the elements of a definition lie in its buffer, as expressions over loop indices and sizes. */
import type { Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Buffer, Scalar } from './loop-program.js'
import type { Machine } from './machine.js'

/** Where the value of a definition is found. */
export type Access =
  | { readonly kind: 'value'; readonly scalar: Scalar }
  | ({ readonly kind: 'buffer'; readonly buffer: Buffer } & Layout)

/** Which axes of a definition lie in a buffer, outermost first. */
export interface Layout {
  readonly axes: readonly number[]
  /** Of one of them only the last few positions are kept: position `p` at `p mod length`. */
  readonly window?: Window | undefined
  /** Sums of a block of rows of a product. */
  readonly panel?: Panel | undefined
}

export interface Panel {
  /** The axis that rows are along, which is not among the axes of the layout. */
  readonly axis: number
  readonly start: Expr
  readonly rows: Expr
  /** What lies side by side: the entries of a column, or those of a row. */
  readonly order: Machine['panel']
}

export interface Window {
  readonly axis: number
  readonly length: Expr
  /** Added to positions, so that those that are read are not below 0. */
  readonly shift?: number
  /** Those from here on are kept instead: position `p` at `p - start`. */
  readonly start?: Expr
}

/** Positions in buffers; the strides of a layout are found once. */
export class Positions {
  private readonly strides = new Map<Layout, { readonly def: Def; readonly strides: readonly Expr[] }>()

  constructor(private readonly graph: Graph) {}

  /** The position of an element: its arguments are over loop indices. */
  of(def: Def, args: readonly Expr[], layout: Layout): Expr {
    const { graph } = this
    const { axes, window, panel } = layout
    const row = panel && graph.sub(args[panel.axis], panel.start)
    const strides = this.stridesOf(def, layout)
    const terms: Expr[] = row && panel?.order === 'columns' ? [row] : []
    for (let at = axes.length - 1; at >= 0; at--) {
      const axis = axes[at]
      const position = axis === window?.axis ? this.within(window, args[axis]) : args[axis]
      terms.push(strides[at] === graph.one ? position : graph.mul(position, strides[at]))
    }
    if (row && panel?.order === 'rows') terms.push(graph.mul(row, strides[axes.length]))
    return terms.length === 1 ? terms[0] : graph.addAll(terms)
  }

  /** How far the entries along each axis lie apart; behind them the same of rows of a panel. */
  private stridesOf(def: Def, layout: Layout): readonly Expr[] {
    const known = this.strides.get(layout)
    if (known?.def === def) return known.strides
    const { graph } = this
    const { axes, window, panel } = layout
    let stride: Expr = panel?.order === 'columns' ? panel.rows : graph.one
    const strides: Expr[] = axes.map(() => graph.one)
    for (let at = axes.length - 1; at >= 0; at--) {
      strides[at] = stride
      stride = graph.mul(stride, axes[at] === window?.axis ? window.length : def.idx[axes[at]].extent)
    }
    strides.push(stride)
    this.strides.set(layout, { def, strides })
    return strides
  }

  private within({ length, shift, start }: Window, position: Expr): Expr {
    const { graph } = this
    if (start) return graph.sub(position, start)
    return graph.apply('mod', [graph.add(position, graph.num(shift ?? 0)), length])
  }
}
