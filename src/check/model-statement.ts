/** The statements of a model's body: `param`, `out`, `loss`. */
import type {
  Expression,
  LossStatement,
  OutStatement,
  ParamStatement,
  TypeExpression,
} from '../../grammar/ast.js'
import { closest } from '../base/suggest.js'
import type { Expr, ParamDef } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { readsIn } from '../ir/walk.js'
import { definition } from './define.js'
import { type Env, type InitialSpec, type ModelState, report } from './env.js'
import { declare, elaborateDefinition, shapeText } from './equation.js'
import { instantiate } from './instance.js'
import { messages } from './messages.js'
import { wholeParam } from './names.js'
import { asTensor } from './pointwise.js'
import { withRanges } from './ranges.js'
import { showShape } from './show.js'
import { type Steps, valueOf } from './task.js'
import { declaredShape, SCALAR_TYPES } from './types.js'
import { POISON, type Value } from './value.js'

function inModel(env: Env, word: string, span: ParamStatement['span']): ModelState | undefined {
  if (!env.model) report(env, messages.statementPlace(word, 'in a model'), span)
  return env.model
}

export function* elaborateParam(statement: ParamStatement, env: Env): Steps<void> {
  const model = inModel(env, 'param', statement.span)
  const { target, initial } = statement
  const { name, type } = target
  if (!model) {
    declare(env, name.name, POISON, name.span)
    return
  }
  if (type?.name && !SCALAR_TYPES.has(type.name.name)) {
    const instance = yield* instantiate(env, model, name.name, type, target.span)
    declare(env, name.name, instance, name.span)
    return
  }
  if (type?.name && type.name.name !== 'real') {
    report(env, messages.realParam(name.name), type.name.span)
    declare(env, name.name, POISON, name.span)
    return
  }
  const shape = yield* paramShape(env, type)
  if (!shape) {
    declare(env, name.name, POISON, name.span)
    return
  }
  const present = model.members.get(name.name)
  if (present?.kind === 'param') {
    const own = present.def.idx.map((index) => index.extent)
    const { graph } = env.context
    const fits = own.length === shape.length && own.every((extent, at) => isEqual(graph, extent, shape[at]))
    if (!fits)
      report(
        env,
        messages.sharedShape(name.name, showShape(graph, own), showShape(graph, shape)),
        env.call?.span ?? target.span,
      )
    declare(env, name.name, fits ? wholeParam(graph, present.def) : POISON, name.span)
    return
  }
  const path = [...model.path, name.name]
  const def = env.context.graph.definitions.param({
    name: path.join('.'),
    shape,
    origin: { span: target.span },
  })
  const spec = initial ? yield* initialOf(env, initial.kind, initial.value, def) : { kind: 'zeros' as const }
  model.members.set(name.name, { kind: 'param', def })
  if (!env.context.probing)
    env.context.parameters.push({ path, def, doc: statement.doc, initial: spec ?? { kind: 'zeros' } })
  declare(env, name.name, wholeParam(env.context.graph, def), name.span)
}

function* paramShape(env: Env, type: TypeExpression | undefined): Steps<Expr[] | undefined> {
  return yield* declaredShape(env, type, [], false)
}

/** Whether an expression is made of numbers, sizes and positions: there are no data when parameters are first set. */
function isKnownAtFirst(e: Expr): boolean {
  return readsIn(e).every(
    ({ def }) =>
      def.kind === 'table' ||
      (def.kind === 'computed' && !def.reduction && !def.nominal && def.body && isKnownAtFirst(def.body)),
  )
}

const DRAWS = ['he', 'glorot', 'lecun', 'normal', 'uniform', 'orthogonal', 'zeros'] as const

