/** Whose elementary functions a module calls. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load, run } from './load.js'

const sourceOf = (name: string): string => `export fn f(x: [n]) = ${name}(x)`
const codeOf = (source: string, math?: 'libm' | 'fast'): string => compileModule(source, { math }).code

test('in loops its own, unless the ones of Math are asked for', () => {
  expect(codeOf(sourceOf('tanh'))).toContain('= fastTanh(x[i]);')
  expect(codeOf(sourceOf('tanh'), 'libm')).toContain('= Math.tanh(x[i]);')
  expect(codeOf(sourceOf('tanh'), 'libm')).not.toContain('fast')
})

test('of single numbers those of Math', () => {
  expect(codeOf('export fn f(x) = tanh(x)')).not.toContain('fast')
})

const modelOf = (body: string): string =>
  `model M(x: [n, 20]) {\n  param W: [20, 30] ~ he\n  h = x @ W\n  ${body}\n}`

describe('of numbers that end up in 32 bits', () => {
  test('shorter ones', () => {
    expect(codeOf(modelOf('out y = tanh(h)'))).toContain('fastTanhF32(')
    expect(codeOf(modelOf('out y = softmax(tanh(h))'))).not.toMatch(/fast(Exp|Tanh)\(/)
    expect(codeOf(modelOf('loss mean[s] sum[j] sin(h[s, j])'))).toContain('fastSinF32(')
  })

  test('but not where they are decided by', () => {
    expect(codeOf(modelOf('out y = if tanh(h) > 0.5 then h else 0'))).toMatch(/fastTanh\(/)
    expect(codeOf(modelOf('out y = floor(10 * sigmoid(h))'))).toMatch(/fastSigmoid\(/)
    expect(codeOf(modelOf('t = exp(h)\n  out y[s] = max[j] t[s, j]\n  out z[s] = argmax[j] t[s, j]'))).toMatch(/fastExp\(/) // prettier-ignore
  })

  test('and not where some of the data are in 64', () => {
    const code = compileModule(modelOf('out y = tanh(h)'), { dtype: 'f64' }).code
    expect(code).toMatch(/fastTanh\(/)
    expect(code).not.toContain('F32(')
  })
})

test.each(['exp', 'expm1', 'sigmoid', 'tanh', 'erf'])(
  '%s: both are the same but for units of the last place',
  async (name) => {
    const x = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) / 40)
    const [fast, libm] = await Promise.all(
      (['fast', 'libm'] as const).map(async (math) => run(await load(sourceOf(name), { math }), 'f', x)),
    )
    if (!(fast instanceof Float64Array && libm instanceof Float64Array)) throw new Error('f gives an array')
    for (const [at, value] of libm.entries())
      expect(Math.abs(fast[at] - value)).toBeLessThanOrEqual(5 * 2 ** -52 * Math.abs(value))
  },
)
