import { mapEntries } from '../ir/program-map.js'
import type { Graph } from '../ir/graph.js'
import type { Pass } from '../ir/pass.js'
import { compileAll, RuleSet, Rewriter } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { opaque, throughDefinitions } from '../rewrite/view.js'
import { dropCancelled, Finiteness, recurrencesAreFinite } from './finite.js'
import { FINAL, STABLE } from './rules/sets.js'

export interface StabiliseOptions {
  /** The last run before scheduling: spellings that are accurate, but no longer those of a textbook. */
  readonly final?: boolean
  /** Looks through reads of pointwise definitions: by default in all runs but the last. */
  readonly looksThrough?: boolean
  readonly onStep?: (step: Step) => void
}

const stable = compileAll(STABLE)
const accurate = compileAll(FINAL)

/**
 * Rewrites into forms that neither overflow nor cancel. Before differentiation it looks through reads of pointwise
 * definitions, so that a logarithm meets the exponential behind `probs`; in the last run stored results stay in use.
 */
export function stabiliser(
  graph: Graph,
  { final = false, looksThrough = !final, onStep }: StabiliseOptions = {},
  finiteness = new Finiteness(false),
): Rewriter {
  const rules = new RuleSet([dropCancelled(finiteness), ...(final ? accurate : stable)])
  return new Rewriter(graph, rules, {
    view: looksThrough ? throughDefinitions(graph) : opaque,
    onStep,
  })
}

export function stabilise(options: StabiliseOptions = {}): Pass {
  return {
    name: options.final ? 'stabilise-last' : 'stabilise',
    doc: options.final
      ? 'Accurate spellings for the code: tails, zeros and differences'
      : 'Forms that neither overflow nor cancel: logsumexp, softplus, log_sigmoid, norms',
    run: (program) => {
      const finiteness = new Finiteness(recurrencesAreFinite(program))
      const rewriter = stabiliser(program.graph, options, finiteness)
      return mapEntries(program, { body: (e) => rewriter.rewrite(e) })
    },
  }
}
