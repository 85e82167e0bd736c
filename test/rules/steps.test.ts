/** Every step that a rule takes in a few hundred expressions and their derivatives keeps the value; every procedure takes one. */
import { expect, test } from 'vitest'
import { DERIVATIVES } from '../../bench/peers/derivatives.js'
import { SIMPLIFICATIONS } from '../../bench/peers/simplifications.js'
import { interpreted } from '../../src/expression/compile.js'
import { differentiateExpression } from '../../src/expression/derivative.js'
import { Expression } from '../../src/expression/expression.js'
import type { Expr } from '../../src/ir/expr.js'
import { postorder, substitute } from '../../src/ir/walk.js'
import type { Step } from '../../src/rewrite/trace.js'
import { NodeCounts } from '../../src/simplify/count.js'
import { rulesForPeople } from '../../src/simplify/rules/for-people.js'
import { FINAL, STABLE } from '../../src/simplify/rules/sets.js'
import { simplifyExpression } from '../../src/simplify/simplify-expression.js'
import { stabiliser } from '../../src/simplify/stabilise.js'
import { EVERYDAY } from '../expression/everyday.js'
import compositions from '../accuracy/reference/compositions.json' with { type: 'json' }
import everyday from '../accuracy/reference/everyday.json' with { type: 'json' }
import { RARE } from './rare.js'

const TEXTS = new Set([
  ...EVERYDAY.map(([given]) => given),
  ...DERIVATIVES.map(({ expression }) => expression),
  ...SIMPLIFICATIONS.map(({ given }) => given),
  ...Object.keys(compositions),
  ...Object.keys(everyday),
])

/** Rules over definitions, which expressions have none of: test/simplify has programs for each. */
const OVER_DEFINITIONS = ['log of a definition', 'shares sum to one', 'hypot without a guard']

const VALUES = [-3.3, -2, -1, -0.7, -0.2, 0, 0.3, 0.5, 1, 1.6, 2, 3.7]
const MOVED = [1 + 1e-13, 1 - 1e-13, 1 + 3e-15, 1 - 3e-15]

const fired = new Set<string>()

/** Whether it is an expression of its variables alone, so that it has a value. */
const isOf = (e: Expr, given: Expression): boolean =>
  postorder([e]).every(
    (node) => node.kind !== 'read' || [...given.names.values()].some((input) => input === node.def),
  )

function expectSameValue(given: Expression, step: Step, mayWiden: boolean): void {
  const { rule } = step
  fired.add(rule)
  // Within a sum: the term of one of its places.
  const places = new Map(
    [...step.before.free, ...step.after.free].map((index) => [index, given.graph.num(2)]),
  )
  const [before, after] = [step.before, step.after].map((e) => substitute(given.graph, e, places))
  if (!isOf(before, given) || !isOf(after, given)) return
  const inputs = [...given.names.values()]
  const nodes = postorder([before])
  const [values, parts] = [interpreted([before, after], inputs), interpreted(nodes, inputs)]
  for (const shift of inputs.length > 1 ? [0, 1, 2] : [0])
    for (const first of VALUES.keys()) {
      const point = inputs.map(({ facts, integer }, at) => {
        const value = VALUES[(first + at * (5 + 3 * shift)) % VALUES.length]
        const isOutside = facts && (value < facts.low || value > facts.high || (facts.nonzero && value === 0))
        return isOutside ? NaN : integer ? Math.round(value) : value
      })
      if (point.some(Number.isNaN)) continue
      const [was, is] = values(...point)
      const where = (): string =>
        `${rule}: ${String(given.with(before))} and ${String(given.with(after))} at ${point.join(', ')}`
      // What an infinity vanishes in again, as in 1 / (1 / 0), has no value.
      const isDefined = parts(...point).every(Number.isFinite)
      if (!isDefined) {
        if (!mayWiden && Number.isNaN(was)) expect(is, where()).not.toSatisfy(Number.isFinite)
        continue
      }
      // Next to the end of a domain some of these have no value.
      const moved = MOVED.map((factor) => Math.abs(values(...point.map((v) => v * factor))[0] - was))
      const noise = Math.max(...moved.filter((difference) => difference >= 0), 0)
      expect(Math.abs(is - was), where()).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(was)) + 30 * noise)
    }
}

test.each([...[...TEXTS].map((text) => [text, ''] as const), ...RARE])('%s, %s', (text, assume) => {
  const given = Expression.parse(text, assume === '' ? {} : { assume: assume.split(', ') })
  const { graph, node, names } = given
  const x = names.get('x')
  const slope = x && differentiateExpression(graph, node, x)
  for (const e of slope ? [node, slope, differentiateExpression(graph, slope, x)] : [node]) {
    for (const options of [{ shortest: true }, { formula: true }])
      for (const step of simplifyExpression(graph, e, options).trace) expectSameValue(given, step, true)
    for (const final of [false, true]) {
      const onStep = (step: Step): void => expectSameValue(given, step, false)
      stabiliser(graph, { final, looksThrough: true, onStep }).rewrite(e)
    }
  }
})

test('every procedure has taken a step', () => {
  const context = { report: () => undefined, counts: new NodeCounts() }
  const people = [
    ...rulesForPeople({ ...context, shortest: true, formula: false }),
    ...rulesForPeople({ ...context, shortest: false, formula: true }),
  ]
  const procedures = [...STABLE, ...FINAL, ...people].filter(({ kind }) => kind === 'procedure')
  const names = new Set(procedures.map(({ name }) => name))
  expect([...names].filter((name) => !fired.has(name) && !OVER_DEFINITIONS.includes(name))).toEqual([])
})
