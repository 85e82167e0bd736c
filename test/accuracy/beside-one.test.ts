/** Logarithms of 1 and a power, where the power is no number, and payments of a loan of many terms. */
import { expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'
import { load, run } from '../codegen/load.js'

test('log(1 + x^y) is y log x far out, with its derivatives', async () => {
  const module = await load(
    `export fn value(x, y) = log(1 + x^y)
     export fn first(x, y) = d(value(x, y), x)
     export fn second(x, y) = d(first(x, y), x)`,
    { dtype: 'f64' },
  )
  for (const [x, y] of [
    [1e100, 5],
    [1e100, 3],
    [1e-80, -6],
    [3e10, 4],
  ])
    // prettier-ignore
    for (const [order, expected] of [y * Math.log(x), y / x, -y / x / x].entries()) {
      const ofModule = Number(run(module, ['value', 'first', 'second'][order], x, y))
      const ofExpression = compileFunction(diff('log(1 + x^y)', 'x', order), ['x', 'y'])(x, y)
      for (const found of [ofModule, ofExpression])
        expect(Math.abs(found / expected - 1), `order ${order} at ${x}, ${y}: ${found}`).toBeLessThan(1e-14)
    }
  expect(Number(run(module, 'value', 0, 2))).toBe(0)
  expect(Number(run(module, 'first', 0, 2))).toBe(0)
  expect(Number(run(module, 'value', -2, 2))).toBe(Math.log(5))
})

test('logarithms of 1 and powers of a number', () => {
  const log10 = Math.log(10)
  for (const [order, expected] of [400 * log10, log10, 0].entries())
    expect(compileFunction(diff('log(1 + 10^x)', 'x', order), ['x'])(400)).toBeCloseTo(expected, 11)
  const elo = compileFunction(diff('1 / (1 + 10^((y - x) / 400))', 'x', 2), ['x', 'y'])
  expect(elo(-2e5, 0)).toBe(0)
})

test('a loan of 360 terms: where interest is all that is paid, the payment is the rate', () => {
  const payment = (order: number): number =>
    compileFunction(diff('x * (1 + x)^y / ((1 + x)^y - 1)', 'x', order), ['x', 'y'])(0.9, 360)
  expect(payment(0)).toBe(0.9)
  expect(payment(1)).toBe(1)
  for (const order of [2, 3]) expect(Math.abs(payment(order))).toBeLessThan(1e-80)
})
