/** A program as a textbook sets it: each definition an equation, in matrix notation where the indices allow it. */
import { printMatrixLatex } from '../../codegen/latex/print-matrix.js'
import { nameText } from '../../codegen/latex/print-latex.js'
import type { ComputedDef, Def } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { isAnonymous, printDefinition } from '../ir/print.js'
import type { Entry, Program } from '../ir/program.js'
import { matrixNotation } from '../notation/recognise.js'
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

/** Layers have names of their own: of definitions of one name all but the first get a number. */
function nameApart(roots: readonly Def[]): void {
  const taken = new Set<string>()
  for (const def of new Dependencies().components(roots).flat()) {
    if (isAnonymous(def)) continue
    const { name } = def
    for (let number = 2; taken.has(def.name); number++) def.name = name + number
    taken.add(def.name)
  }
}

function equation(graph: Graph, def: ComputedDef, { latex = false }: EquationsOptions): string {
  const isNamed = (other: Def): boolean => other !== def && !isAnonymous(other)
  const matrix = def.nominal
    ? undefined
    : matrixNotation(graph, graph.read(def, def.idx), def.idx, { isNamed })
  if (latex)
    return matrix
      ? `${nameText(def.name)} = ${printMatrixLatex(matrix)}`
      : `\\texttt{${printDefinition(def)}}`
  return matrix ? `${def.name} = ${printMatrix(matrix)}` : printDefinition(def)
}
