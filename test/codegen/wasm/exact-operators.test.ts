/** Operators that round at most once are the same in WebAssembly as in JavaScript, to the sign of zero. */
import { describe, expect, test } from 'vitest'
import type { Arithmetic, Shape } from '../../../codegen/wasm/arithmetic.js'
import type { Code } from '../../../codegen/wasm/code.js'
import { ELEMENTARY, type Expansion } from '../../../codegen/wasm/math/elementary.js'
import { evaluate } from '../../../src/ops/apply.js'
import { type OperatorName, SIGNATURES } from '../../../src/ops/signatures.js'
import { SHAPES, loopOf, numbersOf } from './expansion.js'

const NUMBERS = [
  0, -0, 0.3, -0.3, 0.5, -0.5, 1, -1, 1.5, -1.5, 2, 2.5, -2.5, 3, -3.7, 7, 0.49999997, 0.49999999999999994, 8388607.5, -8388607.5,
  8388609, 2 ** 52 + 1, -(2 ** 53), 1e-40, -1e-310, 3e38, -1e300, Infinity, -Infinity, NaN,
] // prettier-ignore

/** For three arguments. */
const FEW = [0, -0, 0.5, -1, 2, 3e38, Infinity, -Infinity, NaN]

type Kind = 'number' | 'condition'

/** What operators take and give. */
const OPERATORS: readonly (readonly [name: OperatorName, takes: readonly Kind[], gives: Kind])[] = [
  ...(['abs', 'neg', 'sqrt', 'floor', 'ceil', 'trunc', 'round', 'sign', 'relu'] as const).map(
    (name) => [name, ['number'], 'number'] as const,
  ),
  ...(['add', 'sub', 'mul', 'div', 'min', 'max', 'idiv', 'mod'] as const).map(
    (name) => [name, ['number', 'number'], 'number'] as const,
  ),
  ['clamp', ['number', 'number', 'number'], 'number'],
  ...(['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const).map(
    (name) => [name, ['number', 'number'], 'condition'] as const,
  ),
  ['and', ['condition', 'condition'], 'condition'],
  ['or', ['condition', 'condition'], 'condition'],
  ['not', ['condition'], 'condition'],
  ['select', ['condition', 'number', 'number'], 'number'],
]

/** With conditions as numbers, which hold unless they are 0 or NaN. */
function overNumbers(name: OperatorName, takes: readonly Kind[], gives: Kind): Expansion {
  const expand = ELEMENTARY[name]
  if (!expand) throw new Error(`${name} has no expansion`)
  return (m: Arithmetic, ...args: Code[]) => {
    const given = args.map((arg, at) => (takes[at] === 'number' ? arg : m.lt(m.number(0), m.abs(arg))))
    const result = expand(m, ...given)
    return gives === 'number' ? result : m.where(result, m.number(1))
  }
}

function tuples(count: number): readonly (readonly number[])[] {
  const numbers = count === 3 ? FEW : NUMBERS
  return Array.from({ length: numbers.length ** count }, (_, k) =>
    Array.from({ length: count }, (_, at) => numbers[Math.floor(k / numbers.length ** at) % numbers.length]),
  )
}

function expectSame(
  shape: Shape,
  count: number,
  expand: Expansion,
  value: (...args: number[]) => number,
): void {
  const rows = tuples(count)
  const columns = Array.from({ length: count }, (_, at) => numbersOf(shape, rows.map((row) => row[at]))) // prettier-ignore
  const found = loopOf(shape, count, expand)(...columns)
  const exact = numbersOf(shape, rows.map((_, k) => value(...columns.map((column) => column[k])))) // prettier-ignore
  for (const k of rows.keys())
    expect(found[k], `of ${columns.map((column) => column[k]).join(', ')}`).toBe(exact[k])
}

describe.each(SHAPES)('%s', (shape) => {
  test.each(OPERATORS)('%s', (name, takes, gives) => {
    expectSame(shape, SIGNATURES[name], overNumbers(name, takes, gives), (...args) => evaluate(name, args))
  })

  test.each([0, -0, 2, -1, Infinity, -Infinity, NaN])('min and max beside the constant %s', (bound) => {
    for (const name of ['min', 'max'] as const) {
      const expand = ELEMENTARY[name]
      if (!expand) throw new Error(`${name} has no expansion`)
      expectSame(shape, 1, (m, x) => expand(m, x, m.number(bound)), (x) => evaluate(name, [x, bound])) // prettier-ignore
      expectSame(shape, 1, (m, x) => expand(m, m.number(bound), x), (x) => evaluate(name, [bound, x])) // prettier-ignore
    }
  })
})
