/** Laws that only people need: by facts that the expression itself demands, of roundings, triangles and factorials. */
import { describe, expect, test } from 'vitest'
import { diff, evaluate, simplify } from '../../src/expression.js'
import { Expression } from '../../src/expression/expression.js'

test.each([
  // Where a logarithm or a root has a value, signs are known.
  ['log(x) + abs(x)', 'x + log(x)', []],
  ['sqrt(x)^2 + abs(x)', '2x', ['x >= 0']],
  ['log(x) / log(x^2)', '0.5', ['x != 1', 'x > 0']],
  ['sqrt(x - 1) * abs(x)', 'x * sqrt(x - 1)', []],
  ['asin(x) * abs(x - 1)', 'asin(x) * (1 - x)', []],
  ['abs(x) / sqrt(x)', 'sqrt(x)', ['x > 0']],
  ['if y > 0 then log(x) else abs(x)', 'if y > 0 then log(x) else abs(x)', []],
  // Roundings and remainders.
  ['floor(floor(x) + 1/2)', 'floor(x)', []],
  ['mod(x + 2pi, 2pi)', 'mod(x, 2pi)', []],
  ['mod(mod(x, 5), 5)', 'mod(x, 5)', []],
  ['y * floor(x / y) + mod(x, y)', 'x', ['y != 0']],
  ['floor(x) + mod(x, 1)', 'x', []],
  // Triangles.
  ['hypot(3x, -4x)', '5abs(x)', []],
  ['hypot(-x, y)', 'hypot(x, y)', []],
  ['hypot(r * cos(t), r * sin(t))', 'abs(r)', []],
  ['hypot(x, y) * cos(atan2(y, x))', 'x', []],
  ['atan2(2y, 2x)', 'atan2(y, x)', []],
  ['atan2(-y, -x)', 'atan2(-y, -x)', []],
  ['tan(atan2(y, exp(x)))', 'y * exp(-x)', []],
  // Half angles.
  ['sin(x) / (1 + cos(x))', 'tan(x / 2)', []],
  ['(1 - cos(x)) / (1 + cos(x))', 'tan(x / 2)^2', []],
  ['(cosh(x) - 1) / sinh(x)', 'tanh(x / 2)', ['x != 0']],
  // Factorials.
  ['lgamma(x + 1) - lgamma(x)', 'log(abs(x))', ['floor(x) != x or x > 0']],
  ['digamma(x + 1) - 1/x', 'digamma(x)', []],
  ['exp(lgamma(5))', '24', []],
  // Roots of roots.
  ['sqrt(7 + 4sqrt(3))', 'sqrt(3) + 2', []],
  ['sqrt(5 - 2sqrt(6))', 'sqrt(3) - sqrt(2)', []],
  ['sqrt(2 + sqrt(3))', 'sqrt(sqrt(3) + 2)', []],
  // Slopes of hyperbolic functions.
  ['(1 - tanh(x)^2) / tanh(x)^2', '1 / sinh(x)^2', []],
  // Roots of fractions.
  ['sqrt(1 - 4x^2 / (x^2 + 1)^2)', 'abs(x^2 - 1) / (x^2 + 1)', []],
  ['sqrt(1 + (x - 1/x)^2 / 4)', 'abs(x + 1 / x) / 2', []],
  ['(1 - x^2) / sqrt(1 - 4x^2 / (x^2 + 1)^2)', 'sign(1 - x^2) * (x^2 + 1)', ['x^2 != 1']],
  ['(y - x) / abs(x - y)', 'sign(y - x)', ['y != x']],
  // Reductions of a number.
  ['max(x) + min(x) + logsumexp(x)', '3x', []],
  // Arms that say the same where both sides are equal.
  ['if x == y then x else y', 'y', []],
  ['if x == 0 then 1 else x', 'if x == 0 then 1 else x', []],
])('%s is %s', (text, expected, conditions) => {
  const result = simplify(text)
  expect(String(result)).toBe(expected)
  expect(result.conditions.map(String)).toEqual(conditions)
})

