import type { Def, InputDef, ParamDef } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Pass } from '../ir/pass.js'
import type { Backward, Entry, Program, Tangent } from '../ir/program.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import { ruledResults } from '../ir/rules.js'
import { pushforward } from './forward.js'
import type { Mutation } from './partials.js'
import { freshFor } from './reduction.js'
import { pullback, type Seed } from './reverse.js'

export interface DifferentiateOptions {
  /** Forward mode too: fills `Entry.tangent`. */
  readonly tangents?: boolean
  /** For tests of the verification only: falsifies partials, deltas or guards. */
  readonly mutation?: Mutation
}

/** Adds to each entry the cotangents of its loss or results by its parameters and real inputs. */
export function differentiate(options: DifferentiateOptions = {}): Pass {
  return {
    name: 'differentiate',
    doc: 'derive the gradient of each entry by one joint reverse sweep',
    run: (program) => differentiateProgram(program, options),
  }
}

function differentiateProgram(program: Program, options: DifferentiateOptions): Program {
  const { graph } = program
  const entries = program.entries.map((entry) => ({
    ...entry,
    backward: entry.kind === 'optimizer' ? undefined : backwardOf(graph, entry, options.mutation),
    tangent: options.tangents && entry.kind === 'function' ? tangentOf(graph, entry) : undefined,
  }))
  return withoutRules({ ...program, entries })
}

/** Rules have done their part: what had identity for their sake is simplified like anything else. */
function withoutRules(program: Program): Program {
  const results = ruledResults(program.graph, program.entries.flatMap(rootsOf))
  if (results.length === 0) return program
  const named = new Set<Def>(results.flatMap((def) => [def, ...def.rules.map((rule) => rule.argument)]))
  return mapEntries(program, {
    withoutRules: true,
    replace: (def, rebuilt) => {
      if (!named.has(def) || def.kind !== 'computed' || !def.body) return undefined
      const { name, idx, origin } = def
      const body = rebuilt.expr(def.body)
      return program.graph.define({ name, idx, body, origin, auto: true, real: !def.integer })
    },
  })
}

const variablesOf = (entry: Entry): (ParamDef | InputDef)[] => [
  ...entry.params.map((parameter) => parameter.def),
  ...entry.inputs.filter((input) => input.type === 'real' && !input.def.integer).map((input) => input.def),
]

/** What a gradient starts from: the loss, the one scalar result, or one cotangent input per real output. */
function backwardOf(graph: Graph, entry: Entry, mutation: Mutation | undefined): Backward | undefined {
  const variables = variablesOf(entry)
  const [first] = entry.outputs
  const scalar =
    entry.loss ??
    (entry.kind === 'function' && entry.outputs.length === 1 && first.def.idx.length === 0
      ? first.def
      : undefined)
  if (variables.length === 0 || (scalar?.integer ?? false)) return undefined
  const cotangents: InputDef[] = []
  const seeds: Seed[] = []
  if (scalar) seeds.push({ def: scalar, idx: [], cotangent: graph.one })
  else
    for (const { name, def } of entry.outputs) {
      if (def.integer) continue
      const input = graph.input({
        name: `d_${name}`,
        shape: def.idx.map((index) => index.extent),
        indexNames: def.indexNames,
      })
      const idx = freshFor(graph, def.idx, def.indexNames)
      cotangents.push(input)
      seeds.push({ def, idx, cotangent: graph.read(input, idx) })
    }
  const found = pullback(graph, seeds, variables, [], mutation)
  const gradients = variables.map((wrt) => {
    const cotangent = found.get(wrt)
    if (!cotangent) return { wrt, def: undefined }
    const origin = { ...wrt.origin, rule: 'reverse mode' }
    return {
      wrt,
      def: graph.define({
        name: `d_${wrt.name}`,
        idx: cotangent.idx,
        body: cotangent.value,
        origin,
        auto: true,
      }),
    }
  })
  return { cotangents, gradients }
}

function tangentOf(graph: Graph, entry: Entry): Tangent {
  const inputs = new Map<Def, InputDef>()
  for (const variable of variablesOf(entry)) {
    const shape = variable.idx.map((index) => index.extent)
    inputs.set(
      variable,
      graph.input({ name: `${variable.name}_dot`, shape, indexNames: variable.indexNames }),
    )
  }
  const tangents = pushforward(graph, entry.outputs.map((output) => output.def), inputs) // prettier-ignore
  return { inputs: [...inputs.values()], outputs: entry.outputs.map(({ def }) => tangents.get(def)) }
}
