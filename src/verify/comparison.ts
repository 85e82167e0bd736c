import { positionOf, type Span } from '../base/source.js'

/** What a compiled result is compared with. */
export type Against = 'value' | 'tape' | 'duals' | 'differences' | 'f32'
export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** The worst of all comparisons of one gradient with one kind of evidence. */
export interface Row {
  readonly entry: string
  /** The parameter or input, by its path; of `value`, the result. */
  readonly wrt: string
  readonly against: Against
  readonly error: number
  readonly limit: number
  readonly verdict: Verdict
  readonly filename: string
  readonly line: number
  /** Comparisons made, and those of them that said nothing. */
  readonly count: number
  readonly inconclusive: number
}

/** One comparison; `reliable: false` where its own accuracy does not suffice to decide. */
export interface Comparison {
  readonly error: number
  readonly limit: number
  readonly reliable: boolean
}

const ratio = ({ error, limit }: Comparison): number => (Number.isNaN(error) ? Infinity : error / limit)

/** Collects comparisons into rows, one per entry, variable and kind of evidence. */
export class Comparisons {
  readonly #rows = new Map<string, Row>()

  add(
    place: { readonly entry: string; readonly wrt: string; readonly span: Span },
    against: Against,
    comparison: Comparison,
  ): void {
    const key = JSON.stringify([place.entry, place.wrt, against])
    const row = this.#rows.get(key)
    const verdict: Verdict = !comparison.reliable ? 'inconclusive' : ratio(comparison) <= 1 ? 'pass' : 'fail'
    const isWorse =
      !row ||
      RANK[verdict] > RANK[row.verdict] ||
      (verdict === row.verdict && ratio(comparison) > ratio({ ...row, reliable: true }))
    this.#rows.set(key, {
      entry: place.entry,
      wrt: place.wrt,
      against,
      error: isWorse ? comparison.error : row.error,
      limit: isWorse ? comparison.limit : row.limit,
      verdict: isWorse ? verdict : row.verdict,
      filename: place.span.source.filename,
      line: positionOf(place.span.source, place.span.start).line,
      count: (row?.count ?? 0) + 1,
      inconclusive: (row?.inconclusive ?? 0) + (verdict === 'inconclusive' ? 1 : 0),
    })
  }

  get rows(): Row[] {
    return [...this.#rows.values()]
  }
}

/** One conclusive comparison decides; a single failure decides it against. */
const RANK: Readonly<Record<Verdict, number>> = { inconclusive: 0, pass: 1, fail: 2 }

/** The largest finite component by magnitude; 1 for a gradient that is zero throughout. */
export function scaleOf(...gradients: readonly (readonly number[])[]): number {
  let largest = 0
  for (const gradient of gradients)
    for (const g of gradient) if (Number.isFinite(g)) largest = Math.max(largest, Math.abs(g))
  return largest === 0 ? 1 : largest
}

/** The largest difference of components; two equal infinities agree. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return NaN
  let worst = 0
  for (let at = 0; at < a.length; at++) {
    if (Object.is(a[at], b[at])) continue
    const difference = Math.abs(a[at] - b[at])
    if (Number.isNaN(difference)) return NaN
    worst = Math.max(worst, difference)
  }
  return worst
}
