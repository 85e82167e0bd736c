/**
 * Quotients next to their removable poles and where numerators overflow, to third order, against values of mpmath with 140 digits
 * (rows of reference/quotients.json: the argument, the order, the value, its condition).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'
import { ulp } from '../ops/sampling.js'

type Row = readonly [x: number, order: number, exact: number, condition: number]

const table: Readonly<Record<string, readonly Row[]>> = JSON.parse(
  readFileSync(new URL('reference/quotients.json', import.meta.url), 'utf8'),
)

describe.each(Object.entries(table))('%s', (text, rows) => {
  const orders = [...new Set(rows.map(([, order]) => order))]
  test.each(orders)('order %i', (order) => {
    const f = compileFunction(diff(text, 'x', order), ['x'])
    for (const [x, own, exact, condition] of rows)
      if (own === order)
        expect(Math.abs(f(x) - exact) / ulp(exact), `at ${x}: ${f(x)}`).toBeLessThanOrEqual(
          8 * (1 + condition),
        )
  })
})
