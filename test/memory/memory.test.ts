/**
 * The memory of bound methods: what they have, by what they need; and that they find in it nothing of what another call left there.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as networks from '../../bench/networks.js'
import { analyse, compileModule } from '../../src/compile.js'
import { runPasses } from '../../src/ir/pass.js'
import { pipeline } from '../../src/pipeline.js'
import { JAVASCRIPT, WEBASSEMBLY } from '../../src/schedule/machine.js'
import { scheduleEntry } from '../../src/schedule/schedule.js'
import { run } from '../codegen/load.js'
import { TARGET } from '../target.js'
import { measured } from './measure.js'
import { needOf, totalOf } from './need.js'

interface Model {
  readonly title: string
  readonly source: string
  readonly model: string
  readonly define?: Readonly<Record<string, number>>
  readonly sizes: Readonly<Record<string, number>>
}

/** What the requirement is: at most so much of what is needed. */
const ALLOWED = 1.3

/** What is not within that yet in WebAssembly, where a batch is not computed for some samples at a time: that took 1.1 to 2 times as long. */
const OPEN_IN_WASM: Readonly<Record<string, number>> = {
  'tiny 2-16-16-1, batch 64': 1.96,
  'LeNet-like, batch 32': 1.63,
  'LSTM, 64 steps, hidden 64, batch 16': 1.56,
  'approximation/approximation.nn: Approximation': 1.81,
  'attention/attention.nn: Memory': 1.38,
  'gru/gru.nn: Gru': 1.74,
  'lenet/lenet5.nn: LeNet5': 1.49,
  'lstm/lstm.nn: Lstm': 1.6,
  'maxout/maxout.nn: MaxoutNet': 1.87,
  'pinn/pinn.nn: Pinn': 2.15,
  'srn/srn.nn: Srn': 1.69,
  'text/text.nn: Text': 1.84,
}

const example = (file: string, model: string, sizes: Model['sizes']): Model => ({
  title: `${file}: ${model}`,
  source: readFileSync(new URL(`../../examples/${file}`, import.meta.url), 'utf8'),
  model,
  sizes,
})

const MODELS: readonly Model[] = [
  ...[networks.mlp(64), networks.tiny(1), networks.tiny(64), networks.lenet(32), networks.lstm(64, 16)].map(
    (network) => ({ title: network.name, ...network }),
  ),
  example('approximation/approximation.nn', 'Approximation', { n: 64 }),
  example('attention/attention.nn', 'Memory', { n: 64, m: 16 }),
  example('convolution/conv1d.nn', 'NarrowFilter', { n: 64 }),
  example('convolution/conv1d.nn', 'WideFilter', { n: 64 }),
  example('convolution/conv2d.nn', 'NarrowFilter2d', { H: 28, W: 28 }),
  example('convolution/conv2d.nn', 'WideFilter2d', { H: 28, W: 28 }),
  example('graph/graph.nn', 'Club', { nodes: 34, edges: 190 }),
  example('gru/gru.nn', 'Gru', { T: 32, n: 64 }),
  example('iris/iris.nn', 'Iris', { n: 64 }),
  example('lenet/lenet5.nn', 'LeNet5', { n: 64 }),
  example('linear/linear.nn', 'Linear', { n: 64, d: 20 }),
  example('logistic/logistic.nn', 'Logistic', { n: 64, d: 20 }),
  example('lstm/lstm.nn', 'Lstm', { T: 32, n: 64 }),
  example('maxout/maxout.nn', 'MaxoutNet', { n: 64 }),
  example('mnist/mlp.nn', 'Mlp', { n: 64 }),
  example('perceptron/perceptron.nn', 'Perceptron', { n: 64, d: 784 }),
  example('perceptron/perceptron.nn', 'MultiPerceptron', { n: 64, d: 784 }),
  example('pinn/pinn.nn', 'Pinn', { n: 64 }),
  example('srn/srn.nn', 'Srn', { T: 32, n: 64 }),
  example('text/text.nn', 'Text', { T: 32, n: 64 }),
  example('xor/xor.nn', 'Xor', {}),
]

test.each(MODELS)('$title', async ({ title, source, model, define, sizes }) => {
  const { program } = analyse(source, { define })
  if (!program) throw new Error('it does not compile')
  const { graph, entries } = runPasses(program, pipeline())
  const entry = entries.find(({ name }) => name === model)
  if (!entry) throw new Error(`there is no '${model}'`)
  const isWasm = TARGET === 'wasm'
  const scheduled = scheduleEntry(graph, entry, { machine: isWasm ? WEBASSEMBLY : JAVASCRIPT })
  const need = needOf(scheduled, sizes, isWasm)
  const { module, begin, bytes } = await measured(compileModule(source, { define, target: TARGET }).code)
  begin()
  run(module, `${model}.bind`, sizes)
  // Kernels in JavaScript read the arrays of their caller.
  const has = bytes() + (isWasm ? 0 : need.parameters)
  const ratio = has / totalOf(need)
  const open = isWasm ? OPEN_IN_WASM[title] : undefined
  expect(ratio, `${has} bytes for ${JSON.stringify(need)}`).toBeLessThanOrEqual(open ?? ALLOWED)
  // What has become better is written down.
  if (open !== undefined) expect(ratio, title).toBeGreaterThan(open - 0.02)
})

describe('what another call left in memory is not read', () => {
  test.each([networks.tiny(20), networks.lenet(3), networks.lstm(5, 3)])('$name', async (network) => {
    const { source, model, sizes, params, data } = network
    const wrt = Object.entries(data).flatMap(([name, values]) =>
      values instanceof Float32Array ? [name] : [],
    )
    const { code } = compileModule(source, { target: TARGET })
    const { module, begin, spoil } = await measured(code)
    begin()
    const bound: unknown = run(module, `${model}.bind`, sizes)
    const call = (method: string, ...options: readonly unknown[]): unknown =>
      structuredClone(run(bound, method, params, data, ...options))
    const expected = [
      structuredClone(run(module, `${model}.forward`, params, data, { sizes })),
      run(module, `${model}.loss`, params, data, { sizes }),
      structuredClone(run(module, `${model}.backward`, params, data, { wrt, sizes })),
    ]
    const results = (): unknown[] => [call('forward'), call('loss'), call('backward', { wrt })]
    expect(results()).toEqual(expected)
    expect(results()).toEqual(expected)
    expect([call('backward', { wrt }), call('loss'), call('forward')].reverse()).toEqual(expected)
    spoil()
    expect(call('backward', { wrt })).toEqual(expected[2])
    spoil()
    expect(results()).toEqual(expected)
  })

  test.each([networks.tiny(20), networks.lenet(3)])('results stay: $name', async (network) => {
    const { source, model, sizes, params, data } = network
    const { module } = await measured(compileModule(source, { target: TARGET }).code)
    const bound: unknown = run(module, `${model}.bind`, sizes)
    const made = ['forward', 'backward'].map((method) => run(bound, method, params, data))
    const copies = structuredClone(made)
    for (const method of ['loss', 'forward', 'loss']) run(bound, method, params, data)
    expect(made).toEqual(copies)
    run(bound, 'backward', params, data)
    expect(made).toEqual(copies)
  })
})
