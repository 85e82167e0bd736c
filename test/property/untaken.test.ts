/** What is not taken leaves no trace: where an arm is undefined, derivatives of any order are those of the other arm alone. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { compileFunction, diff } from '../../src/expression.js'
import { evaluate, run } from '../codegen/load.js'
import { TARGET } from '../target.js'

/** Undefined, infinite or without a derivative for some x <= 0. */
const FRAGILE = ['sqrt(x)', 'log(x)', '1 / x', 'x^1.5', 'x^(-2)', 'sqrt(x) * log(x)', 'log(x)^2', 'abs(log(x))', 'max(log(x), sqrt(x))', 'min(1 / x, log(x))', 'sqrt(x^2) / x', 'pow(x, x)', 'log1p(-1 / x)', 'acosh(x)', 'hypot(x, log(x))'] as const // prettier-ignore
const SMOOTH = ['x^3 + 2 * x', 'sin(x)', 'exp(x) * x', '1 / (2 - x)'] as const
const POINTS = [0, -1, -0.5]

const chosen = (fragile: string, smooth: string): readonly string[] => [
  `if x > 0 then ${fragile} else ${smooth}`,
  `if x <= 0 then ${smooth} else ${fragile}`,
  `${smooth} + (if x > 0 then ${fragile} else 0)`,
  `${smooth} * (if x > 0 and ${fragile} < 9 then ${fragile} else 1)`,
]

test('one number, orders 1 to 3', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FRAGILE),
      fc.constantFrom(...FRAGILE),
      fc.constantFrom('+', '*'),
      fc.constantFrom(...SMOOTH),
      fc.constantFrom(1, 2, 3),
      (first, second, operator, smooth, order) => {
        const expected = compileFunction(diff(smooth, 'x', order), ['x'])
        for (const text of chosen(`(${first}) ${operator} (${second})`, `(${smooth})`)) {
          const given = compileFunction(diff(text, 'x', order), ['x'])
          for (const x of POINTS)
            expect(given(x), `order ${order} of ${text} at ${x}`).toBeCloseTo(expected(x), 10)
        }
      },
    ),
    { numRuns: 60, seed: 7 },
  )
}, 120_000)

describe('vectors, in a module', () => {
  let module: Awaited<ReturnType<typeof evaluate>>
  beforeAll(async () => {
    const functions = FRAGILE.map((fragile, k) =>
      [
        `export fn f${k}(x: [n]) {`,
        `  y[i] = if x[i] > 0 then ${fragile.replaceAll(/\bx\b/g, 'x[i]')} else x[i]^4`,
        `  return sum(y)`,
        `}`,
        `export fn g${k}(x: [n]) = grad(f${k}(x), x)`,
        `export fn h${k}(x: [n]) = sum(hvp(f${k}(x), x, x))`,
        `export fn t${k}(x: [n]) = grad(h${k}(x), x)`,
      ].join('\n'),
    )
    const { code } = compileModule(functions.join('\n'), {
      filename: 'untaken.nn',
      dtype: 'f64',
      target: TARGET,
    })
    module = await evaluate(code)
  }, 120_000)

  const numbers = (value: unknown): number[] => Array.from(Object(value), Number)

  test.each(FRAGILE.map((text, k) => [text, k] as const))('%s', (_, k) => {
    expect(numbers(run(module, `g${k}`, POINTS))).toEqual(POINTS.map((x) => 4 * x ** 3 + 0))
    expect(Number(run(module, `h${k}`, POINTS))).toBeCloseTo(
      POINTS.reduce((sum, x) => sum + 12 * x ** 3, 0),
      12,
    )
    // d/dx of 12 x² x.
    const third = numbers(run(module, `t${k}`, POINTS))
    for (const [at, x] of POINTS.entries()) expect(third[at]).toBeCloseTo(36 * x ** 2, 12)
  })
})

test('a norm at 0 in either arm has derivatives that are numbers', async () => {
  const source = [
    'export fn f(x: [n], c) = if c > 0 then sqrt(sum(x * x)) else sum(x)',
    'export fn g(x: [n], c) = grad(f(x, c), x)',
    'export fn h(x: [n], c) = hessian(f(x, c), x)',
  ].join('\n')
  const made = await evaluate(
    compileModule(source, { filename: 'norm.nn', dtype: 'f64', target: TARGET }).code,
  )
  for (const c of [1, -1])
    for (const name of ['g', 'h'])
      for (const value of Array.from(Object(run(made, name, [0, 0], c)), Number)) expect(value).not.toBeNaN()
})
