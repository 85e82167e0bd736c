/** Compiled expressions against plain evaluation of what was written. */
import { compileFunction, evaluate } from '../../src/expression.js'
import { evaluateDirectly, type Point } from './direct.js'
import type { Kind } from './failure.js'
import { textOf, type Tree } from './tree.js'
import { difference, isContinuous, overTastes, overTrees, place, type Verdict } from './values.js'

function check(tree: Tree, points: readonly Point[]): Verdict {
  const text = textOf(tree)
  const compiled = compileFunction(text, ['x', 'y'])
  let compared = 0
  for (const at of points) {
    const direct = evaluateDirectly(tree, at)
    for (const [what, value] of [
      ['compiled', compiled(at.x, at.y)],
      ['evaluated', evaluate(text, at)],
    ] as const) {
      const wrong = difference(direct, value)
      if (wrong === 'skip') continue
      compared++
      // Where a pole is met, IEEE may yet give a number, and another one of another form: one that jumps there.
      if (wrong && direct.pole && !isContinuous(compiled, at)) continue
      // Of `x · x^-3` at 0, which is no number, the compiler makes the pole of `x^-2`; a bounded function has a value there.
      if (wrong && direct.pole && Number.isNaN(direct.value)) continue
      if (wrong) return { compared, wrong: `${what} at ${place(at)}: ${wrong}` }
    }
  }
  return { compared }
}

export const expressions: Kind = {
  name: 'expressions',
  doc: 'compiled and evaluated expressions against plain evaluation',
  few: 12,
  run: overTrees(check),
}

export const tasted: Kind = {
  ...expressions,
  name: 'tasted-expressions',
  run: overTastes(() => check),
}
