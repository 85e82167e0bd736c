import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { printProgram } from '../../src/ir/print.js'
import { ReadError, readProgram } from '../../src/ir/read.js'
import { postorder } from '../../src/ir/walk.js'
import { PROGRAMS, programOf } from './programs.js'
import { build, real } from './recipes.js'

describe('the dump of a program reads back', () => {
  test.each(PROGRAMS)('%s', (_, make) => {
    const text = printProgram(make(new Graph()))
    expect(printProgram(readProgram(text))).toBe(text)
  })

  test('and does not depend on what else the graph holds', () => {
    for (const [name, make] of PROGRAMS) {
      const graph = new Graph()
      for (let at = 0; at < 37; at++) graph.read(graph.input({ name: 'unused', shape: [] }), [])
      expect(printProgram(make(graph)), name).toBe(printProgram(make(new Graph())))
    }
  })
})

/** Their sign is part of each mask, so that an equation of several has no first sign to make positive. */
const isEquationOfMasks = (e: Expr): boolean =>
  e.kind === 'test' && e.operand.kind === 'add' && e.operand.terms.some(({ node }) => node.kind === 'guard')

test('random expressions read back', () => {
  fc.assert(
    fc.property(fc.array(real(3, 4), { minLength: 1, maxLength: 3 }), (recipes) => {
      const g = new Graph()
      const variables = ['x', 'y', 'z'].map((name) => g.read(g.input({ name, shape: [] }), []))
      const outputs = recipes.map((recipe, at) =>
        g.define({ name: `e${at}`, idx: [], body: build(g, recipe, variables) }),
      )
      fc.pre(!outputs.some(({ body }) => body && postorder([body]).some(isEquationOfMasks)))
      const text = printProgram(programOf(g, outputs))
      expect(printProgram(readProgram(text))).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('the dump grows with the number of nodes, not of paths', () => {
  const lengthOf = (steps: number): number => {
    const g = new Graph()
    const e = g.read(g.input({ name: 'x', shape: [] }), [])
    let shared: Expr = e
    for (let step = 0; step < steps; step++)
      shared = g.add(g.algebra.sin(shared), g.algebra.exp(g.mul(shared, e)), g.algebra.cos(shared))
    return printProgram(programOf(g, [g.define({ name: 'y', idx: [], body: shared })])).length
  }
  expect(lengthOf(2000)).toBeLessThan(11 * lengthOf(200))
})

describe('reading refuses', () => {
  test.each([
    ['an unknown name', 'y[] = x', "line 1: unknown name 'x'"],
    ['an unknown definition', 'input x[]\ny[] = z[]', "line 2: unknown definition 'z'"],
    ['a wrong number of subscripts', 'input x[]\ny[] = x[1]', "'x' has 0 axes, read with 1"],
    ['a wrong number of arguments', 'y[] = exp(1, 2)', "line 1: no operator 'exp' of 2 arguments"],
    ['a stray character', 'y[] = 1 $ 2', "line 1: unexpected '$ 2'"],
    ['an open bracket', 'y[] = (1', "line 1: ')' expected, found 'the end'"],
    ['endless nesting', `y[] = ${'('.repeat(100_000)}`, 'line 1: nested too deeply'],
  ])('%s', (_, text, message) => {
    expect(() => readProgram(text)).toThrow(message)
  })

  test('with an error that names the line', () => {
    expect(() => readProgram('size n\n\n]')).toThrow(ReadError)
  })
})
