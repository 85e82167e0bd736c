/** What is assumed of variables reaches the rules, derivatives and ranges. */
import { describe, expect, test } from 'vitest'
import { NnError } from '../../src/base/nn-error.js'
import { diff, evaluate, grad, simplify } from '../../src/expression.js'

const CASES: readonly (readonly [assume: string, given: string, expected: string])[] = [
  ['x > 0', 'sqrt(x^2)', 'x'],
  ['x > 0', 'log(x^2)', '2log(x)'],
  ['x > 0', 'log(x^a)', 'a * log(x)'],
  ['x > 0', '(x^a)^b', 'x^(a * b)'],
  ['x > 0', 'sqrt(x^a)', 'x^(a / 2)'],
  ['x > 0', 'x * x^a', 'x^(a + 1)'],
  ['x positive', 'x^a / x', 'x^(a - 1)'],
  ['x > 0', '(x^3)^(1/3)', 'x'],
  ['x > 0, y > 0', 'sqrt(x^2 * y)', 'x * sqrt(y)'],
  ['x > 0', 'if x > -1 then a else b', 'a'],
  ['x > 0, y > 0', 'x + y > 0', '1'],
  ['x > 0, y > 0', 'log(x / y) + log(y)', 'log(x)'],
  ['x < 0', 'abs(x)', '-x'],
  ['x < 0', 'x / abs(x)', '-1'],
  ['x < 0', 'sign(x)', '-1'],
  ['x < 0', 'relu(x)', '0'],
  ['x <= 0', 'max(x, 0)', '0'],
  ['x > 0, y < 0', 'abs(x * y)', '-x * y'],
  ['x >= 1', 'abs(x - 1)', 'x - 1'],
  ['x > 1, y < 0', 'max(x, y)', 'x'],
  ['0 <= x <= 1', 'clamp(x, 0, 1)', 'x'],
  ['0 <= p <= 1', 'sqrt(p^2 - 2p + 1)', '1 - p'],
  ['0 <= x <= 1', 'asin(sin(x))', 'x'],
  ['0 <= x <= 3', 'acos(cos(x))', 'x'],
  ['-1 < x < 1', 'atan(tan(x))', 'x'],
  ['0 <= x <= 1', 'sqrt(1 - sin(x)^2)', 'cos(x)'],
  ['x >= 0', 'acosh(cosh(x))', 'x'],
  ['n integer', 'cos(n * pi)', '(-1)^n'],
  ['n integer', 'sin(n * pi)', '0'],
  ['n integer', 'cos(2n * pi + x)', 'cos(x)'],
  ['n integer', 'sin(x + n * pi)', '(-1)^n * sin(x)'],
  ['n integer', 'tan(x + n * pi)', 'tan(x)'],
  ['n ∈ ℤ', 'cos((2n + 1) * pi)', '-1'],
  ['n is an integer', 'floor(x + n)', 'n + floor(x)'],
  ['n integer', '(-1)^(2n)', '1'],
]

const VALUES = [-7.3, -3, -2.2, -1, -0.4, 0, 0.3, 0.9, 1, 1.7, 2.5, 4]

/** Points at which the assumptions hold. */
function points(assume: string, names: readonly string[]): Record<string, number>[] {
  const found: Record<string, number>[] = []
  for (const [at] of VALUES.entries()) {
    const point = Object.fromEntries(
      names.map((name, place) => [name, VALUES[(at + 3 * place) % VALUES.length]]),
    )
    if (names.includes('n')) point.n = at - 5
    const holds = assume.split(',').every((each) => {
      const text = each.replace(/positive/, '> 0').replace(/^.*(?:integer|ℤ).*$/, '1')
      const own = Object.keys(point).filter((name) => text.includes(name))
      return own.length === 0 || evaluate(text, point) === 1
    })
    if (holds) found.push(point)
  }
  return found
}

describe('simplify', () => {
  test.each(CASES)('under %s: %s is %s', (assume, given, expected) => {
    const result = simplify(given, { assume })
    expect(String(result)).toBe(expected)
    expect(result.conditions).toEqual([])
    const names = [...simplify(given, { assume }).free, 'x', 'y', 'n', 'a', 'b', 'p']
    let compared = 0
    for (const point of points(assume, [...new Set(names)])) {
      const value = evaluate(given, point)
      if (!Number.isFinite(value)) continue
      expect(Math.abs(evaluate(expected, point) - value), JSON.stringify(point)).toBeLessThan(1e-9 * (1 + Math.abs(value))) // prettier-ignore
      compared++
    }
    expect(compared).toBeGreaterThan(1)
  })

  test.each(CASES)('without %s, %s is not that, or not without a word', (_, given, expected) => {
    const result = simplify(given)
    expect(String(result) !== expected || result.conditions.length > 0).toBe(true)
  })
})

test('derivatives know it', () => {
  expect(String(diff('x^r', 'x', 1, { assume: 'r != 0' }))).toBe('r * x^(r - 1)')
  expect(String(diff('abs(x)', 'x', 1, { assume: 'x > 0' }))).toBe('1')
  expect(String(diff('sqrt(x^2)', 'x', 1, { assume: 'x < 0' }))).toBe('-1')
  expect(grad('max(x, 0) * y', ['x', 'y'], { assume: 'x > 0' }).map(String)).toEqual(['y', 'x'])
})

test('an expression that was made without may be assumed about, and keeps what was known', () => {
  const once = simplify('sqrt(x^2) + sqrt(y^2)', { assume: 'x > 0' })
  expect(String(once)).toBe('x + abs(y)')
  expect(String(simplify(once, { assume: ['y > 0'] }))).toBe('x + y')
  expect(String(simplify(once, { assume: 'x < 1' }))).toBe('x + abs(y)')
})

test('ranges', () => {
  expect(diff('sigmoid(x)', 'x').range).toEqual({ low: 0, high: 0.25 })
  expect(simplify('x^2 + 1', { assume: '-1 <= x <= 2' }).range).toEqual({ low: 1, high: 5 })
})

test.each([
  ['x > 0, x < -1', 'contradictory-assumption'],
  ['x + y > 0', 'not-an-assumption'],
  ['x wonderful', 'missing-operator'],
])('%s is refused', (assume, code) => {
  let thrown: unknown
  try {
    simplify('x', { assume })
  } catch (reason) {
    thrown = reason
  }
  expect(thrown).toBeInstanceOf(NnError)
  if (thrown instanceof NnError) expect(thrown.diagnostics.map((each) => each.code)).toEqual([code])
})
