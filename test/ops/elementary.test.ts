/** Elementary functions of the runtime against exact values: integers of 200 bits after the point. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fastTanh } from '../../src/ops/runtime/elementary.js'
import { randomFrom } from './sampling.js'
import { ulp } from './sampling.js'

const BITS = 200n
const ONE = 1n << BITS
/** 2^100 is scaled away before numbers are read off. */
const HALF = 100n

/** Exact: doubles are whole multiples of 2^-1074, those here of 2^-100. */
const fixed = (x: number): bigint => BigInt(x * 2 ** 100) << (BITS - HALF)

function exp(x: bigint): bigint {
  let halvings = 0
  let small = x
  for (; (small < 0n ? -small : small) > ONE >> 8n; halvings++) small >>= 1n
  let [term, sum] = [ONE, ONE]
  for (let k = 1n; term !== 0n && k < 60n; k++) {
    term = ((term * small) >> BITS) / k
    sum += term
  }
  for (; halvings > 0; halvings--) sum = (sum * sum) >> BITS
  return sum
}

test('tanh is within 2.5 ulp of the exact value', () => {
  const random = randomFrom(7)
  for (let round = 0; round < 6000; round++) {
    const range = [0.1, 1, 4, 20][round % 4]
    const x = Math.fround((2 * random() - 1) * range)
    const e = exp(2n * fixed(x))
    const exact = ((e - ONE) << BITS) / (e + ONE)
    const error = Number((fixed(fastTanh(x)) - exact) >> HALF) / 2 ** 100
    expect(Math.abs(error) / ulp(fastTanh(x)), `tanh(${x})`).toBeLessThanOrEqual(2.5)
  }
})

test('tanh at the values of the reference', () => {
  const { values } = JSON.parse(readFileSync(new URL('reference/values.json', import.meta.url), 'utf8'))
  for (const [x, high, low] of values.tanh)
    expect(Math.abs(fastTanh(x) - high - low) / ulp(high), `tanh(${x})`).toBeLessThanOrEqual(2.5)
})

test('tanh at the ends', () => {
  expect(fastTanh(Infinity)).toBe(1)
  expect(fastTanh(-Infinity)).toBe(-1)
  expect(fastTanh(NaN)).toBeNaN()
  expect(fastTanh(1e308)).toBe(1)
  expect(fastTanh(5e-324)).toBe(5e-324)
  expect(fastTanh(-1e-310)).toBe(-1e-310)
})
