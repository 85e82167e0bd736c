/** Small functions and elementwise work, in loops as one writes them, and with polynomials for elementary functions. */
import type { Elementary } from './math.js'
import { exp, tanh } from './math.js'

/** Σ 100 (x[i+1] - x[i]²)² + (1 - x[i])² and its gradient. */
export function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  let value = 0
  gradient.fill(0)
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1] - x[i] * x[i]
    const b = 1 - x[i]
    value += 100 * a * a + b * b
    gradient[i] += -400 * x[i] * a - 2 * b
    gradient[i + 1] += 200 * a
  }
  return value
}

/** The same with what neighbours share kept in locals. */
export function rosenbrockInLocals(x: Float64Array, gradient: Float64Array): number {
  let value = 0
  let from = 0
  let own = x[0]
  const last = x.length - 1
  for (let i = 0; i < last; i++) {
    const next = x[i + 1]
    const a = next - own * own
    const b = 1 - own
    value += 100 * a * a + b * b
    gradient[i] = from - 400 * own * a - 2 * b
    from = 200 * a
    own = next
  }
  gradient[last] = from
  return value
}

/** Logistic regression: the mean cross-entropy and its gradient. */
export function logistic(
  { exp: power }: Elementary,
  w: Float32Array,
  b: number,
  x: Float32Array,
  y: Float32Array,
  gradient: Float64Array,
): number {
  const d = w.length
  const n = y.length
  gradient.fill(0)
  let loss = 0
  for (let s = 0; s < n; s++) {
    let z = b
    for (let i = 0; i < d; i++) z += x[s * d + i] * w[i]
    loss += Math.max(z, 0) + Math.log1p(power(-Math.abs(z))) - y[s] * z
    const e = (1 / (1 + power(-z)) - y[s]) / n
    for (let i = 0; i < d; i++) gradient[i] += e * x[s * d + i]
    gradient[d] += e
  }
  return loss / n
}

type Elementwise = (x: Float32Array, y: Float32Array) => void

export const NAIVE: Readonly<Record<string, Elementwise>> = {
  exp(x, y) {
    for (let i = 0; i < x.length; i++) y[i] = Math.exp(x[i])
  },
  tanh(x, y) {
    for (let i = 0; i < x.length; i++) y[i] = Math.tanh(x[i])
  },
  gelu(x, y) {
    for (let i = 0; i < x.length; i++)
      y[i] = 0.5 * x[i] * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x[i] + 0.044715 * x[i] ** 3)))
  },
  softplus(x, y) {
    for (let i = 0; i < x.length; i++) y[i] = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])))
  },
}

const block = new Float64Array(512)

export const BEST: Readonly<Record<string, Elementwise>> = {
  exp(x, y) {
    for (let i = 0; i < x.length; i++) y[i] = exp(x[i])
  },
  tanh(x, y) {
    for (let i = 0; i < x.length; i++) y[i] = tanh(x[i])
  },
  gelu(x, y) {
    for (let i = 0; i < x.length; i++) {
      const v = x[i]
      y[i] = 0.5 * v * (1 + tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)))
    }
  },
  softplus(x, y) {
    for (let from = 0; from < x.length; from += 512) {
      const count = Math.min(512, x.length - from)
      for (let i = 0; i < count; i++) block[i] = exp(-Math.abs(x[from + i]))
      for (let i = 0; i < count; i++) {
        const v = x[from + i]
        y[from + i] = (v > 0 ? v : 0) + log1pOfSmall(block[i])
      }
    }
  },
}

/** log(1 + u) for 0 <= u <= 1: 2 artanh(u / (2 + u)), whose series ends early as u / (2 + u) is at most 1/3. */
function log1pOfSmall(u: number): number {
  const s = u / (2 + u)
  const q = s * s
  return 2 * s * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19 + q * (1 / 21 + q * (1 / 23 + q * (1 / 25 + q * (1 / 27 + q * (1 / 29))))))))))))))) // prettier-ignore
}
