/** Single expressions, for the library: undeclared names are real scalars. */
import type { Expression } from '../../grammar/ast.js'
import type { NamedPart } from '../../grammar/parse.js'
import type { Diagnostics } from '../base/diagnostic.js'
import type { Expr, InputDef } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { dispatch } from './dispatch.js'
import { draftFor } from './entry.js'
import { report } from './env.js'
import { messages } from './messages.js'
import { Modules } from './modules.js'
import { asTensor } from './pointwise.js'
import { withRanges } from './ranges.js'
import { showShape } from './show.js'
import { everyExpression, namesIn } from './syntax.js'
import { run, type Task, valueOf } from './task.js'
import { POISON, scalar } from './value.js'

export interface ExpressionOptions {
  readonly graph: Graph
  readonly diagnostics: Diagnostics
  /** Names that stand for inputs already, by a former call on the same graph. */
  readonly free?: ReadonlyMap<string, InputDef>
  /** What it reads by name; each may read those before it. */
  readonly parts?: readonly NamedPart[]
}

export interface CheckedExpression {
  readonly expr: Expr
  /** The free names and the inputs they stand for, those given included. */
  readonly free: ReadonlyMap<string, InputDef>
}

/** Elaborates a scalar expression; undefined after a mistake, which is in the diagnostics. */
export function checkExpression(
  expression: Expression,
  options: ExpressionOptions,
): CheckedExpression | undefined {
  const { graph, diagnostics, parts = [] } = options
  const modules = new Modules(diagnostics, undefined, {})
  const shared = {
    graph,
    diagnostics,
    reported: new Set<string>(),
    circles: new Set<object>(),
    ownRules: modules.ownRules,
  }
  const { env } = draftFor(shared, 'expression', modules.libraryScope(), undefined)
  const free = new Map(options.free)
  const named = new Set(parts.map(({ name }) => name))
  const syntax = [...parts.map(({ value }) => value), expression]
  for (const name of freeNames(syntax)) {
    if (named.has(name)) continue
    const def = free.get(name) ?? graph.definitions.input({ name, shape: [] })
    free.set(name, def)
    env.scope.bind(name, scalar(graph.read(def, [])), undefined, 'parameter')
  }
  const number = function* (part: Expression): Task {
    const ranged = yield* withRanges(env, [], [part])
    const value = asTensor(env, yield valueOf(part, ranged), part)
    if (!value) return POISON
    return value.shape.length === 0
      ? value
      : report(env, messages.scalarExpected('the expression', showShape(graph, value.shape)), part.span)
  }
  const task = function* (): Task {
    for (const { name, value } of parts) env.scope.bind(name, yield* number(value), value.span, 'parameter')
    return yield* number(expression)
  }
  const value = run(task(), dispatch)
  return value.kind === 'tensor' && !diagnostics.hasErrors ? { expr: value.element, free } : undefined
}

const PREDEFINED: ReadonlySet<string> = new Set(['', 'pi', 'π', 'inf', '∞'])

/** Names of values that no reduction binds, in order of appearance. */
function freeNames(syntax: readonly Expression[]): string[] {
  const bound = new Set<string>()
  for (const e of everyExpression(syntax))
    if (e.kind === 'reduction') for (const { name } of e.binders) bound.add(name.name)
  return [...namesIn(syntax)].filter((name) => !bound.has(name) && !PREDEFINED.has(name))
}
