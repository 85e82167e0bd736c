/** Factors that products share are multiplied once. */
import { describe, expect, test } from 'vitest'
import { compileFunction, diff, grad } from '../../src/expression.js'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { Rational } from '../../src/ir/rational.js'
import { shareFactors } from '../../src/simplify/shared-factors.js'
import { countOperations } from '../../src/expression/operations.js'

const graph = new Graph()
const [a, b, c, x, y] = ['a', 'b', 'c', 'x', 'y'].map((name): Expr =>
  graph.read(graph.input({ name, shape: [] }), []),
)
const products = (roots: ReturnType<typeof shareFactors>): number => countOperations(roots).products

describe('shared factors', () => {
  test('of three products of four factors two are common to all', () => {
    const roots = [x, y, c].map((each) => graph.mulAll([a, b, each]))
    expect(products(roots)).toBe(6)
    // a * b, and one more for each.
    expect(products(shareFactors(graph, roots))).toBe(4)
  })

  test('numbers in front are factors too', () => {
    const roots = [x, y, c].map((each) => graph.scale(Rational.of(3), graph.mulAll([a, each])))
    expect(products(roots)).toBe(6)
    expect(products(shareFactors(graph, roots))).toBe(4)
  })

  test('what stands only in arms is not computed for them', () => {
    const arm = (each: Expr): Expr => graph.select(graph.apply('lt', [x, y]), graph.mulAll([a, b, each]), y)
    const roots = [arm(x), arm(c)]
    expect(shareFactors(graph, roots)).toEqual(roots)
  })

  test('products without common pairs stay as they are', () => {
    const roots = [graph.mulAll([a, b]), graph.mulAll([b, c]), graph.mulAll([a, c])]
    expect(shareFactors(graph, roots)).toEqual(roots)
  })

  test('a root that stands twice is there twice', () => {
    const text = 'sqrt(x) * sqrt(x) * y + exp(sqrt(x) * sqrt(x) * y * b)'
    const f = compileFunction(text, ['x', 'y', 'b'])
    expect(f(2, 3, 0.1)).toBeCloseTo(6 + Math.exp(0.6), 13)
    expect(f(-2, 3, 0.1)).toBeNaN()
    const root = graph.power(x, Rational.of(1, 2))
    const roots = [b, c].map((each) => graph.mulAll([root, root, y, each]))
    expect(shareFactors(graph, roots)).toEqual(roots)
  })

  test('a coefficient of 0 is none', () => {
    expect(compileFunction('0 * log(x) + 0 * log(y)', ['x', 'y'])(2, -1)).toBeNaN()
  })
})

test('a gradient has the partial derivatives, whatever it shares', () => {
  const text = '(a*tanh(b*x + c*y) + c*tanh(a*x + b*y))^2 * x'
  const names = ['a', 'b', 'c', 'x', 'y']
  const gradient = compileFunction(grad(text, names), names)
  const at = [0.3, -1.2, 0.7, 1.9, -0.4]
  for (const [k, name] of names.entries()) {
    const alone = compileFunction(diff(text, name), names)(...at)
    expect(Math.abs(gradient(...at)[k] - alone)).toBeLessThanOrEqual(1e-13 * Math.abs(alone))
  }
})
