import { expect, test } from 'vitest'
import { grad } from '../../src/expression.js'
import { Graph } from '../../src/ir/graph.js'
import { Simplifier } from '../../src/simplify/simplify-expression.js'

test('what expressions share is simplified once, and each knows the steps and conditions of its own parts alone', () => {
  const graph = new Graph()
  const { algebra: m } = graph
  const [x, y, z] = ['x', 'y', 'z'].map((name) => graph.read(graph.input({ name, shape: [] }), []))
  const shared = m.add(m.exp(m.log(x)), m.number(1))
  const simplifier = new Simplifier(graph)
  const [first, second] = [m.tan(shared), m.atan(m.div(shared, m.exp(m.log(z))))].map((e) => simplifier.of(e))
  const third = simplifier.of(m.exp(m.log(y)))
  expect(first.expr).toBe(m.tan(m.add(x, m.number(1))))
  expect(third.expr).toBe(y)
  const common = first.trace.filter((step) => second.trace.includes(step))
  expect(common).toEqual(first.trace)
  expect(second.trace.length).toBeGreaterThan(first.trace.length)
  expect(third.trace.map(({ before }) => before)).toEqual([m.exp(m.log(y))])
  expect(first.conditions).toEqual([m.lt(m.number(0), x)])
  expect(third.conditions).toEqual([m.lt(m.number(0), y)])
})

test('the steps of a partial derivative are those that lead to it', () => {
  const [byX, byY] = grad('x / x * sin(y) + exp(log(x))', ['x', 'y'])
  expect([byX.toString(), byY.toString()]).toEqual(['1', 'cos(y)'])
  expect(byY.conditions).toEqual(['x != 0'])
  expect(byY.trace.some(({ before }) => before.includes('exp'))).toBe(false)
})
