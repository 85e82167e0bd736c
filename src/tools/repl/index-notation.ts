/** Tensors in index notation, which can be typed in again, and in matrix notation where the indices allow it. */
import { Dependencies } from '../../ir/dependencies.js'
import type { ComputedDef, Def } from '../../ir/expr.js'
import { isAnonymous } from '../../ir/print-order.js'
import { printDefinition } from '../../ir/print.js'
import type { Matrix } from '../../notation/matrix.js'
import { matrixNotation } from '../../notation/recognise.js'
import type { TensorAnswer } from './answer.js'

export interface TensorText {
  readonly result: string
  /** What the result is made of, dependencies first. */
  readonly where: readonly string[]
  readonly matrix: Matrix | undefined
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
    .filter((each) => each.kind === 'computed')
  const parts = computed.filter((each) => !isAnonymous(each))
  nameApart(parts, def, name, [
    ...names,
    ...program.entries.flatMap(({ inputs }) => inputs.map((input) => input.name)),
  ])
  for (const part of computed) part.indexNames = withoutNumbers(part.indexNames)
  const isNamed = (other: Def): boolean => other !== def && !isAnonymous(other)
  const matrix = matrixNotation(program.graph, program.graph.read(def, def.idx), def.idx, { isNamed })
  return {
    result: printDefinition(def),
    where: parts.filter((part) => part !== def).map((part) => printDefinition(part)),
    matrix,
  }
}

/** Of definitions of one name all but the first get a number; names of the session are taken. */
function nameApart(
  parts: readonly ComputedDef[],
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
