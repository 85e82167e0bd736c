/** Elementary functions in WebAssembly against independent values, in every shape, over the whole range. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Shape } from '../../../codegen/wasm/arithmetic.js'
import { ELEMENTARY } from '../../../codegen/wasm/math/elementary.js'
import { pow } from '../../../codegen/wasm/math/powers.js'
import { evaluate } from '../../../src/ops/apply.js'
import { type OperatorName, SIGNATURES } from '../../../src/ops/signatures.js'
import { isOperator } from '../../../src/ops/table.js'
import { randomFrom } from '../../ops/sampling.js'
import { type Numbers, SHAPES, loopOf, numbersOf, ulps } from './expansion.js'
import { exactAngle, exactly } from './exact.js'

/** The largest errors in ulp that the comments at the functions state: of binary32 and of binary64. */
const BOUNDS: Partial<Record<OperatorName, readonly [single: number, double: number]>> = {
  hypot: [0.51, 1.3],
  pow: [0.51, 1],
  exp: [1.01, 1.01],
  expm1: [1.4, 1.4],
  log: [1.2, 0.9],
  log1p: [1.3, 1],
  log2: [2.1, 0.8],
  log10: [2.5, 0.8],
  xlogy: [1.9, 1.9],
  sigmoid: [2.3, 1.4],
  tanh: [2.6, 1.3],
  softplus: [3, 2],
  log_sigmoid: [3, 2],
  logit: [2.2, 1.8],
  sinh: [1.7, 1.7],
  cosh: [1.6, 1.4],
  sin: [1.6, 0.9],
  cos: [1.6, 0.9],
  tan: [3.8, 1.5],
  asin: [0.8, 0.7],
  acos: [1.2, 1.1],
  atan: [1.5, 1.1],
  atan2: [2, 1.5],
  asinh: [1.3, 1.1],
  acosh: [1.2, 1.1],
  atanh: [1.3, 0.9],
  cbrt: [1, 0.7],
  log1mexp: [1.5, 1.1],
  erf: [1.3, 1.6],
  erfc: [4, 2],
  normal_cdf: [4, 2],
  normal_pdf: [1.8, 1.6],
  gaussian: [1.8, 1.2],
}

/** All expansions with a bound; the others are exact, see exact-operators.test.ts. */
const NAMES = Object.keys(BOUNDS).filter(isOperator)

const boundOf = (name: OperatorName, shape: Shape): number =>
  (BOUNDS[name] ?? [0, 0])[shape === 'f32x4' ? 0 : 1]

function loop(shape: Shape, name: OperatorName): (...args: readonly Numbers[]) => Numbers {
  const expand = ELEMENTARY[name]
  if (!expand) throw new Error(`${name} has no expansion`)
  return loopOf(shape, SIGNATURES[name], expand)
}

/** Where functions begin, end or change their formula; neighbours of these are looked at. */
const PLACES = [
  0, 1e-300, 1e-40, 2 ** -126, 2 ** -54, 2 ** -25, 2 ** -12, 0.125, 0.25, 0.5, Math.SQRT1_2, 0.75, 27 / 32, 1, 1.25, Math.SQRT2, 2,
  Math.LN2 / 2, Math.LN2, 1.5 * Math.LN2, Math.PI / 4, Math.PI / 2, Math.PI, 1.5 * Math.PI, 2 * Math.PI, 100 * Math.PI, 3, 4, 6, 9.01, 10, 18, 20,
  27.2, 38, 44, 87.3, 88.72, 89, 103.28, 103.97, 104, 355, 708.4, 709.78, 710.5, 745.13, 746, 1e4, 2 ** 24, 2 ** 53, 1e30, 1e300,
] // prettier-ignore

/** Random numbers near 0, in the middle and of every exponent, and neighbours of the places above; a multiple of 4. */
function points(shape: Shape, count: number): Numbers {
  const random = randomFrom(8)
  const range = shape === 'f32x4' ? [-149, 128] : [-1074, 1024]
  const anywhere = (): number => {
    const exponent = range[0] + Math.floor((range[1] - range[0]) * random())
    return (1 + random()) * 2 ** exponent
  }
  const sizes = [anywhere, () => 4 * random(), () => 110 * random(), () => 800 * random(), () => random()]
  const near = PLACES.flatMap((place) =>
    Array.from({ length: 9 }, (_, k) => place * (1 + (k - 4) * (shape === 'f32x4' ? 2 ** -23 : 2 ** -52))),
  )
  const all = [...near, ...Array.from({ length: count }, (_, k) => sizes[k % sizes.length]())]
  return numbersOf(shape, [...all, ...all.map((x) => -x)])
}

/** The largest error, and where. */
interface Worst {
  error: number
  at: number
  found: number
}

