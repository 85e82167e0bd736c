/** Sums over several indices read sums over some of them that are there, where nothing else is summed with these. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dumpPass } from '../../src/compile.js'
import { printProgram } from '../../src/ir/print.js'
import { readProgram } from '../../src/ir/read.js'
import { shareSums } from '../../src/simplify/share-sums.js'
import { load, run } from '../codegen/load.js'

/** How `u` is computed beside `t[s, i] = Σ_j d[s, j] W[i, j]`. */
function shared(sum: string, others = ''): string {
  const text = `size p
size q
size n

input W[i < p, j < q]
input d[i < n, j < q]
input e[i < n, j < p]
input c[i < n, j < q]
t[s < n, i < p] = sum[j < q] d[s, j] * W[i, j]
${others}
u[i < p] = ${sum}

function "f" exported {
  at "input.nn" 1:1-1:2
  size p = W axis 0
  size q = W axis 1
  size n = d axis 0
  input "W" = W real
  input "d" = d real
  input "e" = e real
  input "c" = c real
  output "0" = t
  output "1" = u
}
`
  const lines = printProgram(shareSums(readProgram(text))).split('\n')
  return (lines.find((line) => line.startsWith('u[')) ?? '').replace(/^.* = (?=sum)/, '')
}

test.each([
  ['sum[s < n, j < q] d[s, j] * W[i, j] * e[s, i]', 'sum[s < n] e[s, i] * t[s, i]'],
  ['sum[j < q, s < n] W[i, j] * d[s, j] * e[s, i]^2 * e[s, 0]', 'sum[s < n] e[s, i]^2 * t[s, i] * e[s, 0]'],
  ['sum[i1 < p, s < n, j < q] d[s, j] * W[i1, j] * e[s, i]', 'sum[i1 < n, s < p] e[i1, i] * t[i1, s]'],
])('%s is %s', (before, after) => {
  expect(shared(before)).toBe(after)
})

test.each([
  ['the index is summed with another factor too', 'sum[s < n, j < q] d[s, j] * W[i, j] * c[s, j]'],
  ['a factor has another power', 'sum[s < n, j < q] d[s, j]^2 * W[i, j] * e[s, i]'],
  ['a factor is missing', 'sum[s < n, j < q] d[s, j] * c[s, j] * e[s, i]'],
  ['what is summed is not what is summed there', 'sum[s < n, i1 < p] d[s, 0] * W[i1, 0] * e[s, i]'],
  ['an index is not the same in both', 'sum[s < n, j < q] d[s, j] * W[0, j] * e[s, i]'],
])('not where %s', (_, sum) => {
  expect(shared(sum)).toMatch(/^sum\[s < n, \w+ < \w\] /)
})

const LOSS = 'export fn f(W: [p, q], v: [q], d: [n, q]) = sum[s, i] (sum[j] W[i, j] * v[j] * d[s, j])^3'

test('gradients of a product of three are those of differences', async () => {
  expect(dumpPass(LOSS, {}, 'simplify').text).toMatch(/d_v\[i < q\].* = sum\[\w+ < \w\] /)
  const module = await load(LOSS)
  const [p, q, n] = [3, 4, 5]
  const sizes = { sizes: { p, q, n } }
  const numbers = (count: number, by: number) => Float64Array.from({ length: count }, (_, at) => Math.sin(by * at + 1)) // prettier-ignore
  const args = [numbers(p * q, 0.7), numbers(q, 0.9), numbers(n * q, 1.3)]
  const value = ([W, v, d]: readonly Float64Array[]): number => {
    let sum = 0
    for (let s = 0; s < n; s++)
      for (let i = 0; i < p; i++) {
        let inner = 0
        for (let j = 0; j < q; j++) inner += W[i * q + j] * v[j] * d[s * q + j]
        sum += inner ** 3
      }
    return sum
  }
  const found: unknown[] = Array.from(Object(run(module, 'f.grad', ...args, sizes)))
  for (const [which, array] of args.entries())
    for (const at of array.keys()) {
      const moved = (by: number) => value(args.map((own, other) => (other === which ? own.map((x, place) => (place === at ? x + by : x)) : own))) // prettier-ignore
      // Of a polynomial of third degree, differences of two widths leave no error but rounding.
      const [near, far] = [1e-2, 2e-2].map((step) => (moved(step) - moved(-step)) / (2 * step))
      expect(Object(found[which])[at]).toBeCloseTo((4 * near - far) / 3, 9)
    }
})

test('the gradient of a loss with derivatives of a network sums over samples and units in no nest of both', () => {
  const source = readFileSync(new URL('../../examples/pinn/pinn.nn', import.meta.url), 'utf8')
  expect(dumpPass(source, { filename: 'pinn.nn' }, 'simplify').text).not.toMatch(/= sum\[j < 20, s < /)
})