function* initialOf(
  env: Env,
  kind: 'value' | 'draw',
  e: Expression,
  def: ParamDef,
): Steps<InitialSpec | undefined> {
  const { graph } = env.context
  if (kind === 'value') {
    const ranged = yield* withRanges(env, [], [e])
    const value = asTensor(env, yield valueOf(e, ranged), e)
    if (!value) return undefined
    const own = def.idx.map((index) => index.extent)
    const fits = value.shape.length === 0 || (value.shape.length === own.length && value.shape.every((extent, at) => isEqual(graph, extent, own[at]))) // prettier-ignore
    if (!fits) {
      report(env, messages.wrongShape(def.name, showShape(graph, own), shapeText(graph, value)), e.span)
      return undefined
    }
    if (!isKnownAtFirst(value.element)) {
      report(env, messages.initialValue(def.name), e.span)
      return undefined
    }
    return {
      kind: 'value',
      def: definition(env, { name: `${def.name} at first`, span: e.span, auto: true }, value).def,
    }
  }
  const name = e.kind === 'name' ? e.name : e.kind === 'call' && e.callee.kind === 'name' ? e.callee.name : ''
  const found = DRAWS.find((draw) => draw === name)
  const args = e.kind === 'call' ? e.arguments.map((argument) => argument.value) : []
  switch (found) {
    case 'he':
    case 'glorot':
    case 'lecun':
      return { kind: found }
    case 'zeros':
      return { kind: 'zeros' }
    case 'orthogonal':
      if (def.idx.length >= 2) return { kind: 'orthogonal' }
      report(
        env,
        messages.rank("'orthogonal'", 'a matrix', def.idx.length === 0 ? 'a scalar' : 'a vector'),
        e.span,
      )
      return undefined
    case 'normal':
    case 'uniform': {
      const numbers: number[] = []
      for (const arg of args) {
        const value = yield* constantNumber(env, arg)
        if (value === undefined) return undefined
        numbers.push(value)
      }
      if (numbers.length !== 2) {
        report(env, messages.exactArguments(found, 2, numbers.length), e.span)
        return undefined
      }
      const [first, second] = numbers
      return found === 'normal'
        ? { kind: 'normal', mean: first, deviation: second }
        : { kind: 'uniform', low: first, high: second }
    }
    case undefined:
      report(env, messages.unknownInitialiser(name || 'this', closest(name, DRAWS)), e.span)
      return undefined
  }
}

/** A number known when compiling. */
export function* constantNumber(env: Env, e: Expression): Steps<number | undefined> {
  const value = asTensor(env, yield valueOf(e, env), e)
  if (!value) return undefined
  const { low, high } = value.element.facts
  if (value.shape.length === 0 && low === high) return low
  report(env, messages.constantExpected('this'), e.span)
  return undefined
}

export function* elaborateOut(statement: OutStatement, env: Env): Steps<void> {
  const model = inModel(env, 'out', statement.span)
  if (!model) return
  const { targets, values, doc } = statement
  const results: Value[] = []
  if (values) results.push(...(yield* elaborateDefinition(statement, env)))
  else for (const target of targets) results.push(yield valueOf(target.name, env))
  for (const [at, target] of targets.entries()) {
    const value = results[at] ?? POISON
    model.outs.push({ name: target.name.name, value, span: target.span, doc })
  }
}

export function* elaborateLoss(statement: LossStatement, env: Env): Steps<void> {
  const model = inModel(env, 'loss', statement.span)
  if (!model) return
  const ranged = yield* withRanges(env, [], [statement.value])
  const value = asTensor(env, yield valueOf(statement.value, ranged), statement.value)
  if (model.loss) {
    report(env, messages.twoLosses(), statement.span, [
      { message: 'the first is here', span: model.loss.span },
    ])
    return
  }
  if (!value) {
    model.failed = true
    return
  }
  if (value.shape.length > 0) {
    report(
      env,
      messages.scalarExpected('the loss', showShape(env.context.graph, value.shape)),
      statement.value.span,
    )
    model.failed = true
    return
  }
  model.loss = { value, span: statement.span }
}
