/** Measures nnc beside other systems on the sets of this folder and writes docs/peers.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { format } from 'prettier'
import { compileFunction, grad } from '../../src/expression.js'
import { compare } from '../harness.js'
import { Client, type Result } from './client.js'
import { countTokens } from './count.js'
import { DERIVATIVES } from './derivatives.js'
import { GRADIENTS } from './gradients.js'
import { GROWTH } from './growth.js'
import { BORDERS, POINTS } from './points.js'
import { SIMPLIFICATIONS } from './simplifications.js'
import { SYSTEM_NAMES, type SystemName } from './systems.js'
import { toText } from './translate.js'
import { slopeOf, valueOf, type Point, type Value } from './values.js'

const LIMIT = 5000
const GROWTH_LIMIT = 10_000
const EXTREMES = [
  ['sigmoid(-800)', 'sigmoid(x)', { x: -800 }, 0],
  ['softplus(800)', 'log(1 + exp(x))', { x: 800 }, 1],
  ['logsumexp(800, 799)', 'log(exp(x) + exp(y))', { x: 800, y: 799 }, 0.731],
] as const

const ALL: ReadonlySet<string> = new Set(
  'sigmoid softplus relu log1p expm1 hypot xlogy clamp cbrt erfc normal_cdf normal_pdf log2 log10'.split(' '),
)
const reference = (expression: string): Value => valueOf(toText(expression, ALL))

/** Without names that do not occur: `e` is a number to a system that the user did not ask about it. */
function named(points: readonly Point[], expression: string): Point[] {
  const names = new Set(expression.match(/[a-z]+/gi) ?? [])
  return points.map((at) => Object.fromEntries(Object.entries(at).filter(([name]) => names.has(name))))
}

function agrees(expected: number, actual: number): boolean {
  return Math.abs(actual - expected) <= 1e-6 * (1 + Math.abs(expected))
}

/** Right wherever there is a value to compare with, and there is one somewhere. */
function isRight(expected: readonly number[], result: Result): boolean {
  if (result.kind !== 'answer') return false
  const compared = expected.flatMap((value, at) =>
    Number.isFinite(value) ? [agrees(value, result.values[at])] : [],
  )
  return compared.length > 0 && compared.every(Boolean)
}

interface Column {
  readonly cells: Map<string, string>
  readonly misses: string[]
}

async function measure(name: SystemName): Promise<Column> {
  const client = new Client(name)
  const cells = new Map<string, string>()
  const misses: string[] = []
  const miss = (what: string, result: Result): void => {
    const why = result.kind === 'answer' ? `\`${result.text.slice(0, 100)}\`` : result.kind === 'failed' ? result.reason : 'took too long' // prettier-ignore
    misses.push(`- ${what}: ${why.replaceAll('|', '¦').replaceAll('<', '&lt;')}`)
  }

  const families = new Map<string, [number, number]>()
  let [right, hangs] = [0, 0]
  for (const { family, expression } of DERIVATIVES) {
    const points = named(POINTS, expression)
    const expected = points.map(slopeOf(reference(expression)))
    const result = await client.ask({ task: 'differentiate', expression, points }, LIMIT)
    const passes = isRight(expected, result)
    if (result.kind === 'too long') hangs++
    if (passes) right++
    else miss(`d(${expression})`, result)
    const [done, of] = families.get(family) ?? [0, 0]
    families.set(family, [done + Number(passes), of + 1])
  }
  cells.set('**derivatives that are right**', `**${right} of ${DERIVATIVES.length}**`)
  for (const [family, [done, of]] of families) cells.set(`· ${family}`, `${done} of ${of}`)

  let [shortest, nodes, same, silent] = [0, 0, 0, 0]
  for (const { given, shortest: best } of SIMPLIFICATIONS) {
    const points = named([...POINTS, ...BORDERS], given)
    const expected = points.map(reference(given))
    const result = await client.ask({ task: 'simplify', expression: given, points }, LIMIT)
    const wanted = countTokens(best)
    if (result.kind === 'too long') hangs++
    const passes = isRight(expected.slice(0, POINTS.length), result)
    if (result.kind !== 'answer' || !passes) {
      nodes += countTokens(given)
      miss(`simplify(${given})`, result)
      continue
    }
    same++
    const length = countTokens(result.text)
    nodes += length
    if (length <= wanted) shortest++
    else miss(`simplify(${given}), shortest ${best}`, result)
    const { values, excluded } = result
    if (
      points.some((_, at) => !Number.isFinite(expected[at]) && Number.isFinite(values[at]) && !excluded[at])
    )
      silent++
  }
  const fewest = SIMPLIFICATIONS.reduce((sum, { shortest: best }) => sum + countTokens(best), 0)
  cells.set('**simplifications of the shortest form**', `**${shortest} of ${SIMPLIFICATIONS.length}**`)
  cells.set('· of the right value', String(same))
  cells.set(`· nodes in all (stated as shortest: ${fewest})`, String(nodes))
  cells.set('· defined in more places without a word', String(silent))
  cells.set('calls ended after 5 s', String(hangs))

  for (const [what, expression, at, expected] of EXTREMES) {
    const result = await client.ask({ task: 'differentiate', expression, points: [at] }, LIMIT)
    const value = result.kind === 'answer' ? result.values[0] : NaN
    cells.set(`derivative of ${what}, which is ${expected}`, Number.isNaN(value) ? 'NaN' : value.toPrecision(3)) // prettier-ignore
  }

  for (const family of new Set(GROWTH.map((each) => each.family))) {
    let largest = 'none'
    for (const { size, expression, slope } of GROWTH.filter((each) => each.family === family)) {
      const result = await client.ask({ task: 'differentiate', expression, points: [{ x: 0.7 }] }, GROWTH_LIMIT) // prettier-ignore
      if (result.kind !== 'answer' || !agrees(slope(0.7), result.values[0])) {
        miss(`d of ${family} of ${size}`, result)
        break
      }
      largest = `${size} in ${(result.milliseconds / 1000).toFixed(2)} s`
    }
    cells.set(`largest ${family}, up to 2000, in 10 s`, largest)
  }
  client.close()
  return { cells, misses }
}

