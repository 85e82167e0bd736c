/** Simplified expressions against plain evaluation of what was given, and their conditions. */
import { compileFunction, simplify } from '../../src/expression.js'
import { evaluateDirectly, type Point } from './direct.js'
import type { Kind } from './failure.js'
import { textOf, type Tree } from './tree.js'
import { difference, isContinuous, overTastes, overTrees, place, type Verdict } from './values.js'

/** Whether a condition holds as people read it: what is undefined is not unequal to 0. */
function asRead(text: string): (at: Point) => boolean {
  const names = ['x', 'y']
  const sides = text.split(' != ')
  if (sides.length !== 2 || / (and|or) |^not /.test(text)) {
    const condition = compileFunction(text, names)
    return ({ x, y }) => condition(x, y) > 0
  }
  const [left, right] = sides.map((side) => compileFunction(side, names))
  return ({ x, y }) => isApart(left(x, y), right(x, y))
}

interface Assumed {
  readonly texts: readonly string[]
  readonly holds: (at: Point) => boolean
}

const NOTHING: Assumed = { texts: [], holds: () => true }
const ASSUMED: readonly Assumed[] = [
  NOTHING,
  { texts: ['x > 0'], holds: ({ x }) => x > 0 },
  { texts: ['x >= 0'], holds: ({ x }) => x >= 0 },
  { texts: ['x < 0'], holds: ({ x }) => x < 0 },
  { texts: ['x != 0'], holds: ({ x }) => x !== 0 },
  { texts: ['x > 0', 'y > 0'], holds: ({ x, y }) => x > 0 && y > 0 },
  { texts: ['x >= 1', 'y < 0'], holds: ({ x, y }) => x >= 1 && y < 0 },
  { texts: ['x > -1', 'x < 1'], holds: ({ x }) => x > -1 && x < 1 },
]

const isApart = (a: number, b: number): boolean =>
  Math.abs(a - b) > 0 && Number.isFinite(a) && Number.isFinite(b)

function check(tree: Tree, points: readonly Point[], assumed = NOTHING): Verdict {
  const names = ['x', 'y']
  const result = simplify(textOf(tree), { assume: assumed.texts })
  const forms = [
    [`${result}`, compileFunction(result, names)],
    [`${result} as it is printed`, compileFunction(String(result), names)],
  ] as const
  const conditions = result.conditions.map((text) => ({ text, holds: asRead(text) }))
  let compared = 0
  for (const at of points) {
    if (!assumed.holds(at)) continue
    const direct = evaluateDirectly(tree, at)
    const failed = conditions.filter(({ holds }) => !holds(at))
    for (const [form, compiled] of forms) {
      const value = compiled(at.x, at.y)
      const wrong = difference(direct, value)
      if (wrong === 'skip') continue
      compared++
      // Where a condition fails the given one was undefined, and the other may be anything.
      if (failed.length > 0) {
        if (Number.isFinite(direct.value) && !direct.pole)
          return { compared, wrong: `${form} at ${place(at)}: ${failed[0].text} fails, but the value is ${direct.value}` } // prettier-ignore
        continue
      }
      // Where a pole is met, IEEE may yet give a number, and another one of another form: one that jumps there.
      if (wrong && direct.pole && !isContinuous(compiled, at)) continue
      if (wrong) return { compared, wrong: `${form} at ${place(at)}: ${wrong}` }
    }
  }
  return { compared }
}

export const simplified: Kind = {
  name: 'simplify',
  doc: 'simplified expressions and their conditions against plain evaluation',
  few: 12,
  run: overTrees(check),
}

export const assumed: Kind = {
  name: 'assumed',
  doc: 'the same of angles, pieces, powers and exponentials, under assumptions',
  few: 12,
  run: overTastes((random) => {
    const given = random.choose(ASSUMED)
    return (tree, points) => check(tree, points, given)
  }),
}
