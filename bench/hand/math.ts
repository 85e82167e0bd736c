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

/** (e^2x - 1) / (e^2x + 1), with e^2x = 2^n (1 + p). */
export function tanh(x: number): number {
  if (!(x < 20 && x > -20)) return x > 0 ? 1 : x < 0 ? -1 : x
  const n = Math.floor(x * 2.8853900817779268 + 0.5)
  const r = 2 * x - n * 0.6931471803691238 - n * 1.9082149292705877e-10
  const s = r * r
  const c = r - s * (0.16666666666666602 + s * (-0.0027777777777015593 + s * (0.00006613756321437934 + s * (-0.0000016533902205465252 + s * 4.1381367970572385e-8)))) // prettier-ignore
  const power = 2 * POWERS[(n | 0) + 1075]
  const part = power * (r + (r * c) / (2 - c))
  return (part + (power - 1)) / (part + (power + 1))
}

export const polynomials: Elementary = { exp, tanh }
