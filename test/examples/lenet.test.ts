/** LeNet-5 has the layers of the paper: the numbers of parameters, and which map of C3 sees which maps of S2. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { load } from '../../src/load.js'

interface Layer {
  readonly [parameter: string]: Float32Array
}
interface Batch {
  readonly x: Float32Array
}
interface Module {
  readonly LeNet5: {
    init(options: { seed: number }): Readonly<Record<string, Layer>>
    forward(params: object, data: Batch): { readonly probs: Float32Array }
  }
  readonly PartialConv: {
    init(options: { seed: number }): Layer
    forward(params: Layer, data: Batch, options: object): { readonly y: Float32Array }
  }
}

const isModule = (value: object): value is Module => 'LeNet5' in value && 'PartialConv' in value
const source = readFileSync(new URL('../../examples/lenet/lenet5.nn', import.meta.url), 'utf8')
const loaded: object = await load(source, { filename: 'lenet5.nn' })
if (!isModule(loaded)) throw new Error('lenet5.nn has the models LeNet5 and PartialConv')
const { LeNet5, PartialConv } = loaded

/** Table I of the paper, row by row: for each map of S2 (a row), whether the maps 0 … 15 of C3 see it. */
const TABLE = [
  'X...XXX..XXXX.XX',
  'XX...XXX..XXXX.X',
  'XXX...XXX..X.XXX',
  '.XXX..XXXX..X.XX',
  '..XXX..XXXX.XX.X',
  '...XXX..XXXX.XXX',
]

test('the layers have the numbers of parameters that the paper states', () => {
  const layers = LeNet5.init({ seed: 1 })
  const counts = Object.entries(layers).map(([name, layer]) => [
    name,
    Object.values(layer).reduce((count, { length }) => count + length, 0),
  ])
  expect(Object.fromEntries(counts)).toEqual({
    C1: 156,
    S2: 12,
    C3: 1516,
    S4: 32,
    C5: 48120,
    F6: 10164,
    // The paper's output layer has 10 units of fixed weights; here they are learned, with a bias each.
    output: 84 * 10 + 10,
  })
})

test('C3 is connected as table I says', () => {
  const ones = PartialConv.init({ seed: 1 })
  ones.K.fill(1)
  ones.b.fill(0)
  for (const [map, row] of TABLE.entries()) {
    // A map of ones, the others 0: what comes out is 25 where there is a connection.
    const x = new Float32Array(6 * 25).fill(1, map * 25, (map + 1) * 25)
    const { y } = PartialConv.forward(ones, { x }, { sizes: { n: 1, H: 5, W: 5 } })
    expect([...y].map((sum) => (sum === 25 ? 'X' : sum === 0 ? '.' : '?')).join('')).toBe(row)
  }
})

test('an image gives ten probabilities', () => {
  const x = Float32Array.from({ length: 32 * 32 }, (_, i) => (i % 7 === 0 ? 1 : 0))
  const { probs } = LeNet5.forward(LeNet5.init({ seed: 1 }), { x })
  expect(probs).toHaveLength(10)
  expect(probs.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
})
