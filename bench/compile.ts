/** Compile time of the built package against the size of the program: it must grow linearly. Then what is compiled beside the same written by hand. */
import { existsSync } from 'node:fs'
import type * as Nnc from '../src/index.js'
import { besideHand } from './beside-hand.js'
import { cpuTimeOf, growth, type Measured, median, printTable } from './harness.js'
import { deepSource } from './networks.js'
import { deep } from './workloads.js'

// As users run it: the sources, run directly, take half as long again.
const built = new URL('../dist/index.js', import.meta.url)
if (!existsSync(built)) throw new Error('there is no dist/: run `npm run build` first')
const { compileModule, simplify }: typeof Nnc = await import(built.href)

interface Family {
  readonly name: string
  readonly unit: string
  readonly sizes: readonly number[]
  source(size: number): string
  /** What is done with it; compiled otherwise. Gives the length of the result. */
  run?(source: string): number
}

/** Milliseconds of CPU time. What would take longer, even if it grew linearly, is left out. */
const LONGEST = 60_000

const families: readonly Family[] = [
  { name: 'layers', unit: 'layers', sizes: [10, 100, 1000], source: deepSource },
  { name: 'sum of terms', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: sumOfTerms },
  { name: 'nested calls', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: nestedCalls },
  { name: 'chain of definitions', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: chain },
  { name: 'random expression', unit: 'nodes', sizes: [1e3, 1e4, 1e5], source: randomFunction },
  {
    name: 'simplified sum',
    unit: 'terms',
    sizes: [1e3, 1e4, 1e5],
    source: (terms) => sumOf(terms),
    run: (source) => String(simplify(source)).length,
  },
]

// The first compilations also compile the compiler: they are not counted.
for (const family of families)
  for (let round = 0; round < 3; round++) runOf(family)(family.source(family.sizes[0]))

console.log('CPU time of compiling; the last column is the exponent of growth, 1 is linear')
for (const family of families) {
  const { name, unit, sizes, source } = family
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
    const time = median(
      Array.from({ length: rounds }, () => cpuTimeOf(() => (bytes = runOf(family)(text)), 1)),
    )
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

await besideHand([deep(10), deep(30)])

function runOf({ run = compile }: Family): (source: string) => number {
  return run
}

function compile(source: string): number {
  const { code, diagnostics } = compileModule(source, { filename: 'bench.nn' })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return code.length
}

/** Nine nodes to a term, each with constants of its own, so that no two terms can be put together. */
function sumOfTerms(nodes: number): string {
  return `export fn f(x, y) = ${sumOf(Math.ceil(nodes / 9))}\n`
}

function sumOf(terms: number): string {
  return Array.from({ length: terms }, (_, k) => `${k + 2} * sin(x * ${k + 3} + y)`).join('\n  + ')
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

/** Sums, differences, products, quotients and functions in random order, of four numbers: the same at each run. */
function randomFunction(nodes: number): string {
  let seed = 7
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]
  const parts: string[] = []
  const pending: (string | number)[] = [nodes]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') parts.push(next)
    else if (next <= 1)
      parts.push(random() < 0.7 ? oneOf(['x', 'y', 'z', 'w']) : String(oneOf([1, 2, 3, 5, 7])))
    else if (random() < 0.35) {
      parts.push(oneOf(['sin', 'cos', 'tanh', 'exp', 'sqrt', 'log1p', 'atan']), '(')
      pending.push(')', next - 1)
    } else {
      const left = Math.max(1, Math.round((next - 1) * (0.3 + 0.4 * random())))
      parts.push('(')
      pending.push(')', next - 1 - left, ` ${oneOf(['+', '+', '-', '*', '*', '/'])} `, left)
    }
  }
  return `export fn f(x, y, z, w) = ${parts.join('')}\n`
}
