/** What is put together of pieces is computed piece by piece. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load, run } from '../codegen/load.js'

const kernelOf = (source: string, name: string): string => {
  const { code } = compileModule(source)
  const from = code.indexOf(`function ${name}(`)
  return code.slice(from, code.indexOf('\n}\n', from))
}

const JOINED = 'export fn f(x: [8], y: [8]) { r[i < 16] = if i < 8 then x[i]^2 else 3y[i - 8]; return r }'

test('each piece has a loop of its own, without conditions', () => {
  const kernel = kernelOf(JOINED, 'f_kernel')
  expect(kernel.match(/for \(/g)).toHaveLength(2)
  expect(kernel).not.toMatch(/\?|if \(/)
})

test('all entries are computed, and the gradients', async () => {
  const module = await load(JOINED)
  const [x, y] = [1, 10].map((by) => Float64Array.from({ length: 8 }, (_, at) => by * (at + 1)))
  const expected = Float64Array.from({ length: 16 }, (_, i) => (i < 8 ? x[i] ** 2 : 3 * y[i - 8]))
  expect(run(module, 'f', x, y)).toEqual(expected)
  const cotangent = Float64Array.from({ length: 16 }, (_, at) => at - 5)
  const [dx, dy] = Array.from(Object(run(module, 'f.vjp', [x, y], cotangent)))
  expect(dx).toEqual(x.map((value, i) => 2 * value * cotangent[i]))
  expect(dy).toEqual(y.map((_, i) => 3 * cotangent[i + 8]))
})

test('single entries stand before and after the loop, many pieces stay where they are', () => {
  const first = 'export fn f(x: [16]) { r[i < 16] = if i > 0 then x[i] - x[i - 1] else x[i]; return r }'
  expect(kernelOf(first, 'f_kernel')).toMatch(
    /value\[0\] = x\[0\];\n  for \(let i = 1; i < 16; i\+\+\) {\n    value\[i\] = x\[i\] - x\[i - 1\];/,
  )
  const arms = Array.from({ length: 7 }, (_, at) => `if i < ${4 * at + 4} then ${at} * x[i] else `).join('')
  const many = kernelOf(`export fn f(x: [32]) { r[i < 32] = ${arms} 0; return r }`, 'f_kernel')
  expect(many.match(/for \(/g)).toHaveLength(1)
})

// Conditions on an index, counted from the start and from the end, with what each says of position i of n.
const BORDERS: readonly (readonly [string, (x: Float64Array, i: number, n: number) => number])[] = [
  ['if i > 0 then x[i - 1] else 1', (x, i) => (i > 0 ? x[i - 1] : 1)],
  ['if i < n - 1 then x[i + 1] else 2', (x, i, n) => (i < n - 1 ? x[i + 1] : 2)],
  ['if i == 0 then 5 else x[i]', (x, i) => (i === 0 ? 5 : x[i])],
  ['if i == n - 1 then 6 else x[i]', (x, i, n) => (i === n - 1 ? 6 : x[i])],
  ['if i < n - 4 then x[i + 4] else x[i]', (x, i, n) => (i < n - 4 ? x[i + 4] : x[i])],
  [
    'if i >= 1 and i < n - 1 then x[i - 1] * x[i + 1] else 3',
    (x, i, n) => (i >= 1 && i < n - 1 ? x[i - 1] * x[i + 1] : 3),
  ],
  ['if i < 1 or i >= n - 1 then 7 else x[i]', (x, i, n) => (i < 1 || i >= n - 1 ? 7 : x[i])],
]

describe('entries at both ends', () => {
  const apart = BORDERS.map(([text], at) => `export fn f${at}(x: [n]) { r[i < n] = ${text}; return r }`)
  const together = `export fn f(x: [n]) { r[i < n] = (${BORDERS[0][0]}) + 2 * (${BORDERS[1][0]}) + (${BORDERS[5][0]}); return r }`

  test.each([1, 2, 3, 4, 5, 6, 9, 21])('of %i', async (n) => {
    const module = await load([...apart, together].join('\n'))
    const x = Float64Array.from({ length: n }, (_, at) => 1.5 * at + 2)
    for (const [at, [, of]] of BORDERS.entries())
      expect(run(module, `f${at}`, x)).toEqual(x.map((_, i) => of(x, i, n)))
    const [[, before], [, after], , , , [, both]] = BORDERS
    expect(run(module, 'f', x)).toEqual(x.map((_, i) => before(x, i, n) + 2 * after(x, i, n) + both(x, i, n)))
  })
})

describe('the energy of a chain and its gradient', () => {
  const CHAINS: readonly (readonly [string, (x: Float64Array, i: number) => number, reach: number])[] = [
    ['sum[i < n - 1] (x[i + 1] - x[i]^2)^2', (x, i) => (x[i + 1] - x[i] ** 2) ** 2, 1],
    ['sum[i < n - 2] (x[i + 2] - 2 * x[i + 1] + x[i])^2', (x, i) => (x[i + 2] - 2 * x[i + 1] + x[i]) ** 2, 2],
    ['sum[i < n - 1] x[i + 1]^2 * x[i]', (x, i) => x[i + 1] ** 2 * x[i], 1],
  ]

  test('stand in one loop', () => {
    const kernel = kernelOf(`export fn f(x: [n]) = ${CHAINS[0][0]}`, 'f_valueAndGrad_kernel')
    expect(kernel.match(/for \(/g)).toHaveLength(1)
    expect(kernel).toMatch(/for \(let i = 1; i < n - 1; i\+\+\) {[^}]* \+= [^}]*d_x\[i\] =/)
  })

  test.each([1, 2, 3, 4, 5, 6, 9, 21])('of %i', async (n) => {
    const x = Float64Array.from({ length: n }, (_, at) => Math.sin(at + 1))
    for (const [text, of, reach] of CHAINS) {
      if (n < reach) continue
      const module = await load(`export fn f(x: [n]) = ${text}`)
      const energy = (at: Float64Array): number =>
        Array.from({ length: n - reach }, (_, i) => of(at, i)).reduce((sum, term) => sum + term, 0)
      const { value, grads } = Object(run(module, 'f.valueAndGrad', x))
      expect(value).toBeCloseTo(energy(x), 12)
      for (const [at, slope] of Float64Array.from(Object(grads)[0]).entries()) {
        const [below, above] = [-1e-4, 1e-4].map((by) => energy(x.map((v, i) => (i === at ? v + by : v))))
        expect(slope).toBeCloseTo((above - below) / 2e-4, 6)
      }
    }
  })
})
