import { describe, expect, test } from 'vitest'
import { enclose, evaluate, partials } from '../../src/ops/apply.js'
import { numbers } from '../../src/ops/number-algebra.js'
import type { Interval } from '../../src/ops/operator.js'
import { SIGNATURES } from '../../src/ops/signatures.js'
import { isOperator, OPERATORS } from '../../src/ops/table.js'
import { derivativesAlong } from './nested-duals.js'
import { draw, randomFrom, slopeAtZero, ulp } from './sampling.js'

/** What the table promises of values, in ulp; reference.test.ts holds it to that. */
const BOUND = 8
/**
 * A formula for a derivative is a few operators deep, each within the bound of its value; its terms are of the
 * size of the value, the derivatives below and 1.
 */
const FORMULA_BOUND = 8 * BOUND
const POINTS = 20

const names = Object.keys(SIGNATURES).filter(isOperator)

/** Operators whose arguments are conditions or compared: NaN is as false as in JavaScript. */
const logic: readonly string[] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'select']

/** Whatever may trip a formula, and the ends of intervals. */
const SPECIAL = [0, -0, 0.5, 1, -1, 2, 3, -2.5, 1e-300, -5e-324, 1e300, -1e17, Infinity, -Infinity]

test('each operator has one record, under its own name', () => {
  expect(Object.keys(OPERATORS).sort()).toEqual([...names].sort())
  expect(isOperator('add')).toBe(true)
  expect(isOperator('toString')).toBe(false)
})

test('a wrong number of arguments is a bug that is named', () => {
  expect(() => evaluate('add', [1])).toThrow('add takes 2 arguments, not 1')
})

