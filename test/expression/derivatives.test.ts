/** Derivatives as textbooks print them, and their values by differences. */
import { describe, expect, test } from 'vitest'
import { diff, evaluate, grad, simplify } from '../../src/expression.js'

interface Case {
  readonly order?: number
  readonly assume?: string
}

const CASES: readonly (readonly [text: string, derivative: string, options?: Case])[] = [
  // functions of a quotient
  ['atan(x/a)', 'a / (a^2 + x^2)'],
  ['atanh(x/a)', 'a / (a^2 - x^2)'],
  ['asin(x/a)', '1 / sqrt(a^2 - x^2)', { assume: 'a > 0' }],
  ['acos(x/a)', '-1 / sqrt(a^2 - x^2)', { assume: 'a > 0' }],
  ['log((a + x)/(a - x))/(2a)', '1 / (a^2 - x^2)'],
  ['atan(x/(1 - x^2))', '(x^2 + 1) / (x^4 - x^2 + 1)'],
  // sums that are multiples of each other
  ['x*sqrt(1 - x^2) + asin(x)', '2sqrt(1 - x^2)'],
  ['x*sqrt(a^2 - x^2)/2 + a^2/2*asin(x/a)', 'sqrt(a^2 - x^2)', { assume: 'a > 0' }],
  // polynomials of one function
  ['sigmoid(x)', 'sigmoid(x) * (1 - sigmoid(x)) * (1 - 2sigmoid(x))', { order: 2 }],
  ['sigmoid(x)', 'sigmoid(x) * (1 - sigmoid(x)) * (6sigmoid(x)^2 - 6sigmoid(x) + 1)', { order: 3 }],
  [
    'b/(1 + exp(-a*x))',
    'a^2 * b * sigmoid(a * x) * (1 - sigmoid(a * x)) * (1 - 2sigmoid(a * x))',
    { order: 2 },
  ],
  ['tanh(x)', '-2tanh(x) * (1 - tanh(x)^2)', { order: 2 }],
  ['tan(x)', '2tan(x) / cos(x)^2', { order: 2 }],
  ['log(tan(x/2))', '1 / sin(x)'],
  ['log(abs(x))', '1 / x'],
  ['sin(x)/(1 + cos(x))', '1 / (cos(x) + 1)'],
  ['cos(x)/(1 + sin(x))', '-1 / (sin(x) + 1)'],
  // a divisor shows its zeros, and its parts as they were written
  ['a*log(x) + (1 - a)*log(1 - x)', '(a - x) / (x * (1 - x))'],
  ['log((b - x)/(x + b))/(2b)', '1 / (x^2 - b^2)'],
  ['x*log(x/a) - x + a', 'log(x / a)'],
  // as it was written, where what is computed has names of its own
  ['log(exp(x) + exp(a) + exp(b))', 'exp(x) / (exp(a) + exp(b) + exp(x))'],
  ['log(1 + exp(x) + exp(a))', 'exp(x) / (exp(a) + exp(x) + 1)'],
  ['log(2 + exp(x))', 'exp(x) / (exp(x) + 2)'],
  ['atan(exp(x))', '1 / (2cosh(x))'],
  // squares stay whole, differences take signs, products what all terms have
  ['-log(1 + (x - a)^2/b)*(b + 1)/2', '(a - x) * (b + 1) / ((x - a)^2 + b)'],
  ['log(1 + ((x - a)/b)^2)', '2(x - a) / (b^2 + (x - a)^2)'],
  ['-(x - a)^2/(2b^2)', '(a - x) / b^2'],
  ['x^2*exp(-x)', 'x * exp(-x) * (2 - x)'],
  ['a*x/(x^2 + a^2)', 'a * (a^2 - x^2) / (a^2 + x^2)^2'],
  // conditions
  ['x^(1/x)', 'x^(1 / x - 2) * (1 - log(x))'],
  ['softplus(x) - relu(x)', 'sigmoid(x) - (x > 0)'],
  ['relu(x)^2', '2relu(x)'],
  ['max(0, 1 - a*x)^2', '-2a * max(0, 1 - a * x)'],
  ['max(x, x^2)', 'if x^2 < x then 1 else if x < x^2 then 2x else x + 0.5'],
  ['min(a*x, x^2)', 'if a * x < x^2 then a else if x^2 < a * x then 2x else a / 2 + x'],
]

const cases = CASES.map(([text, derivative, options = {}]) => ({ text, derivative, order: 1, ...options }))

