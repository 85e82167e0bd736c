/** Layers: `param l1: Dense[128]` declares one, `l1(x)` applies it. */
import type { Call, SizeParameter, TypeExpression } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import { closest } from '../base/suggest.js'
import type { Expr, Index } from '../ir/expr.js'
import { fileOfModel } from '../std/library.js'
import { bindArguments } from './arguments.js'
import { outerIndices } from './define.js'
import { type CallSite, type Env, type ModelState, report } from './env.js'
import { tupleOf } from './equation.js'
import { isUnderWay } from './function-call.js'
import { messages } from './messages.js'
import { asTensor } from './pointwise.js'
import { wholeScalar } from './inference.js'
import { Scope } from './scope.js'
import { resultOf, type Steps, valueOf } from './task.js'
import { isWholeType, matchType } from './types.js'
import { type Instance, POISON, scalar, type Value } from './value.js'

/** The layer that a `param` declares. */
export function* instantiate(
  env: Env,
  model: ModelState,
  name: string,
  type: TypeExpression,
  span: Span,
): Steps<Value> {
  const typeName = type.name?.name ?? ''
  const found = env.scope.function(typeName)
  if (found?.kind === 'poison') return POISON
  if (found?.kind !== 'model') {
    const file = fileOfModel(typeName)
    if (file) return report(env, messages.modelOfLibrary(typeName, file.specifier), type.name?.span ?? type.span) // prettier-ignore
    const models = [...env.scope.functionNames()].filter((each) => env.scope.function(each)?.kind === 'model')
    return report(env, messages.unknownType(typeName, closest(typeName, [...models, 'int', 'real', 'bool'])), type.name?.span ?? type.span) // prettier-ignore
  }
  const present = model.members.get(name)
  if (present?.kind === 'instance') return present
  const sizes = yield* sizesOf(
    env,
    found.model.declaration.signature.sizes ?? [],
    type,
    typeName,
    found.model.home,
  )
  if (!sizes) return POISON
  const instance: Instance = {
    kind: 'instance',
    path: [...model.path, name],
    model: found.model,
    sizes,
    span,
    members: new Map(),
    applied: undefined,
    used: false,
    extents: new Map(),
  }
  model.members.set(name, instance)
  return instance
}

/** The values of the sizes in brackets: given in order or by name, or by default. */
function* sizesOf(
  env: Env,
  sizes: readonly SizeParameter[],
  type: TypeExpression,
  name: string,
  home: object,
): Steps<Expr[] | undefined> {
  const given = type.dimensions ?? []
  if (given.length > sizes.length) {
    report(env, messages.sizeArguments(name, sizes.length, given.length), type.span)
    return undefined
  }
  const scope = new Scope(home instanceof Scope ? home : undefined)
  const values: Expr[] = []
  for (const [at, size] of sizes.entries()) {
    const named = given.find(
      (dimension) => dimension.kind === 'named' && dimension.name.name === size.name.name,
    )
    const dimension = named ?? (given[at]?.kind === 'extent' ? given[at] : undefined)
    const syntax = dimension && dimension.kind !== 'rest' ? dimension.value : size.default
    if (!syntax) {
      report(env, messages.missingSize(name, size.name.name), type.span, [
        { message: 'it is declared here', span: size.span },
      ])
      return undefined
    }
    const where = dimension ? env : { ...env, scope }
    const value = wholeScalar(env, yield valueOf(syntax, where), `the size '${size.name.name}'`, syntax)
    if (!value) return undefined
    values.push(value)
    scope.bind(size.name.name, scalar(value), size.span, 'size')
  }
  for (const dimension of given)
    if (dimension.kind === 'named' && !sizes.some((size) => size.name.name === dimension.name.name)) {
      const near = closest(dimension.name.name, sizes.map((size) => size.name.name)) // prettier-ignore
      report(env, messages.unknownArgument(name, dimension.name.name, near), dimension.span)
      return undefined
    }
  return values
}

/** Applies a layer: its body for these data, with its own parameters. */
export function* applyInstance(env: Env, instance: Instance, e: Call): Steps<Value> {
  instance.used = true
  const { declaration, home } = instance.model
  const name = instance.path.at(-1) ?? ''
  const { signature } = declaration
  const bound = bindArguments(env, name, signature.parameters, e.arguments, e.span, signature.name.span)
  if (!bound) return POISON
  if (isUnderWay(env.call, declaration)) return report(env, messages.recursion(signature.name.name), e.span)
  const scope = new Scope(home instanceof Scope ? home : undefined)
  for (const [at, size] of (signature.sizes ?? []).entries())
    scope.bind(size.name.name, scalar(instance.sizes[at]), instance.span, 'size')
  const model: ModelState = {
    name: signature.name.name,
    path: instance.path,
    // Parameters that are made while only shapes are asked for are made again.
    members: env.context.probing ? new Map(instance.members) : instance.members,
    reused: instance.applied !== undefined,
    outs: [],
    loss: undefined,
    failed: false,
  }
  const call: CallSite = {
    of: declaration,
    name,
    span: e.span,
    outer: env.call,
    depth: (env.call?.depth ?? 0) + 1,
  }
  const inner: Env = { ...env, scope, call, ranges: new Map(), statement: [], model }
  const ambient = new Set<Index>()
  for (const { parameter, argument } of bound) {
    const syntax = argument ?? parameter.default
    const value = syntax && asTensor(env, yield valueOf(syntax, argument ? env : inner), syntax)
    if (!value || !syntax) return POISON
    const subject = { name: parameter.name.name, span: syntax.span, mayExceed: false }
    if (isWholeType(parameter.type) && !value.element.integer)
      return report(env, messages.wholeExpected(`'${parameter.name.name}'`), syntax.span)
    if (parameter.type && !(yield* matchType(inner, parameter.type, value.shape, subject))) return POISON
    for (const index of outerIndices(env.context.graph, value.shape, value.element)) ambient.add(index)
    scope.bind(parameter.name.name, value, parameter.span, 'parameter')
  }
  yield resultOf(declaration.body, { ...inner, scope: new Scope(scope), ambient: [...ambient] })
  if (!env.context.probing) instance.applied ??= e.span
  if (model.outs.length === 0)
    return model.failed ? POISON : report(env, messages.noOutToUse(signature.name.name), e.span)
  return tupleOf(
    model.outs.map((out) => out.value),
    model.outs.map((out) => out.name),
    name,
  )
}
