/** Every rule tests itself: both sides agree on sampled points, and on special values if it claims so. */
import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { numbers } from '../../src/ops/number-algebra.js'
import { outlineOf } from '../../src/rewrite/outline.js'
import { compilePattern } from '../../src/rewrite/pattern.js'
import { namedVariables, type Rule, type VariableFact, type VariableName } from '../../src/rewrite/rule.js'
import { Rewriter, RuleSet } from '../../src/rewrite/strategy.js'
import {
  inverses,
  shorterOperators,
  shorterProducts,
  shorterSums,
  sumsOfAngles,
} from '../../src/simplify/rules/identities.js'
import { polarIdentities } from '../../src/simplify/rules/polar.js'
import { signedComparisons } from '../../src/simplify/rules/piecewise.js'
import { FINAL } from '../../src/simplify/rules/sets.js'

const IDENTITIES = [
  ...sumsOfAngles,
  ...inverses,
  ...shorterSums,
  ...shorterProducts,
  ...shorterOperators,
  ...polarIdentities,
]

const RULES = [...new Set([...FINAL, ...signedComparisons, ...IDENTITIES])].filter(
  (rewrite): rewrite is Rule => rewrite.kind === 'rule',
)

const SAMPLES = [-2.3, -0.71, -0.05, 0.02, 0.4, 1.3, 2.9]
/** Squares and exponentials of these over- and underflow. */
const EXTREME = [0, 5e-324, 1e-308, 1e-200, 1e-100, 1e-20, 0.3, 1, 2.5, 30, 300, 700, 745, 1e8, 1e100, 1e155, 1e200, 1e300].flatMap((v) => [v, -v]) // prettier-ignore
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1e308, -1e308, 5e-324]

function isAllowed(fact: VariableFact, value: number): boolean {
  switch (fact) {
    case 'any':
    case 'real':
      return true
    case 'positive':
      return value > 0
    case 'nonnegative':
      return value >= 0
    case 'negative':
      return value < 0
    case 'nonzero':
      return value !== 0
    case 'finite':
      return Number.isFinite(value)
    case 'unit':
      return Math.abs(value) <= 1
  }
}

const factOf = (rule: Rule, name: VariableName): VariableFact => rule.vars?.[name] ?? 'any'

/** Points that the facts of the variables allow. */
function* points(rule: Rule, values: readonly number[]): Generator<Record<VariableName, number>> {
  for (const first of values)
    for (const second of values) {
      const point = { a: first, b: second, c: 0.3, x: first, y: second }
      const names: readonly VariableName[] = ['a', 'b', 'x', 'y']
      if (names.every((name) => isAllowed(factOf(rule, name), point[name]))) yield point
    }
}

function variableGraph(rule: Rule): { graph: Graph; left: Expr } {
  const graph = new Graph()
  const facts = {
    any: undefined,
    real: undefined,
    finite: undefined,
    nonzero: { low: -Infinity, high: Infinity, nonzero: true, finite: true },
    positive: { low: 0, high: Infinity, nonzero: true, finite: true },
    nonnegative: { low: 0, high: Infinity, nonzero: false, finite: true },
    negative: { low: -Infinity, high: 0, nonzero: true, finite: true },
    unit: { low: -1, high: 1, nonzero: false, finite: true },
  }
  const [left] = rule.of(
    graph.algebra,
    namedVariables((name) =>
      graph.read(graph.input({ name, shape: [], facts: facts[factOf(rule, name)] }), []),
    ),
  )
  return { graph, left }
}

/** Where the value is too large for binary64, and only the rounding of the left side hides it: `1 + 1e-200` is 1. */
const OVERFLOWS: ReadonlyMap<string, (at: Readonly<Record<string, number>>) => boolean> = new Map([
  ['(1 + x)^y', ({ x, y }) => y * Math.log1p(x) > Math.log(Number.MAX_VALUE)],
])

describe.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  test('holds on sampled points', () => {
    let checked = 0
    for (const point of points(rule, SAMPLES)) {
      const [left, right] = rule.of(numbers, point)
      if (!Number.isFinite(left)) continue
      expect(Math.abs(left - right), `${JSON.stringify(point)}: ${left} and ${right}`).toBeLessThan(
        1e-9 * (1 + Math.abs(left)),
      )
      checked++
    }
    expect(checked).toBeGreaterThan(2)
  })

  test('never makes a finite value infinite or NaN', () => {
    for (const point of points(rule, EXTREME)) {
      const [left, right] = rule.of(numbers, point)
      if (Number.isFinite(left) && !OVERFLOWS.get(rule.name)?.(point))
        expect(right, `${JSON.stringify(point)}: ${left} before`).toSatisfy(Number.isFinite)
    }
  })

  test('looks like its pattern before it has one', () => {
    const { root, marks } = outlineOf(rule)
    const pattern = compilePattern(rule)
    if (root) expect(root).toBe(pattern.root)
    expect(marks & ~pattern.marks).toBe(0)
  })

  test('fires on its own left side, and stops', () => {
    const { graph, left } = variableGraph(rule)
    const fired: string[] = []
    const rewriter = new Rewriter(graph, new RuleSet([rule]), {
      onStep: (step) => fired.push(step.rule),
      budget: 20,
    })
    const result = rewriter.rewrite(left)
    expect(fired.length).toBeGreaterThan(0)
    expect(fired.length).toBeLessThan(20)
    expect(result).not.toBe(left)
  })

  if (rule.sound === 'exact')
    test('is exact in binary64', () => {
      for (const point of points(rule, [...SAMPLES, ...SPECIAL])) {
        const [left, right] = rule.of(numbers, point)
        expect(
          Object.is(left, right) || left === right,
          `${JSON.stringify(point)}: ${left} and ${right}`,
        ).toBe(true)
      }
    })
})

test('names are unique', () => {
  const names = FINAL.map((rewrite) => rewrite.name)
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  // A list may be part of two others; then it is the same rule.
  for (const name of twice) expect(new Set(FINAL.filter((rewrite) => rewrite.name === name)).size).toBe(1)
})
