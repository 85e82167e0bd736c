/**
 * `recur t < T { … }`: each stepped name becomes a nominal definition that stores its initial positions and its
 * steps on one axis. The order of evaluation is the scheduler's to find.
 */
import type { Binder, Definition, RecurStatement, Statement, Target } from '../../grammar/ast.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Expr, Index } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { axesOf, elementAt } from './axes.js'
import { type Env, report } from './env.js'
import { declare, elaborateDefinition, elaborateEquation, shapeText } from './equation.js'
import { messages } from './messages.js'
import { asTensor } from './pointwise.js'
import { wholeScalar } from './inference.js'
import type { Recurrent, RecurrentEquation } from './recurrent.js'
import { finishRecurrent } from './recurrence-body.js'
import { positionSyntax, scanRecurrence, type StepRange, stepRanges } from './recurrence-scan.js'
import { Scope } from './scope.js'
import { type Steps, valueOf } from './task.js'
import { POISON, scalar, tensor, type Value } from './value.js'

export function* elaborateRecurrence(statement: RecurStatement, env: Env): Steps<void> {
  const ranges = yield* stepRanges(statement, env)
  if (!ranges || ranges.length === 0) {
    poison(statement, env)
    return
  }
  const { graph } = env.context
  const own = yield* scanRecurrence(statement, ranges, env)
  const broken = withoutStep(statement, own, env)
  const scope = new Scope(env.scope)
  const steps: Index[] = []
  for (const { binder, low, high } of ranges) {
    const index = graph.freshIndex(graph.sub(high, low), binder.name.name)
    scope.bind(binder.name.name, scalar(graph.add(index, low)), binder.span, 'index')
    steps.push(index)
  }
  for (const recurrent of own.values())
    scope.values.set(recurrent.name, { kind: 'recurrent', recurrent, span: recurrent.span })
  const inside: Env = { ...env, scope, ambient: [...env.ambient, ...steps] }
  const entered = enter(inside, ranges, steps)
  for (const each of statement.body)
    if (each.kind === 'function')
      scope.functions.set(each.signature.name.name, { kind: 'function', declaration: each, scope, ambient: inside.ambient, library: false }) // prettier-ignore
  for (const name of broken) scope.bind(name, POISON, undefined, 'definition')
  for (const each of statement.body) if (!isBroken(each, broken)) yield* elaborateStep(each, inside)
  for (const axis of entered) axis.step = undefined
  for (const name of broken)
    if (!env.scope.values.has(name)) env.scope.bind(name, POISON, undefined, 'definition')
  for (const recurrent of own.values()) {
    const value = finishRecurrent(env, recurrent)
    declare(env, recurrent.name, value, recurrent.span)
  }
  requireOneDirection([...own.values()], env)
}

/** Sequences that need each other run the same way: neither could start otherwise. */
function requireOneDirection(own: readonly Recurrent[], env: Env): void {
  const runsBackwards = ({ axes }: Recurrent): boolean => axes[0].after > 0
  const sound = own.filter(({ poisoned, def }) => !poisoned && def?.body)
  if (new Set(sound.map(runsBackwards)).size < 2) return
  const defs = sound.flatMap(({ def }) => def ?? [])
  for (const component of new Dependencies().components(defs)) {
    const members = sound.filter(({ def }) => def && component.includes(def))
    const forwards = members.find((each) => !runsBackwards(each))
    const backwards = members.find(runsBackwards)
    if (!forwards || !backwards) continue
    report(env, messages.bothDirections(forwards.name, backwards.name), backwards.span, [
      { message: `'${forwards.name}' is here`, span: forwards.span },
    ])
  }
}

/** The stepped axes of the names around that these binders step, with their index for the time of the block. */
function enter(env: Env, ranges: readonly StepRange[], steps: readonly Index[]) {
  const entered: Recurrent['axes'][number][] = []
  for (let scope: Scope | undefined = env.scope; scope; scope = scope.parent)
    for (const binding of scope.values.values()) {
      if (binding.kind !== 'recurrent') continue
      for (const [at, { binder }] of ranges.entries()) {
        const axis = binding.recurrent.axes.find((each) => each.binder === binder.name.name && !each.step)
        if (!axis) continue
        axis.step = steps[at]
        entered.push(axis)
      }
    }
  return entered
}

