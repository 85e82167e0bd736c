/** Nests of all kinds: what is differentiated, simplified and read back has the value of what was written. */
import { describe, expect, test } from 'vitest'
import { diff, evaluate, simplify } from '../../src/index.js'

const DEPTH = 200

interface Nest {
  readonly level: (inner: string, k: number) => string
  /** The function of the level and its derivatives by what is inside and by `x`. */
  readonly value: (s: number, x: number, k: number) => number
  readonly slope: (s: number, x: number, k: number) => readonly [number, number]
}

const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s))

const NESTS: Readonly<Record<string, Nest>> = {
  sigmoid: {
    level: (inner) => `sigmoid(${inner})`,
    value: sigmoid,
    slope: (s) => [sigmoid(s) * (1 - sigmoid(s)), 0],
  },
  root: {
    level: (inner) => `sqrt(1 + ${inner})`,
    value: (s) => Math.sqrt(1 + s),
    slope: (s) => [0.5 / Math.sqrt(1 + s), 0],
  },
  hypot: {
    level: (inner) => `hypot(${inner}, x)`,
    value: (s, x) => Math.hypot(s, x),
    slope: (s, x) => [s / Math.hypot(s, x), x / Math.hypot(s, x)],
  },
  atan2: {
    level: (inner) => `atan2(${inner}, x)`,
    value: (s, x) => Math.atan2(s, x),
    slope: (s, x) => [x / (s * s + x * x), -s / (s * s + x * x)],
  },
  'Horner scheme': {
    level: (inner, k) => `(${inner}) * x + ${k}`,
    value: (s, x, k) => s * x + k,
    slope: (s, x) => [x, s],
  },
  quotient: {
    level: (inner, k) => `(${inner}) / (x + ${k})`,
    value: (s, x, k) => s / (x + k),
    slope: (s, x, k) => [1 / (x + k), -s / (x + k) ** 2],
  },
  'continued fraction': {
    level: (inner, k) => `${k} + 1 / (${inner})`,
    value: (s, _, k) => k + 1 / s,
    slope: (s) => [-1 / (s * s), 0],
  },
  power: {
    level: (inner) => `(${inner})^0.999`,
    value: (s) => s ** 0.999,
    slope: (s) => [0.999 * s ** -0.001, 0],
  },
  modulus: {
    level: (inner, k) => `abs(${inner} - ${k} / 7)`,
    value: (s, _, k) => Math.abs(s - k / 7),
    slope: (s, _, k) => [Math.sign(s - k / 7), 0],
  },
  choice: {
    level: (inner, k) => `(if x > ${k} / 500 then 0.99 * ${inner} else x)`,
    value: (s, x, k) => (x > k / 500 ? 0.99 * s : x),
    slope: (_, x, k) => (x > k / 500 ? [0.99, 0] : [0, 1]),
  },
  GELU: {
    level: (inner) => `gelu(2 * (${inner}))`,
    value: (s) => 2 * s * normal(2 * s),
    slope: (s) => [2 * (normal(2 * s) + 2 * s * bell(2 * s)), 0],
  },
}

const normal = (x: number): number => evaluate('normal_cdf(x)', { x })
const bell = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

describe.each(Object.entries(NESTS))(`${DEPTH} times %s`, (_, { level, value, slope }) => {
  const x = 0.7
  let [text, expected, derivative] = ['x', x, 1]
  for (let k = 1; k <= DEPTH; k++) {
    const [inner, own] = slope(expected, x, k)
    derivative = inner * derivative + own
    expected = value(expected, x, k)
    text = level(text, k)
  }
  // Errors of the levels add up.
  const near = (result: number, exact: number): void => expect(Math.abs(result - exact)).toBeLessThanOrEqual(1e-11 * Math.abs(exact)) // prettier-ignore

  test('value', () => {
    near(evaluate(text, { x }), expected)
    near(evaluate(simplify(text), { x }), expected)
  })

  test('derivative, which is read back as it is printed', () => {
    const found = diff(text, 'x')
    near(evaluate(found, { x }), derivative)
    near(evaluate(String(found), { x }), derivative)
  })
})

test.each([
  ['x^123456789.5', 1 + 2 ** -27, Math.exp(123456789.5 * Math.log1p(2 ** -27))],
  ['x^(1 / 3e9)', 2, 1.000000000231049],
  ['x^0.123456789123 / (x^0.3 + x^2.7)', 1, 0.5],
  ['((x^(1 / 1000000007))^(1 / 1000000009))^(1 / 998244353)', 2, 1],
])('%s has an exponent of many digits', (text, x, expected) => {
  expect(evaluate(text, { x })).toBeCloseTo(expected, 6)
  expect(evaluate(simplify(text), { x })).toBeCloseTo(expected, 6)
  expect(Number.isFinite(evaluate(diff(text, 'x'), { x }))).toBe(true)
})

test.each([
  ['x / 16', 'x / 16'],
  ['x / 10^7', '1e-7x'],
  ['0.3 * x^0.3', '0.3x^0.3'],
  ['x^1.5', 'x^(3/2)'],
  ['123456789012345678901 * x', '123456789012345678901x'],
])('%s is printed as %s', (text, printed) => {
  expect(String(simplify(text))).toBe(printed)
})
