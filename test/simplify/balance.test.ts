/** What a shorter or another order of factors must not bring about: numbers that are none on the way. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { compileFunction, diff, simplify } from '../../src/expression.js'

describe('what simplify shows is computed without overflow', () => {
  test.each([
    ['log(x) + log(y)', [1e200, 1e200], 400 * Math.LN10],
    ['log(x) + log(y)', [1e-200, 1e-200], -400 * Math.LN10],
    ['log(x) - log(y)', [1e200, 1e-200], 400 * Math.LN10],
    ['2log(x) + log(y)', [1e200, 1e-300], 100 * Math.LN10],
    ['sqrt(x)*sqrt(y)', [1e200, 1e250], 1e225],
  ] as const)('%s at %j', (text, at, exact) => {
    const f = compileFunction(simplify(text), ['x', 'y'])
    if (exact === 0 || !Number.isFinite(exact)) expect(f(...at)).toBeCloseTo(exact, 300)
    else expect(Math.abs(f(...at) / exact - 1)).toBeLessThan(1e-14)
  })
})

describe('log(x y) keeps its domain', () => {
  const f = compileFunction('log(x*y)', ['x', 'y'])
  test.each([
    [-1e200, -1e200, 400 * Math.LN10],
    [-1e200, 1e200, NaN],
    [0, 1e200, -Infinity],
    [Infinity, 2, Infinity],
    [3, 1 / 3, 0],
    [NaN, 1, NaN],
  ])('at (%d, %d)', (x, y, exact) => {
    if (Number.isFinite(exact)) expect(f(x, y)).toBeCloseTo(exact, 10)
    else expect(f(x, y)).toBe(exact)
  })
})

test.each([
  [-1, 0, 0],
  [0, 0, 0],
  [2, 0, 0],
  [0, 3, 0],
])('(x y²)^(1/3) at (%d, %d)', (x, y, root) => {
  expect(Math.abs(compileFunction('(x*y^2)^(1/3)', ['x', 'y'])(x, y))).toBe(root)
})

test.each([
  ['(-x*sqrt(y))^(1/4)', 3, 0, 0],
  ['sqrt(x*y^0.7)', 0, -1, NaN],
  ['log(x*y^1.5)', 1e-100, 1e-300, -550 * Math.LN10],
])('%s at (%d, %d)', (text, x, y, value) => {
  const result = compileFunction(text, ['x', 'y'])(x, y)
  if (Number.isNaN(value)) expect(result).toBeNaN()
  else expect(Math.abs(result - value)).toBeLessThan(1e-11)
})

test.each(['max(log(x*y^2), 0.5)', 'max(sqrt(x*y^2), 0.5)'])(
  '%s is no number where x is negative and the product underflows',
  (text) => expect(compileFunction(text, ['x', 'y'])(-1, 1e-200)).toBeNaN(),
)

test.each(['log(y*sqrt(x))', 'log(y*x^(3/2))', 'sqrt(y*sqrt(x))', 'sqrt(y*x^(3/2))'])(
  '%s is no number where x is negative',
  (text) => {
    const f = compileFunction(text, ['x', 'y'])
    for (const y of [1e-300, 0.8, 1e300]) for (const x of [-1e300, -0.6, -1e-300]) expect(f(x, y)).toBeNaN()
  },
)

describe('quotients', () => {
  test.each([
    ['x*y/(x + y)', 0, [1e200, 1e200], 5e199],
    ['x/(x + y)', 1, [1e200, 1e200], 2.5e-201],
    ['x/(x + y)', 1, [1e-200, 1e-200], 2.5e199],
    ['y/x', 1, [1e200, 1e300], -1e-100],
    ['x/sqrt(x^2 + y^2)', 1, [1e200, 1e200], Math.SQRT1_2 / 2 / 1e200],
    ['x/(x^2 + y^2)', 0, [1e200, 1e200], 5e-201],
    ['x/(x^2 + y^2)', 1, [1e-120, 2e-120], 1.2e239],
    ['(x^2 - y^2)/(x^2 + y^2)', 0, [2e-200, 1e-200], 0.6],
    ['log(x^2 + y^2)', 2, [1e140, 3e140], 1.6e-281],
    ['1/(1 + x^2 + y^2)', 1, [1e100, 1e100], -5e-301],
    ['sqrt(1 + x^2 + y^2)', 2, [1e160, 1e160], Math.SQRT1_2 / 2e160],
    ['hypot(x, y)', 3, [1e90, 1e90], (-3 / 4) * Math.SQRT1_2 * 1e-180],
    ['y*exp(-y/x)/x^2', 0, [1e200, 2e200], 2 * Math.exp(-2) * 1e-200],
    ['(2x + 3y)*(x - y)/(x + y)', 0, [1e200, 2e200], -8e200 / 3],
    ['y^2/x^4', 0, [1e160, 1e300], 1e-40],
    ['y^3/x^2', 0, [1e-200, 1e-140], 1e-20],
    // By sums of products.
    ['x^2/(y + x^2)', 0, [1e200, 1e300], 1],
    ['x^2/(y + x^2)', 1, [1e200, 1e300], 2e-300],
    ['x^2/(y + x^2)', 3, [1e-120, 1e-120], -24e120],
    ['x^4/(y^4 + x^4)', 1, [1e100, 1e100], 1e-100],
    ['1/(1 + y*exp(-x))', 1, [-400, 1], Math.exp(-400)],
    ['1/(1 + y*exp(-x))', 3, [-500, 2], Math.exp(-500) / 2],
    ['x/(1 + x + x^2/y)', 0, [1e200, 1], 1e-200],
    ['1/(x*y + 1/x)', 1, [1e-200, 1e100], 1],
    ['x/(y - x^2)', 0, [-2, 4], -Infinity],
    ['x^2/(y + x^2 - y1)', 0, [0, 1e300, 1], 0],
    // Factors that have nothing to do with each other stay in the order in which they are written.
    ['x*y/y1', 0, [1e200, 1e-200, 1e-200], 1e200],
  ] as const)('%s, order %i, at %j', (text, order, at, exact) => {
    const f = compileFunction(diff(text, 'x', order), ['x', 'y', 'y1'])
    if (exact === 0 || !Number.isFinite(exact)) expect(f(...at)).toBeCloseTo(exact, 300)
    else expect(Math.abs(f(...at) / exact - 1)).toBeLessThan(1e-14)
  })
})

describe('bounds of sizes', () => {
  const codeOf = (text: string): string => compileModule(`export fn ${text}\n`).code
  const countOf = (code: string, part: string): number => code.split(part).length - 1

  test('what vanishes is not asked for beside a polynomial of itself', () => {
    expect(countOf(codeOf('f(x) = x + 7*tanh(7*x)'), '-760')).toBe(0)
  })

  test('beside what grows the product is written once', () => {
    const code = codeOf('f(x) = exp(-x*x)*(x^4 - x^2)')
    // In the functions of the value and of both.
    expect(countOf(code, 'exp * (x - product) * (x + product)')).toBe(2)
  })

  test('long sums are not divided term by term', () => {
    const above = Array.from({ length: 12 }, (_, k) => `sin(${k + 1} + a)*exp(b/${k + 1})`).join(' + ')
    const code = codeOf(`f(a, b, c, d, x, y) = (${above})*c*exp(x)*y/(a*b + c*d + x*y)`)
    expect(code.length).toBeLessThan(80_000)
  })
})
