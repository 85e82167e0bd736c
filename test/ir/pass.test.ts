import { expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import { runPasses, type Pass } from '../../src/ir/pass.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { programOf } from './programs.js'

const graph = new Graph()
const x = graph.input({ name: 'x', shape: [graph.num(3)] })
const i = graph.freshIndex(graph.num(3), 'i')
const good = graph.define({ name: 'y', idx: [i], body: graph.read(x, [i]) })
const bad = graph.define({ name: 'y', idx: [i], body: graph.read(x, [graph.add(i, graph.one)]) })

const pass = (name: string, run: Pass['run']): Pass => ({ name, doc: name, run })

test('passes run in order and are observed, before the first too', () => {
  const seen: string[] = []
  const rename = (name: string): Pass =>
    pass(name, (program) => ({ ...program, entries: program.entries.map((entry) => ({ ...entry, name })) }))
  const result = runPasses(programOf(graph, [good]), [rename('a'), rename('b')], {
    after: ({ entries: [entry] }, last) => seen.push(`${last?.name} ${entry.name}`),
  })
  expect(seen).toEqual(['undefined M', 'a a', 'b b'])
  expect(result.entries[0].name).toBe('b')
})

test('a verifying observer blames the pass that broke the program', () => {
  const passes = [pass('idle', (program) => program), pass('shift', () => programOf(graph, [bad]))]
  const after = (program: Parameters<typeof verifyProgram>[0], last: Pass | undefined): void =>
    verifyProgram(program, last?.name ?? 'lower')
  expect(() => runPasses(programOf(graph, [good]), passes, { after })).toThrow(
    "pass 'shift' broke the program:\n  y[i] = x[i + 1]: the read x[i + 1] is not proven in range",
  )
})
