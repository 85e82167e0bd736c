/**
 * Products with derivatives that are never written out: `Σ_i w[i] ∂of[i]/∂x[j]` is one pullback with the cotangent `w`,
 * `Σ_j ∂of[i]/∂x[j] v[j]` one tangent along `v`. So `vjp`, `jvp` and `hvp` cost a few times what they differentiate, and so
 * does `jacobian(e, x) @ v`.
 */
import type { ComputedDef, Def, DerivativeDef, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'
import type { Rebuilt } from '../ir/rebuild.js'
import { readsIn, substitute } from '../ir/walk.js'
import { asDefinition } from './expand.js'
import { pushforward } from './forward.js'
import type { Mutation } from './partials.js'
import { freshFor } from './reduction.js'
import { pullback } from './reverse.js'

/** A sum that holds a derivative as a factor: `Σ_bound derivative[args] · weight`. */
export interface Product {
  readonly kind: 'pullback' | 'tangent'
  readonly derivative: DerivativeDef
  readonly read: Read
  readonly weight: Expr
}

/** How a definition is a product with a derivative, if all entries along one side of it are summed. */
export function productIn(graph: Graph, def: ComputedDef): Product | undefined {
  const { body, reduction } = def
  if (!body || reduction?.kind !== 'sum' || reduction.filter.length > 0) return undefined
  const inner = body.kind === 'guard' ? body.body : body
  const read = readsIn(inner).find((each) => each.def.kind === 'derivative')
  if (!read || read.def.kind !== 'derivative') return undefined
  const linear = linearIn(graph, inner, read)
  if (!linear || linear.rest !== graph.zero) return undefined
  const weight = body.kind === 'guard' ? graph.guard(body.conditions, linear.coefficient) : linear.coefficient
  if (readsIn(weight).some((each) => each.def === read.def)) return undefined
  const kind = sideOf(read.def, read, reduction.idx, weight, def.idx)
  return kind && { kind, derivative: read.def, read, weight }
}

function sideOf(
  { idx, wrt, at }: DerivativeDef,
  { args }: Read,
  bound: readonly Index[],
  weight: Expr,
  own: readonly Index[],
): Product['kind'] | undefined {
  if (at.length > 0) return undefined
  const width = idx.length - wrt.idx.length
  const isSummed = (arg: Expr, axis: number): arg is Index =>
    arg.kind === 'index' &&
    bound.includes(arg) &&
    arg.extent === idx[axis].extent &&
    args.indexOf(arg) === axis
  const summed = args.map((arg, axis) => isSummed(arg, axis))
  const used = args.filter((_, axis) => !summed[axis]).flatMap((arg) => arg.free)
  // An index that is summed over one axis alone may stand nowhere else in the subscripts.
  if (bound.some((index) => used.includes(index))) return undefined
  const behind = summed.slice(width)
  if (width < idx.length && behind.every((s) => s))
    return summed.slice(0, width).some((s) => s) || own.some((index) => weight.free.includes(index))
      ? undefined
      : 'tangent'
  return behind.some((s) => s) || !summed.some((s) => s) ? undefined : 'pullback'
}

/** The value of such a sum, over its own indices. */
export function expandProduct(
  graph: Graph,
  def: ComputedDef,
  product: Product,
  rebuilt: Rebuilt,
  mutation?: Mutation,
): Def {
  const bound = def.reduction?.idx ?? []
  const idx = freshFor(graph, def.idx, def.indexNames)
  const summed = freshFor(graph, bound, def.indexNames.slice(def.idx.length))
  const renaming = new Map([...def.idx, ...bound].map((index, axis) => [index, [...idx, ...summed][axis]]))
  const args = product.read.args.map((arg) => substitute(graph, rebuilt.expr(arg), renaming))
  const weight = substitute(graph, rebuilt.expr(product.weight), renaming)
  const { derivative } = product
  const wrt = rebuilt.def(derivative.wrt)
  const width = derivative.idx.length - wrt.idx.length
  const batch = freshFor(graph, derivative.idx.slice(0, width), derivative.indexNames)
  const over = new Map(derivative.idx.slice(0, width).map((index, axis) => [index, batch[axis]]))
  const target = asDefinition(graph, substitute(graph, rebuilt.expr(derivative.of), over), batch, derivative)
  const parts: Parts = {
    target,
    wrt,
    idx,
    summed,
    results: args.slice(0, width),
    variables: args.slice(width),
    weight,
  }
  const body = product.kind === 'pullback' ? pulledBack(graph, parts, mutation) : pushedForward(graph, parts)
  const { name, origin, auto } = def
  return graph.define({ name, idx, body, origin: { ...origin, rule: 'derivative' }, auto })
}

interface Parts {
  readonly target: Def
  readonly wrt: Def
  /** The indices of the value, and those of the sum. */
  readonly idx: readonly Index[]
  readonly summed: readonly Index[]
  /** Where the derivative is read: the position in its results, and in its variable. */
  readonly results: readonly Expr[]
  readonly variables: readonly Expr[]
  readonly weight: Expr
}

/** The cotangent of the results is the weight, at the positions that are not summed. */
function pulledBack(graph: Graph, parts: Parts, mutation: Mutation | undefined): Expr {
  const { target, wrt, idx, summed, results, variables, weight } = parts
  const place = freshFor(graph, target.idx, target.indexNames)
  const at = new Map<Index, Expr>()
  const deltas: Expr[] = []
  for (const [axis, arg] of results.entries())
    if (arg.kind === 'index' && summed.includes(arg)) at.set(arg, place[axis])
    else deltas.push(graph.eq0(graph.sub(place[axis], arg)))
  const rest = summed.filter((index) => !at.has(index))
  const cotangent = graph.guard(deltas, substitute(graph, graph.sum(rest, weight), at))
  const batch = idx.filter((index) => cotangent.free.includes(index))
  const found = pullback(graph, [{ def: target, idx: place, cotangent }], [wrt], batch, mutation).get(wrt)
  if (!found) return graph.zero
  return substitute(graph, found.value, new Map(found.idx.map((index, axis) => [index, variables[axis]])))
}

/** The tangent of the results where that of the variable is the weight. */
function pushedForward(graph: Graph, { target, wrt, summed, results, variables, weight }: Parts): Expr {
  const along = variables.filter((arg): arg is Index => arg.kind === 'index')
  const rest = summed.filter((index) => !along.includes(index))
  const body = graph.sum(rest, weight)
  const direction = graph.define({ name: `${wrt.name}_dot`, idx: along, body, auto: true })
  const tangent = pushforward(graph, [target], new Map([[wrt, direction]])).get(target)
  return tangent ? graph.read(tangent, results) : graph.zero
}
