/** Programs whose inputs are known to be what was assumed of them. */
import type { Def, InputDef } from '../../ir/expr.js'
import type { Assumed } from '../../expression/assumption.js'
import type { Pass } from '../../ir/pass.js'
import type { Program } from '../../ir/program.js'
import { mapEntries } from '../../ir/program-map.js'

/** Assumed facts are put on the inputs before anything is rewritten. */
export function withFacts(program: Program, assumptions: ReadonlyMap<string, Assumed>): Program {
  const { graph } = program
  const refined = new Map<Def, InputDef>()
  for (const { inputs } of program.entries)
    for (const { name, def } of inputs) {
      const assumed = assumptions.get(name)
      if (!assumed) continue
      const { idx, indexNames, origin } = def
      const integer = def.integer || assumed.integer
      const shape = idx.map((index) => index.extent)
      refined.set(
        def,
        graph.definitions.input({ name, shape, integer, indexNames, origin, facts: assumed.facts }),
      )
    }
  if (refined.size === 0) return program
  const pass: Pass = {
    name: 'assume',
    doc: 'puts what was assumed on the inputs',
    run: (current) => {
      const mapped = mapEntries(current, { replace: (def) => refined.get(def) })
      const entries = mapped.entries.map((entry) => ({
        ...entry,
        inputs: entry.inputs.map((input) => ({ ...input, def: refined.get(input.def) ?? input.def })),
        sizes: entry.sizes.map((size) => ({ ...size, input: refined.get(size.input) ?? size.input })),
      }))
      return { ...mapped, entries }
    },
  }
  return pass.run(program)
}
