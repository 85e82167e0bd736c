import { expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import { Rational } from '../../src/ir/rational.js'
import { centresOf } from '../../src/simplify/series/centres.js'

test('terms that are 0 times what may be infinite have no zeros', () => {
  const graph = new Graph()
  const leaf = graph.apply('log', [graph.read(graph.input({ name: 'x', shape: [] }), [])])
  const nothing = Rational.of(0)
  const vanishing = graph.add(
    graph.scale(nothing, leaf),
    graph.scale(nothing, graph.power(leaf, Rational.of(2))),
  )
  expect(vanishing.kind).toBe('add')
  expect(centresOf(vanishing, leaf)).toEqual([])
  expect(centresOf(graph.add(graph.one, graph.scale(nothing, leaf)), leaf)).toEqual([])
  expect(centresOf(graph.add(leaf, graph.add(vanishing, graph.num(-2))), leaf).map(String)).toEqual(['2'])
})
