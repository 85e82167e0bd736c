/** Whose elementary functions a module calls. */
import { expect, test } from 'vitest'
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

test.each(['exp', 'sigmoid', 'tanh'])(
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
