/**
 * Programs as text. For people (`printExpr`, `printDefinition`): `.nn` notation with reductions in place, for messages
 * and comments in generated code. For the compiler (`printProgram`): every definition on its own line, exact, read back
 * by `readProgram`.
 */
import type { Def, Expr, Index, Read, RoutineHead } from './expr.js'
import { boundIn, expressionsOf } from './dependencies.js'
import { ExpressionPrinter, reductionPiece, type Scope, type ScopedIndex } from './print-expression.js'
import { isAnonymous } from './print-order.js'
import { atom, type Piece } from './print-pieces.js'
import { postorder } from './walk.js'

export { printProgram } from './print-dump.js'
export { isAnonymous }

/** Reductions shown in place, in all and within each other; beyond, a reduction is read by its number. */
const MOST_INLINED = 60
const DEEPEST_INLINED = 6
const LETTERS = ['i', 'j', 'k', 'l', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w']
const LONGEST_TABLE = 16

interface Budget {
  inlined: number
}

class DisplayScope implements Scope {
  constructor(
    readonly indices: ReadonlyMap<Index, ScopedIndex>,
    private readonly taken: ReadonlySet<string>,
    private readonly budget: Budget,
    private readonly depth: number,
  ) {}

  index(index: Index): string {
    return this.indices.get(index)?.piece.text ?? `i${index.ordinal}`
  }
  position(index: Index): number {
    return this.indices.get(index)?.position ?? this.indices.size
  }
  size(size: { readonly name: string }): string {
    return size.name
  }
  definition(def: Def): string {
    return isAnonymous(def) ? `${def.name}${def.id}` : def.name
  }

  inline({ def }: Read, args: readonly Piece[]): Piece | undefined {
    if (def.kind !== 'computed' || !isAnonymous(def) || !def.reduction) return undefined
    if (this.depth >= DEEPEST_INLINED || this.budget.inlined >= MOST_INLINED) return undefined
    this.budget.inlined++
    const taken = new Set([...this.taken, ...namesIn(expressionsOf(def)), ...args.map((arg) => arg.text)])
    const indices = new Map<Index, ScopedIndex>()
    for (const [axis, index] of def.idx.entries()) {
      const outer = [...this.indices.values()].find(({ piece }) => piece.text === args[axis].text)
      indices.set(index, { piece: args[axis], position: outer?.position ?? this.indices.size + axis })
    }
    const binders = def.reduction.idx.map((index, at) => {
      const name = unique(def.indexNames[def.idx.length + at] ?? LETTERS[0], taken)
      indices.set(index, { piece: atom(name), position: this.indices.size + def.idx.length + at })
      return name
    })
    const inner = new DisplayScope(indices, taken, this.budget, this.depth + 1)
    return reductionPiece(new ExpressionPrinter('display', inner), def, binders)
  }
}

/** A name not yet taken, which it then is: the wanted one, another letter, or the wanted one with a number. */
function unique(wanted: string, taken: Set<string>): string {
  let name = wanted
  if (taken.has(name)) name = LETTERS.find((letter) => !taken.has(letter)) ?? name
  for (let count = 1; taken.has(name); count++) name = `${wanted}${count}`
  taken.add(name)
  return name
}

/** Names that an index must not hide: sizes, and scalars read without subscripts. */
function namesIn(expressions: readonly Expr[]): Set<string> {
  const names = new Set<string>()
  for (const node of postorder(expressions))
    if (node.kind === 'size') names.add(node.name)
    else if (node.kind === 'read' && node.args.length === 0) names.add(node.def.name)
  return names
}

const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)} …` : text

/** An expression in `.nn` notation, cut if it is too long. Indices without a given name get letters that are free. */
export function printExpr(
  e: Expr,
  names: ReadonlyMap<Index, string> = new Map(),
  longest = Infinity,
): string {
  const taken = namesIn([e])
  const indices = new Map<Index, ScopedIndex>()
  const free = e.free.toSorted((a, b) => Number(names.has(b)) - Number(names.has(a)))
  for (const [position, index] of free.entries())
    indices.set(index, { piece: atom(unique(names.get(index) ?? LETTERS[0], taken)), position })
  return cut(
    new ExpressionPrinter('display', new DisplayScope(indices, taken, { inlined: 0 }, 0)).print(e).text,
    longest,
  )
}

/** A definition in `.nn` notation: an equation, or the declaration of a leaf. An anonymous reduction has no left side. */
export function printDefinition(def: Def, longest = Infinity): string {
  const roots = expressionsOf(def)
  const taken = namesIn(roots)
  const indices = new Map<Index, ScopedIndex>()
  const declare = (index: Index, at: number): string => {
    const name = unique(def.indexNames[at] ?? LETTERS[0], taken)
    indices.set(index, { piece: atom(name), position: at })
    return name
  }
  const idx = def.idx.map(declare)
  const bound = boundIn(def).filter((index) => !indices.has(index))
  const binders = bound.map((index, at) => declare(index, idx.length + at))
  const printer = new ExpressionPrinter('display', new DisplayScope(indices, taken, { inlined: 0 }, 0))
  const target = idx.length > 0 ? `${def.name}[${idx.join(', ')}]` : def.name
  switch (def.kind) {
    case 'input':
    case 'param': {
      const shape = def.idx.map((index) => printer.print(index.extent).text).join(', ')
      const type = def.integer ? (shape ? `int[${shape}]` : 'int') : `[${shape}]`
      return `${def.kind === 'param' ? 'param ' : ''}${def.name}: ${type}`
    }
    case 'table': {
      const shown = def.values.slice(0, LONGEST_TABLE).join(', ')
      return `${def.name} = [${shown}${def.values.length > LONGEST_TABLE ? ', …' : ''}]`
    }
    case 'computed': {
      if (!def.body) return `${target} = …`
      const value = def.reduction ? reductionPiece(printer, def, binders) : printer.print(def.body)
      const text = def.routine ? routineText(def.routine, value.text) : value.text
      return cut(isAnonymous(def) ? text : `${target} = ${text}`, longest)
    }
    case 'matrix': {
      const operands = def.operands.map(({ value }) => printer.print(value).text)
      return cut(`${target} = ${def.operator}(${operands.join(', ')})`, longest)
    }
    case 'derivative': {
      const at = def.at.map((arg) => printer.print(arg).text)
      const wrt = at.length > 0 ? `${def.wrt.name}[${at.join(', ')}]` : def.wrt.name
      return cut(`${target} = d(${printer.print(def.of).text}, ${wrt})`, longest)
    }
  }
}

/** What a routine computes from the entries it begins with, in the words of the language. */
function routineText({ name, subject }: RoutineHead, entry: string): string {
  switch (name) {
    case 'factorise':
      return `lu(${subject})`
    case 'solveFactored':
      return `solve(${subject}, ${entry})`
    case 'solveTransposed':
      return `solve(${transposed(subject)}, ${entry})`
    case 'choleskyFactor':
      return `cholesky(${subject})`
    case 'cofactorise':
      return `cofactors(${subject})`
  }
}

const transposed = (matrix: string): string =>
  /^[\p{L}\p{M}\p{N}_.]+$/u.test(matrix) ? `${matrix}'` : `(${matrix})'`
