/** Elementary functions of generated JavaScript against integers of 576 bits, over the whole range. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/ops/apply.js'
import { fastErf, fastNormalCdf } from '../../src/ops/runtime/tabulated.js'
import {
  fastExp,
  fastExpm1,
  fastGaussian,
  fastLogSigmoid,
  fastNormalPdf,
  fastSigmoid,
  fastSoftplus,
  fastTanh,
  tanhByExp,
} from '../../src/ops/runtime/elementary.js'
import { gaussian, normal_cdf, normal_pdf } from '../../src/ops/runtime/normal.js'
import {
  fastCosF32,
  fastErfF32,
  fastExpF32,
  fastExpm1F32,
  fastGaussianF32,
  fastLogSigmoidF32,
  fastNormalCdfF32,
  fastNormalPdfF32,
  fastSigmoidF32,
  fastSinF32,
  fastSoftplusF32,
  fastTanhF32,
} from '../../src/ops/runtime/single.js'
import type { OperatorName } from '../../src/ops/signatures.js'
import { exactly } from '../codegen/wasm/exact.js'
import { ulps } from '../codegen/wasm/expansion.js'
import { randomFrom } from './sampling.js'

interface Case {
  readonly operator: OperatorName
  readonly run: (x: number) => number
  /** In ulp. */
  readonly bound: number
}

const DOUBLE: readonly Case[] = [
  { operator: 'exp', run: fastExp, bound: 1 },
  { operator: 'expm1', run: fastExpm1, bound: 2 },
  { operator: 'sigmoid', run: fastSigmoid, bound: 2 },
  { operator: 'tanh', run: fastTanh, bound: 2 },
  { operator: 'tanh', run: tanhByExp, bound: 2.5 },
  { operator: 'softplus', run: fastSoftplus, bound: 2 },
  { operator: 'log_sigmoid', run: fastLogSigmoid, bound: 2 },
  { operator: 'erf', run: fastErf, bound: 2 },
  { operator: 'gaussian', run: fastGaussian, bound: 2 },
  { operator: 'gaussian', run: gaussian, bound: 2 },
  { operator: 'normal_cdf', run: fastNormalCdf, bound: 2.5 },
  { operator: 'normal_cdf', run: normal_cdf, bound: 2.5 },
  { operator: 'normal_pdf', run: fastNormalPdf, bound: 2 },
  { operator: 'normal_pdf', run: normal_pdf, bound: 2 },
]

const SINGLE: readonly Case[] = [
  { operator: 'exp', run: fastExpF32, bound: 0.51 },
  { operator: 'expm1', run: fastExpm1F32, bound: 0.51 },
  { operator: 'sigmoid', run: fastSigmoidF32, bound: 0.51 },
  { operator: 'tanh', run: fastTanhF32, bound: 0.51 },
  { operator: 'softplus', run: fastSoftplusF32, bound: 0.51 },
  { operator: 'log_sigmoid', run: fastLogSigmoidF32, bound: 0.51 },
  { operator: 'sin', run: fastSinF32, bound: 0.51 },
  { operator: 'cos', run: fastCosF32, bound: 0.51 },
  { operator: 'erf', run: fastErfF32, bound: 0.51 },
  { operator: 'gaussian', run: fastGaussianF32, bound: 0.51 },
  { operator: 'normal_cdf', run: fastNormalCdfF32, bound: 0.51 },
  { operator: 'normal_pdf', run: fastNormalPdfF32, bound: 0.51 },
]

const titled = (cases: readonly Case[]) => cases.map((each) => [each.run.name, each] as const)

/** Arguments lie between minus these and these. */
const RANGES = [0.005, 0.02, 0.1, 0.3, 1, 4, 10, 20, 40, 110, 380, 800]

/** Where tables and polynomials begin and end: multiples of 1/128, of log(2) / 128 and of π/512, and the guards. */
const PLACES = [1 / 128, Math.LN2 / 128, Math.PI / 512].flatMap((step) =>
  Array.from({ length: 40 }, (_, k) => (k < 20 ? k : 31 * k) * step),
)
const GUARDS = [0.55, 0.66, 5, 6, 8.5, 19, 20, 27, 28, 39, 89, 104, 372, 709.78, 745.13, 745.5, 800]

/** Numbers near 0, of each range, of many exponents, and neighbours of the places above; and their negatives, but not 0. */
function points(count: number, round: (x: number) => number): number[] {
  const random = randomFrom(7)
  const near = [...PLACES, ...GUARDS].flatMap((x) => [x, x * (1 - 2 ** -23), x * (1 + 2 ** -23), x * (1 + 2 ** -51)]) // prettier-ignore
  const drawn = Array.from({ length: count }, (_, k) => RANGES[k % RANGES.length] * random())
  const tiny = Array.from({ length: 100 }, () => (1 + random()) * 2 ** (-250 * random()))
  return [...near, ...drawn, ...tiny].flatMap((x) => (round(x) === 0 ? [] : [round(x), -round(x)]))
}

describe('in 64 bits', () => {
  const xs = points(6000, (x) => x)

  test.each(titled(DOUBLE))('%s is as near to the exact value as promised', (_, { operator, run, bound }) => {
    const exact = exactly(operator)
    if (!exact) throw new Error(`nothing to compare ${operator} with`)
    for (const x of xs) {
      const value = exact(x)
      if (value) expect(ulps('f64', run(x), ...value), `${operator}(${x})`).toBeLessThanOrEqual(bound)
    }
  })

  const { values } = JSON.parse(readFileSync(new URL('reference/values.json', import.meta.url), 'utf8'))

  test.each(titled(DOUBLE))('%s at the values of the reference', (_, { operator, run, bound }) => {
    for (const [x, high, low] of values[operator])
      expect(ulps('f64', run(x), high, low), `${operator}(${x})`).toBeLessThanOrEqual(bound)
  })
})

describe('in 32 bits', () => {
  const xs = points(60_000, Math.fround)

  test.each(titled(SINGLE))('%s, of the value in 64', (_, { operator, run, bound }) => {
    for (const x of xs) {
      const error = ulps('f32x4', Math.fround(run(x)), evaluate(operator, [x]))
      // Most are right: a million expectations would take long.
      if (!(error <= bound)) expect(error, `${operator}(${x})`).toBeLessThanOrEqual(bound)
    }
  })
})

/** The sign of 0 is not promised: tables add to it. */
test.each(titled([...DOUBLE, ...SINGLE]))('%s at the ends', (_, { operator, run }) => {
  const isSingle = run.name.endsWith('F32')
  for (const x of [0, -0, Infinity, -Infinity, NaN, 1e300, -1e300, 5e-324, -1e-310]) {
    const [found, value] = [run(x), evaluate(operator, [x])].map((y) => (isSingle ? Math.fround(y) : y) + 0)
    const allowed = Number.isInteger(value) || !Number.isFinite(value) ? 0 : 2
    expect(ulps(isSingle ? 'f32x4' : 'f64', found, value), `${operator}(${x}) = ${found}, not ${value}`).toBeLessThanOrEqual(allowed) // prettier-ignore
  }
})
