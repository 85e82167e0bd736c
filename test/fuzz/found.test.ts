/** What random tests have found, each the shortest of its kind. */
import { describe, expect, test } from 'vitest'
import { compileFunction, diff, evaluate, grad, simplify } from '../../src/expression.js'

describe('conditions say where the given expression was undefined', () => {
  test.each([
    // Of a factor that never is 0 its domain is all there is to say.
    ['min(-1, sqrt(x)) / min(-1, sqrt(x))', '1', ['x >= 0']],
    ['0 / log1mexp(1 / y)', '0', ['y < 0']],
    // What an arm asks for is no condition where it is not taken.
    ['0 / (if x > 0 then 2 else x / y)', '0 / (if x > 0 then 2 else x / y)', []],
    ['log(0) / log(0)', 'log(0) / log(0)', []],
  ])('%s is %s under %j', (given, expected, conditions) => {
    const result = simplify(given)
    expect(String(result)).toBe(expected)
    for (const condition of conditions) expect(result.conditions).toContain(condition)
    if (conditions.length === 0) expect(result.conditions).toEqual([])
  })
})

test.each([
  // Around what is infinite there is a value, but none of 0 · ∞.
  ['x / tanh(x / x^2)', 'x / tanh(1 / x)', ['x != 0']],
  ['atan(x * x^(-3))', 'atan(1 / x^2)', ['x != 0']],
  ['min(x, x / x^3)', 'min(x, 1 / x^2)', ['x != 0']],
  ['sigmoid(x / x^3)', 'sigmoid(1 / x^2)', ['x != 0']],
  ['atan(1/x - 1/x^2)', 'atan((x - 1) / x^2)', ['x != 0']],
  ['atan((x^2 - 1) / (x - 1)^3)', 'atan((x + 1) / (x - 1)^2)', ['x != 1']],
  ['sqrt(x / y) / sqrt(x / y)', '1', ['x / y > 0']],
  // What the result demands is not said again.
  ['x * x^(-2)', '1 / x', []],
  ['1/x - 1/x^2', '(x - 1) / x^2', []],
  ['1/(x - 1) - 1/(x + 1)', '2 / (x^2 - 1)', []],
  ['(x^2 - 1) / (x - 1)^2', '(x + 1) / (x - 1)', []],
])('%s is %s where %j', (given, expected, conditions) => {
  const result = simplify(given)
  expect(String(result)).toBe(expected)
  expect(result.conditions).toEqual(conditions)
})

test.each([
  ['softplus(0) + x', { x: 1 }, Math.LN2 + 1],
  ['x * softplus(0)', { x: 2 }, 2 * Math.LN2],
  ['exp(log(0) + exp(y))', { y: 0 }, 0],
  ['y / 0^x', { x: 1, y: 2 }, Infinity],
])('%s is evaluated and simplified', (text, at, value) => {
  expect(evaluate(text, at)).toBeCloseTo(value, 12)
  expect(evaluate(simplify(text), at)).toBeCloseTo(value, 12)
})

test('what is defined nowhere is simplified', () => {
  expect(evaluate(simplify('3 - 2 * exp(0 / 0) * y'), { y: 0 })).toBeNaN()
})

test('a quotient by 0 under a root is differentiated', () => {
  expect(evaluate(diff('(x + 0.5 / 0)^(3/2)', 'x', 2), { x: 1 })).not.toBeGreaterThan(1)
})

test('a condition that is no number does not hold', () => {
  const f = compileFunction('if log(x) then 1 else 2', ['x'])
  expect([-1, 1, 2].map((x) => f(x))).toEqual([2, 2, 1])
})

describe('x^y where y is 0', () => {
  const at = { x: 2, y: 0 }
  test('depends on y in its slope', () => {
    expect(evaluate(grad(diff('x^y', 'x'), ['y'])[0], at)).toBeCloseTo(0.5, 12)
    expect(evaluate(grad(diff('x^y', 'y'), ['x'])[0], at)).toBeCloseTo(0.5, 12)
  })
  test('has no slope at x = 0', () => expect(evaluate(diff('x^y', 'x'), { x: 0, y: 0 })).toBe(0))
})

test('an arm that is not taken adds nothing to a derivative of two arms with one condition', () => {
  const slope = grad(diff('(if y then y^x else 2) / x', 'x'), ['y'])[0]
  expect(evaluate(slope, { x: -2, y: 0 })).toBe(0)
})

test.each(['0 * trunc(y^(1/3))', '0 * floor(sqrt(y))', '0 * sign(log(y))'])(
  '%s is no number where y is negative',
  (text) => {
    expect(compileFunction(text, ['y'])(-2)).toBeNaN()
    expect(simplify(text).conditions).not.toEqual([])
  },
)

test.each(['0 / sign(x / y)', '0 * (not x < y)'])('%s is simplified', (text) => {
  expect(String(simplify(text))).toBe('0')
})

test('terms that vanish under a condition are no common number', () => {
  const text = '((y + atan2(x, x))^x) * (log(y) - ((y + atan2(x, x))^x))'
  const at = { x: 0.7, y: 1.3 }
  const f = (x: number): number => evaluate(text, { ...at, x })
  expect(evaluate(diff(text, 'x'), at)).toBeCloseTo((f(0.7 + 1e-5) - f(0.7 - 1e-5)) / 2e-5, 6)
})

test('a series in a product is not divided by the product where the other factor is 0', () => {
  expect(evaluate('expm1(x * y) / (x * x)', { x: 1.25, y: 0 })).toBe(0)
})

test.each([
  // At the pole another value comes of the infinity, or a number: that the result is defined there says nothing.
  ['x/x + atan(1 / x)', ['x != 0']],
  ['min(x / x, abs(1 / x))', ['x != 0']],
  ['floor(x) / floor(x) * atan(1 / floor(x))', ['floor(x) != 0']],
  ['expm1(log(pi / (x / x^3)))', ['x != 0']],
  ['tanh(log(x)) + log(x) - log(x)', ['x > 0']],
  ['(0.5 + cbrt(x / y + 2)) / cbrt(x / y + 2)', ['y != 0']],
  ['(y - log(y * y)) / log(y * y)', ['y != 0']],
  // Where it is undefined or infinite it is not 0 either.
  ['tanh(x / y) / tanh(x / y)', ['y != 0']],
  ['acos(x) * y / acos(x)', ['acos(x) != 0', 'x >= -1', 'x <= 1']],
  ['log(atanh(x) * y) - log(atanh(x))', ['x < 1']],
  ['x^y * sqrt(x)', ['x >= 0']],
  ['x^y / x^y', ['x^y != 0']],
])('%s is said to be defined under %j', (given, conditions) => {
  expect(simplify(given).conditions).toEqual(expect.arrayContaining(conditions))
})

test.each([
  ['log(x * atanh(2 - min(1, x)))', { x: 0 }],
  ['sqrt(x * softplus(1 / y^(1/3)))', { x: 0, y: -2 }],
  ['sqrt(relu(y) * (y / x))', { x: 0, y: -3 }],
  ['sqrt(2y^2) / x^(3/2)', { x: -1, y: 0 }],
])('%s at %j is no number: of its factors one is 0, one undefined', (text, at) => {
  expect(evaluate(text, at)).toBeNaN()
})

test('what is divided by 0 cancels with nothing', () => {
  expect(evaluate(simplify('0^(-3/2) / (0^(-3/2) + x)'), { x: 1 })).not.toBe(1)
})

test('a condition on a constant beside what vanishes is printed', () => {
  expect(simplify('0 * 0^y + 1 > 0').toString()).toBe('0 * 0^y > -1')
})
