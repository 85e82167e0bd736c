import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluate, partials } from '../../src/ops/apply.js'
import { numbers } from '../../src/ops/number-algebra.js'
import { isOperator } from '../../src/ops/table.js'
import { ulp } from './sampling.js'

/** Arguments, then the exact value as a sum of two numbers; see reference/generate.py. */
type Row = readonly number[]

interface Tables {
  readonly values: Readonly<Record<string, readonly Row[]>>
  readonly slopes: Readonly<Record<string, readonly Row[]>>
}

const BOUND = 8
const SMALLEST_NORMAL = 2 ** -1022

const tables: Tables = JSON.parse(readFileSync(new URL('reference/values.json', import.meta.url), 'utf8'))

/** Next to zeros that no formula of theirs knows, the error is measured against a move of x by an ulp. */
const SLOPES: Readonly<Record<string, (args: readonly number[]) => number>> = {
  lgamma: ([x]) => evaluate('digamma', [x]),
  digamma: ([x]) => evaluate('polygamma', [1, x]),
  polygamma: ([n, x]) => evaluate('polygamma', [n + 1, x]),
}

/** Of the row, in ulp. */
function error(row: Row, value: number): number {
  const [high, rest] = row.slice(-2)
  return Math.abs(value - high - rest) / ulp(high)
}

describe.each(Object.entries(tables.values))('%s', (name, rows) => {
  if (!isOperator(name)) throw new Error(`${name} is no operator`)

  test('is within 8 ulp of the exact value', () => {
    for (const row of rows) {
      const args = row.slice(0, -2)
      const x = args[args.length - 1]
      const slope = x < 0 ? SLOPES[name] : undefined
      const allowed = slope ? BOUND * (1 + Math.abs((x * slope(args)) / row[args.length])) : BOUND
      const given = error(row, evaluate(name, args))
      expect(given, `${name}(${args.join(', ')})`).toBeLessThanOrEqual(allowed)
    }
  })
})

describe.each(Object.entries(tables.slopes))('the derivative of %s', (name, rows) => {
  if (!isOperator(name)) throw new Error(`${name} is no operator`)

  test('is within 8 ulp of the exact value', () => {
    for (const row of rows) {
      const [x, exact] = row
      // The formulas of derivatives are not scaled: they may lose digits or all of what is below the normal range.
      if (Math.abs(exact) < SMALLEST_NORMAL) continue
      const second = name === 'lgamma' && x < 0 ? evaluate('polygamma', [1, x]) : 0
      const third = name === 'digamma' && x < 0 ? evaluate('polygamma', [2, x]) : 0
      const allowed = BOUND * (1 + Math.abs((x * (second + third)) / exact))
      const [given] = partials(name, numbers, [x], evaluate(name, [x])) ?? [0]
      expect(error(row, given), `at ${x}`).toBeLessThanOrEqual(allowed)
    }
  })
})
