/** Tensors in index notation, which can be typed in again, and in matrix notation where the indices allow it. */
import { printMatrix } from '../../expression/print-matrix.js'
import { Dependencies, expressionsOf } from '../../ir/dependencies.js'
import type { ComputedDef, Def, Expr, MatrixDef } from '../../ir/expr.js'
import { isAnonymous } from '../../ir/print-order.js'
import { printDefinition } from '../../ir/print.js'
import { postorder } from '../../ir/walk.js'
import type { Matrix } from '../../notation/matrix.js'
import { matrixNotation } from '../../notation/recognise.js'
import { bodyAsFormula } from '../../simplify/formula.js'
import type { TensorAnswer } from './answer.js'

export interface TensorText {
  readonly result: string
  /** What the result is made of, dependencies first. */
  readonly where: readonly string[]
  readonly matrix: Matrix | undefined
  /** Those of them that the matrix notation needs. */
  readonly named: readonly string[]
}

/** The program is the caller's alone: its definitions are renamed. */
export function tensorText(
  { def, program }: TensorAnswer,
  name: string,
  names: readonly string[],
): TensorText {
  const computed = new Dependencies()
    .components([def])
    .flat()
    .filter((each) => each.kind === 'computed' || each.kind === 'matrix')
  const parts = computed.filter((each) => !isAnonymous(each))
  nameApart(parts, def, name, [
    ...names,
    ...program.entries.flatMap(({ inputs }) => inputs.map((input) => input.name)),
  ])
  for (const part of computed) if (part.kind === 'computed') part.indexNames = withoutNumbers(part.indexNames)
  const uses = usesOf(computed)
  // What is used once is written where it is: `2X' @ (X @ w - y)`.
  const isNamed = (other: Def): boolean => other !== def && !isAnonymous(other) && uses.get(other) !== 1
  const { graph } = program
  const inMatrices = (part: Def, isNamed: (other: Def) => boolean): Matrix | undefined =>
    matrixNotation(graph, graph.read(part, part.idx), part.idx, { isNamed, formula: bodyAsFormula(graph) })
  /** Operators on matrices have no entries to be written: `inv_logdet = inv(A)`. */
  const lineOf = (part: Def): string => {
    const whole = part.kind === 'matrix' ? inMatrices(part, (other) => !isAnonymous(other)) : undefined
    return whole ? `${part.name} = ${printMatrix(whole)}` : printDefinition(part)
  }
  const others = parts.filter((part) => part !== def)
  const named = others.filter((part) => part.kind !== 'matrix' && isNamed(part))
  const needed = new Set(new Dependencies().components(named).flat())
  return {
    result: lineOf(def),
    where: others.map(lineOf),
    matrix: inMatrices(def, isNamed),
    named: others.filter((part) => needed.has(part)).map(lineOf),
  }
}

/** How often each is written in those that are made of it. */
function usesOf(definitions: readonly Def[]): ReadonlyMap<Def, number> {
  const uses = new Map<Def, number>()
  const count = (e: Expr): void => {
    if (e.kind === 'read') uses.set(e.def, (uses.get(e.def) ?? 0) + 1)
  }
  for (const root of definitions.flatMap(expressionsOf)) {
    count(root)
    for (const part of postorder([root])) part.operands.forEach(count)
  }
  return uses
}

/** Of definitions of one name all but the first get a number; names of the session are taken. */
function nameApart(
  parts: readonly (ComputedDef | MatrixDef)[],
  result: Def,
  name: string,
  others: readonly string[],
): void {
  result.name = name
  const taken = new Set([name, ...others])
  for (const part of parts) {
    if (part === result) continue
    const wanted = part.name === 'derivative' ? 'slope' : part.name
    part.name = wanted
    for (let number = 2; taken.has(part.name); number++) part.name = wanted + number
    taken.add(part.name)
  }
}

const LETTERS = ['i', 'j', 'k', 'l', 'p', 'q', 'r', 's']

/** Names such as `i1`, which passes make up, become letters that are free. */
function withoutNumbers(names: readonly string[]): string[] {
  const taken = new Set(names.filter((name) => !/\d$/.test(name)))
  return names.map((name, at) => {
    if (!/\d$/.test(name) && names.indexOf(name) === at) return name
    const free = LETTERS.find((letter) => !taken.has(letter)) ?? name
    taken.add(free)
    return free
  })
}
