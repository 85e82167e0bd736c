/** Rewrites that a compiler of formulas ought to know, one by one: for people where they read it, and in what is computed. */
import { describe, expect, test } from 'vitest'
import { diff, simplify } from '../../src/expression.js'
import { Expression } from '../../src/expression/expression.js'
import { load } from '../../src/load.js'

type Row = readonly (readonly [given: string, expected: string, assume?: string])[]

const named = (rows: Row) => rows.map(([given, expected, assume = '']) => ({ given, expected, assume }))

const computed = (text: string, assume: string): string => {
  const given = Expression.parse(text, { assume: assume === '' ? [] : assume })
  return String(given.with(given.stable()))
}

const COMPUTED: Readonly<Record<string, Row>> = {
  'exponentials and logarithms without cancellation': [
    ['log(1 + x)', 'log1p(x)'],
    ['log(1 - x)', 'log1p(-x)'],
    ['exp(x) - 1', 'expm1(x)'],
    ['log1p(exp(x))', 'softplus(x)'],
    ['log(1 + exp(x))', 'softplus(x)'],
    ['log1p(-exp(x))', 'log1mexp(x)'],
    ['log(1 - exp(x))', 'log1mexp(x)'],
    ['log(-expm1(x))', 'log1mexp(x)'],
    ['log(exp(a) + exp(b))', 'max(b, a) + (if b == a then log(2) else softplus(-abs(b - a)))'],
    ['log(exp(a) - exp(b))', 'a + log1mexp(b - a)'],
    ['a / exp(b)', 'a * exp(-b)'],
    ['exp(a) * exp(b)', 'exp(a + b)'],
  ],
  'sigmoids and softplus': [
    ['log(sigmoid(x))', 'log_sigmoid(x)'],
    ['log(1 - sigmoid(x))', 'log_sigmoid(-x)'],
    ['log1p(-sigmoid(x))', '-softplus(x)'],
    ['1 - sigmoid(x)', 'sigmoid(-x)'],
    ['1 / (1 + exp(x))', 'sigmoid(-x)'],
    ['exp(x) / (1 + exp(x))', 'sigmoid(x)'],
    ['sigmoid(x) / (1 - sigmoid(x))', 'exp(x)'],
    ['(1 - sigmoid(x)) / sigmoid(x)', 'exp(-x)'],
    ['exp(x) * sigmoid(-x)', 'sigmoid(x)'],
    ['softplus(x) - x', 'softplus(-x)'],
    ['softplus(log(x))', 'log1p(x)', 'x > 0'],
    ['exp(softplus(x))', 'exp(x) + 1'],
    ['expm1(softplus(x))', 'exp(x)'],
    [
      '-(z * log(sigmoid(x)) + (1 - z) * log(1 - sigmoid(x)))',
      '-log_sigmoid(-x) * (1 - z) - z * log_sigmoid(x)',
    ],
    ['(exp(x) - exp(-x)) / (exp(x) + exp(-x))', 'tanh(x)'],
    ['2sigmoid(2x) - 1', 'tanh(x)'],
  ],
  'special functions and roots without cancellation': [
    ['1 - erf(x)', 'erfc(x)'],
    ['1 + erf(x)', 'erfc(-x)'],
    ['erf(x) - 1', '-erfc(x)'],
    ['1 - erfc(x)', 'erf(x)'],
    ['x / 2 * (1 + erf(x / sqrt(2)))', 'x * normal_cdf(x)'],
    ['log(erfc(x))', 'log_erfc(x)'],
    ['x^2 - y^2', '(x - y) * (x + y)'],
    ['sqrt(x + 1) - sqrt(x)', '1 / (sqrt(x) + sqrt(x + 1))'],
    ['sqrt(a) - sqrt(b)', '(a - b) / (sqrt(a) + sqrt(b))', 'a >= 0, b > 0'],
    ['1 - cos(x)', '2sin(x / 2)^2'],
    ['sqrt(x^2 + y^2)', 'hypot(y, x)'],
    ['log(p / (1 - p))', 'logit(p)'],
  ],
  'inverse functions, where the domain allows it': [
    ['log(exp(x))', 'x'],
    ['log1p(expm1(x))', 'x'],
    ['exp(log(x))', 'exp(log(x))'],
    ['exp(log(x))', 'x', 'x > 0'],
    ['expm1(log1p(x))', 'x', 'x >= 0'],
    ['exp(log1p(x))', 'x + 1', 'x >= 0'],
    ['sqrt(x^2)', 'abs(x)'],
    ['sqrt(x)^2', 'sqrt(x)^2'],
    ['sqrt(x)^2', 'x', 'x >= 0'],
    ['log(x^2)', '2log(abs(x))'],
    ['log(x^3)', '3log(x)'],
    ['log(sqrt(x))', 'log(x) / 2'],
    ['log(1 / x)', '-log(x)'],
    ['abs(x) * sign(x)', 'x'],
  ],
  'what holds in floating point too': [
    ['abs(abs(x))', 'abs(x)'],
    ['abs(-x)', 'abs(x)'],
    ['abs(x^2)', 'x^2'],
    ['relu(relu(x))', 'relu(x)'],
    ['max(x, x)', 'x'],
    ['sign(sign(x))', 'sign(x)'],
    ['relu(x) - relu(-x)', 'x'],
    ['sin(x)^2 + cos(x)^2', '1'],
    ['x^0', '1'],
    ['x^1', 'x'],
    ['1^y', '1'],
    ['x^0.5', 'sqrt(x)'],
    ['x^-1', '1 / x'],
    ['x^-0.5', '1 / sqrt(x)'],
    ['x + 0', 'x'],
    ['x * 1', 'x'],
    ['-(-x)', 'x'],
    ['x - (-y)', 'x + y'],
    ['x * 0', '0'],
    ['x - x', '0'],
    ['2x + 3x', '5x'],
    ['c + c + c', '3c'],
    ['if c > 0 then x else x', 'x'],
    ['if 2 > 1 then x else y', 'x'],
    ['(if c > 0 then t else 0) / a', 'if c > 0 then t / a else 0'],
    ['a * (if c > 0 then t else 0)', 'a * t * (c > 0)'],
    ['sum[k < 5] c * k^2', 'c * (sum[k < 5] k^2)'],
    ['sum[k < 5] -x^k', '-sum[k < 5] x^k'],
  ],
}

