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
