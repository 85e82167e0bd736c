import { describe, expect, test } from 'vitest'
import type { InputDef, ParamDef } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import type { Entry, Program } from '../../src/ir/program.js'
import { checkProgram, isConclusive } from '../../src/verify/check-program.js'
import { formatReport } from '../../src/verify/report.js'

const source = { filename: 'model.nn', text: 'fn f(x: [n]) = sum(x^2)\nmodel M(x: [n]) {\n}\n' }
const spanOfLine = (line: number) => ({ source, start: line === 1 ? 0 : 24, end: 30 })

/** `f(x) = Σ log(x)²`, whose domain is not the whole line. */
function functionProgram(): Program {
  const graph = new Graph()
  const n = graph.size('n')
  const x: InputDef = graph.input({ name: 'x', shape: [n], origin: { span: spanOfLine(1) } })
  const i = graph.freshIndex(n)
  const log = graph.apply('log', [graph.read(x, [i])])
  const value = graph.define({ name: 'value', idx: [], body: graph.sum([i], graph.pow(log, graph.num(2))) })
  const entry: Entry = {
    kind: 'function',
    name: 'f',
    exported: true,
    doc: undefined,
    span: spanOfLine(1),
    sizes: [{ size: n, input: x, axis: 0 }],
    params: [],
    inputs: [{ name: 'x', def: x, doc: undefined, type: 'real', default: undefined }],
    outputs: [{ name: 'value', def: value, doc: undefined }],
    loss: undefined,
    checks: [{ expr: graph.sub(n, graph.num(6)), message: 'n is at least 6', span: undefined }],
    backward: undefined,
  }
  return { graph, entries: [entry] }
}

const squareOfLog = (x: Float64Array) => x.reduce((sum, value) => sum + Math.log(value) ** 2, 0)

/** The module of `f`, whose gradient is off by a factor. */
const functionModule = (factor: number) => ({
  f: Object.assign((x: Float64Array) => squareOfLog(x), {
    grad: (x: Float64Array) => [x.map((v) => (factor * 2 * Math.log(v)) / v)],
  }),
})

/** `y = a x` with a parameter `layer.a`, and no loss. */
function modelProgram(): Program {
  const graph = new Graph()
  const n = graph.size('n')
  const x: InputDef = graph.input({ name: 'x', shape: [n] })
  const a: ParamDef = graph.param({ name: 'layer.a', shape: [] })
  const i = graph.freshIndex(n)
  const y = graph.define({ name: 'y', idx: [i], body: graph.mul(graph.read(a, []), graph.read(x, [i])) })
  const entry: Entry = {
    kind: 'model',
    name: 'M',
    exported: true,
    doc: undefined,
    span: spanOfLine(2),
    sizes: [{ size: n, input: x, axis: 0 }],
    params: [{ path: ['layer', 'a'], def: a, doc: undefined, initial: { kind: 'zeros' } }],
    inputs: [{ name: 'x', def: x, doc: undefined, type: 'real', default: undefined }],
    outputs: [{ name: 'y', def: y, doc: undefined }],
    loss: undefined,
    checks: [],
    backward: undefined,
  }
  return { graph, entries: [entry] }
}

interface ModelArguments {
  readonly params: { readonly layer: { readonly a: number } }
  readonly data: { readonly x: Float64Array }
  readonly options: { readonly wrt: readonly string[]; readonly cotangents: { readonly y: Float64Array } }
}

const modelModule = {
  M: {
    forward: ({ layer: { a } }: ModelArguments['params'], { x }: ModelArguments['data']) => ({
      y: x.map((v) => a * v),
    }),
    backward: (
      { layer: { a } }: ModelArguments['params'],
      { x }: ModelArguments['data'],
      { cotangents: { y } }: ModelArguments['options'],
    ) => ({
      grads: { layer: { a: x.reduce((sum, v, i) => sum + v * y[i], 0) }, x: y.map((v) => a * v) },
    }),
  },
}

const options = { seed: 1, points: 2 }

