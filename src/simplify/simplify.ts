import { definitionsReadBy } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import { mapEntries } from '../ir/program-map.js'
import type { Pass } from '../ir/pass.js'
import type { Program } from '../ir/program.js'
import { rewrite } from '../ir/walk.js'
import { Rewriter, RuleSet } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { dropCancelled, Finiteness, recurrencesAreFinite } from './finite.js'
import { foldDefinitions } from './fold.js'
import { inlineDefinitions, redefine } from './inline.js'
import { sumLessMean } from './rules/means.js'
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
  const rules = new RuleSet([
    dropCancelled(finiteness),
    sumLessMean,
    ...recognised,
    ...cheapestShape({ collects: true }),
  ])
  const rewriter = new Rewriter(graph, rules, { onStep })
  /** Automatic definitions that have become numbers: they are written in the places where they are read. */
  const numbers = new Map<Def, Expr>()
  const inNumbers = (e: Expr): Expr =>
    numbers.size > 0 && definitionsReadBy(e).some((def) => numbers.has(def))
      ? rewrite(graph, e, (_, part) => (part.kind === 'read' ? (numbers.get(part.def) ?? part) : part))
      : e
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      if (def.kind !== 'computed' || def.nominal || !def.body) return undefined
      const body = rewriter.rewrite(inNumbers(rebuilt.expr(def.body)))
      const filter = (def.reduction?.filter ?? []).map((condition) => rebuilt.expr(condition))
      const unchanged = body === def.body && filter.every((c, at) => c === def.reduction?.filter[at])
      const result = unchanged ? def : redefine(graph, def, body, filter)
      if (def.auto && result.kind === 'computed' && !result.reduction && result.body?.kind === 'num')
        numbers.set(result, result.body)
      return result
    },
    body: (e) => rewriter.rewrite(inNumbers(e)),
  })
}
