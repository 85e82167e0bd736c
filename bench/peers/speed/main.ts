/**
 * Speed beside other systems. Loss and gradients of each are compared with those of nnc before anything is measured; then they run
 * in turn, each in its own process while the others wait, and the medians of CPU time are set side by side.
 * Arguments choose systems and tasks by parts of their names: `tsx speed/main.ts nnc tfjs LeNet`.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { median } from '../../harness.js'
import type { Values } from '../../networks.js'
import { type Client, start } from './client.js'
import { SYSTEMS, type SystemName } from './systems.js'
import { type Task, TASKS, titleOf } from './tasks.js'

/** Of the largest entry of the same array: all compute in 32 bits, and sum in orders of their own. */
const TOLERANCE = 2e-4
const ROUNDS = 11
const WARM_UP = 1500
const LEAST = 30

type Cells = ReadonlyMap<SystemName, number | string>

const wanted = process.argv.slice(2).map((part) => part.toLowerCase())
const chosen = <T extends string>(all: readonly T[], titles = (each: T): string => each): readonly T[] => {
  const some = all.filter((each) => wanted.some((part) => titles(each).toLowerCase().includes(part)))
  return some.length > 0 ? some : all
}
const hasPytorch = spawnSync('python3', ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
const [reference, ...others] = SYSTEMS
const systems = [reference, ...chosen(others).filter((name) => name !== 'pytorch' || hasPytorch)]

const before = loadavg()
const rows: [Task, Cells][] = []
for (const task of chosen(TASKS, titleOf)) {
  console.error(titleOf(task))
  rows.push([task, await measure(task)])
}
print()

async function measure(task: Task): Promise<Cells> {
  const cells = new Map<SystemName, number | string>()
  const running = new Map<SystemName, Client>()
  let expected: readonly Values[] = []
  for (const name of systems) {
    const client = start(name)
    const reply = await client.ask({ ask: 'results', task })
    if (reply.kind === 'none') {
      client.close()
      continue
    }
    const why = reply.kind === 'failed' ? reply.reason : reply.kind === 'results' ? mistake(reply.results, expected) : '' // prettier-ignore
    if (name === reference) {
      if (reply.kind !== 'results') throw new Error(`${task}: ${why}`)
      expected = reply.results
    }
    if (why === '') running.set(name, client)
    else {
      console.error(`  ${name}: ${why}`)
      cells.set(name, reply.kind === 'failed' ? 'throws' : 'differs')
      client.close()
    }
  }
  const times = new Map([...running.keys()].map((name) => [name, new Array<number>()]))
  for (const client of running.values())
    await client.ask({ ask: 'warm', milliseconds: WARM_UP, least: LEAST })
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, client] of running) {
      const reply = await client.ask({ ask: 'time' })
      if (reply.kind !== 'time') throw new Error(`${name}: ${reply.kind === 'failed' ? reply.reason : ''}`)
      times.get(name)?.push(reply.milliseconds)
    }
  for (const client of running.values()) client.close()
  for (const [name, each] of times) cells.set(name, median(each))
  return cells
}

/** In what results differ from those of nnc, if they do. */
function mistake(results: readonly Values[], expected: readonly Values[]): string {
  if (expected.length === 0) return ''
  if (results.length !== expected.length) return `${results.length} results instead of ${expected.length}`
  for (const [at, own] of results.entries()) {
    const other = expected[at]
    if (own.length !== other.length)
      return `result ${at} has ${own.length} entries instead of ${other.length}`
    let [scale, difference] = [1e-30, 0]
    for (let i = 0; i < own.length; i++) {
      scale = Math.max(scale, Math.abs(other[i]))
      const apart = Math.abs(own[i] - other[i])
      difference = Number.isNaN(apart) ? Infinity : Math.max(difference, apart)
    }
    if (!(difference <= TOLERANCE * scale))
      return `result ${at} is off by ${(difference / scale).toExponential(1)}`
  }
  return ''
}

function print(): void {
  const versions = ['@tensorflow/tfjs-core', '@jax-js/jax'].map((name) => `${name} ${versionOf(name)}`)
  const loads = [before[0], loadavg()[0]].map((load) => load.toFixed(1)).join(' before, ')
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, ${versions.join(', ')}. One thread each, f32.`) // prettier-ignore
  console.log(
    `Loss and gradients agree with those of ${reference} within ${TOLERANCE} of the largest entry of each array;`,
  )
  console.log(
    `medians of CPU time of ${ROUNDS} interleaved rounds. Load average ${loads} after.${hasPytorch ? '' : ' There is no PyTorch.'}\n`,
  )
  table((time) => show(time))
  for (const base of systems.filter((name) => name.startsWith('nnc')))
    table((time, cells) => {
      const own = cells.get(base)
      return typeof own === 'number' ? ratio(time / own) : ''
    }, `times ${base}`)
}

function table(cell: (time: number, cells: Cells) => string, title = ''): void {
  console.log(`| ${title} | ${systems.join(' | ')} |`)
  console.log(`| --- | ${systems.map(() => '--:').join(' | ')} |`)
  for (const [task, cells] of rows) {
    const row = systems.map((name) => {
      const value = cells.get(name)
      return typeof value === 'number' ? cell(value, cells) : (value ?? '')
    })
    console.log(`| ${titleOf(task)} | ${row.join(' | ')} |`)
  }
  console.log('')
}

function show(ms: number): string {
  if (ms >= 1) return `${ms < 100 ? ms.toPrecision(3) : ms.toFixed(0)} ms`
  return ms >= 0.001 ? `${(1000 * ms).toPrecision(3)} µs` : `${(1e6 * ms).toFixed(0)} ns`
}

function ratio(value: number): string {
  return value < 10 ? value.toPrecision(2) : value.toFixed(0)
}

function versionOf(name: string): string {
  const found: unknown = JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')) // prettier-ignore
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : ''
}
