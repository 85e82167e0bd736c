/** Random expressions: simplifying never changes a value, never narrows a domain, and says where it widened one. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFunction, diff, evaluate, simplify } from '../../src/expression.js'

const FUNCTIONS = [
  'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'exp', 'log', 'sqrt', 'abs', 'sign', 'log1p', 'expm1',
  'sigmoid', 'softplus', 'relu', 'floor', 'asin', 'acosh', 'atan', 'atanh', 'erf', 'cbrt', 'log2',
] as const // prettier-ignore

/** Few variables and numbers, so that parts meet and cancel. */
const expressions: fc.Arbitrary<string> = fc.letrec<{ any: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom('x', 'x', 'y', 'y', '1', '2', '3', '0.5', 'pi'),
  any: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    tie('leaf'),
    fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/'), tie('any'))
      .map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(tie('any'), fc.constantFrom('2', '3', '(-1)', '(-2)', '(1/2)')).map(([a, q]) => `(${a})^${q}`),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('any')).map(([f, a]) => `${f}(${a})`),
    fc.tuple(fc.constantFrom('max', 'min'), tie('any'), tie('any')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc
      .tuple(tie('any'), fc.constantFrom('<', '<='), tie('any'), tie('any'), tie('any'))
      .map(([a, o, b, c, d]) => `(if ${a} ${o} ${b} then ${c} else ${d})`),
  ),
})).any

/** Zeros and ones are among them; nothing so small that its square is 0. */
const coordinate = fc.integer({ min: -96, max: 96 }).map((n) => n / 32)

type Value = (x: number, y: number) => number

/** How far the value moves when the point and all rounding do, by a little: beyond that nothing can be compared. */
function sensitivity(value: Value, x: number, y: number): number {
  const at = value(x, y)
  const nearby = [1e-9, -1e-9].flatMap((step) => [
    value(x + step, y),
    value(x, y + step),
    value(x * (1 + step), y * (1 - step)),
  ])
  return Math.max(...nearby.map((other) => Math.abs(other - at)))
}

test('a simplified expression has the value of the given one', () => {
  let compared = 0
  const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(expressions, points, (expression, places) => {
      const result = simplify(expression)
      const names = ['x', 'y']
      const given = compileFunction(expression, names)
      const simplified = compileFunction(result, names)
      const conditions = result.conditions.map((condition) => compileFunction(condition, names))
      for (const [x, y] of places) {
        const [before, after] = [given(x, y), simplified(x, y)]
        const fails = conditions.some((condition) => !(condition(x, y) > 0))
        if (Number.isNaN(before)) {
          expect(
            Number.isFinite(after) && !fails,
            `${result} at ${x}, ${y} is more than was given, without a condition`,
          ).toBe(false)
          continue
        }
        const moved = sensitivity(given, x, y)
        // On a jump, beside a pole or after cancellation of large numbers either value may be had.
        if (!Number.isFinite(before) || !(moved < 1e-5 * (1 + Math.abs(before)))) continue
        const allowed = 1e-6 * (1 + Math.abs(before)) + 100 * moved
        expect(Math.abs(after - before), `${result} at ${x}, ${y}`).toBeLessThanOrEqual(allowed)
        expect(fails, `${result} under ${result.conditions.join(', ')} at ${x}, ${y}`).toBe(false)
        compared++
      }
    }),
    { numRuns: 150, seed: 20240 },
  )
  expect(compared).toBeGreaterThan(150)
}, 120_000)

test('what is printed of a simplified expression is no longer when it is simplified again', () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const result = simplify(expression)
      expect(simplify(String(result)).nodeCount).toBeLessThanOrEqual(result.nodeCount)
    }),
    { numRuns: 100, seed: 7 },
  )
}, 120_000)

test.each([
  ['nests', (n: number) => `${'sin(y + '.repeat(n)}x${')'.repeat(n)}`, 1000],
  ['products', (n: number) => Array.from({ length: n }, (_, k) => `(x + ${k + 1})`).join('*'), 1000],
  ['sums', (n: number) => Array.from({ length: n }, (_, k) => `${k + 2}*sin(${k + 3}*x)`).join(' + '), 2000],
  ['nested minima', (n: number) => `${'min(y, '.repeat(n)}x${')'.repeat(n)}`, 1000],
  ['nested choices', (n: number) => Array.from({ length: n }, (_, k) => `if x < ${k} then ${k} * y else `).join('') + 'x', 1000], // prettier-ignore
] as const)(
  '%s of great size are simplified and differentiated',
  (_, build, n) => {
    for (const size of [n, 4 * n]) {
      const text = build(size)
      const at = { x: 0.4, y: 0.3 }
      const before = evaluate(text, at)
      const simplified = simplify(text)
      if (Number.isFinite(before)) expect(Math.abs(evaluate(simplified, at) - before)).toBeLessThanOrEqual(1e-9 * Math.abs(before)) // prettier-ignore
      expect(Number.isNaN(evaluate(diff(text, 'x'), at))).toBe(false)
    }
  },
  60_000,
)
