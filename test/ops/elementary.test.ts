/** Elementary functions of the runtime against exact values: integers of 200 bits after the point. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  fastExp,
  fastLogSigmoid,
  fastSigmoid,
  fastSoftplus,
  fastTanh,
  tanhByExp,
} from '../../src/ops/runtime/elementary.js'
import { randomFrom, ulp } from './sampling.js'

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

/** log(y) for y > 0, by Newton's method from the nearest double. */
function log(y: bigint): bigint {
  let x = fixed(Math.log(Number(y >> HALF) / 2 ** 100))
  for (let round = 0; round < 3; round++) {
    const power = exp(x)
    x += ((y - power) << BITS) / power
  }
  return x
}

interface Case {
  readonly run: (x: number) => number
  readonly exact: (x: bigint) => bigint
  readonly ranges: readonly number[]
  readonly bound: number
}

const RANGES = [0.02, 0.1, 1, 4, 20]

// Larger arguments stand below.
const CASES: Readonly<Record<string, Case>> = {
  exp: { run: fastExp, exact: exp, ranges: RANGES, bound: 1 },
  sigmoid: {
    run: fastSigmoid,
    exact: (x) => (ONE << BITS) / (ONE + exp(-x)),
    ranges: RANGES,
    bound: 2,
  },
  tanh: {
    run: fastTanh,
    exact: (x) => ((exp(2n * x) - ONE) << BITS) / (exp(2n * x) + ONE),
    ranges: RANGES,
    bound: 2,
  },
  softplus: { run: fastSoftplus, exact: (x) => log(ONE + exp(x)), ranges: RANGES, bound: 2 },
  log_sigmoid: { run: fastLogSigmoid, exact: (x) => -log(ONE + exp(-x)), ranges: RANGES, bound: 2 },
  'tanh by exp': {
    run: tanhByExp,
    exact: (x) => ((exp(2n * x) - ONE) << BITS) / (exp(2n * x) + ONE),
    ranges: RANGES,
    bound: 2.5,
  },
}

describe.each(Object.entries(CASES))('%s', (name, { run, exact, ranges, bound }) => {
  test('is as near to the exact value as promised', () => {
    const random = randomFrom(7)
    for (let round = 0; round < 10_000; round++) {
      const x = Math.fround((2 * random() - 1) * ranges[round % ranges.length])
      const value = run(x)
      const error = Number((fixed(value) - exact(fixed(x))) >> HALF) / 2 ** 100
      expect(Math.abs(error) / ulp(value), `${name}(${x})`).toBeLessThanOrEqual(bound)
    }
  })

  test('at the values of the reference', () => {
    const { values } = JSON.parse(readFileSync(new URL('reference/values.json', import.meta.url), 'utf8'))
    for (const [x, high, low] of values[name.split(' ')[0]])
      expect(Math.abs(run(x) - high - low) / ulp(high), `${name}(${x})`).toBeLessThanOrEqual(bound)
  })
})

/** log(2) = 2 artanh(1/3). */
function logarithmOfTwo(): bigint {
  let [sum, power] = [0n, (2n * ONE) / 3n]
  for (let n = 1n; power > 0n; n += 2n, power /= 9n) sum += power / n
  return sum
}

test.each([
  ['exp', fastExp, -700, 700, 1],
  ['sigmoid', fastSigmoid, -700, -100, 2],
  ['softplus', fastSoftplus, -700, -100, 2],
] as const)('%s from %i to %i, where exp is all of it', (name, run, low, high, bound) => {
  const two = logarithmOfTwo()
  const random = randomFrom(11)
  for (let round = 0; round < 6000; round++) {
    const x = Math.fround(low + (high - low) * random())
    const n = Math.round(x / Math.LN2)
    const value = run(x) / 2 ** n
    const error = Number((fixed(value) - exp(fixed(x) - BigInt(n) * two)) >> HALF) / 2 ** 100
    expect(Math.abs(error) / ulp(value), `${name}(${x})`).toBeLessThanOrEqual(bound)
  }
})

test('exp and sigmoid at the ends', () => {
  for (const x of [Infinity, -Infinity, 710, -745, -746, -720, 709.5]) expect(fastExp(x)).toBe(Math.exp(x))
  expect(fastExp(NaN)).toBeNaN()
  expect(fastSigmoid(NaN)).toBeNaN()
  expect(fastSigmoid(Infinity)).toBe(1)
  expect(fastSigmoid(-Infinity)).toBe(0)
  expect(fastSigmoid(-740)).toBe(Math.exp(-740))
})

test('softplus at the ends', () => {
  expect(fastSoftplus(Infinity)).toBe(Infinity)
  expect(fastSoftplus(-Infinity)).toBe(0)
  expect(fastSoftplus(NaN)).toBeNaN()
  expect(fastSoftplus(1e308)).toBe(1e308)
  expect(fastSoftplus(-740)).toBe(Math.exp(-740))
  expect(fastLogSigmoid(-1e308)).toBe(-1e308)
})

test('tanh at the ends', () => {
  expect(fastTanh(Infinity)).toBe(1)
  expect(fastTanh(-Infinity)).toBe(-1)
  expect(fastTanh(NaN)).toBeNaN()
  expect(fastTanh(1e308)).toBe(1)
  expect(fastTanh(5e-324)).toBe(5e-324)
  expect(fastTanh(-1e-310)).toBe(-1e-310)
  for (const x of [Infinity, -Infinity, NaN, 1e308, -1e308, 5e-324, -1e-310, -0])
    expect(tanhByExp(x)).toBe(Math.tanh(x))
})