describe.each(names)('%s', (name) => {
  const { kinks, facts, derivative } = OPERATORS[name]
  const arity = SIGNATURES[name]
  const samples: readonly (readonly [number, number])[] = OPERATORS[name].sample
  const random = randomFrom(name.length * 1000 + name.charCodeAt(0))
  const point = (): number[] => samples.map((range) => draw(random, range))
  const points = Array.from({ length: POINTS }, point)
  const axes = samples
    .map((range, k) => ({ range, along: samples.map((_, j) => (j === k ? 1 : 0)) }))
    .filter(({ range: [low, high] }) => low < high)
    .map(({ along }) => along)
  const mixed = samples.map(([low, high]) => (low < high ? 1 : 0))

  test('partials agree with differences of the values', () => {
    for (const at of points)
      for (const along of axes) {
        const given = partials(name, numbers, at, evaluate(name, at))?.[along.indexOf(1)] ?? 0
        const near = (t: number) => evaluate(name, at.map((x, k) => x + t * along[k])) // prettier-ignore
        expectSlope(given, slopeAtZero(near, BOUND), at)
      }
  })

  test.each([2, 3])('derivatives of order %i agree with differences of the order below', (order) => {
    for (const at of points)
      for (const along of arity > 1 ? [...axes, mixed] : axes) {
        const derivatives = derivativesAlong(name, at, along, order)
        const scale = Math.max(1, ...derivatives.slice(0, order).map(Math.abs))
        const near = (t: number) => {
          const moved = at.map((x, k) => x + t * along[k])
          return derivativesAlong(name, moved, along, order - 1)[order - 1]
        }
        expectSlope(derivatives[order], slopeAtZero(near, FORMULA_BOUND, scale), at)
      }
  })

  test.runIf(kinks.length > 0).each([...kinks])(
    'has its decided partials at $at',
    ({ at, partials: decided }) => {
      const given = partials(name, numbers, at, evaluate(name, at)) ?? at.map(() => 0)
      // `+ 0` because the sign of a zero is not decided.
      expect(given.map((x) => x + 0)).toEqual(decided.map((x) => x + 0))
    },
  )

  test('NaN is not masked', () => {
    if (logic.includes(name)) return
    for (const at of points)
      for (const k of at.keys()) expect(evaluate(name, at.with(k, NaN)), `argument ${k}`).toBeNaN()
  })

  test('intervals enclose the values', () => {
    for (let round = 0; round < 400; round++) {
      const box = samples.map((range) => randomBox(range))
      const { low, high } = enclose(name, box)
      expect(low <= high, `${JSON.stringify(box)} gives [${low}, ${high}]`).toBe(true)
      for (let k = 0; k < 8; k++) {
        const at = box.map(within)
        const y = evaluate(name, at)
        // Neither the ends nor the values are rounded outward; zero times infinity and 1/0 are no values.
        const slack = 2 * BOUND * ulp(Number.isFinite(y) ? y : 0)
        const encloses =
          Number.isNaN(y) ||
          !at.every(Number.isFinite) ||
          isPole(at) ||
          (low - slack <= y && y <= high + slack)
        expect(encloses, `${name}(${at.join(', ')}) = ${y} in [${low}, ${high}]`).toBe(true)
      }
    }
  })

  test('its facts hold', () => {
    const wide = Array.from({ length: 200 }, () => samples.map(() => draw(random, [-20, 20])))
    for (const at of [...points, ...wide]) {
      const y = evaluate(name, at)
      if (facts.parity) expect(evaluate(name, at.map((x) => -x))).toBe(facts.parity === 'odd' ? -y : y) // prettier-ignore
      if (facts.integer === true && !Number.isNaN(y)) expect(Math.floor(y)).toBe(y)
      if (facts.nonzero) expect(y, `${name}(${at.join(', ')})`).not.toBe(0)
      if (facts.total) expect(Number.isFinite(y), `${name}(${at.join(', ')})`).toBe(true)
    }
    if (!facts.monotone) return
    const sign = facts.monotone === 'increasing' ? 1 : -1
    const sorted = wide.map(([x]) => x).sort((a, b) => a - b)
    const ys = sorted.map((x) => sign * evaluate(name, [x])).filter((y) => !Number.isNaN(y))
    expect(ys.length).toBeGreaterThan(1)
    for (let k = 1; k < ys.length; k++)
      expect(ys[k] + 2 * BOUND * ulp(ys[k])).toBeGreaterThanOrEqual(ys[k - 1])
  })

  test('is documented and printed', () => {
    expect(OPERATORS[name].doc).not.toBe('')
    if (derivative.kind === 'zero') expect(derivative.because).not.toBe('')
    const letters = ['a', 'b', 'c'].slice(0, arity)
    const printed: (...args: string[]) => string = OPERATORS[name].latex
    for (const letter of letters) expect(printed(...letters)).toContain(letter)
  })

  function randomBox([low, high]: readonly [number, number]): Interval {
    const kind = random()
    // Whole orders of polygamma are points: an interval of them says nothing of interest.
    if (low === high && kind < 0.9) return { low, high }
    const pick = () =>
      random() < 0.4 ? SPECIAL[Math.floor(random() * SPECIAL.length)] : draw(random, [-12, 12])
    const ends = kind < 0.3 ? [draw(random, [low, high]), draw(random, [low, high])] : [pick(), pick()]
    if (kind > 0.8) return { low: ends[0], high: ends[0] }
    return { low: Math.min(...ends), high: Math.max(...ends) }
  }

  function within({ low, high }: Interval): number {
    const kind = random()
    if (kind < 0.2) return low
    if (kind < 0.4) return high
    const inside = draw(random, [Math.max(low, -1e300), Math.min(high, 1e300)])
    const near = draw(random, [Math.max(low, -20), Math.min(high, 20)])
    const candidate = kind < 0.7 ? near : inside
    return low <= candidate && candidate <= high ? candidate : low
  }

  /** At a pole the sign of a zero decides, which intervals do not tell apart. */
  function isPole(at: readonly number[]): boolean {
    return ['div', 'idiv', 'mod', 'pow', 'digamma', 'polygamma'].includes(name) && at.includes(0)
  }
})

function expectSlope(
  given: number,
  { value, error }: { value: number; error: number },
  at: readonly number[],
): void {
  // A difference quotient that knows nothing must not pass for agreement.
  expect(error).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)))
  expect(Math.abs(given - value), `${given} against ${value} at ${at.join(', ')}`).toBeLessThanOrEqual(error)
}