/** Names with initial values but no equation for the step: reported, and silent from then on. */
function withoutStep(statement: RecurStatement, own: ReadonlyMap<string, Recurrent>, env: Env): Set<string> {
  const broken = new Set<string>()
  for (const each of statement.body) {
    if (each.kind !== 'definition') continue
    for (const target of each.targets) {
      const { name } = target
      if (own.has(name.name) || broken.has(name.name) || recurrentOf(target, env)) continue
      if (!target.subscripts?.some((subscript) => subscript.kind !== 'binder')) continue
      broken.add(name.name)
      report(env, messages.noStep(name.name, statement.binders[0].name.name), target.span)
    }
  }
  return broken
}

const isBroken = (statement: Statement, broken: ReadonlySet<string>): boolean =>
  statement.kind === 'definition' && statement.targets.some((target) => broken.has(target.name.name))

function poison(statement: RecurStatement, env: Env): void {
  for (const each of statement.body)
    if (each.kind === 'definition')
      for (const { name, subscripts } of each.targets)
        if (subscripts && !env.scope.values.has(name.name))
          env.scope.bind(name.name, POISON, name.span, 'definition')
}

function* elaborateStep(statement: Statement, env: Env): Steps<void> {
  switch (statement.kind) {
    case 'definition': {
      const stepped = statement.targets.some((target) => target.subscripts && recurrentOf(target, env))
      if (stepped) yield* elaborateStepped(statement, env)
      else yield* elaborateDefinition(statement, env)
      return
    }
    case 'recur':
      yield* elaborateRecurrence(statement, env)
      return
    case 'function':
    case 'assume':
      return
    case 'const':
    case 'model':
    case 'derivative':
    case 'import':
    case 'param':
    case 'out':
    case 'loss':
    case 'return':
      report(env, messages.statementPlace(statement.kind, 'outside a recurrence'), statement.span)
  }
}

function recurrentOf(target: Target, env: Env): Recurrent | undefined {
  const binding = env.scope.value(target.name.name)
  return binding?.kind === 'recurrent' ? binding.recurrent : undefined
}

/** One target of an equation of stepped names, its subscripts sorted out. */
interface Stepped {
  readonly target: Target
  readonly recurrent: Recurrent
  /** Per stepped axis: a fixed position, the step, or a fresh index (its place among the fresh ones). */
  readonly places: readonly ({ readonly kind: 'fixed'; readonly position: Expr } | { readonly kind: 'step' } | { readonly kind: 'fresh' })[] // prettier-ignore
  readonly fresh: readonly Binder[]
}

function* elaborateStepped(statement: Definition, env: Env): Steps<void> {
  const stepped: Stepped[] = []
  for (const target of statement.targets) {
    const recurrent = recurrentOf(target, env)
    const sorted =
      recurrent && !recurrent.poisoned ? yield* sortSubscripts(target, recurrent, env) : undefined
    if (!sorted) {
      if (recurrent) recurrent.poisoned = true
      else report(env, messages.definedTwice(target.name.name), target.span)
      continue
    }
    stepped.push(sorted)
  }
  const targets = statement.targets.map((target) => {
    const own = stepped.find((each) => each.target === target)
    return { ...target, subscripts: own && own.fresh.length > 0 ? own.fresh : undefined }
  })
  const values = yield* elaborateEquation(targets, statement.values, env)
  for (const [at, target] of statement.targets.entries()) {
    const own = stepped.find((each) => each.target === target)
    const value = values?.[at] ?? POISON
    if (own) addEquation(own, value, statement, env)
  }
}

