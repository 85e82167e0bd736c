/** What schedules look like. `UPDATE_GOLDEN=1` writes them anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { JAVASCRIPT, WEBASSEMBLY } from '../../src/schedule/machine.js'
import { printMethod } from '../../src/schedule/print.js'
import { compile, scheduled } from './compile.js'

const CASES: Readonly<Record<string, string>> = {
  scalar: 'export fn f(x, y) = exp(-x^2) * sin(x * y) + x / (1 + exp(-y))',
  matrix: 'export fn product(A: [n, k], B: [k, m]) = A @ B',
  transposed: "export fn product(A: [n, k], B: [m, k]) = A @ B'",
  softmax: 'export fn rows(z: [n, d]) = softmax(z)',
  embedding: `model Words(word: int[n], y: [n, 8]) {
  param E: [100, 8] ~ normal(0, 1)
  z[s, i] = E[word[s], i]
  out z
  loss sum[s, i] (z[s, i] - y[s, i])^2
}`,
  convolution:
    'export fn wide(x: [n], w: [m]) { y[t < n + m - 1] = sum[k if 0 <= t - k < n] w[k] * x[t - k]; return y }',
  recurrence: `export fn rnn(x: [T, d], U: [d, d]) {
  recur t < T {
    h[-1] = zeros(d)
    h[t] = tanh(x[t] + h[t-1] @ U)
  }
  return sum[i] h[T - 1, i]
}`,
  selection: 'export fn f(x, y) = if x > 0 then log(x) * (log(x) + y) else y * (y + sin(y)) * sin(y)',
  argmax: 'export fn best(x: [n, d]) { b[s] = argmax[i] x[s, i]; return b }',
}

/** What is scheduled otherwise for vectors. */
const OVER_VECTORS: Readonly<Record<string, string>> = {
  'matrix.vectors': CASES.matrix,
  'transposed.vectors': CASES.transposed,
}

for (const [name, source] of [...Object.entries(CASES), ...Object.entries(OVER_VECTORS)])
  test(name, () => {
    const machine = name in OVER_VECTORS ? WEBASSEMBLY : JAVASCRIPT
    const text = scheduled(compile(source), { machine })
      .flatMap(({ methods }) => methods.map(printMethod))
      .join('\n')
    const file = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url))
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, text)
    expect(existsSync(file)).toBe(true)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
