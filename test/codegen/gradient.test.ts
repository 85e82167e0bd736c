/** Which functions compute the gradients of numbers. */
import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { evaluate, run } from './load.js'

const sourceOf = (terms: number): string =>
  `export fn f(x, y) = ${Array.from({ length: terms }, (_, k) => `sin(${k + 1} * x + y)`).join(' + ')}`

test.each([
  ['a small one has a function without the value', 10, true],
  ['a large one shares that of both: the module stays short', 1000, false],
])('%s', async (_, terms, hasOwn) => {
  const { code } = compileModule(sourceOf(terms))
  expect(code.includes('function f_grad_kernel(')).toBe(hasOwn)
  const [x, y] = [0.3, 0.7]
  let [byX, byY] = [0, 0]
  for (let k = 1; k <= terms; k++) {
    byX += k * Math.cos(k * x + y)
    byY += Math.cos(k * x + y)
  }
  const found = run(await evaluate(code), 'f.grad', x, y)
  if (!Array.isArray(found)) throw new Error('f.grad gives a list')
  expect(found[0]).toBeCloseTo(byX, 6)
  expect(found[1]).toBeCloseTo(byY, 6)
})
