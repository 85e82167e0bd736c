/** Entries: every function and model of a file, elaborated on its own with symbolic sizes and fresh inputs. */
import type { FunctionDeclaration, ModelDeclaration, Parameter } from '../../grammar/ast.js'
import type { Diagnostics } from '../base/diagnostic.js'
import type { Def, Expr, InputDef, Size } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'
import type {
  Check,
  Entry,
  Initial,
  Input,
  Output,
  Parameter as ModelParameter,
  SizeBinding,
} from '../ir/program.js'
import { postorder, wholeRead } from '../ir/walk.js'
import { resolver, wholeNumbered } from './analyse.js'
import { axesOf } from './axes.js'
import { definition } from './define.js'
import { type Context, type Env, mistakesIn, type ModelState, report } from './env.js'
import { resultsOf } from './equation.js'
import { definitionsBelow, fansOf, firstReads } from './fans.js'
import { messages } from './messages.js'
import { constantNumber } from './model-statement.js'
import { requireConvention, updatedNames, updatedShape } from './optimizer.js'
import { withOwnRules } from './own-rule.js'
import { asTensor } from './pointwise.js'
import { probing } from './inference.js'
import { Scope, type UserFunction } from './scope.js'
import { resultOf, type Steps, valueOf } from './task.js'
import { declaredShape, isWholeType, SCALAR_TYPES } from './types.js'
import { POISON, scalar, type Tensor, tensor, type Value } from './value.js'

/** What the entries of one compilation share. */
export interface Shared {
  readonly graph: Graph
  readonly diagnostics: Diagnostics
  readonly reported: Set<string>
  readonly circles: Set<object>
  readonly ownRules: Context['ownRules']
}

/** The parts of an entry under way, filled while its task runs. */
export interface Draft {
  readonly env: Env
  readonly inputs: Input[]
  outputs: Output[]
  loss: Def | undefined
  /** The sizes of a layer are open: it is checked, and compiled only where it is used. */
  open: boolean
}

export function draftFor(shared: Shared, name: string, scope: Scope, model: ModelState | undefined): Draft {
  const context: Context = { ...shared, entry: name, checks: [], parameters: [], probing: false }
  const env: Env = {
    context,
    scope: new Scope(scope),
    path: undefined,
    ranges: new Map(),
    statement: [],
    ambient: [],
    call: undefined,
    model,
  }
  return { env, inputs: [], outputs: [], loss: undefined, open: false }
}

/** Data parameters become inputs; false after a mistake. */
function* declareInputs(
  draft: Draft,
  declaration: FunctionDeclaration | ModelDeclaration,
  whole: ReadonlySet<string>,
): Steps<boolean> {
  const { env } = draft
  let sound = true
  // `..` stands for the same axes in a whole signature; seen from outside: one.
  const rows = env.context.graph.size('rows')
  for (const parameter of declaration.signature.parameters) {
    const { name } = parameter
    if (
      env.scope.values.get(name.name)?.kind === 'value' &&
      draft.inputs.some((input) => input.name === name.name)
    ) {
      report(env, messages.definedTwice(name.name), name.span)
      sound = false
      continue
    }
    const updated = updatedShape(env.context.graph, declaration, draft.inputs[0])
    const input = yield* inputFor(env, parameter, rows, whole.has(name.name), updated)
    if (!input) {
      sound = false
      env.scope.bind(name.name, POISON, name.span, 'parameter')
      continue
    }
    const { graph } = env.context
    const shape = input.def.idx.map((index) => index.extent)
    draft.inputs.push(input)
    env.scope.bind(
      name.name,
      tensor(shape, graph.read(input.def, axesOf(graph, shape))),
      name.span,
      'parameter',
    )
  }
  return sound
}

