import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { rule, type Rewrite } from '../../src/rewrite/rule.js'
import { Rewriter, RuleSet } from '../../src/rewrite/strategy.js'
import { throughDefinitions } from '../../src/rewrite/view.js'

const pythagoras = rule({
  name: 'sin² + cos²',
  sound: 'real',
  of: (m, { x }) => [m.add(m.pow(m.sin(x), m.number(2)), m.pow(m.cos(x), m.number(2))), m.number(1)],
})
const odds = rule({
  name: 'odds',
  sound: 'real',
  of: (m, { x, y }) => [m.log(m.div(x, m.sub(y, x))), m.logit(m.div(x, y))],
})

function setup() {
  const graph = new Graph()
  const read = (name: string): Expr => graph.read(graph.input({ name, shape: [] }), [])
  return { graph, m: graph.algebra, x: read('x'), y: read('y'), z: read('z') }
}

const apply = (graph: Graph, e: Expr, ...rules: readonly Rewrite[]): Expr =>
  new Rewriter(graph, new RuleSet(rules), { view: throughDefinitions(graph) }).rewrite(e)

describe('matching', () => {
  test('takes part of a sum, with a common coefficient', () => {
    const { graph, m, x, y } = setup()
    const square = (e: Expr): Expr => m.pow(e, m.number(2))
    const e = graph.addAll([graph.scale(graph.num(3).value, square(m.sin(y))), x, graph.scale(graph.num(3).value, square(m.cos(y)))]) // prettier-ignore
    expect(apply(graph, e, pythagoras)).toBe(m.add(x, m.number(3)))
    const different = m.add(square(m.sin(y)), m.mul(m.number(2), square(m.cos(y))))
    expect(apply(graph, different, pythagoras)).toBe(different)
  })

  test('variables stand for the same expression everywhere', () => {
    const { graph, m, x, y, z } = setup()
    expect(apply(graph, m.log(m.div(x, m.sub(z, x))), odds)).toBe(m.logit(m.div(x, z)))
    const other = m.log(m.div(x, m.sub(z, y)))
    expect(apply(graph, other, odds)).toBe(other)
  })

  test('looks behind reads of pointwise definitions, not of recurrences', () => {
    const { graph, m, x } = setup()
    const logOfExp = rule({ name: 'log of exp', sound: 'real', of: (n, v) => [n.log(n.exp(v.x)), v.x] })
    const e = graph.read(graph.define({ name: 'e', idx: [], body: m.exp(x) }), [])
    expect(apply(graph, m.log(e), logOfExp)).toBe(x)
    const closed = graph.nominal({ name: 'h', shape: [] })
    graph.setBody(closed, [], m.exp(x))
    const h = m.log(graph.read(closed, []))
    expect(apply(graph, h, logOfExp)).toBe(h)
  })

  test('ends although rules undo each other', () => {
    const { graph, m, x } = setup()
    const there = rule({ name: 'there', sound: 'real', of: (n, v) => [n.sinh(v.x), n.cosh(v.x)] })
    const back = rule({ name: 'back', sound: 'real', of: (n, v) => [n.cosh(v.x), n.sinh(v.x)] })
    expect(['sinh', 'cosh']).toContain(rootOperator(apply(graph, m.sinh(x), there, back)))
  })

  test('deep and wide expressions take time in proportion', () => {
    const { graph, m, x } = setup()
    let deep = x
    for (let level = 0; level < 50_000; level++) deep = m.sin(m.add(deep, m.number(1)))
    expect(rootOperator(apply(graph, deep, pythagoras))).toBe('sin')
    const squares = Array.from({ length: 5_000 }, (_, at) =>
      m.pow(m.sin(m.mul(m.number(at + 1), x)), m.number(2)),
    )
    expect(apply(graph, graph.addAll(squares), pythagoras).kind).toBe('add')
  })
})

const rootOperator = (e: Expr): string => (e.kind === 'apply' ? e.operator : e.kind)
