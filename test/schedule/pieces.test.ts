/** What is put together of pieces is computed piece by piece. */
import { expect, test } from 'vitest'
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

test('single entries and many pieces stay where they are', () => {
  const first = 'export fn f(x: [16]) { r[i < 16] = if i > 0 then x[i] - x[i - 1] else x[i]; return r }'
  expect(kernelOf(first, 'f_kernel').match(/for \(/g)).toHaveLength(1)
})
