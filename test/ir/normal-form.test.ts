import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { printExpr } from '../../src/ir/print.js'
import { allExpressionsOf } from '../../src/ir/program-contents.js'
import { Rational } from '../../src/ir/rational.js'
import { evaluate, inWorld, positions } from './evaluate.js'
import { findAbnormal } from './normal-form.js'
import { PROGRAMS } from './programs.js'
import { type Recipe, build, linear, polynomial, real, turned, valueOf } from './recipes.js'

const VARIABLES = 3

/** A graph with real or whole-numbered scalar variables. */
function variables(integer: boolean): { readonly g: Graph; readonly xs: readonly Expr[] } {
  const g = new Graph()
  const xs = ['x', 'y', 'z'].map((name) => g.read(g.input({ name, shape: [], integer }), []))
  return { g, xs }
}

const valuesOf = (xs: readonly Expr[], values: readonly number[]) =>
  inWorld((def) => values[xs.findIndex((x) => x.kind === 'read' && x.def === def)])

test('scaled sums of terms under conditions keep their values', () => {
  fc.assert(
    fc.property(
      linear(VARIABLES, 5),
      fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 }),
      (recipe, at) => {
        const { g, xs } = variables(false)
        const scaled = (r: Recipe): Expr => {
          if (r.kind !== 'apply' || r.operator === 'select') return build(g, r, xs)
          const [a, b] = r.args
          if (r.operator === 'mul' && a.kind === 'number') return g.scale(Rational.of(a.n, a.d), scaled(b))
          return g.apply(r.operator, [scaled(a), scaled(b)])
        }
        const found = evaluate(scaled(recipe), valuesOf(xs, at))
        expect(Math.abs(found - valueOf(recipe, at))).toBeLessThan(1e-9)
      },
    ),
    { numRuns: 2000 },
  )
})

test('halves of two choices, doubled, are the two choices', () => {
  const { g, xs } = variables(false)
  const [x, y, z] = xs
  const choice = (a: Expr, b: Expr): Expr => g.guard([g.apply('lt', [a, b])], g.apply('exp', [a]))
  const half = (e: Expr): Expr => g.scale(Rational.of(1, 2), e)
  const sum = g.add(choice(x, y), choice(y, z))
  expect(g.scale(Rational.of(2), half(sum))).toBe(sum)
  expect(g.add(half(sum), half(sum))).toBe(sum)
})

