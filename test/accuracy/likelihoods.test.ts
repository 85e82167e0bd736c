/** Densities and likelihoods as they are written down: ordinary numbers of factors and terms that overflow and underflow. Values of mpmath. */
import { describe, expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'
import { load, run } from '../codegen/load.js'

type Case = readonly [text: string, at: readonly [number, number], exact: readonly number[]]

const CASES: readonly Case[] = [
  ['x^y * exp(-x) / exp(lgamma(y + 1))', [300, 300], [0.023026546149187352]],
  ['x^y * exp(-x) / exp(lgamma(y + 1))', [700, 300], [1.090113274680052e-65]],
  ['x^(y - 1) * exp(-x / 2) / (2^y * exp(lgamma(y)))', [600, 300], [0.011513273074593676]],
  ['log(x^y * (1 - x)^3)', [0.1, 800], [-1842.38415594221, 7996.666666666667, -80003.7037037037]],
  ['log((exp(x) + exp(y)) / 2)', [-800, -801], [-800.3798854930417]],
  ['log(y * exp(-x) + (1 - y) * exp(-2 * x))', [800, 0.3], [-801.203972804326, -1, 0]],
  ['log(exp(x) + y)', [800, 0.001], [800, 1, 0]],
  ['log(1 + y * exp(x))', [1000, 0.001], [993.0922447210179, 1, 0]],
  ['log(0.4 * normal_pdf(x - y) + 0.6 * normal_pdf(x + y))', [50, 1], [-1202.335229265079, -49, -1]],
]

describe.each(CASES)('%s at %o', (text, at, exact) => {
  test('by expressions', () => {
    for (const [order, expected] of exact.entries()) expectNear(compileFunction(diff(text, 'x', order), ['x', 'y'])(...at), expected) // prettier-ignore
  })

  test('in modules', async () => {
    const orders = exact.map((_, order) => `export fn f${order}(x, y) = ${order === 0 ? text : `d(f${order - 1}(x, y), x)`}`) // prettier-ignore
    const module = await load(orders.join('\n'), { dtype: 'f64' })
    for (const [order, expected] of exact.entries()) expectNear(Number(run(module, `f${order}`, ...at)), expected) // prettier-ignore
  })
})

function expectNear(found: number, expected: number): void {
  expect(Math.abs(found - expected), `${found}, not ${expected}`).toBeLessThanOrEqual(1e-12 * Math.abs(expected)) // prettier-ignore
}

describe('a norm whose powers are no numbers', () => {
  const norm = '(abs(x)^y + 1)^(1 / y)'

  test('by expressions', () => {
    for (const x of [1e17, 1e100])
      for (const [order, expected] of [x, 1, 0].entries()) expectNear(compileFunction(diff(norm, 'x', order), ['x', 'y'])(x, 30), expected) // prettier-ignore
    expectNear(compileFunction('(abs(x)^y + abs(z)^y)^(1 / y)', ['x', 'y', 'z'])(1e-20, 30, 1e-20), 2 ** (1 / 30) * 1e-20) // prettier-ignore
    expect(compileFunction('(abs(x)^y + abs(z)^y)^(1 / y)', ['x', 'y', 'z'])(0, 3, 0)).toBe(0)
  })

  test('in modules', async () => {
    const module = await load(
      `export fn norm(x, y) = ${norm}
       export fn slope(x, y) = d(norm(x, y), x)
       export fn curvature(x, y) = d(slope(x, y), x)`,
      { dtype: 'f64' },
    )
    for (const x of [1e17, 1e100])
      for (const [name, expected] of [['norm', x], ['slope', 1], ['curvature', 0]] as const) expectNear(Number(run(module, name, x, 30)), expected) // prettier-ignore
  })
})

test('the second derivative of sin(x y) / (x y), in modules', async () => {
  const module = await load(
    `fn first(x, y) = d(sin(x * y) / (x * y), x)
     export fn second(x, y) = d(first(x, y), x)`,
    { dtype: 'f64' },
  )
  // y² (-1/3 + (x y)² / 10 - (x y)⁴ / 168 + …)
  for (const [x, y] of [[1e-9, 2], [1e-3, 0.1], [-1e-12, 3], [1e-5, 1e3]]) // prettier-ignore
    expectNear(Number(run(module, 'second', x, y)), y ** 2 * (-1 / 3 + (x * y) ** 2 / 10 - (x * y) ** 4 / 168)) // prettier-ignore
})
