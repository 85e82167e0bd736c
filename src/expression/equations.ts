/** A program as a textbook sets it: each definition an equation, in matrix notation where the indices allow it. */
import { printMatrixLatex } from '../../codegen/latex/print-matrix.js'
import { nameText } from '../../codegen/latex/pieces.js'
import { printSyntaxLatex } from '../../codegen/latex/print-syntax.js'
import type { ComputedDef, Def, InputDef, ParamDef } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { isAnonymous, printDefinition } from '../ir/print.js'
import type { Entry, Program } from '../ir/program.js'
import { matrixNotation } from '../notation/recognise.js'
import { bodyAsFormula } from '../simplify/formula.js'
import { equationSyntax } from '../../grammar/equation-syntax.js'
import { printMatrix } from './print-matrix.js'

export interface Equations {
  readonly name: string
  /** What the results are computed from, and the results. */
  readonly value: readonly string[]
  /** What the gradient needs beyond that. */
  readonly gradient: readonly string[]
}

export interface EquationsOptions {
  readonly latex?: boolean
}

/** The program is the caller's alone: its definitions are renamed. */
export const equationsOf = (program: Program, options: EquationsOptions = {}): readonly Equations[] =>
  program.entries.map((entry) => entryEquations(program.graph, entry, options))

function entryEquations(graph: Graph, entry: Entry, options: EquationsOptions): Equations {
  const results = [...entry.outputs.map(({ def }) => def), ...(entry.loss ? [entry.loss] : [])]
  const gradients = (entry.backward?.gradients ?? []).flatMap(({ def }) => def ?? [])
  const shown = new Set<Def>()
  nameApart([...results, ...gradients])
  const listed = (roots: readonly Def[]): string[] =>
    new Dependencies()
      .components(roots)
      .flat()
      .filter((def): def is ComputedDef => def.kind === 'computed' && !isAnonymous(def) && !shown.has(def))
      .map((def) => {
        shown.add(def)
        return equation(graph, def, options)
      })
  return { name: entry.name, value: listed(results), gradient: listed(gradients) }
}

/** A partial derivative as equations: those it needs beyond the results, its own last. */
export interface PartialDerivative {
  readonly wrt: ParamDef | InputDef
  readonly equations: readonly string[]
}

/** By each real parameter and input, of a loss or a result that is one number. The program is the caller's alone. */
export function partialDerivatives(
  graph: Graph,
  { name, outputs, loss, backward }: Entry,
): PartialDerivative[] {
  if (!backward || backward.cotangents.length > 0) return []
  const values = [...outputs.map(({ def }) => def), ...(loss ? [loss] : [])]
  const gradients = backward.gradients.flatMap(({ def }) => def ?? [])
  nameApart([...values, ...gradients])
  const named = new Set(new Dependencies().components(values).flat())
  return backward.gradients.map(({ wrt, def }) => {
    const head = `∂${loss ? 'loss' : name}/∂${wrt.name}`
    if (!def) return { wrt, equations: [`${head} = 0`] }
    if (def.kind !== 'computed' || named.has(def)) return { wrt, equations: [`${head} = ${def.name}`] }
    const needed = new Dependencies()
      .components([def])
      .flat()
      .filter((each): each is ComputedDef => each.kind === 'computed' && each !== def && !isAnonymous(each) && !named.has(each)) // prettier-ignore
    const own = equation(graph, def, {}).slice(def.name.length)
    return { wrt, equations: [...needed.map((each) => equation(graph, each, {})), head + own] }
  })
}

/** Names apart before derivatives are taken: the cotangent of `y2` is `d_y2`. The program is the caller's alone. */
export function named({ entries }: Program): void {
  for (const { outputs, loss } of entries)
    nameApart([...outputs.map(({ def }) => def), ...(loss ? [loss] : [])])
}

/** Layers have names of their own: of definitions of one name all but the first get a number; data and parameters keep theirs. */
function nameApart(roots: readonly Def[]): void {
  const all = new Dependencies().components(roots).flat()
  const taken = new Set(all.flatMap((def) => (def.kind === 'computed' ? [] : [def.name])))
  for (const def of all) {
    if (def.kind !== 'computed' || isAnonymous(def)) continue
    const { name } = def
    for (let number = 2; taken.has(def.name); number++) def.name = name + number
    taken.add(def.name)
  }
}

function equation(graph: Graph, def: ComputedDef, { latex = false }: EquationsOptions): string {
  const isNamed = (other: Def): boolean => other !== def && !isAnonymous(other)
  const matrix = def.nominal
    ? undefined
    : matrixNotation(graph, graph.read(def, def.idx), def.idx, { isNamed, formula: bodyAsFormula(graph) })
  if (latex)
    return matrix ? `${nameText(def.name)} = ${printMatrixLatex(matrix)}` : indexLatex(printDefinition(def))
  return matrix ? `${def.name} = ${printMatrix(matrix)}` : printDefinition(def)
}

function indexLatex(line: string): string {
  const syntax = equationSyntax(line)
  return syntax ? printSyntaxLatex(syntax) : `\\texttt{${line}}`
}
