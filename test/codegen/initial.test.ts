/** Random parameters: the formula of Box and Muller, by the functions of `Math`, and that no two streams are alike. */
import { describe, expect, test } from 'vitest'
import { load, member, run } from './load.js'

const COUNT = 20_001

const source = `
model Two(x: [n]) {
  param a: [${COUNT}] ~ normal(1, 0.5)
  param b: [${COUNT}] ~ normal(1, 0.5)
  out y[i] = x[i] * sum[k] a[k] * b[k]
}
`

function mix(word: number): number {
  let bits = word
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** The normal numbers of a stream, as the module documents them. */
function* normals(text: string): Generator<number> {
  const hash = (start: number, factor: number): number =>
    [...text].reduce((word, char) => Math.imul(word ^ char.charCodeAt(0), factor), start)
  const low = hash(0x811c9dc5, 0x01000193)
  const high = hash(0x01000193, 0x85ebca6b)
  let counter = 0
  const uniform = (): number => {
    counter = (counter + 0x9e3779b9) | 0
    return ((mix(mix(counter ^ low) + high) >>> 0) + 0.5) / 2 ** 32
  }
  while (true) {
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    yield radius * Math.cos(angle)
    yield radius * Math.sin(angle)
  }
}

/** A parameter of a model before training. */
function initial(module: unknown, seed: number, name: string): Float64Array {
  const array = member(run(module, 'Two.init', { seed }), name)
  if (!(array instanceof Float64Array)) throw new Error(`'${name}' is no array`)
  return array
}

describe('normal numbers', () => {
  test('are those of Box and Muller but for rounding', async () => {
    const module = await load(source, { dtype: 'f64' })
    for (const seed of [0, 1, 2 ** 31]) {
      const expected = normals(`${seed}/a`)
      let furthest = 0
      for (const value of initial(module, seed, 'a'))
        furthest = Math.max(furthest, Math.abs(value - (1 + 0.5 * Number(expected.next().value))))
      // Radii are below 6.7, so numbers are below 4.4; sine and cosine are off by two units of 1 at most.
      expect(furthest).toBeLessThan(8 * Number.EPSILON)
    }
  })

  test('are others for each seed and each parameter', async () => {
    const module = await load(source, { dtype: 'f64' })
    const array = initial(module, 1, 'a')
    for (const other of [initial(module, 1, 'b'), initial(module, 2, 'a')]) {
      const correlation = array.reduce((sum, value, at) => sum + 4 * (value - 1) * (other[at] - 1), 0) / COUNT
      expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(COUNT))
    }
  })
})
