/**
 * What a binding needs, counted from the equations and the types of storage alone: parameters, gradients, results, the residuals of the
 * backward pass, and data where kernels have copies of them. How memory is planned is not looked at.
 */
import { Dependencies } from '../../src/ir/dependencies.js'
import type { ComputedDef, Def, Expr } from '../../src/ir/expr.js'
import { postorder } from '../../src/ir/walk.js'
import type { Buffer, Method, ScheduledEntry } from '../../src/schedule/loop-program.js'

export type Sizes = Readonly<Record<string, number>>

/** What is given and what results, in bytes an entry: `f32`, and whole numbers of 32 bits. */
const BYTES = 4

/** What is computed on the way, as it is stored: short arrays of kernels in JavaScript have 64 bits. */
const BYTES_OF = { f32: 4, f64: 8, i32: 4 } as const

export interface Need {
  readonly parameters: number
  readonly data: number
  readonly results: number
  readonly residuals: number
}

/** `copies`: kernels work on copies of data, in memory made at once for all that may be asked of them. */
export function needOf({ entry, methods }: ScheduledEntry, sizes: Sizes, copies: boolean): Need {
  const entries = (extents: readonly Expr[]): number => extents.reduce((n, e) => n * valueOf(e, sizes), 1)
  const sizeOf = (def: Def): number => BYTES * entries(def.idx.map(({ extent }) => extent))
  const sum = (defs: Iterable<Def>): number => [...defs].reduce((total, def) => total + sizeOf(def), 0)
  const tensors = (defs: readonly Def[]): Def[] => defs.filter((def) => def.idx.length > 0)
  const given = new Set(methods.flatMap(({ buffers }) => buffers.map(({ def }) => def)))
  const results = methods.flatMap((method) =>
    method.results.filter(({ value, flag }) => value.kind === 'buffer' && (copies || !flag)),
  )
  const backward = methods.find(({ name }) => name === 'backward')
  return {
    parameters: sum(tensors(entry.params.map(({ def }) => def))),
    data: copies ? sum([...given].filter((def) => def.kind === 'input' || def.kind === 'table')) : 0,
    results: sum(results.map(({ like }) => like)),
    residuals: backward
      ? [...residualsOf(backward)].reduce((total, [def, element]) => total + BYTES_OF[element] * entries(def.idx.map(({ extent }) => extent)), 0) // prettier-ignore
      : 0,
  }
}

export const totalOf = ({ parameters, data, results, residuals }: Need): number =>
  parameters + data + results + residuals

/**
 * Values of the forward pass that the backward pass reads, each once, and the type in which they are stored. They count in full, also where a
 * loop keeps only some of them, or a cotangent in their place: it is the equations that need them.
 * Whole numbers, as the positions of largest entries, are no cotangents and so belong to the forward pass. What copies another value
 * is none of its own; what is cheap is computed again of what it is made of.
 */
export function residualsOf(method: Method): ReadonlyMap<ComputedDef, Buffer['element']> {
  const dependencies = new Dependencies()
  const { loss } = method.entry
  const behind = (roots: readonly Def[]): Set<Def> => new Set(dependencies.components(roots).flat())
  const forward = behind(loss ? [loss] : [])
  const isForward = (def: Def): boolean => forward.has(def) || (def.kind === 'computed' && def.integer)
  const stored = new Map<Def, Buffer>()
  for (const buffer of method.buffers)
    if (buffer.role === 'temp' && (buffer.scratch === undefined || buffer.scratch === 'panel')) stored.set(buffer.def, buffer) // prettier-ignore
  for (const buffer of method.sharing.keys()) if (buffer.scratch === undefined) stored.set(buffer.def, buffer)
  const found = new Map<ComputedDef, Buffer['element']>()
  const seen = new Set<Def>()
  const pending = (method.entry.backward?.gradients ?? []).map(({ def }) => def)
  for (let def = pending.pop(); def; def = pending.pop()) {
    if (seen.has(def) || def.kind !== 'computed') continue
    seen.add(def)
    const buffer = stored.get(def)
    if (isForward(def) && (buffer || def.reduction)) found.set(def, storedAs(def, buffer))
    else pending.push(...dependencies.of(def))
  }
  for (const def of found.keys()) {
    const copied = copiedBy(def)
    if (copied && found.has(copied)) found.delete(def)
  }
  return found
}

/** Kernels in JavaScript have 64 bits for some of the entries, 32 where all are stored. */
function storedAs({ integer, idx }: ComputedDef, buffer: Buffer | undefined): Buffer['element'] {
  if (integer) return 'i32'
  return buffer && buffer.extents.length === idx.length ? buffer.element : 'f32'
}

/** The definition of which another one has the same entries, in other places, and zeros. */
function copiedBy({ body, reduction }: ComputedDef): ComputedDef | undefined {
  let at = body
  while (at?.kind === 'guard') at = at.body
  return !reduction && at?.kind === 'read' && at.def.kind === 'computed' ? at.def : undefined
}

function valueOf(e: Expr, sizes: Sizes): number {
  const values = new Map<Expr, number>()
  const of = (part: Expr): number => values.get(part) ?? NaN
  for (const node of postorder([e])) values.set(node, valueOfNode(node, of, sizes))
  const value = of(e)
  if (!Number.isInteger(value)) throw new Error('the extent is no whole number')
  return value
}

function valueOfNode(node: Expr, of: (e: Expr) => number, sizes: Sizes): number {
  switch (node.kind) {
    case 'num':
      return node.value.toNumber()
    case 'size':
      return sizes[node.name]
    case 'add':
      return node.terms.reduce(
        (sum, term) => sum + term.coefficient.toNumber() * of(term.node),
        node.constant.toNumber(),
      )
    case 'mul':
      return node.factors.reduce(
        (product, { base, exponent }) => product * of(base) ** exponent.toNumber(),
        1,
      )
    case 'apply': {
      const [a, b] = node.args.map(of)
      if (node.operator === 'max') return Math.max(...node.args.map(of))
      if (node.operator === 'min') return Math.min(...node.args.map(of))
      if (node.operator === 'ceil') return Math.ceil(a)
      if (node.operator === 'idiv') return Math.floor(a / b)
      return NaN
    }
    case 'constant':
    case 'index':
    case 'read':
    case 'stop':
    case 'test':
    case 'guard':
      return NaN
  }
}
