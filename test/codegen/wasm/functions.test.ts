/** Every operator in a loop over an array, by both targets: equal but for the error that each states. */
import { describe, expect, test } from 'vitest'
import { type OperatorName, SIGNATURES } from '../../../src/ops/signatures.js'
import { OPERATORS, isOperator } from '../../../src/ops/table.js'
import { load, run } from '../load.js'
import { spacing } from './expansion.js'

/** What the language spells by signs, has no name for, or applies to conditions. */
const HIDDEN: ReadonlySet<OperatorName> = new Set(['gaussian', 'neg', 'not'])

const names = Object.keys(SIGNATURES)
  .filter(isOperator)
  .filter((name) => SIGNATURES[name] === 1 && !HIDDEN.has(name))

/** Both are within 8 ulp in f64; in f32 WebAssembly is within 4 of its own. */
const ULPS = 16

describe.each(['f32', 'f64'] as const)('%s', (dtype) => {
  test.each(names)('%s', async (name) => {
    const source = `export fn f(x: [n]) = ${name}(x)`
    const [js, wasm] = await Promise.all(
      (['js', 'wasm'] as const).map((target) => load(source, { target, dtype })),
    )
    const [low, high] = OPERATORS[name].sample[0]
    const numbers = [...Array(203).keys()].map((k) => low + ((high - low) * (k + 0.5)) / 203)
    const x = dtype === 'f32' ? Float32Array.from(numbers) : Float64Array.from(numbers)
    const [expected, found] = [js, wasm].map((module) => run(module, 'f', x))
    expect(Object.getPrototypeOf(found)).toBe(Object.getPrototypeOf(expected))
    const [a, b] = [expected, found].map((array) => Object.values(Object(array)).map(Number))
    expect(a.length).toBe(x.length)
    for (const [k, value] of a.entries())
      expect(Math.abs(b[k] - value), `${name}(${x[k]})`).toBeLessThanOrEqual(
        ULPS * spacing(dtype === 'f32' ? 'f32x4' : 'f64', value),
      )
  })
})
