/** Everyday expressions become as short as they can be, keep their value, and say where they are defined in more places. */
import { describe, expect, test } from 'vitest'
import { countTokens } from '../../bench/peers/count.js'
import { diff, simplify } from '../../src/expression.js'
import { compileExpressions, interpreted } from '../../src/expression/compile.js'
import { Expression } from '../../src/expression/expression.js'
import { EVERYDAY } from './everyday.js'

const VALUES = [-3.3, -2, -1, -0.7, -0.2, 0, 0.3, 0.5, 1, 1.6, 2, 3.7]

type Point = Readonly<Record<string, number>>

/** The value as it is written, not as it is best computed. */
function valueOf(text: string | Expression): (at: Point) => number {
  const { node, names } = typeof text === 'string' ? Expression.parse(text) : text
  const inputs = [...names.values()]
  const compiled = interpreted([node], inputs)
  return (at) => compiled(...inputs.map(({ name }) => at[name]))[0]
}

/** Points of all names: special values, each against others. */
function pointsOf(names: readonly string[]): Point[] {
  return VALUES.flatMap(
    (_, first) =>
    [0, 1, 5].map((shift) => Object.fromEntries(names.map((name, place) => [name, VALUES[(first + place * (5 + shift)) % VALUES.length]]))), // prettier-ignore
  )
}

describe.each(EVERYDAY)('%s', (given, short) => {
  const result = simplify(given)

  test('is short', () => {
    expect(countTokens(String(result)), String(result)).toBeLessThanOrEqual(countTokens(short))
  })

  test('has the same value where it was defined, and says where it was not', () => {
    const names = [...Expression.parse(given).names.keys()]
    const [before, after] = [valueOf(given), valueOf(String(result))]
    const conditions = result.conditions.map(valueOf)
    let compared = 0
    for (const point of pointsOf(names)) {
      const [expected, actual] = [before(point), after(point)]
      // An infinity that vanishes again, as in 1 / (1 / 0), is no value either.
      if (!conditions.every((holds) => holds(point) === 1)) continue
      expect(Number.isNaN(expected) && Number.isFinite(actual), `${String(result)} at ${JSON.stringify(point)}`).toBe(false) // prettier-ignore
      if (!Number.isFinite(expected)) continue
      expect(Math.abs(actual - expected), `${String(result)} at ${JSON.stringify(point)}`).toBeLessThan(1e-9 * (1 + Math.abs(expected))) // prettier-ignore
      compared++
    }
    expect(compared).toBeGreaterThan(0)
  })
})

describe('derivatives', () => {
  const STEP = 1e-4

  test.each(EVERYDAY.filter(([given]) => Expression.parse(given).names.has('x')))('d/dx %s', (given) => {
    const derivative = diff(given, 'x')
    const names = [...derivative.names.keys()]
    const [value, slope] = [valueOf(given), valueOf(derivative)]
    const computed = compileExpressions([derivative.stable()], [...derivative.names.values()])
    for (const x of [-2.71, -1.32, -0.61, 0.17, 0.43, 1.45, 2.36]) {
      const point: Point = { ...Object.fromEntries(names.map((name, at) => [name, 0.7 + 0.31 * at])), x }
      const difference = (h: number): number => (value({ ...point, x: x + h }) - value({ ...point, x: x - h })) / (2 * h) // prettier-ignore
      const expected = (4 * difference(STEP / 2) - difference(STEP)) / 3
      if (!Number.isFinite(expected)) continue
      const bound = 1e-5 * (1 + Math.abs(expected))
      expect(Math.abs(slope(point) - expected), `${String(derivative)} at ${x}`).toBeLessThan(bound)
      expect(Math.abs(computed(...names.map((name) => point[name] ?? NaN))[0] - expected), `${String(derivative)} at ${x}`).toBeLessThan(bound) // prettier-ignore
    }
  })
})
