import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Def, Expr, Index } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { printDefinition } from '../../src/ir/print.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { evaluate, inWorld, positions, type World } from './evaluate.js'
import { programOf } from './programs.js'

/** An affine map of two bound and two free indices. */
interface Affine {
  readonly of: readonly [number, number, number, number]
  readonly constant: number
}

const coefficient = fc.integer({ min: -3, max: 3 })
const affine: fc.Arbitrary<Affine> = fc.record({
  of: fc.tuple(coefficient, coefficient, fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 })),
  constant: fc.integer({ min: -4, max: 4 }),
})

interface Condition {
  readonly test: 'ge0' | 'eq0'
  readonly of: Affine
}

const condition: fc.Arbitrary<Condition> = fc.record({ test: fc.constantFrom('eq0', 'ge0'), of: affine })
const extent = fc.integer({ min: 1, max: 4 })

const valueAt = ({ of, constant }: Affine, at: readonly number[]): number =>
  of.reduce((sum, c, axis) => sum + c * at[axis], constant)
const holdsAt = ({ test: kind, of }: Condition, at: readonly number[]): boolean =>
  kind === 'eq0' ? valueAt(of, at) === 0 : valueAt(of, at) >= 0

/** The entry of the data at a position: no two alike. */
const data = (_: Def, at: readonly number[]): number =>
  at.reduce((mixed, p, axis) => mixed + Math.sin(p + 1.7 * axis + 1) * (p + 3), 1)

/** `Σ_{i, j} [conditions] · (x[i, j] + x[j, q] · weight)` as a definition over the free indices, the extents given as numbers or as sizes. */
function sumOf(extents: readonly number[], symbolic: boolean, conditions: readonly Condition[]) {
  const g = new Graph()
  const sizes = extents.map((value, axis) => (symbolic ? g.size(`n${axis}`) : g.num(value)))
  const indices = sizes.map((size, axis) => g.freshIndex(size, 'ijpq'[axis]))
  const [i, j, p, q] = indices
  const x = g.input({ name: 'x', shape: [sizes[0], sizes[1]] })
  const y = g.input({ name: 'y', shape: [sizes[1], sizes[3]] })
  const of = (map: Affine): Expr =>
    g.addAll([g.num(map.constant), ...map.of.map((c, axis) => g.mul(g.num(c), indices[axis]))])
  const tests = conditions.map((c) => (c.test === 'eq0' ? g.eq0(of(c.of)) : g.ge0(of(c.of))))
  const body = g.add(g.read(x, [i, j]), g.mul(g.read(y, [j, q]), g.algebra.exp(g.neg(p))))
  const def = g.define({ name: 'S', idx: [p, q], body: g.sum([i, j], g.guard(tests, body)) })
  const world: World = inWorld(
    data,
    new Map(sizes.flatMap((size, axis) => (size.kind === 'size' ? [[size, extents[axis]] as const] : []))),
  )
  const expected = (at: readonly number[]): number => {
    const entries = positions(extents.slice(0, 2)).map((bound) => [...bound, ...at])
    return entries
      .filter((entry) => conditions.every((c) => holdsAt(c, entry)))
      .reduce((sum, [a, b, c, d]) => sum + data(x, [a, b]) + data(y, [b, d]) * Math.exp(-c), 0)
  }
  return { g, def, world, expected }
}

function requireEqual(extents: readonly number[], symbolic: boolean, conditions: readonly Condition[]): void {
  const { g, def, world, expected } = sumOf(extents, symbolic, conditions)
  // Coupled equations may be beyond the proofs; the evaluator still checks each read.
  if (conditions.filter((c) => c.test === 'eq0').length <= 1) verifyProgram(programOf(g, [def]), 'sum')
  for (const at of positions(extents.slice(2))) {
    const actual = evaluate(
      g.read(
        def,
        at.map((position) => g.num(position)),
      ),
      world,
    )
    expect(
      Math.abs(actual - expected(at)),
      `${printDefinition(def)} at ${at.join()}: ${actual}, not ${expected(at)}`,
    ).toBeLessThan(1e-9)
  }
}

const extents = fc.tuple(extent, extent, extent, extent)

