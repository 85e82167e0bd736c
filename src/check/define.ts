/** Turning values into definitions, so that what is read several times is computed once. */
import type { Span } from '../base/source.js'
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { findUnsafeRead } from '../ir/prove.js'
import { readsIn, substitute, wholeRead } from '../ir/walk.js'
import { axesOf } from './axes.js'
import { conditionsOf, type Env, type Path } from './env.js'
import { type Tensor, tensor } from './value.js'

/** What a new definition is called and where it comes from. */
export interface Naming {
  readonly name: string
  readonly span: Span | undefined
  /** Not named by the user. */
  readonly auto: boolean
}

/**
 * The element with those conditions of its path that its reads need, so that a definition made of it reads
 * in range by itself.
 */
export function closed(graph: Graph, element: Expr, path: Path | undefined): Expr {
  if (!path || !findUnsafeRead(graph, element)) return element
  const all = conditionsOf(path)
  const own = all.filter((condition) => condition.free.every((index) => element.free.includes(index)))
  const guarded = graph.guard(own, element)
  // A condition on a further index may be what bounds a read: then the definition has that axis too.
  return own.length < all.length && findUnsafeRead(graph, guarded) ? graph.guard(all, element) : guarded
}

/** The indices of `element` that are no axes of `shape`: those bound around the place. */
export function outerIndices(graph: Graph, shape: readonly Expr[], element: Expr): Index[] {
  const axes = new Set(axesOf(graph, shape))
  return element.free.filter((index) => !axes.has(index))
}

/**
 * Defines a value under a name. Indices bound around the place become leading axes of the definition; `indices`
 * are the names of the value's own leading axes, for people.
 */
export function defined(env: Env, naming: Naming, value: Tensor, indexNames: readonly string[] = []): Tensor {
  const { graph } = env.context
  const { def, outer } = definition(env, naming, value, indexNames)
  return {
    ...tensor(value.shape, graph.read(def, [...outer, ...axesOf(graph, value.shape)])),
    margins: value.margins,
  }
}

export function definition(
  env: Env,
  naming: Naming,
  value: Tensor,
  indexNames: readonly string[] = [],
): { def: Def; outer: Index[] } {
  const { graph } = env.context
  const axes = axesOf(graph, value.shape)
  const element = closed(graph, value.element, env.path)
  const outer = outerIndices(graph, value.shape, element)
  const named = axes.map((index, at) => graph.freshIndex(index.extent, indexNames[at]))
  const renaming = new Map(axes.map((index, at) => [index, named[at]]))
  const idx = [...outer, ...named]
  const body = substitute(graph, element, renaming)
  const whole = wholeRead(body, idx)
  if (whole?.kind === 'matrix' && whole.auto) {
    whole.name = naming.name
    whole.auto = naming.auto
    return { def: whole, outer }
  }
  const lifted = liftedReduction(graph, body, idx)
  const def = graph.definitions.define({
    name: naming.name,
    idx,
    body: lifted ? lifted.body : body,
    reduction: lifted?.reduction,
    origin: { span: naming.span },
    auto: naming.auto,
  })
  return { def, outer }
}

/** A body that only reads an anonymous reduction, at each of its indices once, takes over the reduction. */
function liftedReduction(graph: Graph, body: Expr, idx: readonly Index[]) {
  if (body.kind !== 'read' || body.args.length !== idx.length) return undefined
  const { def, args } = body
  if (def.kind !== 'computed' || !def.auto || !def.reduction || !def.body || def.nominal) return undefined
  const indices = args.filter((arg): arg is Index => arg.kind === 'index')
  if (new Set(indices).size !== idx.length || !idx.every((index) => indices.includes(index))) return undefined
  return inlinedReduction(graph, def, def.body, args)
}

function inlinedReduction(graph: Graph, def: ComputedDef, body: Expr, args: readonly Expr[]) {
  const head = def.reduction
  if (!head) return undefined
  const red = head.idx.map((index, at) => graph.freshIndex(index.extent, def.indexNames[def.idx.length + at]))
  const values = new Map<Index, Expr>(def.idx.map((index, at) => [index, args[at]]))
  for (const [at, index] of head.idx.entries()) values.set(index, red[at])
  return {
    body: substitute(graph, body, values),
    reduction: {
      kind: head.kind,
      idx: red,
      filter: head.filter.map((condition) => substitute(graph, condition, values)),
    },
  }
}

/** No work is repeated by reading it again: a plain read, a number, an expression of sizes and indices. */
export function isTrivial(element: Expr): boolean {
  switch (element.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
    case 'read':
      return true
    case 'add':
    case 'mul':
    case 'apply':
    case 'test':
    case 'guard':
    case 'stop':
      return (
        element.integer && readsIn(element).every(({ def }) => def.kind === 'input' || def.kind === 'table')
      )
  }
}

/** A value that may be read at many positions: its elements are computed once. */
export function materialised(env: Env, value: Tensor, name: string, span: Span | undefined): Tensor {
  if (value.shape.length === 0 || isTrivial(value.element)) return value
  return defined(env, { name, span, auto: true }, value)
}
