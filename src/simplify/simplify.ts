import { mapEntries } from '../ir/program-map.js'
import type { Pass } from '../ir/pass.js'
import type { Program } from '../ir/program.js'
import { Rewriter, RuleSet } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { dropCancelled, Finiteness, recurrencesAreFinite } from './finite.js'
import { foldDefinitions } from './fold.js'
import { inlineDefinitions, redefine } from './inline.js'
import { RECOGNISE } from './rules/sets.js'
import { mergeExponentials } from './rules/exponential.js'
import { cheapestShape } from './rules/shape.js'
import { shareSums } from './share-sums.js'
import { shareProducts } from './share.js'

export interface SimplifyOptions {
  readonly onStep?: (step: Step) => void
}

// Exponentials that are definitions of their own are more use apart: `p[i] p[j]` rather than `exp(z[i] + z[j] - 2L)`.
const recognised = RECOGNISE.filter((rewrite) => rewrite !== mergeExponentials)

/**
 * After differentiation: automatic definitions are inlined where that lets sums be simplified, each body gets the cheapest
 * of its shapes, and what equals a definition is read from it.
 */
export function simplify(options: SimplifyOptions = {}): Pass {
  return {
    name: 'simplify',
    doc: 'Inlines cotangents read once, collects terms and factors, reads equal expressions from definitions',
    run: (program) => shareSums(shareProducts(foldDefinitions(reshape(inlineDefinitions(program), options)))),
  }
}

function reshape(program: Program, { onStep }: SimplifyOptions): Program {
  const { graph } = program
  const finiteness = new Finiteness(recurrencesAreFinite(program))
  const rules = new RuleSet([dropCancelled(finiteness), ...recognised, ...cheapestShape({ collects: true })])
  const rewriter = new Rewriter(graph, rules, { onStep })
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      if (def.kind !== 'computed' || def.nominal || !def.body) return undefined
      const body = rewriter.rewrite(rebuilt.expr(def.body))
      const filter = (def.reduction?.filter ?? []).map((condition) => rebuilt.expr(condition))
      const unchanged = body === def.body && filter.every((c, at) => c === def.reduction?.filter[at])
      return unchanged ? def : redefine(graph, def, body, filter)
    },
    body: (e) => rewriter.rewrite(e),
  })
}
