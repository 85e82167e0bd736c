/** Quotients that are regular at 0, and their derivatives of any order, beside their series. */
import { describe, expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'
import { ulp } from '../ops/sampling.js'

/** The coefficients of x^k of each text. */
const SERIES: Readonly<Record<string, (k: number) => number>> = {
  '(exp(x) - 1) / x': (k) => 1 / factorial(k + 1),
  '(exp(x) - 1 - x) / x^2': (k) => 1 / factorial(k + 2),
  'sin(x) / x': (k) => (k % 2 === 1 ? 0 : (k % 4 === 0 ? 1 : -1) / factorial(k + 1)),
  '(1 - cos(x)) / x^2': (k) => (k % 2 === 1 ? 0 : (k % 4 === 0 ? 1 : -1) / factorial(k + 2)),
  '(x - sin(x)) / x^3': (k) => (k % 2 === 1 ? 0 : (k % 4 === 0 ? 1 : -1) / factorial(k + 3)),
  'sinh(x) / x': (k) => (k % 2 === 1 ? 0 : 1 / factorial(k + 1)),
  'log(1 + x) / x': (k) => (-1) ** k / (k + 1),
  'atan(x) / x': (k) => (k % 2 === 1 ? 0 : (k % 4 === 0 ? 1 : -1) / (k + 1)),
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** With terms to spare: the arguments are small. */
const TERMS = 60

function derivative(coefficient: (k: number) => number, order: number, x: number): readonly number[] {
  const falling = (k: number): number => (order === 0 ? 1 : Array.from({ length: order }, (_, j) => k - j).reduce((a, b) => a * b)) // prettier-ignore
  return Array.from({ length: TERMS }, (_, k) => coefficient(k + order) * falling(k + order) * x ** k)
}

const sum = (terms: readonly number[]): number => terms.toReversed().reduce((a, b) => a + b, 0)

const SIZES = [1e-300, 1e-160, 1e-80, 1e-20, 1e-9, 1e-5, 1e-3, 0.02, 0.11, 0.2, 0.31]

function compareWithSeries(text: string, series: (k: number) => number, order: number, sizes = SIZES): void {
  const given = compileFunction(diff(text, 'x', order), ['x'])
  for (const size of sizes)
    for (const x of [size, -size]) {
      const terms = derivative(series, order, x)
      const exact = sum(terms)
      const next = sum(derivative(series, order + 1, x))
      const condition = Math.abs((x * next) / exact)
      const allowed = 8 * (1 + condition) * ulp(exact) + 4 * ulp(sum(terms.map(Math.abs)))
      expect(Math.abs(given(x) - exact), `at ${x}: ${given(x)}, by the series ${exact}`).toBeLessThanOrEqual(
        Math.max(allowed, 1e-300),
      )
    }
}

describe.each(Object.keys(SERIES))('%s', (text) => {
  test.each([0, 1, 2, 3])('derivative of order %i', (order) => compareWithSeries(text, SERIES[text], order))

  test('is undefined at 0, as it is written', () => {
    expect(compileFunction(text, ['x'])(0)).toBeNaN()
  })
})

describe('gamma functions next to whole numbers', () => {
  const EULER = 0.5772156649015329
  /** By the formula of Euler and Maclaurin. */
  const zeta = (n: number, first = 1): number => {
    const far = 100
    const near = Array.from({ length: far - first }, (_, k) => (k + first) ** -n)
    const rest = far / (n - 1) + 1 / 2 + n / (12 * far) - (n * (n + 1) * (n + 2)) / (720 * far ** 3)
    return sum([...near, rest * far ** -n])
  }
  const GAMMA: Readonly<Record<string, (k: number) => number>> = {
    'lgamma(1 + x) / x': (k) => (k === 0 ? -EULER : ((-1) ** (k + 1) * zeta(k + 1)) / (k + 1)),
    '(digamma(2 + x) - digamma(2)) / x': (k) => (-1) ** k * zeta(k + 2, 2),
    'polygamma(1, 1 + x) / x - polygamma(1, 1) / x': (k) => (-1) ** (k + 1) * (k + 2) * zeta(k + 3),
  }
  describe.each(Object.keys(GAMMA))('%s', (text) => {
    test.each([0, 1, 2, 3])('derivative of order %i', (order) =>
      compareWithSeries(text, GAMMA[text], order, SIZES.slice(0, -3)),
    )
  })
})

describe('roots of what is 0 at 0', () => {
  // The series of the root is x (1 - …) on the right, and -x (1 - …) on the left.
  test.each([
    [
      'sqrt(x^2*cos(x) + x^4)*(exp(x) - 1 - x)/x^3',
      (x: number) => Math.sqrt(x * x * Math.cos(x) + x ** 4) * (0.5 + x / 6 + (x * x) / 24 + x ** 3 / 120),
    ],
    ['hypot(x, x^2)*(1 - cos(x))', (x: number) => Math.hypot(x, x * x) * 2 * Math.sin(x / 2) ** 2 * x],
  ] as const)('%s', (text, byHand) => {
    const f = compileFunction(text, ['x'])
    for (const x of [1e-3, -1e-3, 1e-5, -1e-5]) expect(f(x) / (byHand(x) / x)).toBeCloseTo(1, 12)
  })
})

describe('next to points at which there is no series', () => {
  test.each([
    // Both spellings have the value of the given one at the point itself, and none beyond the domain.
    ['abs(x) - log(1 + abs(x))', 0, 0, 0],
    ['abs(x) - log(1 + abs(x))', 1, 0, 0],
    ['1 - exp(x)*erfc(sqrt(x))', 0, 0, 0],
    ['1 - exp(x)*erfc(sqrt(x))', 0, -1e-9, NaN],
    ['acos(x)/sqrt(1 - x^2)', 1, 1, NaN],
    ['acos(x)/sqrt(1 - x^2)', 1, 1 + 2 ** -40, NaN],
    ['sqrt(sqrt(1 + x^2) - 1)', 2, 0, NaN],
    // acos(x) / √(1 - x²) = 1 + d/3 + 2d²/15 + …, and acosh(x) / √(x² - 1) = 1 - d/3 + …, for the distance d of x from 1.
    ['acos(x)/sqrt(1 - x^2)', 1, 1 - 2 ** -40, -1 / 3 - (4 / 15) * 2 ** -40],
    ['acosh(x)/sqrt(x^2 - 1)', 1, 1 + 2 ** -40, -1 / 3 + (4 / 15) * 2 ** -40],
    // x²/2 - x³/3 + … on both sides.
    ['abs(x) - log(1 + abs(x))', 0, -1e-9, 5e-19 - 1e-27 / 3],
    ['abs(x) - log(1 + abs(x))', 1, -1e-9, -1e-9 + 1e-18],
    // A series of which no term is known.
    ['expm1(0 * ((-1) / log(10 - x))) / sigmoid(4)', 0, -3, 0],
    // The modulus changes sign at -π too.
    [
      'log(expm1(abs(sin(x)) * sigmoid(1) / log(10)) * log(10 - x) / (abs(sin(x)) * sigmoid(1)))',
      0,
      -3,
      0.13039236067648421,
    ],
    // 2 √(x/π) - x + …
    ['1 - exp(x)*erfc(sqrt(x))', 0, 1e-20, (2 * 1e-10) / Math.sqrt(Math.PI) - 1e-20],
  ] as const)('%s, order %i, at %d', (text, order, x, exact) => {
    const found = compileFunction(diff(text, 'x', order), ['x'])(x)
    if (Number.isNaN(exact) || exact === 0) expect(found).toBe(exact)
    else expect(found / exact).toBeCloseTo(1, 13)
  })
})

describe('behind a point where the function becomes another, a series from this side of it is not used', () => {
  const distance = (x: number): number => Math.abs(x - 0.5)
  test.each<[string, (x: number) => number]>([
    ['exp(x) - 1 - 2*x*abs(x - 0.5)', (x) => Math.expm1(x) - 2 * x * distance(x)],
    ['exp(x) - 1 - 2*x*sqrt(x^2 - x + 0.25)', (x) => Math.expm1(x) - 2 * x * distance(x)],
    ['(exp(x) - 1 - x*hypot(x - 0.5, 2*x - 1))/x', (x) => Math.expm1(x) / x - Math.sqrt(5) * distance(x)],
    ['sin(x) - abs(x - 1e-6)', (x) => Math.sin(x) - Math.abs(x - 1e-6)],
    ['sqrt(x^2 + 1) - abs(x - 30)', (x) => Math.sqrt(x * x + 1) - Math.abs(x - 30)],
    ['1/x - 1/(x + sign(x - 30))', (x) => 1 / x - 1 / (x + Math.sign(x - 30))],
    ['exp(-x)*abs(sin(x)) - x*exp(-x)', (x) => Math.exp(-x) * (Math.abs(Math.sin(x)) - x)],
    ['sin(x) - asin(sin(x))', (x) => Math.sin(x) - Math.asin(Math.sin(x))],
  ])('%s', (text, byHand) => {
    const f = compileFunction(text, ['x'])
    for (const x of [-49.7, -4.1, -2, -0.9, 0.52, 0.6, 0.8, 1.3, 2.4, 5, 9, 17, 29, 31, 47, 120])
      expect(f(x) / byHand(x), `at ${x}`).toBeCloseTo(1, 10)
  })
})
