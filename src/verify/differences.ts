/** Derivatives from values alone: central differences, extrapolated to step zero by Ridders' tableau. */

export interface Estimate {
  readonly value: number
  /** The disagreement of neighbouring extrapolations: about the error of `value`, roundoff included. */
  readonly error: number
}

const SHRINK = 2
const ROWS = 14
/** An extrapolation this much worse than the best so far is the beginning of roundoff. */
const DIVERGENCE = 16

/**
 * The derivative of `f` at 0. `step` is the first and largest distance tried: small against the scale on which
 * the argument of `f` varies.
 *
 * Source: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982).
 */
export function differentiateAtZero(f: (t: number) => number, step: number): Estimate {
  let best: Estimate = { value: NaN, error: Infinity }
  let above: number[] = []
  let h = step
  for (let row = 0; row < ROWS; row++, h /= SHRINK) {
    const tableau = [(f(h) - f(-h)) / (2 * h)]
    for (let order = 1, factor = SHRINK ** 2; order <= row; order++, factor *= SHRINK ** 2) {
      const value = (factor * tableau[order - 1] - above[order - 1]) / (factor - 1)
      tableau.push(value)
      const error = Math.max(Math.abs(value - tableau[order - 1]), Math.abs(value - above[order - 1]))
      if (error <= best.error) best = { value, error }
    }
    // A kink beside the point spoils the large steps only, so a bad beginning is no reason to stop.
    const diverges = Math.abs(tableau[row] - (above[row - 1] ?? NaN)) >= DIVERGENCE * best.error
    if (diverges && row > ROWS / 2) break
    above = tableau
  }
  return best
}