describe('sums with deltas and bounds equal brute force', () => {
  test.each([
    ['of numeric extents', false],
    ['of symbolic extents', true],
  ])('%s', (_, symbolic) => {
    fc.assert(
      fc.property(extents, fc.array(condition, { maxLength: 3 }), (sizes, conditions) =>
        requireEqual(sizes, symbolic, conditions),
      ),
      { numRuns: 600 },
    )
  })

  test('windows with stride and dilation', () => {
    const stride = fc.integer({ min: 1, max: 3 })
    fc.assert(
      fc.property(
        extents,
        stride,
        stride,
        fc.integer({ min: -2, max: 2 }),
        fc.boolean(),
        (sizes, s, d, pad, symbolic) =>
          requireEqual(sizes, symbolic, [{ test: 'eq0', of: { of: [s, d, -1, 0], constant: -pad } }]),
      ),
      { numRuns: 300 },
    )
  })

  test('windows that do not overlap', () => {
    fc.assert(
      fc.property(extents, fc.integer({ min: 1, max: 3 }), fc.boolean(), (sizes, c, symbolic) =>
        requireEqual(sizes, symbolic, [
          { test: 'ge0', of: { of: [-c, 0, 1, 0], constant: 0 } },
          { test: 'ge0', of: { of: [c, 0, -1, 0], constant: c - 1 } },
        ]),
      ),
      { numRuns: 200 },
    )
  })
})

describe('what proves an index in range proves it of the result', () => {
  const ge0 = (of: Affine['of'], constant: number): Condition => ({ test: 'ge0', of: { of, constant } })
  const eq0 = (of: Affine['of'], constant: number): Condition => ({ test: 'eq0', of: { of, constant } })
  test.each<[string, Condition[]]>([
    ['of nothing', [eq0([2, 3, 1, -1], 2), ge0([0, 0, -1, 0], 2), ge0([2, 0, 1, -1], 0)]],
    ['of an index beside it', [ge0([-3, 0, -1, 1], 0), eq0([0, 3, 1, -1], 1), ge0([1, 2, 1, -1], -3)]],
    ['through a quotient', [ge0([-2, -3, 0, 0], 1), eq0([-2, 0, 1, 0], -3), ge0([1, 0, 1, 0], -3)]],
    ['through both', [ge0([-2, -3, 0, 0], 2), eq0([-2, 0, 1, 0], -2), ge0([1, -1, 1, 0], -3)]],
  ])('%s', (_, conditions) => requireEqual([3, 2, 4, 3], true, conditions))
})

describe('deltas are eliminated', () => {
  const g = new Graph()
  const [H, U] = [g.size('H'), g.size('U')]
  g.assume(g.sub(H, U))
  const O = g.add(g.sub(H, U), g.one)
  const K = g.param({ name: 'K', shape: [U] })
  const K2 = g.param({ name: 'L', shape: [g.num(2)] })
  const A = g.param({ name: 'A', shape: [H, H] })
  const y = g.input({ name: 'ȳ', shape: [O] })
  const half = g.input({ name: 'ȳ', shape: [H] })
  const [p, o, u, w, k] = [
    g.freshIndex(H, 'p'),
    g.freshIndex(O, 'o'),
    g.freshIndex(U, 'u'),
    g.freshIndex(g.num(2), 'u'),
    g.freshIndex(H, 'k'),
  ]
  const e = g.freshIndex(g.mul(g.num(2), H), 'e')
  const define = (idx: readonly Index[], body: Expr): string =>
    printDefinition(g.define({ name: 'T', idx, body }))
  const delta = (a: Expr, b: Expr): Expr => g.guard([g.eq0(g.sub(a, b))], g.one)

  test.each([
    [
      'into the wide convolution of the textbook',
      define([p], g.sum([o, u], g.mul(delta(p, g.add(o, u)), g.read(K, [u]), g.read(y, [o])))),
      'T[p] = sum[u if 0 <= p - u <= H - U] ȳ[p - u] * K[u]',
    ],
    ['into the diagonal', define([p], g.sum([k], g.mul(delta(p, k), g.read(A, [p, k])))), 'T[p] = A[p, p]'],
    [
      'into a quotient where windows do not overlap',
      define([e], g.sum([k, w], g.mul(delta(e, g.add(g.mul(g.num(2), k), w)), g.read(half, [k])))),
      'T[e] = ȳ[div(e, 2)]',
    ],
    [
      'into a remainder too',
      define(
        [e],
        g.sum([k, w], g.mul(delta(e, g.add(g.mul(g.num(2), k), w)), g.read(half, [k]), g.read(K2, [w]))),
      ),
      'T[e] = L[e - 2 * div(e, 2)] * ȳ[div(e, 2)]',
    ],
    [
      'in a factor that is a sum',
      define([p], g.sum([k], g.mul(g.sub(delta(p, k), g.read(half, [p])), g.read(half, [k])))),
      'T[p] = ȳ[p] - ȳ[p] * sum[k] ȳ[k]',
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected)
  })
})
