/** Derivatives in the shape in which a textbook has them, whatever the rules of differentiation leave. */
import { expect, test } from 'vitest'
import { diff, simplify } from '../../src/expression.js'

test.each([
  // One quotient, by the quotient rule.
  ['sin(x) / x', 1, '(x * cos(x) - sin(x)) / x^2'],
  ['exp(x) / x', 1, 'exp(x) * (x - 1) / x^2'],
  ['exp(-x) / x^2', 1, '-exp(-x) * (x + 2) / x^3'],
  ['log(x) / x^2', 1, '(1 - 2log(x)) / x^3'],
  ['exp(x) / (exp(x) + exp(y) + 1)', 1, 'exp(x) * (exp(y) + 1) / (exp(x) + exp(y) + 1)^2'],
  ['x^2 * y^2 + x^2 / y^2', 1, '2x * y^2 + 2x / y^2'],
  ['a * x / (b + x) + c * x', 1, 'c + a * b / (b + x)^2'],
  // What is much shorter by an identity.
  ['log(1/cos(x) + tan(x))', 1, '1 / cos(x)'],
  ['(1 - cos(x)) / sin(x)', 1, '1 / (cos(x) + 1)'],
  ['atan(sinh(x))', 1, '1 / cosh(x)'],
  ['log(sin(x))', 2, '-1 / sin(x)^2'],
  // A power with a variable in base and exponent.
  ['x^sin(x)', 1, 'x^sin(x) * (cos(x) * log(x) + sin(x) / x)'],
  ['(1 + 1/x)^x', 1, '(1 / x + 1)^x * (log(1 / x + 1) - 1 / (x + 1))'],
  // Common functions in front, and no sign that a difference takes in.
  ['x * normal_cdf(x)', 2, 'normal_pdf(x) * (2 - x^2)'],
  ['exp(-x^2)', 2, '2exp(-x^2) * (2x^2 - 1)'],
] as const)('of %s, order %i', (text, order, expected) => {
  expect(String(diff(text, 'x', order))).toBe(expected)
})

test.each([
  ['if x > 0 then x^2 else -x', 'if x > 0 then 2x else -1'],
  ['if x > 0 then x^2 else sin(x)', 'if x > 0 then 2x else cos(x)'],
  ['if x > 2 then x^3 else if x > 0 then x^2 else 0', 'if x > 2 then 3x^2 else if x > 0 then 2x else 0'],
  [
    '(if x > 2 then x^3 else 0) * y + (if x > 0 then sin(x) else x)',
    '(if x > 2 then 3x^2 * y else 0) + (if x > 0 then cos(x) else 1)',
  ],
  ['if x > 2 then x^3 else 0', '3x^2 * (x > 2)'],
  ['max(x, y)', 'if y < x then 1 else if y == x then 0.5 else 0'],
  ['max(x^2, y)', 'if y < x^2 then 2x else if y == x^2 then x else 0'],
  ['max(x, 0) * x', '2max(x, 0)'],
])('choices in the derivative of %s are said one way', (text, expected) => {
  expect(String(diff(text, 'x'))).toBe(expected)
})

test.each([
  ['(x > 0)^2', 'x > 0'],
  ['(x > 0) * (x > 1)', 'x > 1'],
  ['(x > 0) + (x <= 0)', '1'],
  ['(x == y) + (x != y)', '1'],
  ['x * (x > 0) - x * (x <= 0)', 'abs(x)'],
  ['x * (x > 0) + x^2 * (x <= 0)', 'if x <= 0 then x^2 else x'],
])('conditions are numbers: %s', (text, expected) => {
  expect(String(simplify(text))).toBe(expected)
})

test.each([
  ['2^x', '2^x * log(2)'],
  ['exp(sin(x))', 'exp(sin(x)) * cos(x)'],
  ['exp(x) * (sin(x) + cos(x))', '2exp(x) * cos(x)'],
  ['sin(x) - cos(x)', 'sin(x) + cos(x)'],
])('the factors and terms of the derivative of %s stand in the order of books', (text, expected) => {
  expect(String(diff(text, 'x'))).toBe(expected)
})

test.each([
  ['sqrt(75)', '5sqrt(3)'],
  ['sqrt(50) + sqrt(2)', '6sqrt(2)'],
  ['sqrt(3/4) * x', 'sqrt(3) * x / 2'],
  ['1 / sqrt(12)', '1 / (2sqrt(3))'],
  ['sqrt(2/3)', 'sqrt(2 / 3)'],
  ['sqrt(0.1)', 'sqrt(0.1)'],
])('squares stand outside of the root of a number: %s', (text, expected) => {
  expect(String(simplify(text))).toBe(expected)
})

test('a half is written one way in one formula', () => {
  expect(String(simplify('if y > x then x / 2 else 0.5'))).toBe('if x < y then x / 2 else 1 / 2')
  expect(String(simplify('if y > x then x else 0.5'))).toBe('if x < y then x else 0.5')
})

test('what always holds is no condition', () => {
  expect(diff('sum[i < 3] x^i', 'x').conditions).toEqual([])
})

test('each of several ties is said in the terms that it is about', () => {
  expect(String(diff('max(x, y) + max(x, z)', 'x'))).toBe(
    '(if y < x then 1 else if y == x then 0.5 else 0) + (if z < x then 1 else if z == x then 0.5 else 0)',
  )
})

test.each([
  ['x * tan(x)', 1, 'tan(x) + x / cos(x)^2'],
  ['exp(tan(x))', 1, 'exp(tan(x)) / cos(x)^2'],
  ['log(tanh(x))', 1, '2 / sinh(2x)'],
  ['asin(1/x)', 1, '-1 / (abs(x) * sqrt(x^2 - 1))'],
  ['asinh(a/x)', 1, '-a / (abs(x) * sqrt(a^2 + x^2))'],
  ['x * sigmoid(x)', 2, 'sigmoid(x) * (1 - sigmoid(x)) * (x - 2x * sigmoid(x) + 2)'],
  ['if x < 0 then -x^2 else x^2', 1, '2abs(x)'],
  ['abs(x) / x', 1, '0'],
] as const)('the derivative of %s, order %i, is said shortly', (text, order, expected) => {
  expect(String(diff(text, 'x', order))).toBe(expected)
})
