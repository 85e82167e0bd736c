/** Many layers of eight units with tanh, as one writes them in loops. */

export interface Layer {
  readonly W: Float32Array
  readonly b: Float32Array
}

export const WIDTH = 8

/** The loss `mean[s] sum[i] (h[s, i] - y[s, i])²` of the last layer; writes the gradients. */
export function deep(
  layers: readonly Layer[],
  x: Float32Array,
  y: Float32Array,
  n: number,
  gradients: readonly Layer[],
): number {
  const states = [x]
  for (const { W, b } of layers) {
    const from = states[states.length - 1]
    const to = new Float32Array(n * WIDTH)
    for (let s = 0; s < n; s++)
      for (let j = 0; j < WIDTH; j++) {
        let sum = b[j]
        for (let i = 0; i < WIDTH; i++) sum += from[s * WIDTH + i] * W[i * WIDTH + j]
        to[s * WIDTH + j] = Math.tanh(sum)
      }
    states.push(to)
  }
  const last = states[layers.length]
  let loss = 0
  let slopes = new Float64Array(n * WIDTH)
  for (let at = 0; at < last.length; at++) {
    const difference = last[at] - y[at]
    loss += difference * difference
    slopes[at] = (2 * difference) / n
  }
  for (let k = layers.length - 1; k >= 0; k--) {
    const { W } = layers[k]
    const [from, to] = [states[k], states[k + 1]]
    const { W: dW, b: db } = gradients[k]
    dW.fill(0)
    db.fill(0)
    const below = new Float64Array(n * WIDTH)
    for (let s = 0; s < n; s++)
      for (let j = 0; j < WIDTH; j++) {
        const h = to[s * WIDTH + j]
        const slope = slopes[s * WIDTH + j] * (1 - h * h)
        db[j] += slope
        for (let i = 0; i < WIDTH; i++) {
          dW[i * WIDTH + j] += from[s * WIDTH + i] * slope
          below[s * WIDTH + i] += W[i * WIDTH + j] * slope
        }
      }
    slopes = below
  }
  return loss / n
}
