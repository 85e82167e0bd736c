/** Random trees at random points: what checks of single expressions have in common. */
import { NnError } from '../../src/base/nn-error.js'
import type { Random } from '../../src/verify/random.js'
import { allowance, type Direct, type Point } from './direct.js'
import { drawCoordinate, drawTree, TASTES } from './draw.js'
import type { Outcome } from './failure.js'
import { shrink } from './shrink.js'
import { textOf, type Tree } from './tree.js'

const POINTS = 8
const LARGEST = 24

/** What is wrong with a tree at the points, and how many values were compared. */
export interface Verdict {
  readonly compared: number
  readonly wrong?: string
}

type Check = (tree: Tree, points: readonly Point[]) => Verdict

export function overTrees(check: Check, largest = LARGEST) {
  return (random: Random): Outcome => judgeDrawn(check, drawTree(random, random.integer(3, largest)), random)
}

/** Trees of one kind each, which meet more of the laws of that kind; a check may be drawn with them. */
export function overTastes(drawCheck: (random: Random) => Check, largest = LARGEST) {
  return (random: Random): Outcome => {
    const check = drawCheck(random)
    return judgeDrawn(check, drawTree(random, random.integer(3, largest), random.choose(TASTES)), random)
  }
}

function judgeDrawn(check: Check, tree: Tree, random: Random): Outcome {
  const points = Array.from({ length: POINTS }, () => ({
    x: drawCoordinate(random),
    y: drawCoordinate(random),
  }))
  const judged = (other: Tree): Verdict => {
    try {
      return check(other, points)
    } catch (error) {
      // A condition where a number stands, after shrinking.
      if (error instanceof NnError) return { compared: 0 }
      return { compared: 0, wrong: `${String(error)}` }
    }
  }
  const { compared, wrong } = judged(tree)
  if (wrong === undefined) return { compared }
  const shortest = shrink(tree, (other) => judged(other).wrong !== undefined)
  return { compared, failure: { input: textOf(shortest), what: judged(shortest).wrong ?? wrong } }
}

export const place = (at: Point): string => `x = ${at.x}, y = ${at.y}`

/** How a value differs from what plain evaluation gives; undefined where it does not, `skip` where nothing can be said. */
export function difference({ value, spread, left, pole }: Direct, other: number): string | undefined {
  if (left) return 'skip'
  if (!Number.isFinite(value)) {
    if (spread > 0) return 'skip'
    if (pole ? !Number.isFinite(other) : Number.isNaN(other)) return undefined
    return `${other} instead of ${value}`
  }
  const allowed = allowance(value, spread)
  if (allowed === undefined) return 'skip'
  return Math.abs(other - value) <= allowed ? undefined : `${other} instead of ${value}`
}

/** Whether a function is continuous at a point, as far as four others show. */
export function isContinuous(f: (x: number, y: number) => number, at: Point): boolean {
  const value = f(at.x, at.y)
  const beside = [1e-7, -1e-7].flatMap((step) => [f(at.x + step, at.y), f(at.x, at.y + step)])
  return beside.every((other) => Math.abs(other - value) < 1e-3 * (1 + Math.abs(value)))
}