function speeds(): string[] {
  const rows = ['| gradient | build | compiled | by hand | ratio |', '| --- | --: | --: | --: | --: |']
  for (const { name, expression, variables, byHand } of GRADIENTS) {
    const started = performance.now()
    const compiled = compileFunction(grad(expression, variables), variables)
    const build = performance.now() - started
    const at = variables.map((_, k) => 0.3 + 0.1 * ((k * 7) % 11))
    const [ours, theirs] = [compiled(...at), byHand(...at)]
    if (!theirs.every((value, k) => agrees(value, ours[k]))) throw new Error(`${name}: gradients differ`)
    const CALLS = 200_000 / variables.length
    let sink = 0
    const many = (f: (...xs: number[]) => number[]) => (): void => {
      for (let call = 0; call < CALLS; call++) {
        at[0] = 0.3 + call * 1e-9
        sink += f(...at)[0]
      }
    }
    const times = compare({ compiled: many(compiled), byHand: many(byHand) }, { rounds: 25, warmUp: 10 })
    if (Number.isNaN(sink)) throw new Error(`${name}: no gradient`)
    const perCall = (time: number): string => `${((1e6 * time) / CALLS).toFixed(0)} ns`
    rows.push(`| ${name} | ${build.toFixed(1)} ms | ${perCall(times.compiled)} | ${perCall(times.byHand)} | ${(times.compiled / times.byHand).toFixed(2)} |`) // prettier-ignore
  }
  return rows
}

function versionOf(name: SystemName): string {
  const folder = name === 'nnc' ? '../../' : `node_modules/${name}/`
  const found: unknown = JSON.parse(readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8'))
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : ''
}

const columns: Column[] = []
for (const name of SYSTEM_NAMES) {
  console.log(name)
  columns.push(await measure(name))
}
const rows = [...columns[0].cells.keys()]
const lines = [
  '# Beside other systems',
  '',
  `Measured by \`npm run bench:peers\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0].model.trim()}).`, // prettier-ignore
  '',
  'All systems get the same expressions, from the sets in `bench/peers/`; functions that a system does not have are spelled out for it.',
  'A result counts only if its values are right at several points: derivatives are compared with extrapolated differences, simplifications with',
  'the given expression, both evaluated by mathjs. Every result is counted by the same measure: numbers, names and operators of its text. A',
  'simplification that is wrong or missing counts as long as the given expression. Each system runs in a process of its own.',
  '',
  `| | ${SYSTEM_NAMES.map((name) => `${name} ${versionOf(name)}`).join(' | ')} |`,
  `| --- | ${SYSTEM_NAMES.map(() => '--:').join(' | ')} |`,
  ...rows.map((row) => `| ${row} | ${columns.map(({ cells }) => cells.get(row) ?? '').join(' | ')} |`),
  '',
  'Times are those of one call in a process that is warm, and depend on what else the machine does.',
  '',
  '## Compiled gradients and gradients by hand',
  '',
  'Medians of interleaved rounds; building is parsing, differentiating and compiling, once.',
  '',
  ...speeds(),
  '',
  '## What nnc misses',
  '',
  ...(columns[0].misses.length > 0 ? columns[0].misses : ['Nothing in these sets.']),
  '',
  ...SYSTEM_NAMES.slice(1).flatMap((name, at) => [
    `## What ${name} misses`,
    '',
    ...columns[at + 1].misses,
    '',
  ]),
]
writeFileSync(new URL('../../docs/peers.md', import.meta.url), await format(lines.join('\n'), { parser: 'markdown', printWidth: 140 })) // prettier-ignore