function* inputFor(
  env: Env,
  parameter: Parameter,
  rows: Expr,
  whole: boolean,
  updated: readonly Expr[] | undefined,
): Steps<Input | undefined> {
  const { graph } = env.context
  const { name, type } = parameter
  if (type?.name && !SCALAR_TYPES.has(type.name.name)) {
    report(env, messages.unknownType(type.name.name), type.name.span)
    return undefined
  }
  const rest = type?.dimensions?.some((dimension) => dimension.kind === 'rest') ? [rows] : []
  const isUpdated = updated && !type && !parameter.default
  const shape = isUpdated ? updated : yield* declaredShape(env, type, rest, true)
  if (!shape) return undefined
  const inferred = type ? isWholeType(type) : whole
  const bool = type?.name?.name === 'bool'
  const def = graph.definitions.input({
    name: name.name,
    shape,
    integer: inferred,
    origin: { span: parameter.span },
  })
  if (bool) def.bounds.push(graph.num(2))
  const fallback =
    parameter.default && shape.length === 0
      ? yield* constantNumber(probing(env), parameter.default)
      : undefined
  return {
    name: name.name,
    def,
    doc: parameter.doc,
    type: bool ? 'bool' : inferred ? 'int' : 'real',
    default: fallback,
  }
}

export function* functionEntry(draft: Draft, found: UserFunction): Steps<Value> {
  const { env } = draft
  const { declaration, scope } = found
  const { signature } = declaration
  for (const size of signature.sizes ?? []) {
    const value = size.default
      ? yield valueOf(size.default, env)
      : scalar(env.context.graph.size(size.name.name))
    env.scope.bind(size.name.name, value, size.span, 'size')
  }
  const sound = yield* declareInputs(draft, declaration, wholeNumbered(declaration, resolver(scope)))
  if (!declaration.body.some((statement) => statement.kind === 'return'))
    return report(env, messages.noResult(signature.name.name), signature.name.span)
  const call = {
    of: declaration,
    name: signature.name.name,
    span: signature.name.span,
    outer: undefined,
    depth: 0,
  }
  const body: Env = { ...env, scope: env.scope.fresh(), call }
  const parameters = signature.parameters.map((parameter) => parameter.name.name)
  const result = yield* withOwnRules(body, found, parameters, signature.span, (inner) =>
    resultOf(declaration.body, inner),
  )
  if (!sound || result.kind === 'poison') return POISON
  const results = resultsOf(result)
  const names =
    updatedNames(declaration) ??
    (result.kind === 'tuple' ? (result.names ?? results.map((_, at) => `value${at}`)) : undefined)
  for (const [at, each] of results.entries()) {
    const value = asTensor(env, each, signature.name.span)
    if (!value) return POISON
    const name = names?.[at] ?? 'value'
    draft.outputs.push({
      name,
      def: defFor(env, value, name === 'value' ? signature.name.name : name),
      doc: undefined,
    })
  }
  if (declaration.word === 'optimizer') requireConvention(env, declaration, draft.inputs, draft.outputs)
  return result
}

/** The definition that holds a value whole: its own if it has one. */
function defFor(env: Env, value: Tensor, name: string): Def {
  const { graph } = env.context
  const { element } = value
  const whole = wholeRead(element, axesOf(graph, value.shape))
  if (whole && !(whole.kind === 'computed' && whole.auto)) return whole
  return definition(env, { name, span: undefined, auto: false }, value).def
}

/** A loss has a gradient also where it counts, or is a number. */
function lossFor(env: Env, value: Tensor): Def {
  const def = defFor(env, value, 'loss')
  return def.integer
    ? env.context.graph.define({ name: 'loss', idx: [], body: value.element, real: true })
    : def
}

export function* modelEntry(
  draft: Draft,
  declaration: ModelDeclaration,
  scope: Scope,
  define: Readonly<Record<string, number>>,
): Steps<Value> {
  const { env } = draft
  const { graph } = env.context
  const { signature } = declaration
  const before = mistakesIn(env)
  for (const size of signature.sizes ?? []) {
    const name = size.name.name
    const set = Object.hasOwn(define, name) ? scalar(graph.num(define[name])) : undefined
    const value = set ?? (size.default ? yield valueOf(size.default, env) : undefined)
    if (!value) draft.open = true
    env.scope.bind(name, value ?? scalar(graph.size(name)), size.span, 'size')
  }
  const sound = yield* declareInputs(draft, declaration, wholeNumbered(declaration, resolver(scope)))
  const call = {
    of: declaration,
    name: signature.name.name,
    span: signature.name.span,
    outer: undefined,
    depth: 0,
  }
  yield resultOf(declaration.body, { ...env, scope: env.scope.fresh(), call })
  const state = env.model
  if (!state || !sound) return POISON
  if (mistakesIn(env) === before) requireApplied(env, state)
  for (const out of state.outs) {
    const value = asTensor(env, out.value, out.span)
    if (!value) return POISON
    draft.outputs.push({ name: out.name, def: defFor(env, value, out.name), doc: out.doc, span: out.span })
  }
  if (state.loss) draft.loss = lossFor(env, state.loss.value)
  if (state.outs.length === 0 && !state.loss && !state.failed)
    report(env, messages.noOut(signature.name.name), signature.name.span)
  return scalar(graph.zero)
}

