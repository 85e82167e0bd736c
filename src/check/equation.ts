/** `y[i, j] = e`: the values of a definition as tensors over its indices. */
import type { Binder, Definition, Expression, OutStatement, Target } from '../../grammar/ast.js'
import type { Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { abstracted } from './axes.js'
import { defined, isTrivial } from './define.js'
import { type Env, mistakesIn, report, under, warn } from './env.js'
import { messages } from './messages.js'
import { asTensor } from './pointwise.js'
import { binderValue, reportNoRange, withRanges } from './ranges.js'
import { Scope } from './scope.js'
import { showShape } from './show.js'
import { type Steps, valueOf } from './task.js'
import { matchType, SCALAR_TYPES } from './types.js'
import { POISON, type Tensor, type Tuple, type Value } from './value.js'

/** Elaborates `targets = values`: one value per target, over the indices on the left. */
export function* elaborateEquation(
  targets: readonly Target[],
  values: readonly Expression[],
  env: Env,
): Steps<Value[] | undefined> {
  const { graph } = env.context
  const before = mistakesIn(env)
  const { binders: left, sound: allowed } = leftBinders(env, targets)
  const ranged = yield* withRanges(env, left, values)
  const scope = new Scope(env.scope)
  const indices = new Map<string, Index>()
  let path = env.path
  let sound = allowed
  for (const binder of left) {
    const name = binder.name.name
    const range = ranged.ranges.get(binder)
    if (!range) {
      scope.bind(name, POISON, binder.span, 'index')
      sound = false
      continue
    }
    if (range.low !== graph.zero) {
      report(env, messages.lowerBoundOnLeft(name), binder.span)
      sound = false
    } else if (range.conditions.length > 0) {
      report(env, messages.raggedRange(name), binder.span)
      sound = false
    }
    for (const condition of range.conditions) path = under(path, condition)
    scope.bind(name, binderValue(env, range), binder.span, 'index')
    indices.set(name, range.index)
  }
  const inner: Env = { ...ranged, scope, path }
  const results = yield* severalValues(targets, values, inner)
  for (const binder of left) if (!ranged.ranges.get(binder)) reportNoRange(ranged, binder, before)
  if (!results || !sound) return undefined
  return results.map((value, at) => overIndices(env, targets[at], value, indices, values[at] ?? values[0]))
}

/** The fresh indices of the targets; targets of one equation share those of one name. */
function leftBinders(env: Env, targets: readonly Target[]): { binders: Binder[]; sound: boolean } {
  const binders = new Map<string, Binder>()
  let sound = true
  for (const target of targets) {
    const own = new Set<string>()
    for (const subscript of target.subscripts ?? []) {
      if (subscript.kind !== 'binder') {
        report(env, messages.positionOutsideRecur(), subscript.span)
        sound = false
        continue
      }
      const name = subscript.name.name
      if (own.has(name)) {
        report(env, messages.indexTwice(name), subscript.span)
        sound = false
      }
      own.add(name)
      if (!binders.has(name)) binders.set(name, subscript)
    }
  }
  return { binders: [...binders.values()], sound }
}

/** As many values as targets; one call with several results counts as those. */
export function* severalValues(
  targets: readonly { readonly name: { readonly name: string } }[],
  values: readonly Expression[],
  env: Env,
): Steps<Value[] | undefined> {
  const found: Value[] = []
  for (const value of values) found.push(yield valueOf(value, env))
  const [first] = found
  const all = found.length === 1 && targets.length > 1 && first.kind === 'tuple' ? [...first.values] : found
  if (found.some((value) => value.kind === 'poison')) return undefined
  if (all.length !== targets.length) {
    report(env, messages.resultCount(targets.length, all.length), values[0]?.span)
    return undefined
  }
  return all
}

/** A value of the right side as the tensor over the indices of its target. */
function overIndices(
  env: Env,
  target: Target,
  value: Value,
  indices: ReadonlyMap<string, Index>,
  syntax: Expression,
): Value {
  if (!target.subscripts || value.kind === 'poison') {
    // A row is a row only inside the expression that transposes it.
    return value.kind === 'tensor' && value.row ? { ...value, row: false } : value
  }
  const found = asTensor(env, value, syntax)
  if (!found) return POISON
  const own = target.subscripts.flatMap((subscript) => {
    const index = subscript.kind === 'binder' ? indices.get(subscript.name.name) : undefined
    return index ? [index] : []
  })
  return abstracted(env.context.graph, own, found.shape, found.element)
}

/** Names and types a value, and binds it in the scope of the statement. */
function* bindTarget(env: Env, target: Target, value: Value, called: boolean): Steps<Value> {
  const name = target.name.name
  const { span } = target.name
  const checked = yield* typed(env, target, value)
  const named = checked.kind === 'tensor' ? nameValue(env, name, target, checked, called) : checked
  declare(env, name, named, span)
  return named
}

/** Binds a name, unless it is taken. */
export function declare(env: Env, name: string, value: Value, span: Target['span']): void {
  const { scope } = env
  const present = scope.values.get(name)
  scope.later.delete(name)
  if (present) {
    report(env, messages.definedTwice(name), span, present.span && [{ message: 'the first definition is here', span: present.span }]) // prettier-ignore
    return
  }
  const hidden = scope.parent?.value(name)
  if (hidden?.kind === 'value' && hidden.role === 'parameter')
    warn(env, messages.hidesParameter(name), span, [{ message: 'the parameter is here', span: hidden.span }])
  scope.bind(name, value, span, 'definition')
}

function nameValue(env: Env, name: string, target: Target, value: Tensor, called: boolean): Tensor {
  if (isAlias(value)) {
    if (called && !target.subscripts) rename(value, name)
    return value
  }
  const names = (target.subscripts ?? []).map((subscript) =>
    subscript.kind === 'binder' ? subscript.name.name : '',
  )
  return defined(env, { name, span: target.span, auto: false }, value, names)
}

/** The result of a call goes by the name that the caller gives it rather than by that inside the function. */
function rename({ element }: Tensor, name: string): void {
  if (element.kind !== 'read' || element.def.kind !== 'computed' || element.def.nominal) return
  if (element.args.every((arg) => arg.kind === 'index')) element.def.name = name
}

/** Another name for something that exists: no definition of its own. */
function isAlias({ element }: Tensor): boolean {
  if (element.kind !== 'read') return isTrivial(element)
  // What nobody has named yet takes this name.
  return !(element.def.kind === 'computed' && element.def.auto && !element.def.nominal)
}

/** Checks the stated type of a target; its unknown sizes become names. */
function* typed(env: Env, target: Target, value: Value): Steps<Value> {
  const { type } = target
  if (!type || value.kind !== 'tensor') return value
  if (type.name && !SCALAR_TYPES.has(type.name.name))
    return report(env, messages.unknownType(type.name.name), type.name.span)
  if (type.name && type.name.name !== 'real' && !value.element.integer)
    return report(env, messages.wholeExpected(`'${target.name.name}'`), target.span)
  const subject = { name: target.name.name, span: target.span, mayExceed: false }
  const match = yield* matchType(env, type, value.shape, subject)
  return match ? value : POISON
}

/** A definition of a function or a model body. */
export function* elaborateDefinition(statement: Definition | OutStatement, env: Env): Steps<Value[]> {
  const values = yield* elaborateEquation(statement.targets, statement.values ?? [], env)
  const bound: Value[] = []
  for (const [at, target] of statement.targets.entries()) {
    const value = values?.[at] ?? POISON
    const syntax = statement.values?.[at] ?? statement.values?.[0]
    bound.push(yield* bindTarget(env, target, value, syntax?.kind === 'call'))
  }
  return bound
}

export const resultsOf = (value: Value): readonly Value[] => (value.kind === 'tuple' ? value.values : [value])

export const tupleOf = (values: readonly Value[], names: Tuple['names'], of: string): Value =>
  values.length === 1
    ? values[0]
    : values.some((value) => value.kind === 'poison')
      ? POISON
      : { kind: 'tuple', values, names, of }

export const shapeText = (graph: Graph, value: Tensor): string =>
  value.shape.length === 0 ? 'a scalar' : showShape(graph, value.shape)
