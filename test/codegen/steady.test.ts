/** What a bound model does again and again: it fills the same arrays, and makes no objects. */
import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { load, run } from './load.js'

const MODEL = `model Net(x: [n, 12], label: int[n]) {
  param W: [12, 20] ~ he
  param b: [20]
  param V: [20, 10] ~ he
  h = tanh(x @ W + b)
  out probs = softmax(h @ V)
  loss mean[s] -log(probs[s, label[s]])
}`

const young = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_used_size ?? NaN

test('bound calls allocate nothing but the number they return', async () => {
  const module = await load(MODEL)
  const n = 6
  const params = run(module, 'Net.init', { seed: 1 })
  const bound = run(module, 'Net.bind', { n })
  const data = {
    x: Float32Array.from({ length: 12 * n }, (_, i) => Math.sin(i)),
    label: Int32Array.from({ length: n }, (_, s) => s),
  }
  const { backward } = Object(bound)
  const first = backward(params, data)
  for (let call = 0; call < 5000; call++) backward(params, data)
  const { arrayBuffers } = process.memoryUsage()
  // What else allocates in this process only adds to what a round of calls does, and a collection makes its growth negative.
  const growths = Array.from({ length: 10 }, () => {
    const before = young()
    for (let call = 0; call < 5000; call++) backward(params, data)
    return young() - before
  })
  expect(backward(params, data)).toBe(first)
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(5000)
  // The loss that the kernel returns is put into an object of 16 bytes, like every number that a function returns.
  expect(Math.min(...growths.filter((growth) => growth >= 0))).toBeLessThan(20 * 5000)
})
