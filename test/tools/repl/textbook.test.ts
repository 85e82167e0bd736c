/** The scalar results of a course on neural networks, typed as a student would, answered as the course has them. */
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/expression.js'
import { Asking } from './asking.js'
import { expectSame, TEXTBOOK_ROWS } from './textbook-rows.js'

describe('results with one line', () => {
  test.each(TEXTBOOK_ROWS)('%s %j %s', async (_, before, typed, expected) => {
    const asking = new Asking()
    for (const line of before) await asking.text(line)
    expectSame(await asking.text(typed), expected)
  })
})

/** Pieces: equal to the course's formula at points on both sides, and at the kink. */
describe('piecewise results', () => {
  test.each([
    ['S8', [], 'd/dx max(0,x)+γ min(0,x)', (x: number, γ: number) => (x > 0 ? 1 : x < 0 ? γ : 0)],
    ['S9', ['assume γ > 0'], 'd/dx max(0,x)+min(0,γ(exp x - 1))', (x: number, γ: number) => (x > 0 ? 1 : x < 0 ? γ * Math.exp(x) : 0)], // prettier-ignore
    ['S12', [], 'd/dx max(min(0.25x+0.5,1),0)', (x: number) => (Math.abs(x) < 2 ? 0.25 : 0)],
    ['S12', [], 'd/dx max(min(x,1),-1)', (x: number) => (Math.abs(x) < 1 ? 1 : 0)],
  ])('%s %j %s', async (_, before, typed, expected) => {
    const asking = new Asking()
    for (const line of before) await asking.text(line)
    const answer = await asking.text(typed)
    for (const x of [-3, -1.5, -0.5, 0, 0.5, 1.5, 3])
      expect(evaluate(answer, { x, γ: 0.6 }), `${answer} at ${x}`).toBeCloseTo(expected(x, 0.6), 12)
  })

  test('S9 needs no product in its conditions', async () => {
    const asking = new Asking()
    await asking.text('assume γ > 0')
    expect(await asking.text('d/dx max(0,x)+min(0,γ(exp x - 1))')).toBe(
      '(if x < 0 then γ * exp(x) else 0) + (x > 0)',
    )
  })

  test.each([
    ['d/dx max(min(0.25x+0.5,1),0)', '0.25(-2 < x < 2)'],
    ['d/dx max(min(x,1),-1)', '-1 < x < 1'],
    ['d/dx max(0, min(1, 1/2 - 3x))', '-3 * (-1 / 6 < x < 1 / 6)'],
    ['d/dx min(x, 2) + max(1, x)', '(x > 1) + (x < 2)'],
  ])('S12: %s is %s', async (typed, expected) => {
    expect(await new Asking().text(typed)).toBe(expected)
  })

  test('S11: the tanh form of GELU', async () => {
    const answer = await new Asking().text('d/dx 0.5x(1+tanh(√(2/π)(x+0.044715x³)))')
    const gelu = (x: number): number =>
      0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    // Each factor once, the inner derivative included.
    expect(answer.match(/0\.134145x\^2 \+ 1/g)).toHaveLength(1)
    for (const x of [-2, -0.3, 0.8, 1.9])
      expect(evaluate(answer, { x })).toBeCloseTo((gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5, 8)
  })
})

test('S3, S4: ranges are proven', async () => {
  expect(await new Asking().printed(":type σ'(x)")).toMatch(/range +\[0, 0\.25\]/)
  expect(await new Asking().printed(":type tanh'(x)")).toMatch(/range +\[0, 1\]/)
})

test('S14: a value and a gradient at a point', async () => {
  const asking = new Asking()
  await asking.text('f = (x+y)z')
  expect(await asking.text('f at (-2, 5, -4)')).toBe('-12')
  expect(await asking.texts('grad f at (-2, 5, -4)')).toEqual(['-4', '-4', '3'])
})

test('S15: both tables of the trace', async () => {
  const asking = new Asking()
  await asking.text('f = 1/(exp(-(wx+b))+1)')
  expect(await asking.text('f at x=1, w=0, b=0')).toBe('0.5')
  const [forward, reverse] = await asking.results(':trace f x=1 w=0 b=0')
  if (forward.kind !== 'table' || reverse.kind !== 'table') throw new Error('no tables')
  const column = (head: readonly string[], name: string): number => head.indexOf(name)
  const steps = forward.rows.filter(([cell]) => cell.startsWith('h'))
  expect(steps.map(([cell]) => cell)).toEqual([
    'h1 = w * x',
    'h2 = h1 + b',
    'h3 = -h2',
    'h4 = exp(h3)',
    'h5 = h4 + 1',
    'h6 = 1 / h5',
  ])
  expect(steps.map((row) => row[column(forward.head, 'value')])).toEqual(['0', '0', '0', '1', '2', '0.5'])
  expect(steps.map((row) => row[column(forward.head, '∂/∂w')])).toEqual(['1', '1', '-1', '-1', '-1', '0.25'])
  expect(reverse.rows.map(([name]) => name)).toEqual(['h6', 'h5', 'h4', 'h3', 'h2', 'h1', 'w', 'x', 'b'])
  const cotangents = reverse.rows.map(([, value]) => value)
  expect(cotangents.slice(0, 6)).toEqual(['1', '-0.25', '-0.25', '-0.25', '0.25', '0.25'])
  expect(cotangents.slice(6)).toEqual(['0.25', '0', '0.25'])
})

test('S16: errors of differences fall with h and h², then rise', async () => {
  const [table] = await new Asking().results(':errors exp(x) x=1')
  if (table.kind !== 'table') throw new Error('no table')
  const [forward, central] = [1, 2].map((column) => table.rows.map((row) => Number(row[column])))
  const order = (errors: readonly number[], from: number): number =>
    Math.log10(errors[from] / errors[from + 1])
  expect(order(forward, 1)).toBeCloseTo(1, 1)
  expect(order(central, 0)).toBeCloseTo(2, 1)
  for (const errors of [forward, central]) {
    const best = errors.indexOf(Math.min(...errors))
    expect(best).toBeGreaterThan(2)
    expect(errors[errors.length - 1]).toBeGreaterThan(1000 * errors[best])
  }
  expect(table.notes.join('\n')).toMatch(/forward h\^1\.0\d, central h\^2\.0\d/)
})
