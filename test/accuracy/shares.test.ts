/**
 * Quotients by sums of exponentials written out, to third order, in functions on expressions and in modules, where all exponentials overflow
 * or vanish and where one share is next to 0 or 1, against values of mpmath with 9,000 digits (rows of reference/shares.json: the arguments,
 * the derivative, the value, its condition). What is below 1e-300 counts as 0.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileFunction, diff, type Expr } from '../../src/expression.js'
import { load, run } from '../codegen/load.js'
import { ulp } from '../ops/sampling.js'

type Row = readonly [x: number, y: number, derivative: string, exact: number, condition: number]

const table: Readonly<Record<string, readonly Row[]>> = JSON.parse(
  readFileSync(new URL('reference/shares.json', import.meta.url), 'utf8'),
)

const SMALLEST = 1e-300

/** How far a value is off, in units of the bound. */
function boundsOff(value: unknown, exact: number, condition: number): number {
  const error = Math.abs(Number(value) - exact)
  const bounds = error / (8 * (1 + condition) * ulp(exact))
  return exact === 0 ? error / SMALLEST : bounds
}

const SOURCE = (text: string): string => `fn f(x, y) = ${text}
  fn first(x, y) = d(f(x, y), x)
  fn second(x, y) = d(first(x, y), x)
  export fn at(x, y) = f(x, y)
  export fn at_x(x, y) = first(x, y)
  export fn at_xx(x, y) = second(x, y)
  export fn at_xxx(x, y) = d(second(x, y), x)
  ${text.includes('y') ? 'export fn at_xy(x, y) = d(first(x, y), y)\n  export fn at_xxy(x, y) = d(second(x, y), y)' : ''}`

describe.each(Object.entries(table))('%s', (text, rows) => {
  const derivatives = [...new Set(rows.map(([, , derivative]) => derivative))]
  const worst = (value: (derivative: string) => (x: number, y: number) => unknown): string =>
    derivatives
      .flatMap((derivative) => {
        const f = value(derivative)
        return rows.flatMap(([x, y, own, exact, condition]) => {
          if (own !== derivative) return []
          const off = boundsOff(f(x, y), exact, condition)
          return off <= 1 ? [] : [`${derivative} at ${x}, ${y}: ${String(f(x, y))}, not ${exact}: ${off}`]
        })
      })
      .join('\n')

  test('of expressions', () => {
    const derivativeOf = (letters: string): Expr => [...letters].reduce((e, letter) => diff(e, letter), diff(text, 'x', 0)) // prettier-ignore
    expect(worst((letters) => compileFunction(letters === '' ? text : derivativeOf(letters), ['x', 'y']))).toBe('') // prettier-ignore
  })

  test('of modules', async () => {
    const module = await load(SOURCE(text), { dtype: 'f64' })
    const nameOf = (letters: string): string => (letters === '' ? 'at' : `at_${letters}`)
    expect(worst((letters) => (x, y) => run(module, nameOf(letters), x, y))).toBe('')
  })
})
