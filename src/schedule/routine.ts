/** Routines on matrices: the entries are put where the result goes, then the routine works on them in place. */
import type { Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import type { Routine } from '../ops/matrix.js'
import type { Emission, Target } from './emission.js'
import { nameOf } from './fuse.js'
import type { MatrixPlace, Scalar, Statement } from './loop-program.js'
import type { LeafNode, NestForm } from './tree.js'

const HAS_ROWS_BELOW: ReadonlySet<Routine> = new Set(['factorise', 'cofactorise'])

type Form = Extract<NestForm, { kind: 'routine' }>

export function emitRoutine(
  emission: Emission,
  leaf: LeafNode,
  form: Form,
  target: Target,
  depth: number,
): Statement[] {
  const { graph, lowering } = emission
  const { def } = leaf.nest
  const { body, routine } = def
  if (!body || !routine) throw new Error(`'${def.name}' has no routine`)
  const offsetAt = (at: ReadonlyMap<Index, Expr>): Scalar =>
    lowering.offset(def, def.idx.map((index) => substitute(graph, index, at)), target) // prettier-ignore
  const at = new Map(leaf.at)
  const entry = (): Statement[] => [
    { kind: 'store', buffer: target.buffer, offset: offsetAt(at), value: emission.value(body, at), accumulate: false }, // prettier-ignore
  ]
  // Rows below the matrix are the routine's own.
  const [row, column] = form.inner
  const loops = form.inner.map((own) => {
    const { extent } = own === row && HAS_ROWS_BELOW.has(routine.name) ? column : own
    const index = graph.freshIndex(substitute(graph, extent, leaf.at), nameOf(def, own))
    at.set(own, index)
    return index
  })
  const fill = loops.reduceRight<(depth: number) => Statement[]>(
    (inner, index) => (outer) => [emission.loop(index, outer, inner)],
    entry,
  )(depth)
  const first = new Map(leaf.at)
  for (const index of form.inner) first.set(index, graph.zero)
  return [
    ...fill,
    {
      kind: 'routine',
      routine: routine.name,
      on: { buffer: target.buffer, offset: offsetAt(first) },
      rows: emission.value(loops[0].extent),
      columns: loops.length > 1 ? emission.value(loops[1].extent) : emission.scalars.number(1),
      factors: routine.factors && factorsOf(emission, routine.factors, leaf.at),
      subject: routine.subject,
    },
  ]
}

function factorsOf(
  emission: Emission,
  read: Extract<Expr, { kind: 'read' }>,
  at: ReadonlyMap<Index, Expr>,
): MatrixPlace {
  const { graph, lowering } = emission
  const access = emission.accessTo(read.def)
  if (access.kind !== 'buffer') throw new Error(`'${read.def.name}' has no memory`)
  const args = read.args.map((arg) => substitute(graph, arg, at))
  return { buffer: access.buffer, offset: lowering.offset(read.def, args, access) }
}
