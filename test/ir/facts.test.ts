import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { randomFrom } from '../ops/sampling.js'

function variable(low: number, high: number): { readonly graph: Graph; readonly x: Expr } {
  const graph = new Graph()
  const facts = { low, high, nonzero: low > 0 || high < 0, finite: true }
  return { graph, x: graph.read(graph.input({ name: 'x', shape: [], facts }), []) }
}

describe('polynomials of one bounded variable', () => {
  test("sigmoid' is at most 1/4, tanh' between 0 and 1, in every spelling", () => {
    const { graph, x } = variable(-Infinity, Infinity)
    const m = graph.algebra
    const [s, t, one] = [m.sigmoid(x), m.tanh(x), m.number(1)]
    for (const slope of [m.mul(s, m.sub(one, s)), m.sub(s, m.mul(s, s))]) {
      expect(slope.facts.low).toBe(0)
      expect(slope.facts.high).toBeGreaterThanOrEqual(0.25)
      expect(slope.facts.high).toBeLessThan(0.25 + 1e-14)
    }
    expect(m.sub(one, m.mul(t, t)).facts).toMatchObject({ low: 0, high: 1 })
  })

  test('their ranges hold all their values, and little more', () => {
    const random = randomFrom(7)
    const whole = (): number => Math.floor(random() * 13) - 6
    for (let round = 0; round < 300; round++) {
      const [a, b, c] = [whole(), whole(), whole()]
      const [low, high] = [whole(), whole()].sort((p, q) => p - q)
      const { graph, x } = variable(low, high)
      const m = graph.algebra
      const square = m.mul(m.number(c), m.mul(x, x))
      const sum = m.add(m.number(a), m.add(m.mul(m.number(b), x), square))
      const product = m.mul(x, m.add(m.number(a), m.mul(m.number(b), x)))
      const points = Array.from({ length: 101 }, (_, k) => low + ((high - low) * k) / 100)
      for (const [e, values] of [
        [sum, points.map((v) => a + b * v + c * v * v)],
        [product, points.map((v) => v * (a + b * v))],
      ] as const) {
        const [least, most] = [Math.min(...values), Math.max(...values)]
        expect(e.facts.low).toBeLessThanOrEqual(least + 1e-12)
        expect(e.facts.high).toBeGreaterThanOrEqual(most - 1e-12)
        const slack = 1e-9 + ((high - low) / 100) ** 2 * 6
        expect(e.facts.low).toBeGreaterThan(least - slack)
        expect(e.facts.high).toBeLessThan(most + slack)
      }
    }
  })
})

describe('sums and products of what depends on each other', () => {
  const { graph, x } = variable(-Infinity, Infinity)
  const m = graph.algebra
  const y = graph.read(graph.input({ name: 'y', shape: [] }), [])
  const number = m.number
  const square = m.mul(x, x)
  const fraction = (f: (u: Expr) => Expr): Expr =>
    m.sub(m.add(m.mul(number(3), x), y), f(m.add(m.mul(number(3), x), y)))
  test.each<[string, Expr, number, number]>([
    ['σ(u) σ(-u)', m.mul(m.sigmoid(m.sub(x, y)), m.sigmoid(m.sub(y, x))), 0, 0.25],
    ['Φ(x) Φ(-x)', m.mul(m.normal_cdf(x), m.normal_cdf(m.neg(x))), 0, 0.25],
    ['x² / (x² + y²)', m.div(square, m.add(square, m.mul(y, y))), 0, 1],
    ['x² / (2 + 4 x²)', m.div(square, m.add(number(2), m.mul(number(4), square))), 0, 0.25],
    ['x / √(1 + x²)', m.div(x, m.sqrt(m.add(number(1), square))), -1, 1],
    ['x / (1 + x²)', m.div(x, m.add(number(1), square)), -0.5, 0.5],
    ['x / (4 + x²)', m.div(x, m.add(number(4), square)), -0.25, 0.25],
    ['u - floor(u)', fraction(m.floor), 0, 1],
    ['u - round(u)', fraction(m.round), -0.5, 0.5],
    // Of other parts of the sum nothing is known.
    ['x² / (1 + y²)', m.div(square, m.add(number(1), m.mul(y, y))), 0, Infinity],
    ['x / (x² - 1)', m.div(x, m.sub(square, number(1))), -Infinity, Infinity],
    ['x - floor(y)', m.sub(x, m.floor(y)), -Infinity, Infinity],
  ])('%s', (_, e, low, high) => {
    expect([e.facts.low, e.facts.high]).toEqual([low, high])
  })
})
