/** Products of factors with indices as chains of matrix products: `Σ_kl A[i,k] v[k] B[k,l] x[l]` is `A @ diag(v) @ B @ x`. */
import type { Factor, Index } from '../ir/expr.js'
import { call, product, times, transposed, type Matrix } from './matrix.js'

/** The factors of a group as one matrix over these axes. */
type Convert = (factors: readonly Factor[], axes: readonly Index[]) => Matrix | undefined

interface Edge {
  readonly ends: readonly [Index, Index]
  readonly factors: readonly Factor[]
}

/** The product summed over `bound`, with `axes` left. */
export function chain(
  all: readonly Factor[],
  bound: readonly Index[],
  axes: readonly Index[],
  convert: Convert,
): Matrix | undefined {
  const links = [...axes, ...bound]
  const scalars: Factor[] = []
  const vectors = new Map<Index, Factor[]>()
  const edges: Edge[] = []
  for (const factor of all) {
    const ends = links.filter((index) => factor.base.free.includes(index))
    if (ends.length > 2) return undefined
    const [first, second] = ends
    if (!first) scalars.push(factor)
    else if (!second) vectors.set(first, [...(vectors.get(first) ?? []), factor])
    else {
      const at = edges.findIndex((edge) => edge.ends[0] === first && edge.ends[1] === second)
      if (at < 0) edges.push({ ends: [first, second], factors: [factor] })
      else edges[at] = { ends: edges[at].ends, factors: [...edges[at].factors, factor] }
    }
  }
  if (links.length === 0) return convert(scalars, [])
  const main = contracted(vectors, edges, bound, axes, convert)
  if (!main || scalars.length === 0) return main
  const scale = convert(scalars, [])
  if (!scale) return undefined
  const above = scale.kind === 'times' ? scale.above : [scale]
  const below = scale.kind === 'times' ? scale.below : []
  return times([...above, main], below)
}

function contracted(
  vectors: ReadonlyMap<Index, readonly Factor[]>,
  edges: readonly Edge[],
  bound: readonly Index[],
  axes: readonly Index[],
  convert: Convert,
): Matrix | undefined {
  const at = (index: Index): Matrix | undefined | 'none' => {
    const factors = vectors.get(index)
    return factors ? convert(factors, [index]) : 'none'
  }
  if (bound.length === 0 && edges.length <= 1 && axes.length > 0) return entries(edges[0], axes, at, convert)
  if (bound.length === 0 && axes.length === 2) return undefined
  const path = pathThrough(edges, bound, axes)
  if (!path) return undefined
  const factors: Matrix[] = []
  const closed = axes.length === 0
  for (const [place, index] of path.entries()) {
    const vector = at(index)
    if (!vector) return undefined
    const isEnd = place === 0 || place === path.length - 1
    const isBoundEnd = isEnd && bound.includes(index)
    if (isBoundEnd && path.length === 1) return sumOver(vectors.get(index) ?? [], index, convert)
    if (isBoundEnd) {
      if (vector === 'none' && closed && path.length === 2 && place === 0)
        return sumOfMatrix(edges, path, at, convert)
      const end = vector === 'none' ? onesOver(index) : vector
      if (!end) return undefined
      factors.push(place === 0 ? transposed(end) : end)
    } else if (vector !== 'none') factors.push(call('diag', vector))
    if (place === path.length - 1) break
    const matrix = oriented(edges, index, path[place + 1], convert)
    if (!matrix) return undefined
    factors.push(matrix)
  }
  // A factor of one axis in front of a vector scales its entries.
  if (axes.length === 1 && factors[0]?.kind === 'call' && factors[0].name === 'diag' && vectors.has(path[0]))
    return times([factors[0].args[0], product(factors.slice(1))])
  return product(factors)
}

/** Entry by entry; a vector along the first axis scales rows, two vectors are a column times a row. */
function entries(
  edge: Edge | undefined,
  axes: readonly Index[],
  at: (index: Index) => Matrix | undefined | 'none',
  convert: Convert,
): Matrix | undefined {
  const matrix = edge && convert(edge.factors, axes)
  if (edge && !matrix) return undefined
  const found = axes.map(at)
  if (found.includes(undefined)) return undefined
  const [column, row] = found
  if (axes.length === 1) return column === 'none' || !column ? undefined : column
  if (!matrix)
    return column && column !== 'none' && row && row !== 'none'
      ? product([column, transposed(row)])
      : undefined
  const scaledRows = column && column !== 'none' ? product([call('diag', column), matrix]) : matrix
  return row && row !== 'none' ? times([scaledRows, row]) : scaledRows
}

/** `Σ_k u[k] v[k]` is `u' @ v`; of other numbers of factors it is the sum of entries. */
function sumOver(factors: readonly Factor[], index: Index, convert: Convert): Matrix | undefined {
  const [first, second] = factors
  if (factors.length === 2 && first.exponent.isOne && second.exponent.isOne) {
    const [u, v] = [convert([first], [index]), convert([second], [index])]
    return u && v && product([transposed(u), v])
  }
  const whole = convert(factors, [index])
  return whole && (isDiagonal(whole) ? call('trace', whole.args[0]) : call('sum', whole))
}

const isDiagonal = (matrix: Matrix): matrix is Matrix & { readonly kind: 'call' } =>
  matrix.kind === 'call' && matrix.name === 'diag'

/** `Σ_kl A[k, l]`, with a vector at most at the end. */
function sumOfMatrix(
  edges: readonly Edge[],
  path: readonly Index[],
  at: (index: Index) => Matrix | undefined | 'none',
  convert: Convert,
): Matrix | undefined {
  const [first, last] = path
  if (at(last) !== 'none') return undefined
  const whole = edges.length === 1 ? convert(edges[0].factors, [first, last]) : undefined
  return whole && call('sum', whole)
}

/** The vector that sums over an index. */
export function onesOver({ extent }: Index): Matrix | undefined {
  if (extent.kind !== 'size' && extent.kind !== 'num') return undefined
  return call(
    'ones',
    extent.kind === 'num' ? { kind: 'number', value: extent.value } : { kind: 'scalar', expr: extent },
  )
}

function oriented(edges: readonly Edge[], from: Index, to: Index, convert: Convert): Matrix | undefined {
  const edge = edges.find(({ ends }) => ends.includes(from) && ends.includes(to))
  if (!edge) return undefined
  const forwards = convert(edge.factors, [from, to])
  if (forwards) return forwards
  const backwards = convert(edge.factors, [to, from])
  return backwards && transposed(backwards)
}

/** The one path from the first axis to the last (or to an end) that takes every edge and every bound index. */
function pathThrough(
  edges: readonly Edge[],
  bound: readonly Index[],
  axes: readonly Index[],
): Index[] | undefined {
  const degree = (index: Index): number => edges.filter(({ ends }) => ends.includes(index)).length
  const nodes = [...axes, ...bound]
  if (edges.length !== nodes.length - 1) return undefined
  const start = axes[0] ?? bound.find((index) => degree(index) <= 1)
  if (!start) return undefined
  const path = [start]
  const left = new Set(edges)
  for (let end = start; left.size > 0;) {
    const next = [...left].filter(({ ends }) => ends.includes(end))
    if (next.length !== 1) return undefined
    left.delete(next[0])
    end = next[0].ends[0] === end ? next[0].ends[1] : next[0].ends[0]
    if (path.includes(end)) return undefined
    path.push(end)
  }
  return axes.length === 2 && path.at(-1) !== axes[1] ? undefined : path
}
