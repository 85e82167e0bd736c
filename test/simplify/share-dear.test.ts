/** What is dear and computed in several definitions is computed once, where it is defined for all indices. */
import { describe, expect, test } from 'vitest'
import { compileModule, dumpPass } from '../../src/compile.js'
import { load, run } from '../codegen/load.js'

const shared = (source: string): string => dumpPass(source, {}, 'share').text
const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0

const HIDDEN = `export fn f(w: [m], b: [m], v: [m], x: [n]) = sum[s, i] x[s] * v[i] * tanh(w[i] * x[s] + b[i])`

describe('a layer without a name', () => {
  test('takes one hyperbolic tangent for each entry, for value and gradients', () => {
    expect(count(shared(HIDDEN), /\btanh\(/g)).toBe(1)
    const { code } = compileModule(HIDDEN)
    const gradient = code.slice(code.indexOf('function f_valueAndGrad_kernel'))
    expect(count(gradient.slice(0, gradient.indexOf('\n}\n')), /= fastTanh\(/g)).toBe(1)
  })

  test('keeps the names of its indices', () => {
    expect(shared(HIDDEN)).toMatch(/tanh\[i < m, s < n\]: auto = tanh\(w\[i\] \* x\[s\] \+ b\[i\]\)/)
  })

  test('has the gradient that it had', async () => {
    const module = await load(HIDDEN)
    const [w, b, v, x] = [[0.3, -1.2, 2], [0.1, 0.4, -0.2], [1.5, -0.5, 0.25], [0.7, -0.9]].map((each) => Float64Array.from(each)) // prettier-ignore
    const value = (at: Float64Array): number =>
      x.reduce((sum, own) => sum + at.reduce((inner, weight, i) => inner + own * v[i] * Math.tanh(weight * own + b[i]), 0), 0) // prettier-ignore
    const step = 1e-5
    const [found] = run(module, 'f.grad', w, b, v, x) as readonly Float64Array[]
    for (const [i] of w.entries()) {
      const [up, down] = [step, -step].map((by) => value(w.map((each, at) => (at === i ? each + by : each))))
      expect(found[i]).toBeCloseTo((up - down) / (2 * step), 8)
    }
  })
})

test('what is read inside of bounds only stays inside of them', () => {
  const source = `export fn f(x: [n], y: [n]) { a[i] = if i > 0 then exp(x[i - 1]) * y[i] else 0; b[i] = if i > 0 then exp(x[i - 1]) else y[i]; return a, b }`
  expect(shared(source)).toMatch(/if 1 <= i then exp\(/)
  expect(shared(source)).not.toMatch(/: auto = exp\(/)
})

test('what is cheap, and what stands in one definition alone, has no definition', () => {
  const cheap = `export fn f(x: [n], y: [n]) { a = sum[i] (x[i] + y[i])^2; b = prod[i] (x[i] + y[i]); return a, b }`
  expect(shared(cheap)).not.toMatch(/shared/)
  const alone = `export fn f(x: [n]) = sum[i] floor(exp(x[i]))`
  expect(count(shared(alone), /exp\(/g)).toBe(1)
  expect(shared(alone)).not.toMatch(/: auto = exp/)
})
