/** The derivative of a reduction with respect to its body, entry by entry. */
import type { ComputedDef, Expr, Index, ReductionHead } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'

/** A computed definition opened up: its body over fresh indices. */
export interface Opened {
  readonly def: ComputedDef
  /** Fresh indices in place of the definition's own. */
  readonly idx: readonly Index[]
  /** Fresh indices in place of the reduction's. */
  readonly red: readonly Index[]
  readonly body: Expr
  readonly filter: readonly Expr[]
  /** The read of the definition at `idx`. */
  readonly self: Expr
}

/** Fresh indices named like the given ones. */
export function freshFor(graph: Graph, indices: readonly Index[], names: readonly string[]): Index[] {
  return indices.map((index, axis) => graph.freshIndex(index.extent, names[axis]))
}

export function open(graph: Graph, def: ComputedDef, idx: readonly Index[]): Opened {
  if (!def.body) throw new Error(`'${def.name}' has no body yet`)
  const own = def.reduction?.idx ?? []
  const red = freshFor(graph, own, def.indexNames.slice(def.idx.length))
  const renaming = new Map([
    ...def.idx.map((index, axis) => [index, idx[axis]] as const),
    ...own.map((index, axis) => [index, red[axis]] as const),
  ])
  return {
    def,
    idx,
    red,
    body: substitute(graph, def.body, renaming),
    filter: (def.reduction?.filter ?? []).map((condition) => substitute(graph, condition, renaming)),
    self: graph.read(def, idx),
  }
}

/** Row-major position of indices: `i·J + j`. */
export function flatten(graph: Graph, indices: readonly Index[]): Expr {
  return indices.reduce<Expr>(
    (position, index) => graph.add(graph.mul(position, index.extent), index),
    graph.zero,
  )
}

/**
 * `∂ T / ∂ body` at one entry: the factor between the cotangent of the reduction and that of its body. The caller multiplies;
 * conditions that select the entry are guards around the factor.
 */
export function entryPartial(
  graph: Graph,
  { def, idx, red, body, filter, self }: Opened,
  head: ReductionHead,
): Expr {
  switch (head.kind) {
    case 'sum':
      return graph.one
    case 'logsumexp':
      return graph.guard(filter, graph.apply('exp', [graph.sub(body, self)]))
    case 'max':
    case 'min': {
      // The first extremal entry in binder order takes all.
      const position = graph.define({
        name: `arg${head.kind}_${def.name}`,
        idx,
        reduction: { kind: head.kind === 'max' ? 'argmax' : 'argmin', idx: red, filter },
        body,
        origin: { ...def.origin, rule: `position of the ${head.kind}` },
        auto: true,
      })
      const isPosition = graph.eq0(graph.sub(flatten(graph, red), graph.read(position, idx)))
      // Of no entry at all the first takes nothing.
      return graph.guard([...filter, isPosition], graph.one)
    }
    case 'prod':
      return graph.guard(filter, productWithout(graph, { def, idx, red, body, filter, self }))
    case 'argmax':
    case 'argmin':
      return graph.zero
  }
}

/**
 * `Π_{r ≠ k} e[r]` as prefix times suffix products, both recurrences: no division, exact with zeros, right to every order.
 * `P[0] = 1, P[r+1] = P[r]·e[r]` and `Q[R] = 1, Q[r] = Q[r+1]·e[r]`, over the row-major position r.
 */
function productWithout(graph: Graph, { def, idx, red, body, filter }: Opened): Expr {
  const extent = graph.mulAll(red.map((index) => index.extent))
  const length = graph.add(extent, graph.one)
  const shape = [...idx.map((index) => index.extent), length]
  const entry = filter.length > 0 ? graph.select(graph.and(filter), body, graph.one) : body

  /** The entry at a position; dividing by the extents of later indices takes the position apart. */
  const entryAt = (position: Expr): Expr => {
    const values = new Map<Index, Expr>()
    let rest = position
    for (const index of [...red].reverse()) {
      values.set(index, red.length === 1 ? rest : graph.apply('mod', [rest, index.extent]))
      rest = graph.apply('idiv', [rest, index.extent])
    }
    return substitute(graph, entry, values)
  }
  const recurrence = (
    name: string,
    step: (product: ComputedDef, at: Expr, position: Index) => { first: Expr; from: Expr; entry: Expr },
  ): ComputedDef => {
    const product = graph.nominal({
      name: `${name}_${def.name}`,
      shape,
      auto: true,
      origin: { ...def.origin, rule: `${name} products` },
    })
    const position = graph.freshIndex(length, 'r')
    const { first, from, entry: factor } = step(product, position, position)
    const inner = graph.mul(graph.read(product, [...idx, from]), factor)
    graph.setBody(product, [...idx, position], graph.select(graph.ge0(first), inner, graph.one))
    return product
  }
  const before = recurrence('prefix', (_, at) => {
    const previous = graph.sub(at, graph.one)
    return { first: previous, from: previous, entry: entryAt(previous) }
  })
  const after = recurrence('suffix', (_, at) => ({
    first: graph.sub(graph.sub(extent, graph.one), at),
    from: graph.add(at, graph.one),
    entry: entryAt(at),
  }))
  const here = flatten(graph, red)
  return graph.mul(
    graph.read(before, [...idx, here]),
    graph.read(after, [...idx, graph.add(here, graph.one)]),
  )
}