function* sortSubscripts(target: Target, recurrent: Recurrent, env: Env): Steps<Stepped | undefined> {
  const subscripts = target.subscripts ?? []
  const places: Stepped['places'][number][] = []
  const fresh: Binder[] = []
  for (const [at, subscript] of subscripts.entries()) {
    const axis = recurrent.axes[at]
    if (!axis) {
      if (subscript.kind === 'binder') fresh.push(subscript)
      else {
        report(env, messages.positionOutsideRecur(), subscript.span)
        return undefined
      }
      continue
    }
    const syntax = positionSyntax(subscript, axis.binder, env)
    if (syntax) {
      const position = wholeScalar(env, yield valueOf(syntax, env), 'a position', syntax)
      if (!position) return undefined
      places.push({ kind: 'fixed', position })
    } else if (subscript.kind === 'binder' && subscript.name.name === axis.binder && axis.step)
      places.push({ kind: 'step' })
    else if (subscript.kind === 'binder') {
      places.push({ kind: 'fresh' })
      fresh.push(subscript)
    }
  }
  if (places.length === recurrent.axes.length) return { target, recurrent, places, fresh }
  report(env, messages.tooFewSteps(recurrent.name, recurrent.axes.length), target.span)
  return undefined
}

/** Records an equation; the first one settles the shape and makes the definition. */
function addEquation(
  { target, recurrent, places, fresh }: Stepped,
  value: Value,
  statement: Definition,
  env: Env,
): void {
  const { graph } = env.context
  const found = asTensor(env, value, statement.values[0] ?? target.span)
  if (!found) {
    recurrent.poisoned = true
    return
  }
  const freshSteps = places.filter((place) => place.kind === 'fresh').length
  const own = found.shape
    .slice(0, freshSteps)
    .map((extent, at) => graph.freshIndex(extent, fresh[at]?.name.name))
  const rest = found.shape.slice(freshSteps)
  const element = elementAt(graph, found, [...own, ...axesOf(graph, rest)])
  const steps: (Index | undefined)[] = []
  let taken = 0
  for (const [at, place] of places.entries()) {
    const axis = recurrent.axes[at]
    const index = place.kind === 'step' ? axis.step : place.kind === 'fresh' ? own[taken++] : undefined
    steps.push(index)
    if (place.kind === 'fresh' && index && !isEqual(graph, index.extent, graph.sub(axis.high, axis.low))) {
      report(
        env,
        messages.sizeMismatch(`axis ${at} of '${recurrent.name}'`, `${axis.binder}'s range`, 'another'),
        target.span,
      )
      recurrent.poisoned = true
      return
    }
    if (place.kind === 'fixed' && axis.step && element.free.includes(axis.step)) {
      report(env, messages.initialDependsOnStep(recurrent.name, axis.binder), target.span)
      recurrent.poisoned = true
      return
    }
  }
  const known = recurrent.rest
  if (
    known &&
    !(known.length === rest.length && known.every((extent, at) => isEqual(graph, extent, rest[at])))
  ) {
    const first = recurrent.equations[0]
    report(env, messages.wrongShape(recurrent.name, shapeText(graph, tensor(known, graph.zero)), shapeText(graph, tensor(rest, graph.zero))), target.span, first && [{ message: 'its first equation is here', span: first.span }]) // prettier-ignore
    recurrent.poisoned = true
    return
  }
  recurrent.rest ??= rest
  const isMain = places.every((place) => place.kind === 'step')
  if (isMain && recurrent.defined) {
    report(env, messages.definedTwice(recurrent.name), target.span)
    return
  }
  const equation: RecurrentEquation = {
    positions: places.map((place) => (place.kind === 'fixed' ? place.position : undefined)),
    value: tensor(rest, element),
    steps,
    span: target.span,
  }
  recurrent.equations.push(equation)
  recurrent.def ??= graph.definitions.nominal({
    name: recurrent.name,
    shape: [
      ...recurrent.ambient.map((index) => index.extent),
      ...recurrent.axes.map((axis) => graph.add(axis.high, graph.num(axis.below + axis.after))),
      ...rest,
    ],
    origin: { span: recurrent.span },
  })
  if (isMain) recurrent.defined = true
}
