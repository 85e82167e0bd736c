/** The library's functions on single expressions: undeclared names are real scalars. */
import {
  checkAssumptions,
  fail,
  notAnExpression,
  valuesOf,
  variableName,
  variableNames,
} from './expression/arguments.js'
import { compileExpressions, interpreted } from './expression/compile.js'
import { differentiateExpression, gradientOfExpression } from './expression/derivative.js'
import { type Assumptions, Expression, stableForms, type TraceStep } from './expression/expression.js'
import { bySteps, type Derived, Reading } from './expression/reading.js'
import type { Expr as Node, InputDef } from './ir/expr.js'
import type { Graph } from './ir/graph.js'
import { NodeCounts } from './simplify/count.js'
import { withProductsWrittenOut } from './simplify/reductions.js'
import type { Step } from './rewrite/trace.js'
import { Simplifier, simplifyExpression } from './simplify/simplify-expression.js'
import { stabiliser } from './simplify/stabilise.js'
import { withinReductions } from './simplify/within-reductions.js'

/** A scalar expression: `toString()`, `toLatex()`, `toJs()`, `nodeCount`, `free`, `trace`, `conditions`. */
export type Expr = Expression
export type { Assumptions, TraceStep }

function toExpression(expr: string | Expr, options: Assumptions = {}): Expression {
  checkAssumptions(options)
  if (typeof expr === 'string') return Expression.parse(expr, options)
  return expr instanceof Expression ? expr.assuming(options) : notAnExpression(expr)
}

/**
 * A shorter expression of the same value. It may be defined in more places than the given one; then `.conditions` says where
 * both agree: `(x^2 - 1) / (x - 1)` is `x + 1` under `x != 1`. With `{ assume: 'x > 0' }` more is known: `sqrt(x^2)` is `x`.
 */
export function simplify(expr: string | Expr, options: Assumptions = {}): Expr {
  const given = toExpression(expr, options)
  const { graph, node, shown, limits } = given
  const { expr: short, conditions, trace: steps } = simplifyExpression(graph, node, { shortest: true })
  if (shown === node) return given.with(short, { steps, conditions })
  const formula = simplifyExpression(graph, shown, { shortest: true })
  return given.with(short, { steps, conditions: [...limits, ...formula.conditions], shown: formula.expr })
}

/**
 * The derivative in one variable, of any order, simplified. A name that does not occur gives 0. It is printed as its formula, `n * x^(n - 1)`;
 * where that has no value, at `x = n = 0`, `evaluate` and compiled functions still have the one decided on for kinks, here 0.
 */
export function diff(expr: string | Expr, wrt: string, order = 1, options: Assumptions = {}): Expr {
  if (!Number.isSafeInteger(order) || order < 0)
    fail(`the order of a derivative is a whole number, not ${order}`)
  const given = toExpression(expr, options)
  const input = given.names.get(variableName(wrt))
  if (!input && order > 0) return given.with(given.graph.zero)
  const reading = new Reading(given.graph, [given.node])
  const along = (start: Derived): Derived => {
    let derived = start
    for (let count = 0; input && count < order; count++) {
      const node = differentiateExpression(given.graph, derived.node, input)
      derived = reading.tidy({ ...derived, node })
    }
    return derived
  }
  const [computed, ...others] = waysOf(given, withProductsWrittenOut(given.graph, given.node))
  return reading.result(given, along(computed), () => others.map(along))
}

/** The partial derivatives in several variables, from one reverse sweep. */
export function grad(expr: string | Expr, wrt: readonly string[], options: Assumptions = {}): Expr[] {
  const given = toExpression(expr, options)
  const names = variableNames(wrt)
  const present = names.flatMap((name) => given.names.get(name) ?? [])
  const reading = new Reading(given.graph, [given.node])
  const along = ({ node, found }: Derived): ((input: InputDef) => Derived) => {
    const gradient = gradientOfExpression(given.graph, node, present)
    const simplifier = new Simplifier(given.graph)
    return (input) => reading.tidy({ node: gradient[present.indexOf(input)], found }, simplifier)
  }
  const [computed, ...others] = waysOf(given, given.node)
  const partial = along(computed)
  let made: readonly ((input: InputDef) => Derived)[] | undefined
  const partials = () => (made ??= others.map(along))
  return names.map((name) => {
    const input = given.names.get(name)
    return input
      ? reading.result(given, partial(input), () => partials().map((own) => own(input)))
      : given.with(given.graph.zero)
  })
}

/** What nobody reads is not differentiated in two ways. */
const LONGEST = 200

/** What is differentiated: a form whose derivatives neither overflow nor cancel, and, if that is another one, what was written. */
function waysOf({ graph }: Expression, written: Node): readonly [Derived, ...Derived[]] {
  const steps: Step[] = []
  const rewriter = stabiliser(graph, { onStep: (step) => steps.push(step) })
  const node = rewriter.rewrite(withinReductions(graph, written, (body) => rewriter.rewrite(body)))
  const stable: Derived = { node, found: bySteps(steps) }
  const isRead = node !== written && new NodeCounts().of(written) <= LONGEST
  return isRead ? [stable, { node: written, found: bySteps() }] : [stable]
}

/** The value at a point, accurate in tails and near zeros. */
export function evaluate(expr: string | Expr, at: Readonly<Record<string, number>>): number {
  const given = toExpression(expr)
  const values = valuesOf(at)
  const inputs = given.free.map((name) => given.input(name))
  const point = inputs.map(({ name }) => values.get(name) ?? fail(`no value for '${name}'`))
  return interpreted([given.stable()], inputs)(...point)[0]
}

/** A function of the arguments, compiled in this process; several expressions give an array. */
export function compileFunction(expr: string | Expr, args: readonly string[]): (...xs: number[]) => number
export function compileFunction(
  expr: readonly (string | Expr)[],
  args: readonly string[],
): (...xs: number[]) => number[]
export function compileFunction(
  expr: string | Expr | readonly (string | Expr)[],
  args: readonly string[],
): ((...xs: number[]) => number) | ((...xs: number[]) => number[]) {
  const names = variableNames(args)
  if (!isList(expr)) {
    const compiled = compileGroup([toExpression(expr)], names)
    return (...xs) => compiled(...xs)[0]
  }
  // Expressions of one graph share their common parts.
  const given = expr.map((each) => toExpression(each))
  const groups = new Map<Graph, Expression[]>()
  for (const expression of given)
    groups.set(expression.graph, [...(groups.get(expression.graph) ?? []), expression])
  if (groups.size === 1) return compileGroup(given, names)
  const compiled = [...groups.values()].map((group) => ({ group, values: compileGroup(group, names) }))
  return (...xs) => {
    const results = new Map<Expression, number>()
    for (const { group, values } of compiled)
      for (const [position, value] of values(...xs).entries()) results.set(group[position], value)
    return given.map((expression) => results.get(expression) ?? NaN)
  }
}

const isList = (expr: string | Expr | readonly (string | Expr)[]): expr is readonly (string | Expr)[] =>
  Array.isArray(expr)

function compileGroup(group: readonly Expression[], args: readonly string[]) {
  const [{ graph, names }] = group
  for (const expression of group)
    for (const name of expression.free)
      if (!args.includes(name)) fail(`'${name}' is not among the arguments: ${args.join(', ')}`)
  const inputs = args.map((name) => names.get(name) ?? graph.input({ name, shape: [] }))
  return compileExpressions(
    stableForms(
      graph,
      group.map((expression) => expression.node),
    ),
    inputs,
  )
}