function worstOf(
  shape: Shape,
  name: OperatorName,
  xs: Numbers,
  exact: (x: number) => readonly [number, number] | undefined,
): Worst {
  const found = loop(shape, name)(xs)
  const worst: Worst = { error: 0, at: 0, found: 0 }
  for (const [k, x] of xs.entries()) {
    const value = exact(x)
    const error = value === undefined ? 0 : ulps(shape, found[k], ...value)
    if (!(error <= worst.error)) Object.assign(worst, { error, at: x, found: found[k] })
  }
  return worst
}

const single = points('f32x4', 30_000)
const double = points('f64', 1500)

describe('within the stated error', () => {
  describe.each(NAMES.filter((name) => SIGNATURES[name] === 1))('%s', (name) => {
    test('f32x4, of the value in binary64', () => {
      const worst = worstOf('f32x4', name, single, (x) => [evaluate(name, [x]), 0])
      expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(boundOf(name, 'f32x4'))
    })

    const exact = exactly(name)
    // Others are held to the table of values below.
    if (!exact) return
    test.each(['f64x2', 'f64'] as const)('%s, of the value in 576 bits', (shape) => {
      const worst = worstOf(shape, name, double, exact)
      expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(boundOf(name, shape))
    })
  })
})

describe('atan2 all around', () => {
  const random = randomFrom(3)
  const draw = (): number => (random() < 0.5 ? 2 : 1e-9) ** (8 * random() - 4) * (random() < 0.5 ? -1 : 1)
  const pairs = Array.from({ length: 4000 }, () => {
    const x = draw()
    return [random() < 0.5 ? draw() : x * (0.3 + 2 * random()), x] as const
  })

  test.each(SHAPES)('%s', (shape) => {
    const [ys, xs] = [0, 1].map((at) => numbersOf(shape, pairs.map((pair) => pair[at]))) // prettier-ignore
    for (const [k, found] of loop(shape, 'atan2')(ys, xs).entries())
      expect(ulps(shape, found, ...exactAngle(ys[k], xs[k])), `atan2(${ys[k]}, ${xs[k]})`).toBeLessThanOrEqual(boundOf('atan2', shape)) // prettier-ignore
  })
})

type Rows = Readonly<Record<string, readonly (readonly number[])[]>>
const tables: { readonly values: Rows } = JSON.parse(
  readFileSync(new URL('../../ops/reference/values.json', import.meta.url), 'utf8'),
)

describe('at the points of test/ops/reference', () => {
  test.each(NAMES.filter((name) => name in tables.values))('%s', (name) => {
    const rows = tables.values[name]
    const arity = SIGNATURES[name]
    const args = Array.from({ length: arity }, (_, at) => Float64Array.from(rows, (row) => row[at]))
    for (const shape of ['f64x2', 'f64'] as const) {
      const found = loop(shape, name)(...args)
      for (const [k, row] of rows.entries())
        expect(ulps(shape, found[k], row[arity], row[arity + 1]), `${name}(${row.slice(0, arity).join()})`) // prettier-ignore
          .toBeLessThanOrEqual(boundOf(name, shape))
    }
  })
})

const SPECIAL = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e300, -1e300]

/** Of zeros, infinities and NaN: the values of the operator, to the sign of zero. */
describe('special values', () => {
  test.each(NAMES.flatMap((name) => SHAPES.map((shape) => ({ name, shape }))))(
    '$name, $shape',
    ({ name, shape }) => {
      const arity = SIGNATURES[name]
      const tuples = Array.from({ length: SPECIAL.length ** arity }, (_, k) =>
        Array.from(
          { length: arity },
          (_, at) => SPECIAL[Math.floor(k / SPECIAL.length ** at) % SPECIAL.length],
        ),
      )
      const args = Array.from({ length: arity }, (_, at) => numbersOf(shape, tuples.map((tuple) => tuple[at]))) // prettier-ignore
      const found = loop(shape, name)(...args)
      for (const [k] of tuples.entries()) {
        const at = args.map((arg) => arg[k])
        const value = evaluate(name, at)
        // The few numbers that are neither exact nor special are within two roundings.
        const allowed = Number.isInteger(value) || !Number.isFinite(value) ? 0 : boundOf(name, shape) + 8
        expect(ulps(shape, found[k], value), `${name}(${at.join()}) = ${found[k]}, not ${value}`).toBeLessThanOrEqual(allowed) // prettier-ignore
      }
    },
  )
})

test.each([0.3, 1 / 3, 2.5, -0.5, -1.5, 3, 4, -3, 40, 33, 0, NaN, Infinity])('x ^ %s, f32x4', (exponent) => {
  const run = loopOf('f32x4', 1, (m, x) => pow(m, x, m.number(exponent)))
  const xs = Float32Array.of(...SPECIAL, ...single)
  for (const [k, found] of run(xs).entries())
    expect(ulps('f32x4', found, xs[k] ** exponent), `${xs[k]} ^ ${exponent}`).toBeLessThanOrEqual(
      boundOf('pow', 'f32x4'),
    )
})
