import { describe, expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import { printProgram } from '../../src/ir/print.js'
import { ReadError, readProgram } from '../../src/ir/read.js'
import { PROGRAMS } from './programs.js'

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
