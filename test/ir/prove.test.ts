import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { printExpr } from '../../src/ir/print.js'
import { isInRange, isNonNegative } from '../../src/ir/prove.js'
import { at, evaluate, inWorld, positions } from './evaluate.js'

/** A whole-numbered expression over sizes n, m, indices i < n, j < m, k < n + m and data 0 <= d < n. */
type Recipe =
  | { readonly kind: 'leaf'; readonly at: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'add' | 'sub' | 'mul'; readonly a: Recipe; readonly b: Recipe }
  | { readonly kind: 'idiv' | 'mod'; readonly a: Recipe; readonly by: number }

const leaf: fc.Arbitrary<Recipe> = fc.oneof(
  fc.record({ kind: fc.constant('leaf' as const), at: fc.nat({ max: 5 }) }),
  fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: -3, max: 4 }) }),
)
const grown = (below: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> =>
  fc.oneof(
    { arbitrary: below, weight: 1 },
    { arbitrary: fc.record({ kind: fc.constantFrom('add' as const, 'sub' as const, 'sub' as const, 'mul' as const), a: below, b: below }), weight: 4 }, // prettier-ignore
    { arbitrary: fc.record({ kind: fc.constantFrom('idiv' as const, 'mod' as const), a: below, by: fc.integer({ min: 1, max: 6 }) }), weight: 1 }, // prettier-ignore
  )
const recipe = grown(grown(grown(leaf)))
const conditions = fc.array(fc.tuple(fc.constantFrom('ge0', 'eq0', 'not'), grown(grown(leaf))), {
  maxLength: 3,
})

function world() {
  const g = new Graph()
  const [n, m] = [g.size('n'), g.size('m')]
  const [i, j, k] = [g.freshIndex(n, 'i'), g.freshIndex(m, 'j'), g.freshIndex(g.add(n, m), 'k')]
  const def = g.input({ name: 'd', shape: [], integer: true })
  def.bounds.push(n)
  const leaves: readonly Expr[] = [n, m, i, j, k, g.read(def, [])]
  const build = (r: Recipe): Expr => {
    switch (r.kind) {
      case 'leaf':
        return leaves[r.at]
      case 'number':
        return g.num(r.value)
      case 'add':
        return g.add(build(r.a), build(r.b))
      case 'sub':
        return g.sub(build(r.a), build(r.b))
      case 'mul':
        return g.mul(build(r.a), build(r.b))
      // A divisor of 5 or 6 stands for a size.
      case 'idiv':
      case 'mod':
        return g.apply(r.kind, [build(r.a), r.by > 4 ? leaves[r.by - 5] : g.num(r.by)])
    }
  }
  /** All ways to give values to the leaves with sizes up to 3. */
  const instances = positions([3, 3]).flatMap(([a, b]) =>
    positions([a + 1, b + 1, a + b + 2, a + 1]).map(([iAt, jAt, kAt, data]) =>
      at(inWorld(() => data, new Map([[n, a + 1], [m, b + 1]])), [[i, iAt], [j, jAt], [k, kAt]]))) // prettier-ignore
  return { g, build, instances }
}

describe('proofs are sound', () => {
  const { g, build, instances } = world()
  const conditionOf = ([kind, of]: readonly [string, Recipe]): Expr =>
    kind === 'ge0' ? g.ge0(build(of)) : kind === 'eq0' ? g.eq0(build(of)) : g.not(g.eq0(build(of)))

  test('what is proven non-negative is so wherever the conditions hold', () => {
    let proven = 0
    fc.assert(
      fc.property(recipe, conditions, (r, given) => {
        const e = build(r)
        const known = given.map(conditionOf)
        if (!isNonNegative(g, e, known)) return
        proven++
        const exception = instances.find(
          (instance) =>
            known.every((condition) => evaluate(condition, instance) !== 0) && evaluate(e, instance) < 0,
        )
        const under = known.map((condition) => printExpr(condition)).join(' and ')
        expect(
          exception &&
            `${printExpr(e)} under ${under} for ${[...exception.indices.values(), ...exception.sizes.values()].join()}`,
        ).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
    expect(proven).toBeGreaterThan(30)
  })

  test('with assumptions', () => {
    fc.assert(
      fc.property(recipe, grown(grown(leaf)), (r, assumed) => {
        const fresh = world()
        const assumption = fresh.build(assumed)
        const e = fresh.build(r)
        fresh.g.assume(assumption)
        if (!isNonNegative(fresh.g, e)) return
        const exception = fresh.instances.find(
          (instance) => evaluate(assumption, instance) >= 0 && evaluate(e, instance) < 0,
        )
        expect(exception && `${printExpr(e)} assuming ${printExpr(assumption)} >= 0`).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe('proofs that the index patterns of the textbook need', () => {
  const g = new Graph()
  const [H, U, T, n] = ['H', 'U', 'T', 'n'].map((name) => g.size(name))
  g.assume(g.sub(H, U))
  const two = g.num(2)
  const O = g.add(g.sub(H, U), g.one)
  const S = g.add(g.apply('idiv', [g.sub(H, U), two]), g.one)
  const [o, u, s, t, i] = [
    g.freshIndex(O, 'o'),
    g.freshIndex(U, 'u'),
    g.freshIndex(S, 's'),
    g.freshIndex(g.add(T, g.one), 't'),
    g.freshIndex(n, 'i'),
  ]

  test.each<readonly [string, Expr, Expr, readonly Expr[]]>([
    ['convolution', g.add(o, u), H, []],
    ['convolution with a stride', g.add(g.mul(two, s), u), H, []],
    ['the step before', g.sub(t, g.one), T, [g.not(g.eq0(t))]],
    ['two steps before', g.sub(t, two), T, [g.ge0(g.sub(t, g.one)), g.not(g.eq0(g.sub(t, g.one)))]],
    ['a guard', g.sub(i, o), n, [g.ge0(g.sub(i, o))]],
    ['reversal', g.sub(g.sub(n, i), g.one), n, []],
    ['a reshape', g.apply('idiv', [g.freshIndex(g.mul(two, n)), two]), n, []],
    ['its remainder', g.apply('mod', [g.freshIndex(g.mul(two, n)), n]), n, []],
  ])('%s', (_, e, extent, known) => {
    expect(isInRange(g, e, extent, known), printExpr(e)).toBe(true)
  })

  test('and no more', () => {
    expect(isInRange(g, g.add(i, g.one), n)).toBe(false)
    expect(isInRange(g, g.sub(t, g.one), T)).toBe(false)
    expect(isNonNegative(g, g.sub(U, two))).toBe(false)
    expect(isNonNegative(g, g.sub(n, T))).toBe(false)
  })
})
