import { Dependencies } from '../ir/dependencies.js'
import type { Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { RuleSet, Rewriter } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { throughDefinitions, throughNumbers } from '../rewrite/view.js'
import { dropCancelled, Finiteness, recurrencesAreFinite } from './finite.js'
import { ALWAYS, FINAL, STABLE } from './rules/sets.js'
import { Cancellations } from './series/cancellations.js'

export interface StabiliseOptions {
  /** The last run before scheduling: spellings that are accurate, but no longer those of a textbook. */
  readonly final?: boolean
  /** Looks through reads of pointwise definitions: by default in all runs but the last. */
  readonly looksThrough?: boolean
  /** Definitions that are not looked through all the same. */
  readonly closed?: ReadonlySet<Def>
  readonly onStep?: (step: Step) => void
}

/**
 * Rewrites into forms that neither overflow nor cancel. Before differentiation it looks through reads of pointwise
 * definitions, so that a logarithm meets the exponential behind `probs`; in the last run stored results stay in use.
 */
export function stabiliser(
  graph: Graph,
  { final = false, looksThrough = !final, closed, onStep }: StabiliseOptions = {},
  finiteness = new Finiteness(false),
): Rewriter {
  const rules = new RuleSet([dropCancelled(finiteness), ...(final ? FINAL : STABLE)])
  return new Rewriter(graph, rules, {
    view: looksThrough ? throughDefinitions(graph, closed) : throughNumbers(graph),
    onStep,
  })
}

/** Sums and logarithms as a whole, before the last run spells their parts: `x - log(e^x + e^y)` is the logarithm of a share. */
export const recogniser = (graph: Graph): Rewriter =>
  new Rewriter(graph, new RuleSet(ALWAYS), { view: throughDefinitions(graph) })

export function stabilise(options: StabiliseOptions = {}): Pass {
  return {
    name: options.final ? 'stabilise-last' : 'stabilise',
    doc: options.final
      ? 'Accurate spellings for the code: tails, zeros and differences'
      : 'Forms that neither overflow nor cancel: logsumexp, softplus, log_sigmoid, norms',
    run: (program) => {
      const finiteness = new Finiteness(recurrencesAreFinite(program))
      // What a derivative is taken by must stay visible in what it is taken of: `d(log(p[i]), p)` is not a matter of what `p` is.
      const variables: ReadonlySet<Def> = new Set(variablesOf(program))
      const closed = new Set<Def>(variables)
      const rewriter = stabiliser(program.graph, { ...options, closed }, finiteness)
      const cancellations = options.final ? new Cancellations(program.graph) : undefined
      return mapEntries(program, {
        body: (e) => cancellations?.avoid(rewriter.rewrite(e)) ?? rewriter.rewrite(e),
        made: (def, result) => {
          if (variables.has(def)) closed.add(result)
        },
      })
    },
  }
}

const isDerivative = (def: Def): boolean => def.kind === 'derivative'

/** The definitions with a body by which derivatives are taken. */
function variablesOf(program: Program): Def[] {
  if (!program.graph.definitions.all.some(isDerivative)) return []
  const reachable = new Dependencies().components(program.entries.flatMap(rootsOf)).flat()
  const variables = reachable.flatMap((def) => (def.kind === 'derivative' ? [def.wrt] : []))
  return variables.filter((def) => def.kind === 'computed')
}
