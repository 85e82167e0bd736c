import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { NodeMap } from '../../src/ir/node-map.js'

function manyNodes(count: number): readonly Expr[] {
  const graph = new Graph()
  return Array.from({ length: count }, (_, k) => graph.num(k))
}

describe('what passes remember of nodes', () => {
  const nodes = manyNodes(20_000)

  test.each([
    ['of few nodes, the last first', (at: number) => at % 4000 === 1, true],
    ['of few nodes', (at: number) => at % 4000 === 1, false],
    ['of all nodes', () => true, false],
    ['of all nodes, the last first', () => true, true],
    ['of more and more of them', (at: number) => at > 15_000, true],
  ] as const)('%s', (_, isSet, reversed) => {
    const map = new NodeMap<number>()
    const order = [...nodes.entries()].filter(([at]) => isSet(at))
    for (const [at, node] of reversed ? order.toReversed() : order) map.set(node, at)
    for (const [at, node] of nodes.entries()) {
      expect(map.get(node)).toBe(isSet(at) ? at : undefined)
      expect(map.has(node)).toBe(isSet(at))
    }
  })
})
