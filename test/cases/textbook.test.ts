/**
 * Results that a course on neural networks derives by hand (textbook/*.nn): each function NAME, a derivative, equals
 * NAME_closed, the closed form, at random points and for several sizes, 1 among them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Random } from '../../src/verify/random.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { compileModule } from '../../src/compile.js'
import { evaluate, run } from '../codegen/load.js'
import { TARGET } from '../target.js'
import { entries, worstError } from './comparison.js'

const folder = new URL('./textbook/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.nn'))
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8')

/** Sizes by the order in which the parameters name them. */
const SIZES = [[1, 1, 1], [2, 3, 4], [4, 3, 2], [5, 1, 3], [1, 6, 2]] // prettier-ignore
const POINTS = 4

/** Derivatives that are 0 everywhere are said to be, and nothing else is: code, and the line it stands in. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  'scalars.nn': ['independent: S2_constant', 'stepwise: S12_step', 'stepwise: S12_sign'],
  'losses.nn': ['stepwise: M17_zero_one'],
}

const loaded = (file: string): Promise<Record<string, unknown>> =>
  evaluate(compileModule(read(file), { filename: file, verify: true, target: TARGET }).code)

interface Parameter {
  readonly name: string
  readonly integer: boolean
  readonly extents: readonly string[] | undefined
}

interface Result {
  readonly name: string
  readonly parameters: readonly Parameter[]
}

/** The results that a file states, with their parameters. */
function resultsOf(source: string): readonly Result[] {
  const signatures = [...source.matchAll(/^export fn (\S+)_closed\((.*)\) (?:=|\{)/gm)]
  return signatures.map(([, name, list]) => ({
    name,
    parameters: [...list.matchAll(/([^\s,:]+)(?:: (int)?\[([^\]]*)\])?(?:, |$)/g)].map((match) => ({
      name: match[1],
      integer: match[2] !== undefined,
      extents: match[3]?.split(', '),
    })),
  }))
}

/** Random data: real numbers off the kinks of the course (0, ±1, ±2), labels among the positions of all sizes. */
function draw({ parameters }: Result, sizes: readonly number[], random: Random) {
  const names = [...new Set(parameters.flatMap(({ extents }) => extents ?? []).flatMap(sizesIn))]
  const bound = Object.fromEntries(names.map((name, at) => [name, sizes[at % sizes.length]]))
  const least = Math.min(...Object.values(bound))
  const value = (integer: boolean): number => {
    if (integer) return random.integer(0, least)
    const x = random.between(-2.9, 2.9)
    return Math.abs(x - Math.round(x)) < 0.01 ? x + 0.1 : x
  }
  const data = parameters.map(
    ({ integer, extents }) =>
    extents ? nested(extents.map((extent) => extentAt(extent, bound)), () => value(integer)) : value(integer), // prettier-ignore
  )
  return { data, sizes: bound }
}

const sizesIn = (extent: string): string[] => [...extent.matchAll(/[\p{L}_]+/gu)].map(([name]) => name)

/** `2h`, `U + p`, `m * n`: what the files use. */
function extentAt(extent: string, sizes: Readonly<Record<string, number>>): number {
  const factor = (text: string): number => sizes[text] ?? Number(text)
  const product = (text: string): number =>
    text.split(/ \* |(?<=\d)(?=\p{L})/u).reduce((all, part) => all * factor(part), 1)
  return extent.split(' + ').reduce((all, part) => all + product(part), 0)
}

type Nested = number | readonly Nested[]
const nested = ([first, ...rest]: readonly number[], value: () => number): Nested =>
  first === undefined ? value() : Array.from({ length: first }, () => nested(rest, value))

describe.each(files)('%s', (file) => {
  const source = read(file)
  const results = resultsOf(source)

  test('every function has its closed form', () => {
    const exported = [...source.matchAll(/^export fn (\S+?)\(/gm)].map(([, name]) => name)
    expect(exported.sort()).toEqual(results.flatMap(({ name }) => [name, `${name}_closed`]).sort())
  })

  const module = loaded(file)
  test.each(results)('$name', async (result) => {
    const random = new Random(1)
    for (const sizes of SIZES)
      for (let point = 0; point < POINTS; point++) {
        const { data, sizes: bound } = draw(result, sizes, random)
        const options = Object.keys(bound).length > 0 ? [{ sizes: bound }] : []
        const found = run(await module, result.name, ...data, ...options)
        const expected = run(await module, `${result.name}_closed`, ...data, ...options)
        expect(entries(found).every(Number.isFinite)).toBe(true)
        expect(worstError(found, expected), `sizes ${sizes.join()}, point ${point}`).toBeLessThan(1e-11)
      }
  })

  test('nnc check', async () => {
    const report = await checkGradients(source, { filename: file, points: 1, target: TARGET })
    const warnings = report.diagnostics.map(({ code, span }) => {
      const line = source.slice(0, span?.start).split('\n').at(-1) ?? ''
      return `${code}: ${/export fn (\w+)/.exec(line)?.[1]}`
    })
    expect(warnings).toEqual(WARNINGS[file] ?? [])
    expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
  }, 300_000)
})

describe('numbers that the course prints', () => {
  const module = loaded('scalars.nn')

  test('S14: the value and slopes of (x + y) z', async () => {
    expect(run(await module, 'S14', -2, 5, -4)).toBe(-12)
    expect(run(await module, 'S14.grad', -2, 5, -4)).toEqual([-4, -4, 3])
  })

  test('S15: the value and slopes of a logistic neuron at w = b = 0', async () => {
    expect(run(await module, 'S15', 1, 0, 0)).toBe(0.5)
    expect(run(await module, 'S15.grad', 1, 0, 0)).toEqual([0, 0.25, 0.25])
  })

  test('S16: a tenth of the step gives a tenth of the error of forward differences, a hundredth of that of central ones', async () => {
    const loaded = await module
    const f = (x: number) => Number(run(loaded, 'S3', x))
    const slope = Number(entries(run(loaded, 'S3.grad', 1))[0])
    const forward = (h: number) => Math.abs((f(1 + h) - f(1)) / h - slope)
    const central = (h: number) => Math.abs((f(1 + h) - f(1 - h)) / (2 * h) - slope)
    expect(forward(1e-3) / forward(1e-2)).toBeCloseTo(0.1, 2)
    expect(central(1e-3) / central(1e-2)).toBeCloseTo(0.01, 4)
    // The floor: with steps near the rounding of numbers both are of no use.
    expect(forward(1e-15)).toBeGreaterThan(1e3 * forward(1e-8))
  })
})
