/** Curves as samples, and the range of values worth showing. */

export interface Curve {
  readonly label: string
  readonly ys: readonly number[]
}

/** Samples of a curve: enough for the finest terminal. */
export const SAMPLES = 801

export function sampled(label: string, f: (x: number) => number, from: number, to: number): Curve {
  const ys = Array.from({ length: SAMPLES }, (_, at) => f(from + ((to - from) * at) / (SAMPLES - 1)))
  return { label, ys }
}

export interface ValueRange {
  readonly low: number
  readonly high: number
}

/** All finite values; where poles would flatten everything else, the middle of them. */
export function valueRange(curves: readonly Curve[]): ValueRange {
  const values = curves.flatMap(({ ys }) => ys.filter(Number.isFinite)).sort((a, b) => a - b)
  if (values.length === 0) return { low: -1, high: 1 }
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]
  const [low, high] = [values[0], values[values.length - 1]]
  const [inner, outer] = [at(0.05), at(0.95)]
  const cut = high - low > 8 * (outer - inner) && outer > inner
  const margin = (outer - inner) * 0.5
  const [from, to] = cut ? [Math.max(low, inner - margin), Math.min(high, outer + margin)] : [low, high]
  if (from === to) return { low: from - 1, high: to + 1 }
  return { low: from, high: to }
}

/** Round numbers inside a range, about as many as asked for. */
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw * (1 - 1e-9)) ?? raw
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  )
}
