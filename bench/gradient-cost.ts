/**
 * What gradients cost beside values: for each loss of the examples the time of `backward`, less that of writing each gradient once, by the
 * time of `loss`. At most 4 is wanted. `npx tsx bench/gradient-cost.ts lstm xor` measures some of them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { analyse } from '../src/compile.js'
import { load } from '../src/load.js'
import type { Entry } from '../src/ir/program.js'
import { NUMBERS } from '../src/verify/field.js'
import { interpret } from '../src/verify/interpreter.js'
import { Random } from '../src/verify/random.js'
import { compareCpu, printTable } from './harness.js'

const MOST = 4
const WARM_UP = 2000
/** Of axes that the model leaves open. */
const SIZE = 16
const SIZES: Readonly<Record<string, number>> = { n: 64, H: 28, W: 28 }
const examples = new URL('../examples/', import.meta.url)
const wanted = process.argv.slice(2)

type Nested = { [key: string]: Nested | Float32Array | Int32Array | number }

interface Model {
  init(options: { readonly seed: number; readonly sizes: Readonly<Record<string, number>> }): Nested
  bind(sizes: Readonly<Record<string, number>>): {
    loss(params: Nested, data: Nested): number
    backward(params: Nested, data: Nested): { grads: Nested }
  }
}

const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && 'bind' in value && typeof value.bind === 'function'

function arraysIn(value: Nested[string]): Float32Array[] {
  if (value instanceof Float32Array) return [value]
  return typeof value === 'object' && !(value instanceof Int32Array) ? Object.values(value).flatMap(arraysIn) : [] // prettier-ignore
}

function measure(
  model: Model,
  entry: Entry,
): { readonly loss: number; readonly backward: number; readonly write: number } {
  // prettier-ignore
  const random = new Random(1)
  const sizes = new Map(entry.sizes.map(({ size }) => [size, SIZES[size.name] ?? SIZE]))
  const named = Object.fromEntries([...sizes].map(([size, value]) => [size.name, value]))
  const run = interpret({ field: NUMBERS, sizes, data: new Map() })
  const params = model.init({ seed: 1, sizes: named })
  const data: Nested = {}
  for (const { name, def } of entry.inputs) {
    const count = def.idx.reduce((product, { extent }) => product * run.number(extent), 1)
    data[name] = def.integer
      ? new Int32Array(count)
      : Float32Array.from({ length: count }, () => 2 * random.uniform() - 1)
  }
  const bound = model.bind(named)
  const arrays = arraysIn(bound.backward(params, data).grads)
  // Long functions are compiled with all optimisations a while after others.
  for (const started = performance.now(); performance.now() - started < WARM_UP;) bound.backward(params, data)
  const { loss, backward, write } = compareCpu<unknown>({
    loss: () => bound.loss(params, data),
    backward: () => bound.backward(params, data),
    write: () => arrays.map((array) => array.fill(1)),
  })
  return { loss, backward, write }
}

const files = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => file.endsWith('.nn') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
  )
  .sort()
const rows: string[][] = []
for (const file of files) {
  const filename = new URL(file, examples).pathname
  const source = readFileSync(filename, 'utf8')
  const entries = analyse(source, { filename }).program?.entries ?? []
  const module = await load(source, { filename })
  for (const entry of entries.filter(({ kind, loss }) => kind === 'model' && loss)) {
    const model = module[entry.name]
    if (!isModel(model)) continue
    const { loss, backward, write } = measure(model, entry)
    const ratio = (backward - write) / loss
    const show = (ms: number): string => (1000 * ms).toFixed(1)
    rows.push([`${file}: ${entry.name}`, show(loss), show(backward), show(write), ratio.toFixed(2), ratio > MOST ? 'more than 4' : '']) // prettier-ignore
  }
}
printTable(['', 'loss, µs', 'backward, µs', 'writes, µs', 'ratio', ''], rows)
