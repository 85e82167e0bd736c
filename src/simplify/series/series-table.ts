/** The series of parts of an expression: the whole is searched after its parts, and begins with what is known of these. */
import type { Expr } from '../../ir/expr.js'
import type { Series } from './power-series.js'

/** In one variable, around one place, to one number of terms. */
export class SeriesTable {
  readonly found = new Map<Expr, Series>()
  /** Coefficients kept. */
  size = 0
  private readonly seen = new Set<Expr>()

  isKnown(part: Expr): boolean {
    return this.seen.has(part)
  }

  /** Parts without a series are remembered too. */
  know(part: Expr, series: Series | undefined): void {
    this.seen.add(part)
    if (!series || this.found.has(part)) return
    this.found.set(part, series)
    this.size += series.coefficients.length
  }
}

/** Coefficients, of some hundred bytes each, before all are forgotten. */
const MOST = 1 << 16

/** Tables of the leaf that was asked for last, by place. */
class LatelyFound {
  // Held weakly: an expression that nobody has any more is not kept.
  private tables = new WeakMap<Expr, Map<string, SeriesTable>>()

  of(leaf: Expr, place: string): SeriesTable {
    let places = this.tables.get(leaf)
    if (!places || sizeOf(places) > MOST) {
      places = new Map()
      this.tables = new WeakMap([[leaf, places]])
    }
    let table = places.get(place)
    if (!table) places.set(place, (table = new SeriesTable()))
    return table
  }
}

function sizeOf(places: ReadonlyMap<string, SeriesTable>): number {
  let total = 0
  for (const { size } of places.values()) total += size
  return total
}

export const lately = new LatelyFound()
