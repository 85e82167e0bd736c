import { expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import { Rational } from '../../src/ir/rational.js'
import { collect } from '../../src/simplify/collect.js'

test('terms that are 0 times something infinite have no common factor 0', () => {
  const graph = new Graph()
  const [x, y] = ['x', 'y'].map((name) => graph.read(graph.definitions.input({ name, shape: [] }), []))
  const terms = [x, y].map((of) => graph.scale(Rational.zero, graph.apply('log', [of])))
  const sum = graph.addAll(terms)
  // The normal form keeps them: the sum is NaN where a logarithm is infinite.
  expect(sum.kind).toBe('add')
  expect(collect(graph, sum)).toBe(sum)
})