describe('whole-numbered polynomials', () => {
  test('keep their values', () => {
    fc.assert(
      fc.property(
        polynomial(VARIABLES, 4),
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }),
        (recipe, at) => {
          const { g, xs } = variables(true)
          const e = build(g, recipe, xs)
          const expected = valueOf(recipe, at)
          if (Number.isSafeInteger(expected)) expect(evaluate(e, valuesOf(xs, at)) + 0).toBe(expected + 0)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('are one object however they are written', () => {
    fc.assert(
      fc.property(polynomial(2, 3), (recipe) => {
        const { g, xs } = variables(true)
        expect(build(g, turned(recipe), xs)).toBe(build(g, recipe, xs))
      }),
      { numRuns: 400 },
    )
  })

  test('are one object if their values agree on a grid that decides it', () => {
    fc.assert(
      fc.property(polynomial(2, 2), polynomial(2, 2), (a, b) => {
        const { g, xs } = variables(true)
        // Degree 4 at most in each variable.
        const agree = positions([5, 5]).every((at) => valueOf(a, at) === valueOf(b, at))
        expect(build(g, a, xs) === build(g, b, xs)).toBe(agree)
      }),
      { numRuns: 400 },
    )
  })

  test('give quotients and remainders as div and mod floor', () => {
    const whole = fc.integer({ min: -9, max: 9 })
    fc.assert(
      fc.property(
        polynomial(VARIABLES, 3),
        fc.integer({ min: 1, max: 5 }),
        fc.array(whole, { minLength: 3, maxLength: 3 }),
        (recipe, c, at) => {
          const { g, xs } = variables(true)
          const e = build(g, recipe, xs)
          const value = valueOf(recipe, at)
          const world = valuesOf(xs, at)
          expect(evaluate(g.apply('idiv', [e, g.num(c)]), world) + 0).toBe(Math.floor(value / c) + 0)
          expect(evaluate(g.apply('mod', [e, g.num(c)]), world) + 0).toBe(
            value - c * Math.floor(value / c) + 0,
          )
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('real expressions', () => {
  test('keep their values wherever they have one', () => {
    const value = fc.integer({ min: -6, max: 6 }).map((k) => k / 4)
    fc.assert(
      fc.property(real(VARIABLES, 3), fc.array(value, { minLength: 3, maxLength: 3 }), (recipe, at) => {
        const { g, xs } = variables(false)
        const expected = valueOf(recipe, at)
        if (!Number.isFinite(expected) || Math.abs(expected) > 1e6) return
        const e = build(g, recipe, xs)
        const actual = evaluate(e, valuesOf(xs, at))
        // Where rounding moves an argument across a jump, or an overflow, nothing is claimed.
        if (isSteady(recipe, at, expected))
          expect(Math.abs(actual - expected), printExpr(e)).toBeLessThanOrEqual(
            1e-6 * Math.max(1, Math.abs(expected)),
          )
      }),
      { numRuns: 3000 },
    )
  })

  test('are in normal form: made again they are the same objects', () => {
    fc.assert(
      fc.property(real(VARIABLES, 4), (recipe) => {
        const { g, xs } = variables(false)
        const e = build(g, recipe, xs)
        const abnormal = findAbnormal(g, [e])
        expect(abnormal && printExpr(abnormal)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  test('long sums and products too', () => {
    const { g, xs } = variables(false)
    const [x, y] = xs
    const terms = Array.from({ length: 20 }, (_, at) => g.algebra.sin(g.add(x, g.num(at))))
    const long = g.addAll(terms)
    const short = g.addAll(terms.slice(0, 4))
    const cases = [
      g.add(long, y),
      g.sub(g.add(g.scale(Rational.of(3), short), y), g.scale(Rational.of(2), short)),
      g.add(g.scale(Rational.of(-2), long), g.scale(Rational.of(3), long), y),
      g.mul(g.mulAll(terms), y),
      g.mul(
        g.power(g.mulAll(terms.slice(0, 4)), Rational.of(1, 2)),
        g.power(g.mulAll(terms.slice(0, 4)), Rational.of(1, 2)),
      ),
      g.div(g.mulAll(terms), g.mul(long, y)),
    ]
    expect(cases.map((e) => findAbnormal(g, [e])).map((e) => e && printExpr(e))).toEqual(
      cases.map(() => undefined),
    )
  })

  test.each(PROGRAMS)('those of %s too', (_, make) => {
    const g = new Graph()
    make(g)
    const abnormal = findAbnormal(g, g.definitions.all.flatMap(allExpressionsOf))
    expect(abnormal && printExpr(abnormal)).toBeUndefined()
  })
})

/** Whether the value hardly changes when the variables do. */
const isSteady = (recipe: Parameters<typeof valueOf>[0], at: readonly number[], value: number): boolean =>
  [1e-9, -1e-9].every((step) => {
    const near = valueOf(
      recipe,
      at.map((x) => x + step),
    )
    return Math.abs(near - value) <= 1e-6 * Math.max(1, Math.abs(value))
  })

describe('definitions', () => {
  test('equal up to the names of their indices are one', () => {
    const g = new Graph()
    const n = g.size('n')
    const A = g.param({ name: 'A', shape: [n, n] })
    const product = (): Expr => {
      const [i, j, k] = ['a', 'b', 'c'].map((name) => g.freshIndex(n, name))
      const lifted = g.sum([k], g.mul(g.read(A, [i, k]), g.read(A, [k, j])))
      return g.read(g.define({ name: 'P', idx: [i, j], body: g.algebra.exp(lifted) }), [g.zero, g.one])
    }
    expect(product()).toBe(product())
  })

  test('with one body and other axes are two', () => {
    const g = new Graph()
    const n = g.size('n')
    const A = g.param({ name: 'A', shape: [n, n] })
    const [i, j] = [g.freshIndex(n), g.freshIndex(n)]
    const body = g.read(A, [i, j])
    expect(g.define({ name: 'P', idx: [i, j], body })).not.toBe(g.define({ name: 'Q', idx: [j, i], body }))
  })
})
