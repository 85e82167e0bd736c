/**
 * 16 activation functions, written naively, at 29 points up to ±800: values and two derivatives of the compiled code,
 * against PyTorch to 1e-10 and against 2,000 digits.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { load, run } from '../codegen/load.js'

const read = (file: string): string => readFileSync(new URL(`./reference/${file}`, import.meta.url), 'utf8')

/** Argument, value, two derivatives (null where there is nothing to compare with) and, from PyTorch, whether it is a kink. */
type Row = readonly [x: number, ...expected: (number | boolean | null)[]]
const stored: { functions: Record<string, { rows: Row[] }> } = JSON.parse(read('activations.json'))
const precise: Record<string, Row[]> = JSON.parse(read('activations-precise.json'))
const names = Object.keys(stored.functions)

/** First derivatives at kinks, as docs/language.md decides them: [x, slope]. */
const KINKS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  relu: [[0, 0]],
  // `if x > 0`: at 0 the other arm is taken.
  leaky_relu: [[0, 0.01]],
  elu: [[0, 1.3]],
  selu: [[0, 1.0507009873554805 * 1.6732632423543772]],
  // A constant wins the tie of a maximum or a minimum; PyTorch's clamp does not let it.
  hard_sigmoid: [[-2, 0], [2, 0]], // prettier-ignore
  hard_tanh: [[-1, 0], [1, 0]], // prettier-ignore
  // Two pieces that meet without a kink.
  softsign: [[0, 1]],
}

type Module = Record<string, unknown>
let module: Module
beforeAll(async () => {
  const seconds = names.map((name) => `export fn ${name}_second(x) = ${name}_''(x)`)
  const source = `${read('activations.nn')}\n${seconds.join('\n')}\n`
  module = await load(source, { verify: true })
})

function at(name: string, x: number): readonly unknown[] {
  const slope = run(module, `${name}_.grad`, x)
  return [
    run(module, `${name}_`, x),
    Array.isArray(slope) ? slope[0] : slope,
    run(module, `${name}_second`, x),
  ]
}

/** What is off by more than a bound: [x, order, found, expected]. Below 1e-300 numbers have few digits. */
function off(name: string, rows: readonly Row[], bound: (row: Row, order: number) => number) {
  return rows.flatMap((row) => {
    const found = at(name, row[0])
    return [0, 1, 2].flatMap((order) => {
      const expected = row[order + 1]
      if (typeof expected !== 'number') return []
      const error = Math.abs(Number(found[order]) - expected)
      return error <= Math.max(bound(row, order), 1e-300) ? [] : [[row[0], order, found[order], expected]]
    })
  })
}

describe.each(names)('%s', (name) => {
  test('as in PyTorch', () => {
    const { rows } = stored.functions[name]
    // From |x| = 5, and in second derivatives below 1e-6, the cancellation is PyTorch's; kinks are decided below.
    const isComparable = ([x, , , , kink]: Row, order: number) =>
      Math.abs(x) < 5 && (order < 2 || Math.abs(x) > 1e-6) && (kink !== true || order === 0)
    const bound = (row: Row, order: number) =>
      isComparable(row, order) ? 1e-10 * Math.abs(Number(row[order + 1])) : Infinity
    expect(off(name, rows, bound)).toEqual([])
  })

  test('to the last digits, tails included', () => {
    const rows = precise[name]
    expect(rows.length).toBe(29)
    const largest = Math.max(...rows.map((row) => Math.abs(Number(row[3]))))
    // Values and slopes as if x were moved by a few units in its last place; second derivatives by their largest.
    const bound = (row: Row, order: number) => {
      const [x, ...values] = row.map(Number)
      if (order === 2) return 1e-13 * largest
      // softsign' is a difference of quotients that cancels: |x| ulp.
      const ulps = name === 'softsign' ? Math.max(16, Math.abs(x)) : 16
      return ulps * Number.EPSILON * (Math.abs(values[order]) + Math.abs(x * values[order + 1]))
    }
    expect(off(name, rows, bound)).toEqual([])
  })
})

test.each(Object.entries(KINKS))('%s at its kinks', (name, points) => {
  const kinks = stored.functions[name].rows.filter((row) => row[4] === true)
  expect(points.map(([x]) => x)).toEqual(kinks.map(([x]) => x))
  for (const [x, slope] of points) expect(at(name, x)[1]).toBeCloseTo(slope, 15)
})

test('no kink is left out', () => {
  const withKinks = names.filter((name) => stored.functions[name].rows.some((row) => row[4] === true))
  expect(Object.keys(KINKS).sort()).toEqual(withKinks.sort())
})
