/** Loops in vectors against the same functions in JavaScript: every way in which a loop can be hard, at lengths around the width of vectors. */
import { beforeAll, describe, expect, test } from 'vitest'
import { WEBASSEMBLY } from '../../../src/schedule/machine.js'
import { scheduleEntry } from '../../../src/schedule/schedule.js'
import { analyse } from '../../../src/compile.js'
import { runPasses } from '../../../src/ir/pass.js'
import { pipeline } from '../../../src/pipeline.js'
import { lowerMethod } from '../../../codegen/wasm/kernel.js'
import { printModule } from '../../../codegen/wasm/text.js'
import { Unit } from '../../../codegen/wasm/unit.js'
import { load, member, run } from '../load.js'

const FUNCTIONS: Readonly<Record<string, string>> = {
  'side by side': 'fn f(x: [n], y: [n]) = 2 * x + y / 3',
  'a number for all': 'fn f(x: [n], y: [n]) { r[i] = x[i] * y[0] - 1; return r }',
  'turned round': 'fn f(x: [n], y: [n]) { r[i] = x[n - 1 - i] - y[i]; return r }',
  'every second': 'fn f(x: [2n], y: [n]) { r[i] = x[2i] + y[i]; return r }',
  'a matrix turned': 'fn f(x: [n, m], y: [m, n]) { r[i, j] = x[i, j] - y[j, i]; return r }',
  'a sum': 'fn f(x: [n], y: [n]) = sum[i] x[i] * y[i]',
  'a product': 'fn f(x: [n], y: [n]) = prod[i] (1 + x[i] * y[i] / 8)',
  'the largest and the smallest': 'fn f(x: [n], y: [n]) = max(x) * min(y)',
  'a sum of exponentials': 'fn f(x: [n], y: [n]) = logsumexp(x + y)',
  'running sums': 'fn f(x: [n], y: [n]) { r[i] = sum[k <= i] x[k] * y[i]; return r }',
  'the index as a number': 'fn f(x: [n], y: [n]) { r[i] = i * x[i] + (2i + 1) * y[i]; return r }',
  'a choice by data':
    'fn f(x: [n], y: [n]) { r[i] = if x[i] > y[i] then sqrt(x[i] - y[i]) else y[i]^2; return r }',
  'a choice by data and index':
    'fn f(x: [n], y: [n]) { r[i] = if x[i] > 0 and i > 2 then x[i] else -y[i]; return r }',
  neighbours: 'fn f(x: [n], y: [n]) { r[i] = if i > 0 then x[i - 1] * y[i] else y[i]; return r }',
  'every other': 'fn f(x: [n], y: [n]) { r[i] = if 2i >= n then x[2i - n] * y[i] else y[i]; return r }',
  floors: 'fn f(x: [n], y: [n]) = floor(8 * x) + round(3 * y) * sign(x)',
  'a convolution': 'fn f(x: [n], y: [m]) { r[i] = sum[u] x[i + u] * y[u]; return r }',
  windows: 'fn f(x: [2n], y: [n]) { r[i] = max[u < 2] x[2i + u] * y[i]; return r }',
  'the last entries': 'fn f(x: [n], y: [n]) = softmax(x) @ y + sum(relu(x) * abs(y))',
  'a recurrence':
    'fn f(x: [n], y: [n]) { recur t < n { h[-1] = 0; h[t] = 0.5 * h[t - 1] + x[t] * y[t] } return h }',
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33]

/** Numbers of both signs, zeros and equal ones among them. */
const numbers = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, at) => Math.round(16 * Math.sin(7.3 * at + seed)) / 8)

interface Shapes {
  readonly x: (n: number) => number
  readonly y: (n: number) => number
}

const M = 5
const shapesOf = (name: string): Shapes => {
  if (name === 'a matrix turned') return { x: (n) => n * M, y: (n) => n * M }
  if (name === 'a convolution') return { x: (n) => n + M - 1, y: () => M }
  return { x: (n) => (name === 'every second' || name === 'windows' ? 2 * n : n), y: (n) => n }
}

const sizesOf = (name: string, n: number): Readonly<Record<string, number>> => {
  if (name === 'a matrix turned') return { n, m: M }
  if (name === 'a convolution') return { n: n + M - 1, m: M }
  return { n }
}

/** What is compared of a result: all numbers in it. */
function flat(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (ArrayBuffer.isView(value)) return Array.from(Object.values(value), Number)
  return Object.values(Object(value)).flatMap(flat)
}

function expectClose(found: unknown, expected: unknown, tolerance: number): void {
  const [own, other] = [flat(found), flat(expected)]
  expect(own.length).toBe(other.length)
  const scale = other.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1e-3,
  )
  for (const [at, value] of own.entries()) {
    if (Number.isFinite(other[at]))
      expect(Math.abs(value - other[at]), `entry ${at}`).toBeLessThanOrEqual(tolerance * scale)
    else expect(value, `entry ${at}`).toBe(other[at])
  }
}

describe.each(Object.entries(FUNCTIONS))('%s', (name, text) => {
  describe.each([
    ['f32', 4e-6],
    ['f64', 1e-13],
  ] as const)('%s', (dtype, tolerance) => {
    const Type = dtype === 'f32' ? Float32Array : Float64Array
    let js: unknown
    let wasm: unknown
    beforeAll(async () => {
      js = await load(`export ${text}`, { dtype })
      wasm = await load(`export ${text}`, { dtype, target: 'wasm' })
    })

    test('values and gradients at all lengths', () => {
      for (const n of SIZES) {
        const { x, y } = shapesOf(name)
        const args = [Type.from(numbers(x(n), 1)), Type.from(numbers(y(n), 2))]
        const options = { sizes: sizesOf(name, n) }
        const expected = run(js, 'f', ...args, options)
        expectClose(run(wasm, 'f', ...args, options), expected, tolerance)
        if (typeof expected === 'number')
          expectClose(run(wasm, 'f.grad', ...args, options), run(js, 'f.grad', ...args, options), tolerance)
        else if (member(js, 'f.vjp') !== undefined) {
          const cotangents = Type.from(numbers(flat(expected).length, 3))
          const [found, wanted] = [wasm, js].map((module) => run(module, 'f.vjp', args, cotangents, options))
          expectClose(found, wanted, tolerance)
        }
      }
    })

    test('infinities and NaN stay where they are', () => {
      for (const special of [NaN, Infinity, -Infinity]) {
        const { x, y } = shapesOf(name)
        const n = 9
        const args = [Type.from(numbers(x(n), 1)), Type.from(numbers(y(n), 2))]
        args[0][x(n) >> 1] = special
        const options = { sizes: sizesOf(name, n) }
        expectClose(run(wasm, 'f', ...args, options), run(js, 'f', ...args, options), tolerance)
      }
    })
  })
})

/** Not where a step needs what another wrote, nor where a condition on the index keeps reads inside of their arrays. */
test.each([
  ['side by side', true],
  ['a sum', true],
  ['a convolution', true],
  ['neighbours', true],
  ['every other', false],
  ['a choice by data', true],
  ['a recurrence', false],
])('%s: vectors %s', (name, expected) => {
  const { program } = analyse(`export ${FUNCTIONS[name]}`)
  if (!program) throw new Error('it does not compile')
  const { graph, entries } = runPasses(program, pipeline())
  const { methods } = scheduleEntry(graph, entries[0], { machine: WEBASSEMBLY })
  const unit = new Unit()
  lowerMethod(methods[0], 'f', unit)
  expect(/f64x2\.(add|mul)/.test(printModule(unit.module()))).toBe(expected)
})
