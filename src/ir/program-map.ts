import type { Def } from './expr.js'
import type { Graph } from './graph.js'
import type { Entry, Program } from './program.js'
import { rebuildDefinitions, type Changes } from './rebuild.js'

/** The definitions an entry needs from a pass: its results, loss, gradients and initial values. */
export function rootsOf(entry: Entry): Def[] {
  return [
    ...entry.outputs.map((output) => output.def),
    ...(entry.loss ? [entry.loss] : []),
    ...entry.params.flatMap(({ initial }) => (initial.kind === 'value' ? [initial.def] : [])),
    ...(entry.backward?.gradients ?? []).flatMap(({ def }) => (def ? [def] : [])),
    ...(entry.tangent?.outputs ?? []).flatMap((def) => (def ? [def] : [])),
  ]
}

/** What callers get is an array of real numbers also where a pass finds that they are whole. */
function typed(graph: Graph, before: Def, after: Def): Def {
  if (before.integer || !after.integer) return after
  const { name, origin } = before
  if (after.kind === 'computed' && after.body && !after.reduction && !after.nominal)
    return graph.define({ name, idx: after.idx, body: after.body, origin, real: true })
  const idx = after.idx.map((index, axis) => graph.freshIndex(index.extent, after.indexNames[axis]))
  return graph.define({ name, idx, body: graph.read(after, idx), origin, real: true })
}

/** A program with all its definitions rebuilt; interfaces (inputs, parameters, sizes, checks) stay. */
export function mapEntries(program: Program, changes: Changes): Program {
  const result = rebuildDefinitions(program.graph, program.entries.flatMap(rootsOf), changes)
  const at = (def: Def): Def => result.get(def) ?? def
  const entries = program.entries.map((entry): Entry => ({
    ...entry,
    outputs: entry.outputs.map((output) => ({
      ...output,
      def: typed(program.graph, output.def, at(output.def)),
    })),
    loss: entry.loss && at(entry.loss),
    params: entry.params.map((parameter) => ({
      ...parameter,
      initial:
        parameter.initial.kind === 'value'
          ? { ...parameter.initial, def: at(parameter.initial.def) }
          : parameter.initial,
    })),
    backward: entry.backward && {
      ...entry.backward,
      gradients: entry.backward.gradients.map(({ wrt, def }) => ({ wrt, def: def && at(def) })),
    },
    tangent: entry.tangent && {
      ...entry.tangent,
      outputs: entry.tangent.outputs.map((def) => def && at(def)),
    },
  }))
  return { ...program, entries }
}
