/** From a checked query to its answers: numbers as one simplified expression, tensors as definitions in index notation. */
import { withFacts } from './assumed-program.js'
import { flattened } from '../../expression/flatten.js'
import type { Assumed } from '../../expression/assumption.js'
import { Expression } from '../../expression/expression.js'
import { bySteps, Reading } from '../../expression/reading.js'
import { inTextbookWords } from '../../expression/textbook.js'
import { expandDerivatives } from '../../differentiate/expand-pass.js'
import { Dependencies, expressionsOf } from '../../ir/dependencies.js'
import type { Def, Expr, InputDef } from '../../ir/expr.js'
import { runPasses } from '../../ir/pass.js'
import type { Program } from '../../ir/program.js'
import { mapEntries, rootsOf } from '../../ir/program-map.js'
import type { Step } from '../../rewrite/trace.js'
import { withProductsWrittenOut } from '../../simplify/reductions.js'
import { simplifyExpression } from '../../simplify/simplify-expression.js'
import { simplify } from '../../simplify/simplify.js'
import { stabilise } from '../../simplify/stabilise.js'

export interface ScalarAnswer {
  readonly kind: 'scalar'
  /** As it was written, derivatives carried out. */
  readonly given: Expression
  readonly simplified: Expression
}

export interface TensorAnswer {
  readonly kind: 'tensor'
  readonly program: Program
  readonly def: Def
}

export type Answer = ScalarAnswer | TensorAnswer

/** The answers of a program with one entry, one for each of its results. */
export function answersOf(checked: Program, assumptions: ReadonlyMap<string, Assumed>): Answer[] {
  const typed = withFacts(checked, assumptions)
  const steps: Step[] = []
  const derives = hasDerivatives(typed)
  const assumed = derives ? productsWrittenOut(typed) : typed
  const carriedOut = (program: Program): Program =>
    runPasses(program, [expandDerivatives({ forReading: true })])
  const stable = derives ? runPasses(assumed, [stabilise({ onStep: (step) => steps.push(step) })]) : assumed
  const derived = derives ? carriedOut(stable) : assumed
  const [entry] = derived.entries
  const original = assumed.entries[0].outputs.flatMap(({ def }) => partsBelow(def))
  const isNumber = assumed.entries[0].outputs.some(({ def }) => def.idx.length === 0)
  // As it was written it may read better than as it is computed.
  const plain = derives && isNumber ? carriedOut(assumed).entries[0].outputs : []
  const reading = new Reading(derived.graph, original)
  return entry.outputs.map(({ def }, at): Answer => {
    if (def.idx.length === 0 && !hasRecurrence(def))
      return scalarAnswer(derived, def, { original, steps, plain: plain[at]?.def, reading })
    const tidied = runPasses(derived, [simplify()])
    return { kind: 'tensor', program: tidied, def: tidied.entries[0].outputs[at].def }
  })
}

interface Asked {
  /** All that was written. */
  readonly original: readonly Expr[]
  readonly steps: readonly Step[]
  /** Of a derivative, which looks as a textbook has it while all else is as short as it can be: that of what was written. */
  readonly plain: Def | undefined
  readonly reading: Reading
}

function scalarAnswer(
  { graph, entries: [entry] }: Program,
  def: Def,
  { original, steps: before, plain, reading }: Asked,
): ScalarAnswer {
  const names = new Map(entry.inputs.map((input): [string, InputDef] => [input.name, input.def]))
  const given = new Expression(graph, flattened(graph, def), names)
  if (plain) {
    const written = flattened(graph, plain)
    const others = () => (written === given.node ? [] : [reading.tidy({ node: written, found: bySteps() })])
    const computed = reading.tidy({ node: given.node, found: bySteps(before) })
    const simplified = reading.result(given, computed, others)
    return { kind: 'scalar', given, simplified }
  }
  const { expr, conditions, trace } = simplifyExpression(graph, given.node, { shortest: true })
  const steps = [...before, ...trace]
  const simplified = given.with(inTextbookWords(graph, original)(expr), { steps, conditions })
  return { kind: 'scalar', given, simplified }
}

const productsWrittenOut = (program: Program): Program =>
  mapEntries(program, { body: (e) => withProductsWrittenOut(program.graph, e) })

/** Products of parts, as the derivative of a product has them, are shown with what they are. */
function hasRecurrence(def: Def): boolean {
  const dependencies = new Dependencies()
  return dependencies.components([def]).some((component) => dependencies.isRecurrence(component))
}

const partsBelow = (def: Def): Expr[] => new Dependencies().components([def]).flat().flatMap(expressionsOf)

function hasDerivatives({ entries }: Program): boolean {
  return new Dependencies()
    .components(entries.flatMap(rootsOf))
    .flat()
    .some((def) => def.kind === 'derivative')
}
