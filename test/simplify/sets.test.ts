/** The sets that other systems are measured on: everything is differentiated, everything gets its shortest form. */
import { describe, expect, test } from 'vitest'
import { DERIVATIVES } from '../../bench/peers/derivatives.js'
import { POINTS } from '../../bench/peers/points.js'
import { SIMPLIFICATIONS } from '../../bench/peers/simplifications.js'
import { compileFunction, diff, evaluate, simplify } from '../../src/expression.js'
import { Expression } from '../../src/expression/expression.js'

const NAMES = Object.keys(POINTS[0])

/** The slope by central differences, extrapolated to step 0 twice. */
function slope(expression: string, at: Readonly<Record<string, number>>): number {
  const f = (x: number): number => evaluate(expression, { ...at, x })
  const central = (h: number): number => (f(at.x + h) - f(at.x - h)) / (2 * h)
  const [h1, h2, h3] = [4e-3, 2e-3, 1e-3].map(central)
  const [r1, r2] = [(4 * h2 - h1) / 3, (4 * h3 - h2) / 3]
  return (16 * r2 - r1) / 15
}

test('there are enough of them', () => {
  expect(DERIVATIVES.length).toBeGreaterThanOrEqual(100)
  expect(SIMPLIFICATIONS.length).toBeGreaterThanOrEqual(70)
})

describe('derivatives', () => {
  test.each(DERIVATIVES.map(({ expression }) => expression))('of %s', (expression) => {
    const derivative = diff(expression, 'x')
    const compiled = compileFunction(derivative, NAMES)
    let compared = 0
    for (const point of POINTS) {
      const expected = slope(expression, point)
      if (!Number.isFinite(expected)) continue
      const scale = 1 + Math.abs(expected)
      const actual = evaluate(derivative, point)
      expect(Math.abs(actual - expected), `${derivative} at ${JSON.stringify(point)}`).toBeLessThan(1e-7 * scale) // prettier-ignore
      const again = compiled(...Object.values(point))
      expect(Math.abs(again - actual)).toBeLessThan(1e-12 * scale)
      compared++
    }
    expect(compared).toBeGreaterThan(0)
  })
})

describe('simplifications', () => {
  test.each(SIMPLIFICATIONS.map(({ given, shortest }) => [given, shortest]))(
    '%s is %s',
    (given, shortest) => {
      const result = simplify(given)
      expect(result.nodeCount, String(result)).toBeLessThanOrEqual(Expression.parse(shortest).nodeCount)
      let compared = 0
      for (const point of POINTS) {
        const [before, after] = [evaluate(given, point), evaluate(result, point)]
        const conditions = result.conditions.map((condition) => evaluate(condition, point))
        // Never narrower; wider only where a condition says so.
        if (Number.isNaN(before)) {
          if (!Number.isNaN(after)) expect(conditions).toContain(0)
          continue
        }
        expect(conditions, `${given} at ${JSON.stringify(point)}`).not.toContain(0)
        expect(Math.abs(after - before), `${result} at ${JSON.stringify(point)}`).toBeLessThan(1e-9 * (1 + Math.abs(before))) // prettier-ignore
        compared++
      }
      expect(compared).toBeGreaterThan(0)
    },
  )
})
