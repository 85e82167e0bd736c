/** Sums whose terms say where they belong: cleared, then each term is added at its position. */
import type { Expr, Index } from '../ir/expr.js'
import { isInRange } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { type Emission, plainName, type Target } from './emission.js'
import type { Buffer, Statement } from './loop-program.js'
import { partAt, storePart } from './parts.js'
import { rangesOf } from './ranges.js'
import { type ScatterTerm, scatterTerms } from './scatter.js'
import type { LeafNode, NestForm } from './tree.js'

type Form = Extract<NestForm, { kind: 'scatter' }>

export function emitScatter(
  emission: Emission,
  leaf: LeafNode,
  form: Form,
  target: Target,
  depth: number,
): Statement[] {
  const { graph } = emission
  const { def } = leaf.nest
  const whole = form.inner.length === def.idx.length
  // Terms are added up in 64 bits, then rounded once.
  const wide = !leaf.nest.part && (target.buffer.element === 'f64' || !whole)
  const buffer: Buffer = wide
    ? target.buffer
    : emission.temporary(`${plainName(def)}Sum`, def, 'f64', target.buffer.extents)
  const place: Target = { ...target, buffer }
  const statements: Statement[] = [clear(emission, leaf, form, place)]
  for (const term of scatterTerms(graph, emission.storage.bodyOf(def), emission.storage.boundOf(def), form.inner)) statements.push(...addTerm(emission, leaf, form, place, term, depth)) // prettier-ignore
  if (leaf.nest.part) statements.push(addPart(emission, leaf, place, target, depth))
  else if (buffer !== target.buffer) statements.push({ kind: 'copy', from: buffer, to: target.buffer })
  return statements
}

/** Adds what a block of rows has scattered to the sums. */
function addPart(emission: Emission, { nest }: LeafNode, from: Target, to: Target, depth: number): Statement {
  // prettier-ignore
  const { graph, lowering, scalars } = emission
  const count = graph.mulAll(nest.def.idx.map(({ extent }) => extent))
  const index = graph.freshIndex(count, 'at')
  return emission.loop(index, depth, () => {
    const offset = lowering.value(index)
    return [storePart(emission, nest, to.buffer, offset, scalars.load(from.buffer, offset))]
  })
}

function clear(emission: Emission, leaf: LeafNode, form: Form, target: Target): Statement {
  const { buffer, axes } = target
  const { graph, lowering } = emission
  const { def } = leaf.nest
  const kept = form.inner.map((index) => def.idx.indexOf(index))
  if (axes.every((axis) => kept.includes(axis))) return { kind: 'fill', buffer, range: undefined }
  // Own indices fixed by a recurrence lie outermost.
  const first = new Map(leaf.at)
  for (const index of form.inner) first.set(index, graph.zero)
  const from = lowering.offset(def, def.idx.map((index) => substitute(graph, index, first)), target) // prettier-ignore
  return { kind: 'fill', buffer, range: { from, count: lowering.count(def, kept) } }
}

function addTerm(
  emission: Emission,
  leaf: LeafNode,
  form: Form,
  target: Target,
  term: ScatterTerm,
  depth: number,
): Statement[] {
  const { graph, lowering } = emission
  const { def } = leaf.nest
  const bound = emission.storage.boundOf(def)
  const at = new Map(leaf.at)
  const indices = emission.open(def, bound, at)
  indices.push(...emission.open(def, form.inner.filter((index) => !term.positions.has(index)), at)) // prettier-ignore
  const conditions = term.conditions.map((condition) => substitute(graph, condition, at))
  for (const [own, position] of term.positions) {
    const moved = substitute(graph, position, at)
    const extent = substitute(graph, own.extent, at)
    if (!isInRange(graph, moved, extent, conditions))
      conditions.push(graph.ge0(moved), graph.ge0(graph.sub(graph.sub(extent, graph.one), moved)))
    at.set(own, moved)
  }
  const remaining = conditions.map((condition) => substitute(graph, condition, at))
  const { outside, loops } = rangesOf(graph, indices, remaining, partAt(leaf.nest, at))
  const args = (): Expr[] => def.idx.map((index: Index) => substitute(graph, index, at))
  return emission.when(outside, () =>
    emission.ranged(loops, depth, () => [
      {
        kind: 'store',
        buffer: target.buffer,
        offset: lowering.offset(def, args(), target),
        value: emission.value(term.value, at),
        accumulate: true,
      },
    ]),
  )
}
