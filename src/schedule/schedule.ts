/**
 * From definitions to loops: each method of an entry is scheduled by itself, from its results back, so that a forward run
 * computes and allocates nothing that only a gradient needs.
 *
 *     storage (store or inline) → place (order, recurrences) → fuse → contract → emit → locals → split
 */
import { Dependencies, expressionsOf } from '../ir/dependencies.js'
import type { Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Entry } from '../ir/program.js'
import { postorder } from '../ir/walk.js'
import type { Method, MethodName, ScheduledEntry } from './loop-program.js'
import { JAVASCRIPT, type Machine } from './machine.js'
import { scheduleMethod } from './method.js'
import type { MethodSpec, Wanted } from './wanted.js'

export interface ScheduleOptions {
  /** Storage of real tensors. Without it models use f32 and functions f64; arithmetic is f64 always. */
  readonly dtype?: 'f32' | 'f64' | undefined
  /** Gradients of recurrences keep about √T states and compute the others again. */
  readonly checkpoint?: 'sqrt' | undefined
  readonly machine?: Machine | undefined
}

export function scheduleEntry(graph: Graph, entry: Entry, options: ScheduleOptions = {}): ScheduledEntry {
  const element = elementOf(entry, options.dtype)
  const methods = methodsOf(entry).map((spec): Method =>
    scheduleMethod(
      graph,
      element,
      spec,
      options.machine ?? JAVASCRIPT,
      options.checkpoint !== undefined && isGradient(spec.name),
    ),
  )
  return { entry, methods }
}

/** The arrays that an optimizer updates are those of its caller: what it makes meanwhile is exact for either type. */
const elementOf = ({ kind }: Entry, dtype: ScheduleOptions['dtype']): 'f32' | 'f64' =>
  kind === 'optimizer' ? 'f64' : (dtype ?? (kind === 'model' ? 'f32' : 'f64'))

const isGradient = (name: MethodName): boolean =>
  name === 'backward' || name === 'grad' || name === 'valueAndGrad' || name === 'vjp'

function methodsOf(entry: Entry): MethodSpec[] {
  const { backward, tangent } = entry
  const method = (
    name: MethodName,
    wanted: readonly Wanted[],
    seeds: MethodSpec['seeds'] = [],
  ): MethodSpec => ({
    name,
    entry,
    seeds,
    wanted,
  })
  const outputs = entry.outputs.map(({ name, def }): Wanted => wantedOf('output', [name], def, def))
  const loss = entry.loss ? [wantedOf('loss', ['loss'], entry.loss, entry.loss)] : []
  const isModel = entry.kind === 'model'
  const methods = [method(isModel ? 'forward' : 'value', outputs)]
  if (isModel && entry.loss) methods.push(method('loss', loss))
  if (backward && backward.cotangents.length > 0)
    methods.push(method('vjp', gradientsOf(entry, false), backward.cotangents))
  else if (backward && isModel) methods.push(method('backward', [...loss, ...gradientsOf(entry, true)]))
  else if (backward) {
    // Of numbers the value may cost as much as the gradient, and has a function of its own.
    const gradients = gradientsOf(entry, false)
    const areNumbers = entry.inputs.every(({ def }) => def.idx.length === 0)
    if (areNumbers && isSmall(gradients)) methods.push(method('grad', gradients))
    methods.push(method('valueAndGrad', [...outputs, ...gradients]))
  }
  if (tangent) {
    const tangents = entry.outputs.map(({ name, def }, n): Wanted => wantedOf('tangent', [name], def, tangent.outputs[n])) // prettier-ignore
    methods.push(method('jvp', tangents, tangent.inputs))
  }
  return methods
}

/** Of larger gradients the value alone is a small part, and a second function would be long. */
const LARGEST = 1000

/** Whether the results are computed by few nodes. */
function isSmall(results: readonly Wanted[]): boolean {
  const dependencies = new Dependencies()
  const found = new Set<Def>(results.flatMap(({ def }) => (def ? [def] : [])))
  let size = 0
  // What is found on the way is looked at in its turn.
  for (const def of found) {
    size += postorder(expressionsOf(def)).length
    if (size > LARGEST) return false
    for (const read of dependencies.of(def)) found.add(read)
  }
  return true
}

const wantedOf = (
  kind: Wanted['kind'],
  path: readonly string[],
  like: Def,
  def: Def | undefined,
): Wanted => ({
  kind,
  path,
  like,
  def,
  optional: undefined,
})

/** Of models the gradients of data are computed only where they are asked for. */
function gradientsOf(entry: Entry, optionalData: boolean): Wanted[] {
  const paths = new Map<Def, readonly string[]>(entry.params.map(({ def, path }) => [def, path]))
  return (entry.backward?.gradients ?? []).map(({ wrt, def }): Wanted => ({
    kind: 'gradient',
    path: paths.get(wrt) ?? [wrt.name],
    like: wrt,
    def,
    optional: optionalData && wrt.kind === 'input' ? wrt : undefined,
  }))
}