describe.each(Object.entries(COMPUTED))('computed: %s', (_, rows) => {
  test.each(named(rows))('$given is $expected $assume', ({ given, expected, assume }) => {
    expect(computed(given, assume)).toBe(expected)
  })
})

const READ: Readonly<Record<string, Row>> = {
  powers: [
    ['x^a * x^b', 'x^(a + b)', 'x > 0'],
    ['x * x^a', 'x^(a + 1)', 'x > 0'],
    ['(x^a)^b', 'x^(a * b)', 'x > 0'],
    ['(x^a)^b', '(x^a)^b'],
    ['(x * y)^c', '(x * y)^c'],
    ['x^-3', '1 / x^3'],
  ],
  'what may cancel': [
    ['x / x', '1', 'x != 0'],
    ['0 / x', '0', 'x != 0'],
    ['x / abs(x)', 'sign(x)', 'x != 0'],
    ['log(x^2)', '2log(x)', 'x > 0'],
    ['a * x + a * y', 'a * (x + y)'],
  ],
  choices: [
    ['if not c > 0 then x else y', 'if c <= 0 then x else y'],
    ['if c > 0 then (if c > 0 then x else y) else z', 'if c > 0 then x else z'],
  ],
  'both as a program has them': [
    ['log(1 - sigmoid(x))', '-softplus(x)'],
    ['sigmoid(x) / (1 - sigmoid(x))', 'exp(x)'],
    ['1 / sigmoid(x) - 1', 'exp(-x)'],
    ['sum[k < 5] c * k^2', '30c'],
  ],
}

describe.each(Object.entries(READ))('read: %s', (_, rows) => {
  test.each(named(rows))('$given is $expected $assume', ({ given, expected, assume }) => {
    const result = simplify(given, assume === '' ? {} : { assume })
    expect(String(result)).toBe(expected)
    expect(result.conditions).toEqual([])
  })
})

test.each([
  ['sigmoid(x)', 'sigmoid(x) * (1 - sigmoid(x))'],
  ['tanh(x)', '1 - tanh(x)^2'],
  ['log(cosh(x))', 'tanh(x)'],
  ['expm1(x)', 'exp(x)'],
  ['log1mexp(x)', 'exp(x) / (exp(x) - 1)'],
  ['asin(x)', '1 / sqrt(1 - x^2)'],
])('the derivative of %s is %s', (given, expected) => {
  expect(String(diff(given, 'x'))).toBe(expected)
})

// ── Tensors ────────────────────────────────────────────────────────────────────────────────────────────────

const LARGE = [1000, 1001, 999]
const [A, B, C] = [Math.exp(-1), 1, Math.exp(-2)]

describe('sums of exponentials', () => {
  test.each([
    ['export fn f(x: [n]) = log(sum[i] exp(x[i]))', 1001 + Math.log(A + B + C)],
    ['export fn f(x: [n]) = sum[i] i * softmax(x)[i]', (B + 2 * C) / (A + B + C)],
    ['export fn f(x: [n]) = sum(log(softmax(x)))', -3 - 3 * Math.log(A + B + C)],
    ['export fn f(x: [n]) = x[1] - log(sum[i] exp(x[i]))', -Math.log(A + B + C)],
  ])('%s does not overflow', async (source, expected) => {
    const { f } = await load(source)
    expect(typeof f === 'function' ? f(LARGE) : f).toBeCloseTo(expected, 11)
  })

  test('the gradient of a cross-entropy is softmax less the targets', async () => {
    const { f } = await load('export fn f(x: [n], t: [n]) = d(-sum[i] t[i] * log(softmax(x)[i]), x)')
    const gradient: unknown = typeof f === 'function' ? f(LARGE, [1, 0, 0]) : undefined
    const total = A + B + C
    expect(Array.from(gradient instanceof Float64Array ? gradient : [])).toEqual(
      [A / total - 1, B / total, C / total].map((value) => expect.closeTo(value, 12)),
    )
  })
})