describe.each(cases)('$text, order $order', ({ text, derivative, order, assume }) => {
  const options = assume === undefined ? {} : { assume }

  test('is printed as in a textbook', () => {
    expect(String(diff(text, 'x', order, options))).toBe(derivative)
  })

  test('is the slope', () => {
    const [before, found] = [diff(text, 'x', order - 1, options), diff(text, 'x', order, options)]
    for (const x of [0.2, 0.45, 0.7]) {
      const at = (h: number): number => evaluate(before, { x: x + h, a: 1.3, b: 0.8 })
      const difference = (h: number): number => (at(h) - at(-h)) / (2 * h)
      const expected = (4 * difference(5e-4) - difference(1e-3)) / 3
      expect(evaluate(found, { x, a: 1.3, b: 0.8 })).toBeCloseTo(expected, 8)
    }
  })
})

test.each([
  ['(x^2 - 1)/(x - 1)', ['x != 1']],
  ['log(1 + ((x - a)/b)^2)', ['b != 0']],
  ['atan((a + x)/(1 - a*x))', ['a * x != 1']],
  ['atan(x/a)/a', ['a != 0']],
  // The result has no value there either.
  ['x*log(x) - x', []],
  ['log(x^2)', []],
  ['x*log(x/a)', []],
  ['x*log(a*x)', []],
  ['-x*log(x) - (1 - x)*log(1 - x)', []],
])('of %s the derivative is said to equal the given one where %j', (text, conditions) => {
  expect(diff(text, 'x').conditions).toEqual(conditions)
  expect(grad(text, ['x']).map((each) => each.conditions)).toEqual([conditions])
})

/** What π rounded to 53 bits lacks of it. */
const PI_REST = 1.2246467991473532e-16

test.each([
  ['1 + cos(x)', 1],
  ['1 - sin(x)', 1 / 2],
  ['1 + sin(x)', -1 / 2],
])('%s has its digits next to its zeros', (text, halfTurns) => {
  const zero = Math.PI * halfTurns
  for (const step of [1e-2, -1e-4, 1e-6, -1e-7]) {
    const distance = zero + step - zero - PI_REST * halfTurns
    const expected = 2 * Math.sin(distance / 2) ** 2
    const bound = 8 * 2 ** -53 * (1 + Math.abs((2 * zero) / distance))
    expect(Math.abs(evaluate(text, { x: zero + step }) / expected - 1)).toBeLessThan(bound)
  }
})

test('at a tie both share the derivative', () => {
  expect(evaluate(diff('max(x, x^2)', 'x'), { x: 1 })).toBe(1.5)
  expect(evaluate(diff('min(a*x, x^2)', 'x'), { x: 3, a: 3 })).toBe(4.5)
  expect(evaluate(diff('max(x, y)', 'x'), { x: 2, y: 2 })).toBe(0.5)
})

describe('what a derivative is by decision where its formula has no value is no part of what is printed', () => {
  test.each([
    ['x^n', 'n * x^(n - 1)', { x: 0, n: 0 }],
    ['x^n * exp(-x)', 'x^(n - 1) * exp(-x) * (n - x)', { x: 0, n: 0 }, -1],
    ['x^a * (1 - x)^b', 'x^(a - 1) * (1 - x)^(b - 1) * (a - x * (a + b))', { x: 0, a: 0, b: 2 }, -2],
    ['atan2(y, x)', '-y / (x^2 + y^2)', { x: 0, y: 0 }],
    ['sqrt(x^2 + y^2)', 'x / sqrt(x^2 + y^2)', { x: 0, y: 0 }],
    ['P*(1 + x)^n', 'P * n * (x + 1)^(n - 1)', { x: -1, n: 0, P: 2 }],
  ])('%s', (text, printed, kink, decided = 0) => {
    const derivative = diff(text, 'x')
    expect(String(derivative)).toBe(printed)
    expect(derivative.conditions).toEqual([])
    expect(evaluate(derivative, kink)).toBeCloseTo(decided)
    expect(evaluate(printed, kink)).toBeNaN()
  })

  test('what was written with a condition keeps it', () => {
    expect(String(diff('if x != 0 then sin(x)/x else 1', 'x'))).toContain('if x != 0 then')
    expect(String(diff('relu(x)^n', 'x'))).toContain('x > 0')
  })

  test('simplified again it is still the formula', () => {
    const derivative = simplify(diff('x^n', 'x'), { assume: 'n != 7' })
    expect(String(derivative)).toBe('n * x^(n - 1)')
    expect(evaluate(derivative, { x: 0, n: 0 })).toBe(0)
  })
})