test.each([
  // A sine is 0 where the square of the cosine is 1, and a cosine of the double angle where those of the angle are alike.
  ['1/sin(x)^2 - 1/tan(x)^2', '1', ['sin(x) != 0', 'cos(x) != 0']],
  ['2tan(x) / (1 - tan(x)^2)', 'tan(2x)', ['cos(x) != 0']],
  ['1/(1 - sin(x)) + 1/(1 + sin(x))', '2 / cos(x)^2', []],
  // What is no whole number is not 0.
  ['exp(lgamma(x + 1)) / exp(lgamma(x))', 'abs(x)', ['floor(x) != x or x > 0']],
  // As short as what the result demands of a variable allows.
  ['log(x^2 * y) - log(x * y)', 'log(x)', ['y > 0']],
  ['sqrt(x) / sqrt(x * y)', 'sqrt(1 / y)', ['x > 0']],
  ['(exp(x) - 1) / (exp(2x) - 1)', 'sigmoid(-x)', ['x != 0']],
])('conditions of %s say what is new', (text, expected, conditions) => {
  const result = simplify(text)
  expect(String(result)).toBe(expected)
  expect(result.conditions).toEqual(conditions)
})

test.each([
  // Several functions of one exponential, and powers of powers of a number.
  ['(exp(2x) - 1) / (exp(x) + 1)', 'exp(x) - 1', []],
  ['expm1(2x) / expm1(x)', 'exp(x) + 1', ['x != 0']],
  ['3^(2x) / 9^x', '1', []],
  ['exp(-softplus(x))', 'sigmoid(-x)', []],
  ['log(sigmoid(x)) - log(sigmoid(-x))', 'x', []],
  // Roots: of numbers, and as what divides a sum.
  ['(x^2 - 3) / (x + sqrt(3))', 'x - sqrt(3)', ['x + sqrt(3) != 0']],
  ['cbrt(16) - cbrt(2)', 'cbrt(2)', []],
  // Sums of hyperbolic functions, tangents.
  ['cosh(x + y) - cosh(x - y)', '2sinh(x) * sinh(y)', []],
  ['(1 + tan(x)^2) / tan(x)', '2 / sin(2x)', []],
  ['sqrt(1 + tan(x)^2)', '1 / abs(cos(x))', []],
  // Factorials and remainders.
  ['exp(lgamma(x + 2) - lgamma(x))', 'abs(x * (x + 1))', ['floor(x) != x or x > 0']],
  ['lgamma(x + 1) - log(x)', 'lgamma(x)', ['x > 0']],
  ['mod(5x, 5) / 5', 'mod(x, 1)', []],
  // Choices, of which the condition says more.
  ['if x > 0 then (if x > -1 then x else 3) else 2', 'if x > 0 then x else 2', []],
  ['if x < 2 then y else (if x < 1 then z else y^2)', 'if x < 2 then y else y^2', []],
  ['if x >= 0 then (if x > 0 then y else z) else 2', 'if x >= 0 then (if x > 0 then y else z) else 2', []],
  ['x * (if x > 0 then 3 else -3)', '3abs(x)', []],
  ['if abs(x) < 2 then x else 2sign(x)', 'clamp(x, -2, 2)', []],
  ['hypot(x, y)^2 - x^2', 'y^2', []],
])('%s is the shorter %s', (text, expected, conditions) => {
  const result = simplify(text)
  expect(String(result)).toBe(expected)
  expect(result.conditions).toEqual(conditions)
})

