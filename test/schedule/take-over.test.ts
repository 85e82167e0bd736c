/** Which temporaries are written over others: only where no entry is read after it was overwritten. */
import { describe, expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import type { Buffer, Local, Scalar, Statement } from '../../src/schedule/loop-program.js'
import { Scalars } from '../../src/schedule/scalars.js'
import { findTakeOvers } from '../../src/schedule/take-over.js'

const graph = new Graph()
const scalars = new Scalars()
const n = graph.num(8)

function temporary(name: string, extent = n, element: Buffer['element'] = 'f32'): Buffer {
  const i = graph.freshIndex(extent)
  const def = graph.define({ name, idx: [i], body: i })
  return { name, role: 'temp', element, def, extents: [extent] }
}

const index = (name: string): Local => ({ name, type: 'integer', depth: 1, natural: true })
const [i, k] = [index('i'), index('k')]
const [at, after] = [scalars.local(i), scalars.add(scalars.local(i), scalars.number(1))]

const loop = (...body: readonly Statement[]): Statement => ({ kind: 'loop', index: i, from: scalars.number(0), to: scalars.number(8), step: 1, descending: false, body }) // prettier-ignore
const store = (buffer: Buffer, value: Scalar, { offset = at, accumulate = false } = {}): Statement => ({
  kind: 'store',
  buffer,
  offset,
  value,
  accumulate,
})
const one = scalars.number(1)
const constant = (value: Scalar): Statement => ({ kind: 'constant', local: { name: 'u', type: 'real', depth: 2 }, value }) // prettier-ignore

const inner = (statement: Statement): Statement => ({ kind: 'loop', index: k, from: scalars.number(0), to: scalars.number(2), step: 1, descending: false, body: [statement] }) // prettier-ignore
/** Its start says which turn of the loop around it is which. */
const tile: Statement & { kind: 'loop' } = { kind: 'loop', index: i, from: scalars.local(k), to: scalars.number(8), step: 1, descending: false, body: [] } // prettier-ignore

describe('a temporary', () => {
  const y = temporary('y')
  const d = temporary('d')
  const [atY, afterY] = [scalars.load(y, at), scalars.load(y, after)]
  const before = loop(store(y, one))
  const use = loop(constant(scalars.load(d, at)))

  test.each<[string, readonly Statement[]]>([
    ['in the value that is stored', [loop(store(d, atY))]],
    ['before it, in the same block', [loop(constant(atY), store(d, one))]],
    ['in tiles', [inner({ ...tile, body: [store(d, atY)] })]],
    ['one entry after the other', [loop(store(d, atY), store(d, afterY, { offset: after }))]],
    ['and its successor is read there too', [loop(store(d, atY), constant(scalars.load(d, at)))]],
  ])('takes over another that is read %s', (_, statements) => {
    expect(findTakeOvers([before, ...statements, use], [])).toEqual(new Map([[d, y]]))
  })

  const wrapped = scalars.apply('mod', [at, scalars.number(2)])
  test.each<[string, readonly Statement[]]>([
    ['after it', [loop(store(d, one), constant(atY))]],
    ['at another entry', [loop(store(d, afterY))]],
    ['in a later statement', [loop(store(d, atY)), loop(constant(atY))]],
    ['in another block', [loop(inner(constant(atY)), store(d, one))]],
    ['while sums are added up', [loop(store(d, atY, { accumulate: true }))]],
    ['and written again', [loop(store(d, atY), store(y, one))]],
    ['in each turn of a loop around it', [inner(loop(store(d, atY)))]],
    ['where only some steps are kept', [loop(store(d, scalars.load(y, wrapped), { offset: wrapped }))]],
    ['and filled', [loop(store(d, atY), { kind: 'fill', buffer: d, range: undefined })]],
  ])('keeps memory of its own where the other is read %s', (_, statements) => {
    expect(findTakeOvers([before, ...statements, use], [])).toEqual(new Map())
  })

  test('keeps memory of its own where results are made of the other', () => {
    expect(findTakeOvers([before, loop(store(d, atY)), use], [atY])).toEqual(new Map())
  })

  test.each([
    ['length', temporary('y', graph.num(9))],
    ['type', temporary('y', n, 'f64')],
  ])('keeps memory of its own where the other has another %s', (_, other) => {
    const statements = [loop(store(other, one)), loop(store(d, scalars.load(other, at))), use]
    expect(findTakeOvers(statements, [])).toEqual(new Map())
  })

  test('takes over what took over itself', () => {
    const last = temporary('last')
    const statements = [before, loop(store(d, atY)), loop(store(last, scalars.load(d, at)))]
    expect(findTakeOvers(statements, [])).toEqual(new Map([[d, y], [last, y]])) // prettier-ignore
  })
})