function requireApplied(env: Env, state: ModelState): void {
  for (const member of state.members.values())
    if (member.kind === 'instance' && !member.used)
      report(env, messages.neverApplied(member.path.join('.')), member.span)
}

/** The finished entry. */
export function entryOf(
  draft: Draft,
  declaration: FunctionDeclaration | ModelDeclaration,
  kind: Entry['kind'],
): Entry | undefined {
  const { env, inputs, outputs, loss } = draft
  const { graph, checks } = env.context
  const roots = [...outputs.map((output) => output.def), ...(loss ? [loss] : [])]
  const sizes = bindSizes(env, inputs, declaration)
  if (!sizes) return undefined
  return {
    kind,
    name: declaration.signature.name.name,
    exported: kind === 'model' || declaration.exported,
    doc: declaration.doc,
    span: declaration.span,
    sizes,
    params: parametersOf(env, graph, roots),
    inputs,
    outputs,
    loss,
    checks: distinct(checks),
    backward: undefined,
  }
}

function distinct(checks: readonly Check[]): Check[] {
  const seen = new Set<Expr>()
  return checks.filter(({ expr }) => !seen.has(expr) && seen.add(expr))
}

/** Parameters in the order of their declaration, those of a layer in its place. */
function parametersOf(env: Env, graph: Graph, roots: readonly Def[]): ModelParameter[] {
  const records = new Map(env.context.parameters.map((record) => [record.def, record]))
  const reads = firstReads(definitionsBelow(roots))
  const found: ModelParameter[] = []
  const stack = [...(env.model?.members.values() ?? [])].reverse()
  for (let member = stack.pop(); member; member = stack.pop()) {
    if (member.kind === 'instance') {
      stack.push(...[...member.members.values()].reverse())
      continue
    }
    const record = records.get(member.def)
    if (!record) continue
    const { path, def, doc, initial: spec } = record
    const initial: Initial =
      spec.kind === 'he' || spec.kind === 'glorot' || spec.kind === 'lecun'
        ? { kind: spec.kind, ...fansOf(graph, reads.get(def)) }
        : spec
    found.push({ path, def, doc, initial })
  }
  return found
}

/** Which axis of which input gives each size: one that is the size itself if there is one, else one linear in it. */
function bindSizes(
  env: Env,
  inputs: readonly Input[],
  declaration: FunctionDeclaration | ModelDeclaration,
): SizeBinding[] | undefined {
  const { graph } = env.context
  const axes = inputs.flatMap(({ def }) =>
    def.idx.map((index, axis) => ({ input: def, axis, extent: index.extent })),
  )
  const sizes = new Set(axes.flatMap(({ extent }) => sizesIn(extent)))
  const found = new Map<Size, { input: InputDef; axis: number }>()
  for (const { input, axis, extent } of axes)
    if (extent.kind === 'size' && !found.has(extent)) found.set(extent, { input, axis })
  for (let grown = true; grown;) {
    grown = false
    for (const { input, axis, extent } of axes) {
      const open = sizesIn(extent).filter((size) => !found.has(size))
      if (open.length !== 1 || !linearIn(graph, extent, open[0])) continue
      found.set(open[0], { input, axis })
      grown = true
    }
  }
  let sound = true
  for (const size of sizes)
    if (!found.has(size)) {
      report(env, messages.sizeUnknown(size.name), declaration.signature.span)
      sound = false
    }
  return sound ? [...sizes].flatMap((size) => bindingOf(size, found)) : undefined
}

function bindingOf(size: Size, found: ReadonlyMap<Size, { input: InputDef; axis: number }>): SizeBinding[] {
  const place = found.get(size)
  return place ? [{ size, ...place }] : []
}

const sizesIn = (e: Expr): Size[] => postorder([e]).filter((node): node is Size => node.kind === 'size')