test.each([
  // What a condition says of extremes, moduli and signs in its arms.
  ['if x < 1 then 2min(x, 1) else 0', '2x * (x < 1)'],
  ['if x > y then max(x, y)^2 else y', 'if y < x then x^2 else y'],
  ['if x <= y then y - min(x, y) else 0', 'relu(y - x)'],
  ['if x > 2 then abs(x) * sign(x) + max(x, 1) else 0', '2x * (x > 2)'],
  // Not where only one side is known: at 0 a sign is 0, and a bound that is too low says nothing.
  ['if x >= 0 then y + sign(x) else 0', 'if x >= 0 then y + sign(x) else 0'],
  ['if x > 1 then y + max(x, 2) else 0', 'if x > 1 then y + max(x, 2) else 0'],
  // Choices by one condition.
  ['(if x > 0 then a else b) + (if x > 0 then b else a)', 'a + b'],
  ['(if x > 0 then a else 3) - (if x <= 0 then 2 else b)', 'if x > 0 then a - b else 1'],
  [
    '(if x > 0 then a else b) + (if y > 0 then b else a)',
    '(if x > 0 then a else b) + (if y > 0 then b else a)',
  ],
  // One of two comparisons always holds; a sign is 1 or the whole is undefined.
  ['y * (x <= 0 or x != 0)', 'y'],
  ['sign(x)^2 / sqrt(abs(x))', '1 / sqrt(abs(x))'],
  ['sign(x)^2 / sqrt(abs(y))', 'sign(x^2) / sqrt(abs(y))'],
])('%s is the shorter %s, without conditions', (text, expected) => {
  const result = simplify(text)
  expect(String(result)).toBe(expected)
  expect(result.conditions).toEqual([])
})

describe('sums', () => {
  const assume = 'n integer, n > 0'
  test.each([
    ['(sum[k < n] k) + (sum[i < n] i^2)', 'sum[i < n] (i^2 + i)'],
    ['(sum[k < n] k * x) - sum[i < n] sin(i * x)', 'x * (sum[k < n] k) - sum[i < n] sin(i * x)'],
    ['(sum[k < n] x^k) + sum[i < m] x^i', 'sum[i < m] x^i + sum[k < n] x^k'],
    ['sum[k < n] (sin(k * x)^2 + cos(k * x)^2)', 'n'],
    ['sum[k < n] (k * x - 1) * (k * x + 1)', 'x^2 * (sum[k < n] k^2) - n'],
    ['max[k < n] sqrt((k - x)^2)', 'max[k < n] abs(k - x)'],
    // Nothing could say for which terms this is undefined.
    ['sum[k < n] (k^2 - x^2) / (k - x)', 'sum[k < n] (k^2 - x^2) / (k - x)'],
  ])('%s is %s', (text, expected) => {
    const result = simplify(text, { assume: `${assume}, m integer, m > 0` })
    expect(String(result)).toBe(expected)
    expect(result.conditions).toEqual([])
  })

  test.each([
    ['sum[k < n] x^k', 'sum[k < n] k * x^(k - 1)'],
    ['exp(sum[k < n] x^k)', '(sum[k < n] k * x^(k - 1)) * exp(sum[k < n] x^k)'],
    ['log(sum[k < n] exp(k * x))', '(sum[k < n] k * exp(k * x)) / (sum[k < n] exp(k * x))'],
    [
      'sum[j < n] (j * log(sigmoid(j * x)) + (1 - j) * log(1 - sigmoid(j * x)))',
      'sum[j < n] (j^2 - j * sigmoid(j * x))',
    ],
    // A condition of the author stays.
    ['sum[k < n if k != 0] x^k / k', 'sum[k < n if k != 0] x^(k - 1)'],
    // Few terms are written out, and then have a value everywhere.
    ['sum[i < 3] x^i', '2x + 1'],
  ])('the derivative of %s is %s', (text, expected) => {
    const derivative = diff(text, 'x', 1, { assume })
    expect(String(derivative)).toBe(expected)
    expect(derivative.conditions).toEqual([])
    for (const x of [-1.3, 0, 0.4, 1.5]) {
      const at = (place: number): number => evaluate(Expression.parse(text, { assume }), { x: place, n: 4 })
      const slope = (at(x + 1e-5) - at(x - 1e-5)) / 2e-5
      expect(evaluate(derivative, { x, n: 4 }) / slope).toBeCloseTo(1, 4)
    }
  })

  test.each(['abs(x)^n', 'x * abs(x)^(n - 1)'])(
    'the formula of the derivative of %s has no choice',
    (text) => {
      expect(String(diff(text, 'x'))).not.toContain('if')
    },
  )
})
