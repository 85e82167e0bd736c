/** First and second derivatives against dual numbers over what was written. */
import { compileFunction, diff, type Expr, grad } from '../../src/expression.js'
import { type Dual, Duals } from '../../src/verify/duals.js'
import { type Field, NUMBERS } from '../../src/verify/field.js'
import { differentiateAtZero } from '../../src/verify/differences.js'
import { type Computation, computeDirectly, evaluateDirectly, type Point } from './direct.js'
import type { Kind } from './failure.js'
import { textOf, type Tree, valueOf } from './tree.js'
import { difference, overTastes, overTrees, place, type Verdict } from './values.js'

type Name = 'x' | 'y'

const perturbed = <N>(duals: Duals<N>, primal: N, by: boolean): Dual<N> =>
  by ? { primal, tangent: duals.base.constant(1) } : duals.lift(primal)

function first(tree: Tree, at: Point, by: Name, field: Field<number>): number {
  const duals = new Duals(field)
  const point = { x: perturbed(duals, at.x, by === 'x'), y: perturbed(duals, at.y, by === 'y') }
  return duals.tangent(valueOf(tree, point, duals))
}

function second(tree: Tree, at: Point, by: Name, then: Name, field: Field<number>): number {
  const inner = new Duals(field)
  const outer = new Duals(inner)
  const of = (name: Name) => perturbed(outer, perturbed(inner, at[name], by === name), then === name)
  return inner.tangent(outer.tangent(valueOf(tree, { x: of('x'), y: of('y') }, outer)))
}

/** Of something smooth beside the point: its derivative, where differences give one. */
function byDifferences(f: (t: number) => number): number | undefined {
  const { value, error } = differentiateAtZero(f, 1e-2)
  return error < 1e-7 * (1 + Math.abs(value)) ? value : undefined
}

const moved = (at: Point, by: Name, t: number): Point => ({ ...at, [by]: at[by] + t })

interface Witness {
  readonly what: string
  readonly derivative: Expr
  readonly dual: Computation
  readonly differences: (at: Point) => number | undefined
}

function check(tree: Tree, points: readonly Point[]): Verdict {
  const text = textOf(tree)
  const names: readonly Name[] = ['x', 'y']
  const along = diff(text, 'x')
  const firstOf = (what: string, derivative: Expr, by: Name): Witness => ({
    what,
    derivative,
    dual: (at, field) => first(tree, at, by, field),
    differences: (at) => byDifferences((t) => valueOf(tree, moved(at, by, t), NUMBERS)),
  })
  const secondOf = (what: string, derivative: Expr, then: Name): Witness => ({
    what,
    derivative,
    dual: (at, field) => second(tree, at, 'x', then, field),
    differences: (at) => byDifferences((t) => first(tree, moved(at, then, t), 'x', NUMBERS)),
  })
  const witnesses = [
    firstOf('d/dx', along, 'x'),
    ...grad(text, names).map((derivative, at) => firstOf(`reverse d/d${names[at]}`, derivative, names[at])),
    secondOf('d²/dx²', diff(text, 'x', 2), 'x'),
    secondOf('d²/dx dy', grad(along, ['y'])[0], 'y'),
  ]
  const compiled = witnesses.map(({ derivative }) => compileFunction(derivative, names))
  let compared = 0
  for (const at of points) {
    const plain = evaluateDirectly(tree, at)
    // What has no value here has no derivative.
    if (plain.left || plain.pole || !Number.isFinite(plain.value) || !(plain.spread < Infinity)) continue
    for (const [order, { what, derivative, dual, differences }] of witnesses.entries()) {
      const direct = computeDirectly(dual, at)
      // Where a partial is infinite duals take 0 times it for 0.
      if (direct.pole || !Number.isFinite(direct.value)) continue
      const value = compiled[order](at.x, at.y)
      const wrong = difference(direct, value)
      if (wrong === 'skip') continue
      compared++
      if (!wrong || direct.tie) continue
      const estimate = differences(at)
      if (estimate !== undefined && Math.abs(value - estimate) < 1e-5 * (1 + Math.abs(estimate))) continue
      return {
        compared,
        wrong: `${what} = ${derivative} at ${place(at)}: ${wrong}; differences: ${estimate}`,
      }
    }
  }
  return { compared }
}

export const derivatives: Kind = {
  name: 'derivatives',
  doc: 'first and second derivatives against dual numbers',
  few: 8,
  run: overTrees(check, 14),
}

export const tastedDerivatives: Kind = {
  ...derivatives,
  name: 'tasted-derivatives',
  run: overTastes(() => check, 14),
}