describe('checking a function', () => {
  test('passes against all evidence where the gradient is right', () => {
    const module = functionModule(1)
    const report = checkProgram(functionProgram(), { f64: module, f32: module }, options)
    expect(report.rows.map(({ wrt, against, verdict }) => `${wrt} ${against} ${verdict}`)).toEqual([
      'value value pass',
      'x tape pass',
      'x duals pass',
      'x differences pass',
      'x f32 pass',
    ])
    expect(report).toMatchObject({ points: 2, entries: 1, unchecked: [] })
    expect(isConclusive(report.rows)).toBe(true)
  })

  test.each([1.001, 1 + 1e-5, NaN])('fails where it is off by the factor %d', (factor) => {
    const module = functionModule(factor)
    const { rows } = checkProgram(functionProgram(), { f64: module, f32: functionModule(1) }, options)
    const failed = rows.filter(({ verdict }) => verdict === 'fail').map(({ against }) => against)
    expect(failed).toEqual(expect.arrayContaining(['tape', 'duals', 'differences']))
  })

  test('fails where only the f32 module is off', () => {
    const modules = { f64: functionModule(1), f32: functionModule(1.01) }
    const { rows } = checkProgram(functionProgram(), modules, options)
    expect(rows.filter(({ verdict }) => verdict === 'fail').map(({ against }) => against)).toEqual(['f32'])
  })

  test('is the same for the same seed, and sizes can be given', () => {
    const modules = { f64: functionModule(1), f32: functionModule(1) }
    const run = (seed: number) =>
      checkProgram(functionProgram(), modules, { ...options, seed, sizes: { n: 9 } }).rows
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
    const tooSmall = checkProgram(functionProgram(), modules, { ...options, sizes: { n: 3 } })
    expect(tooSmall.unchecked[0].because).toBe("no sizes were found that 'f' accepts: give some with --size")
    expect(isConclusive(tooSmall.rows)).toBe(false)
  })
})

test('a module that throws is broken, and the check goes on', () => {
  const throwing = { f: Object.assign(() => Number('no'), { grad: () => { throw new RangeError('x: expected 3 numbers') } }) } // prettier-ignore
  const { broken, entries } = checkProgram(functionProgram(), { f64: throwing, f32: throwing }, options)
  expect(broken.map(({ because }) => because)).toEqual(["'f.grad' throws: x: expected 3 numbers"])
  expect(entries).toBe(1)
  expect(checkProgram(functionProgram(), { f64: {}, f32: {} }, options).broken[0].because).toBe(
    "the module does not export 'f'",
  )
})

test('checking a model without loss gives random cotangents to its outs and nests its parameters', () => {
  const { rows } = checkProgram(modelProgram(), { f64: modelModule, f32: modelModule }, options)
  expect(rows.every(({ verdict }) => verdict === 'pass')).toBe(true)
  expect(new Set(rows.map(({ wrt }) => wrt))).toEqual(new Set(['y', 'layer.a', 'x']))
})

test('the report names the worst line and says how it went', () => {
  const modules = { f64: functionModule(1.001), f32: functionModule(1.001) }
  const { rows, points, entries } = checkProgram(functionProgram(), modules, options)
  const text = formatReport({ ok: false, seed: 1, diagnostics: [], rows, points, entries, surrogates: [] })
  expect(text).toMatch(
    /^entry +by +against +worst error +limit +verdict +line\nf +x +tape +\d\.\de-\d +1\.0e-10 +fail/,
  )
  expect(text).toMatch(/1 entry, 2 points, \d+ comparisons, \d+ of them inconclusive \(seed 1\)\n/)
  expect(text).toMatch(/\nFAIL: f by x disagrees with \w+ \(model\.nn:1\)\n$/)
  expect(
    formatReport(
      { ok: true, seed: 1, diagnostics: [], rows, points, entries, surrogates: [] },
      { color: true },
    ),
  ).toContain('\u001b[32mPASS: all gradients agree\u001b[0m')
})
