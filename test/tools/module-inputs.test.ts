/** What a module that `nnc build` wrote says to wrong data: one clear message each, never a wrong result. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { nnc } from './run-cli.js'
import { temporaryFolder } from './temporary-folder.js'

const SOURCE = `
model Net[h = 4](x: [n, 3], label: int[n]) {
  param W: [3, h] ~ he
  out p = softmax(x @ W)
  loss mean[s] -log(p[s, label[s]])
}
export fn inner(a: [n], b: [n]) = sum[i] a[i] * b[i]
`

interface NetModule {
  readonly Net: {
    init(options: object): object
    forward(params: object, data: unknown): { readonly p: Float32Array }
    loss(params: object, data: object): number
    backward(params: object, data: object): { readonly loss: number }
    bind(sizes: unknown): { forward(params: object, data: object): unknown }
  }
  readonly inner: (a: readonly number[], b?: readonly number[]) => number
}

let module: NetModule
let params: object

beforeAll(async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'net.nn'), SOURCE)
  expect((await nnc(['build', 'net.nn', '-q'], { cwd })).code).toBe(0)
  module = await import(join(cwd, 'net.js'))
  params = module.Net.init({ seed: 1 })
})

const x = new Float32Array(6)

test('right data are taken', () => {
  expect(module.Net.forward(params, { x }).p).toHaveLength(8)
  expect(module.Net.backward(params, { x, label: [0, 3] }).loss).toBeGreaterThan(0)
})

test.each<[string, RegExp, (net: NetModule['Net']) => unknown]>([
  [
    'a length that fits no rows',
    /^x: .*multiple of 3.* 7$/,
    (net) => net.forward(params, { x: new Float32Array(7) }),
  ],
  ['no rows', /^x is empty/, (net) => net.forward(params, { x: [] })],
  [
    'rows of different lengths',
    /^x\[1\]: expected 3/,
    (net) =>
      net.forward(params, {
        x: [
          [1, 2, 3],
          [4, 5],
        ],
      }),
  ],
  ['missing data', /^x is missing/, (net) => net.forward(params, {})],
  ['no data at all', /^data: expected an object/, (net) => net.forward(params, undefined)],
  [
    'a label above the range',
    /^label\[1\] = 4 is outside 0 … 3$/,
    (net) => net.loss(params, { x, label: [0, 4] }),
  ],
  [
    'a label below the range',
    /^label\[1\] = -1 is outside 0 … 3$/,
    (net) => net.backward(params, { x, label: [0, -1] }),
  ],
  [
    'a label between',
    /^label\[1\] = 1\.5 is not a whole number$/,
    (net) => net.backward(params, { x, label: [0, 1.5] }),
  ],
  ['too few labels', /^label says n = 1, x says n = 2$/, (net) => net.backward(params, { x, label: [0] })],
  [
    'a parameter of the wrong length',
    /^W: expected 12 numbers/,
    (net) => net.forward({ W: [1, 2, 3] }, { x }),
  ],
  ['a missing parameter', /^W is missing/, (net) => net.forward({}, { x })],
  [
    'data of another size than bound',
    /^x: expected 9 numbers/,
    (net) => net.bind({ n: 3 }).forward(params, { x }),
  ],
  ['a size that is no size', /^the size n must be/, (net) => net.bind({ n: 1.5 })],
  ['no sizes to bind', /^the size n is missing/, (net) => net.bind(undefined)],
])('%s', (_name, message, call) => {
  expect(() => call(module.Net)).toThrow(message)
})

test('functions name their arguments too', () => {
  expect(() => module.inner([1, 2], [1, 2, 3])).toThrow(/^b says n = 3, a says n = 2$/)
  expect(() => module.inner([1, 2])).toThrow(/^b is missing$/)
})
