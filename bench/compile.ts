/** Compile time of the built package against the size of the program: it must grow linearly. */
import { existsSync } from 'node:fs'
import type * as Nnc from '../src/index.js'
import { cpuTimeOf, growth, type Measured, median, printTable } from './harness.js'

// As users run it: the sources, run directly, take half as long again.
const built = new URL('../dist/index.js', import.meta.url)
if (!existsSync(built)) throw new Error('there is no dist/: run `npm run build` first')
const { compileModule }: typeof Nnc = await import(built.href)

interface Family {
  readonly name: string
  readonly unit: string
  readonly sizes: readonly number[]
  source(size: number): string
}

/** Milliseconds of CPU time. What would take longer, even if it grew linearly, is left out. */
const LONGEST = 60_000

const families: readonly Family[] = [
  { name: 'layers', unit: 'layers', sizes: [10, 100, 1000], source: layers },
  { name: 'sum of terms', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: sumOfTerms },
  { name: 'nested calls', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: nestedCalls },
  { name: 'chain of definitions', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: chain },
]

// The first compilations also compile the compiler: they are not counted.
for (const family of families) for (let round = 0; round < 3; round++) compile(family.source(family.sizes[0]))

console.log('CPU time of compiling; the last column is the exponent of growth, 1 is linear')
for (const { name, unit, sizes, source } of families) {
  const rows: string[][] = []
  let before: Measured | undefined
  for (const size of sizes) {
    if (before && before.time * (size / before.size) > LONGEST) {
      rows.push([name, `${size} ${unit}`, 'left out', '', '', ''])
      continue
    }
    const text = source(size)
    const rounds = size === sizes[0] ? 5 : size === sizes.at(-1) ? 1 : 3
    let bytes = 0
    const time = median(Array.from({ length: rounds }, () => cpuTimeOf(() => (bytes = compile(text)), 1)))
    rows.push([
      name,
      `${size} ${unit}`,
      `${time.toFixed(time < 100 ? 1 : 0)} ms`,
      `${((1000 * time) / size).toFixed(1)} µs`,
      `${(bytes / 1024).toFixed(0)} kB`,
      before ? growth(before, { size, time }).toFixed(2) : '',
    ])
    before = { size, time }
  }
  printTable(['program', 'size', 'time', 'per unit', 'module', 'exponent'], rows)
  console.log()
}

function compile(source: string): number {
  const { code, diagnostics } = compileModule(source, { filename: 'bench.nn' })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return code.length
}

function layers(count: number): string {
  const indices = Array.from({ length: count }, (_, k) => k)
  return `
model Dense[m](x: [.., k]) {
  param W: [k, m] ~ glorot
  param b: [m]
  out y = x @ W + b
}
model Deep(x: [n, 8], y: [n, 8]) {
${indices.map((k) => `  param l${k}: Dense[8]`).join('\n')}
${indices.map((k) => `  h${k} = tanh(l${k}(${k === 0 ? 'x' : `h${k - 1}`}))`).join('\n')}
  out h${count - 1}
  loss mean[s] sum[i] (h${count - 1}[s, i] - y[s, i])^2
}
`
}

/** Nine nodes to a term, each with constants of its own, so that no two terms can be put together. */
function sumOfTerms(nodes: number): string {
  const terms = Array.from({ length: Math.ceil(nodes / 9) }, (_, k) => `${k + 2} * sin(x * ${k + 3} + y)`)
  return `export fn f(x, y) = ${terms.join('\n  + ')}\n`
}

/** Three nodes to a call, one inside the other. */
function nestedCalls(nodes: number): string {
  const depth = Math.ceil(nodes / 3)
  return `export fn f(x, y) = ${'sin(y + '.repeat(depth)}x${')'.repeat(depth)}\n`
}

/** Five nodes to a definition, each read twice: written out, the expression would be exponentially long. */
function chain(nodes: number): string {
  const lines = Array.from(
    { length: Math.ceil(nodes / 5) },
    (_, k) => `  a${k + 1} = sin(a${k}) + a${k} * ${1 / (k + 2)}`,
  )
  return `export fn f(x) {\n  a0 = x\n${lines.join('\n')}\n  return a${lines.length}\n}\n`
}
