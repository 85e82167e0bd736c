/** Errors of compositions in ulp and in units of the conditioned bound, at the points of reference/compositions.json and everyday.json. */
import { readFileSync } from 'node:fs'
import { compileModule } from '../../src/compile.js'
import { compileFunction, diff } from '../../src/expression.js'
import { evaluate, run } from '../codegen/load.js'
import { ulp } from '../ops/sampling.js'
import { TARGET } from '../target.js'

export const ORDERS = ['value', 'first', 'second'] as const
export type Order = (typeof ORDERS)[number]
export const ALL_ORDERS = [...ORDERS, 'third'] as const

/** x (and y), then for each order the exact value and its condition. */
type Row = readonly (number | null)[]

type Table = Readonly<Record<string, readonly Row[]>>
const tableOf = (name: string): Table =>
  JSON.parse(readFileSync(new URL(`reference/${name}.json`, import.meta.url), 'utf8'))
const table = tableOf('compositions')
/** To the third derivative. */
export const EVERYDAY = tableOf('everyday')
/** Of two numbers, to the third derivative. */
export const NESTED = tableOf('nested')

export const COMPOSITIONS = Object.keys(table)
export const moduleOfCompositions = (): Promise<(text: string, order: Order) => Worst> =>
  moduleOfAll(table, ORDERS)

/** The largest error of a composition. */
export interface Worst {
  /** As a multiple of `8 (1 + condition)` ulp: 1 is the most that is allowed. */
  readonly bounds: number
  readonly ulps: number
  readonly at: readonly number[]
  readonly found: number
  readonly exact: number
}

const ULPS = 8
/** Below it numbers have fewer digits; whatever is computed from them may have lost some. */
const SMALLEST = 1e-300

const argumentsOf = (text: string): readonly string[] => (/\by\b/.test(text) ? ['x', 'y'] : ['x'])

export function worst(
  text: string,
  order: (typeof ALL_ORDERS)[number],
  f: (...xs: number[]) => unknown,
  rows = table[text],
): Worst {
  const arity = argumentsOf(text).length
  const column = arity + 2 * ALL_ORDERS.indexOf(order)
  let result: Worst = { bounds: 0, ulps: 0, at: [], found: 0, exact: 0 }
  for (const row of rows) {
    const [exact, condition] = row.slice(column)
    if (exact === null || condition === null) continue
    const at = row.slice(0, arity).map(Number)
    const value = f(...at)
    const found = Number(Array.isArray(value) ? value[0] : value)
    const error = Number.isNaN(found) ? Infinity : Math.abs(found - exact)
    // Where the value is 0 the condition is absolute: what a move of the arguments by half an ulp changes.
    const allowed = ULPS * (exact === 0 ? condition * 2 ** -53 : (1 + condition) * ulp(exact))
    const bounds = error / Math.max(allowed, SMALLEST)
    if (bounds > result.bounds) result = { bounds, ulps: error / ulp(exact), at, found, exact }
  }
  return result
}

/** By the functions on expressions: compiled in the process. */
export function ofExpression(text: string, order: (typeof ALL_ORDERS)[number], from = table): Worst {
  const names = argumentsOf(text)
  const f = compileFunction(diff(text, 'x', ALL_ORDERS.indexOf(order)), names)
  return worst(text, order, f, from[text])
}

/** The errors of one generated module with all compositions and their derivatives: each is one of that before it. */
export async function moduleOfAll<O extends (typeof ALL_ORDERS)[number]>(
  from: Table,
  orders: readonly O[],
): Promise<(text: string, order: O) => Worst> {
  const texts = Object.keys(from)
  const functions = texts.map((text, k) => {
    const names = argumentsOf(text).join(', ')
    return orders
      .map((order, at) => {
        const body = at === 0 ? text : `d(${orders[at - 1]}${k}(${names}), x)`
        return `export fn ${order}${k}(${names}) = ${body}`
      })
      .join('\n')
  })
  const { code } = compileModule(functions.join('\n'), {
    filename: 'compositions.nn',
    dtype: 'f64',
    target: TARGET,
  })
  const module = await evaluate(code)
  return (text, order) =>
    worst(text, order, (...xs) => run(module, `${order}${texts.indexOf(text)}`, ...xs), from[text])
}
