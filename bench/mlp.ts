/** Loss and gradients of the MNIST model, compiled, against the same model written by hand in naive JavaScript. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileModule } from '../src/index.js'
import { type MlpParams, type MlpResult, backward } from './hand/mlp-naive.js'
import { compare, printTable } from './harness.js'

interface MlpModule {
  readonly Mlp: {
    init(options: { seed: number }): MlpParams
    backward(params: MlpParams, data: Data): MlpResult
    bind(sizes: { n: number }): { backward(params: MlpParams, data: Data): MlpResult }
  }
}

interface Data {
  readonly x: Float32Array
  readonly label: Int32Array
}

const TOLERANCE = 1e-4
const cases = [
  { hidden: 128, n: 50 },
  { hidden: 512, n: 64 },
]

const rows: string[][] = []
for (const { hidden, n } of cases) {
  const { Mlp } = await compileMlp(hidden)
  const params = Mlp.init({ seed: 1 })
  const data = sampleData(n)
  const difference = largestDifference(Mlp.backward(params, data), backward(params, data.x, data.label))
  if (!(difference < TOLERANCE)) throw new Error(`the gradients differ by ${difference}: nothing to compare`)

  const bound = Mlp.bind({ n })
  const times = compare({
    hand: () => void backward(params, data.x, data.label),
    compiled: () => void Mlp.backward(params, data),
    bound: () => void bound.backward(params, data),
  })
  rows.push([
    `784-${hidden}-${hidden}-10, batch ${n}`,
    difference.toExponential(1),
    `${times.hand.toFixed(1)} ms`,
    `${times.compiled.toFixed(1)} ms`,
    `${times.bound.toFixed(1)} ms`,
    `${(times.hand / times.bound).toFixed(2)} x`,
  ])
}
console.log('forward and backward; medians of interleaved runs')
printTable(['model', 'difference', 'naive by hand', 'compiled', 'compiled, bound', 'speed-up'], rows)

async function compileMlp(hidden: number): Promise<MlpModule> {
  const source = readFileSync(new URL('../examples/mnist/mlp.nn', import.meta.url), 'utf8')
  const { code, diagnostics } = compileModule(source, { filename: 'mlp.nn', define: { hidden } })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const folder = mkdtempSync(join(tmpdir(), 'nnc-bench-'))
  try {
    const file = join(folder, 'mlp.mjs')
    writeFileSync(file, code)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Images with many zeros, as digits have. */
function sampleData(n: number): Data {
  const x = Float32Array.from({ length: n * 784 }, (_, i) =>
    Math.max(0, Math.sin(i * 0.37) * Math.cos(i * 0.11)),
  )
  const label = Int32Array.from({ length: n }, (_, s) => (s * 7) % 10)
  return { x, label }
}

/** The largest difference of two results, each array relative to its largest component. */
function largestDifference(a: MlpResult, b: MlpResult): number {
  const layers = ['l1', 'l2', 'l3'] as const
  const pairs = layers.flatMap((layer) =>
    (['W', 'b'] as const).map((name) => [a.grads[layer][name], b.grads[layer][name]] as const),
  )
  const differences = pairs.map(([p, q]) => {
    let scale = 0
    let difference = 0
    for (let i = 0; i < q.length; i++) {
      scale = Math.max(scale, Math.abs(q[i]))
      difference = Math.max(difference, Math.abs(p[i] - q[i]))
    }
    return difference / scale
  })
  return Math.max(Math.abs(a.loss - b.loss) / Math.abs(b.loss), ...differences)
}
