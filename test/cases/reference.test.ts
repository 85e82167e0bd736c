/** Every model in `reference/` against the values, losses, gradients and Hessians stored beside it. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, member, run } from '../codegen/load.js'
import { ENOUGH, TARGET } from '../target.js'
import { worstError } from './comparison.js'

const folder = new URL('./reference/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.nn') && file !== 'activations.nn')
  .map((file) => file.slice(0, -'.nn'.length))

/** Relative to the largest component of an array. */
const LIMIT = 1e-10

test.each(names)('%s', async (name) => {
  const { inputs, loss, outputs, grads, hessian } = readReference(`${name}.json`)
  const source = read(`${name}.nn`)
  const module = await load(source, { filename: `${name}.nn`, dtype: 'f64', verify: true })
  const model = Object.values(module).find((exported) => member(exported, 'init') !== undefined)

  const own = new Set(Object.keys(fields(run(model, 'init'))))
  const entriesOf = (which: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(inputs).filter(([key]) => which(key)))
  const params = entriesOf((key) => own.has(key))
  const data = entriesOf((key) => !own.has(key))
  expect(Object.keys(params).sort()).toEqual([...own].sort())

  const found = fields(run(model, 'forward', params, data))
  expect(Object.keys(found).sort()).toEqual(Object.keys(outputs).sort())
  const errors = Object.entries(outputs).map(([key, expected]) => [key, worstError(found[key], expected)])

  errors.push(['loss', worstError(run(model, 'loss', params, data), loss)])

  const wrt = Object.keys(grads).filter((key) => !own.has(key))
  const result = run(model, 'backward', params, data, { wrt })
  const derived = fields(member(result, 'grads'))
  expect(Object.keys(derived).sort()).toEqual([...new Set([...own, ...wrt])].sort())
  errors.push(['loss beside gradients', worstError(member(result, 'loss'), loss)])
  for (const [key, expected] of Object.entries(grads)) {
    errors.push([`gradient by ${key}`, worstError(derived[key], expected)])
  }

  if (hessian) {
    const args = parametersOf(source, 'curvature').map((key) => inputs[key])
    errors.push(['Hessian', worstError(run(module, 'curvature', ...args), hessian)])
  }
  expect(errors.filter(([, error]) => !(Number(error) <= LIMIT))).toEqual([])
})

test.each([...names, 'activations'])('nnc check %s', async (name) => {
  const report = await checkGradients(read(`${name}.nn`), {
    filename: `${name}.nn`,
    target: TARGET,
    ...ENOUGH,
  })
  expect(report.diagnostics).toEqual([])
  expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
})

function readReference(file: string) {
  const stored = fields(JSON.parse(read(file)))
  return {
    inputs: fields(stored.inputs),
    loss: stored.loss,
    outputs: fields(stored.outputs),
    grads: fields(stored.grads),
    hessian: member(stored.hessian, 'rows'),
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`no record: ${String(value)}`)
  return Object.fromEntries(Object.entries(value))
}

/** The names of the parameters of a function, in order: a call from JavaScript goes by position. */
function parametersOf(source: string, name: string): readonly string[] {
  const signature = new RegExp(`fn ${name}\\((.*)\\) (?:=|\\{)`).exec(source)
  if (!signature) throw new Error(`no function '${name}'`)
  return [...signature[1].matchAll(/(\w+): /g)].map(([, parameter]) => parameter)
}
