/**
 * A program as exact text: every definition on a line of its own, under a unique name, with extents. `readProgram` reads
 * it back into a fresh graph; printing that gives the same text.
 */
import type { ComputedDef, Def, DerivativeDef, Expr, Facts, Index, MatrixDef, OwnRule } from './expr.js'
import { factsOfValues, REAL, UNKNOWN } from './facts.js'
import { definitionsOf, sizesOf } from './program-contents.js'
import { entryLines, originComment } from './print-entry.js'
import { ExpressionPrinter, type Scope, type ScopedIndex } from './print-expression.js'
import { ProgramNames } from './print-names.js'
import { conjunctionPiece } from './print-conditions.js'
import { atom, doubleText, within } from './print-pieces.js'
import { level } from '../../grammar/precedence.js'
import type { Program } from './program.js'
import { isRuled } from './rules.js'

/** A node used more than once is named if its text has more nodes than this. */
const SHARED_SIZE = 6
/** Deeper expressions are broken up, so that reading them back needs no deep stack. */
const DEEPEST_NESTING = 40

export function printProgram(program: Program): string {
  const definitions = definitionsOf(program)
  const sizes = sizesOf(program, definitions)
  const names = new ProgramNames(sizes, definitions)
  const ofProgram = printerFor(names, [], [])
  const lines = [
    ...sizes.map((size) => `size ${names.size(size)}`),
    '',
    ...definitions.map((def) => definitionLine(names, def)),
    '',
    ...definitions.filter(isRuled).flatMap((def) => def.rules.map((rule) => ruleLine(names, def, rule))),
    '',
    ...program.graph.assumptions.map((e) => `assume ${ofProgram.print(e).text}`),
    ...program.entries.flatMap((entry) => ['', ...entryLines(names, ofProgram, entry)]),
  ]
  return `${lines
    .join('\n')
    .trim()
    .replace(/\n{3,}/g, '\n\n')}\n`
}

/** `rule "f" stated f = f_by_x[i < n] by x[i] given g outer 0`: the subscripts are over the indices of the derivative. */
function ruleLine(names: ProgramNames, result: Def, rule: OwnRule): string {
  const { def, at, given, outer, isStated, argument } = rule
  const indexNames = names.indices(def.idx.map((_, axis) => def.indexNames[axis] ?? 'i'))
  const printer = printerFor(names, def.idx, indexNames)
  const binders = def.idx.map((index, axis) => `${indexNames[axis]} < ${printer.print(index.extent).text}`)
  const places = at.map((place) => printer.print(place).text)
  const parts = [
    `rule ${JSON.stringify(rule.function)}${isStated ? ' stated' : ''} ${names.definition(result)}`,
    `= ${names.definition(def)}[${binders.join(', ')}] by ${names.definition(argument)}[${places.join(', ')}]`,
    ...(given ? [`given ${names.definition(given)} outer ${outer}`] : []),
  ]
  return parts.join(' ') + originComment({ span: rule.span })
}

function printerFor(
  names: ProgramNames,
  indices: readonly Index[],
  indexNames: readonly string[],
): ExpressionPrinter {
  const scoped = new Map<Index, ScopedIndex>(
    indices.map((index, position) => [index, { piece: atom(indexNames[position]), position }]),
  )
  const scopedIndex = (index: Index): ScopedIndex => {
    const found = scoped.get(index)
    if (!found) throw new Error(`index ${index.id} is not bound where it is printed`)
    return found
  }
  const scope: Scope = {
    indices: scoped,
    index: (index) => scopedIndex(index).piece.text,
    position: (index) => scopedIndex(index).position,
    size: (size) => names.size(size),
    definition: (def) => names.definition(def),
    inline: () => undefined,
  }
  return new ExpressionPrinter('dump', scope)
}

function definitionLine(names: ProgramNames, def: Def): string {
  const bound = def.kind === 'computed' ? (def.reduction?.idx ?? []) : []
  const indices = [...def.idx, ...bound]
  const indexNames = names.indices(indices.map((_, at) => def.indexNames[at] ?? 'i'))
  const printer = printerFor(names, indices, indexNames)
  const binders = indices.map((index, at) => `${indexNames[at]} < ${printer.print(index.extent).text}`)
  const target = `${names.definition(def)}[${binders.slice(0, def.idx.length).join(', ')}]`
  const attributes = attributesOf(def, printer)
  const head = target + (attributes.length > 0 ? `: ${attributes.join(', ')}` : '')
  const origin = originComment(def.origin)
  switch (def.kind) {
    case 'input':
    case 'param':
    case 'table':
      return `${def.kind} ${head}${origin}`
    case 'computed':
      return `${head} =${computedText(printer, def, binders.slice(def.idx.length))}${origin}`
    case 'matrix':
      return `matrix ${head} = ${matrixText(names, def)}${origin}`
    case 'derivative':
      return `derivative ${head} =${derivativeText(names, printer, def)}${origin}`
  }
}

/** What the kind of the definition and its body do not say already. */
function attributesOf(def: Def, printer: ExpressionPrinter): string[] {
  const listed = (expressions: readonly Expr[]): string =>
    expressions.map((e) => printer.print(e).text).join(', ')
  const facts = (usual: Facts): string[] => (isEqual(def.facts, usual) ? [] : [factsText(def.facts)])
  const integer = def.integer ? ['int'] : []
  switch (def.kind) {
    case 'input':
      return [...integer, ...(def.bounds.length > 0 ? [`bounds(${listed(def.bounds)})`] : []), ...facts(REAL)]
    case 'param':
      return [...integer, ...facts(REAL)]
    case 'table':
      return [
        ...integer,
        ...facts(factsOfValues(def.values)),
        `values(${def.values.map(doubleText).join(', ')})`,
      ]
    case 'computed': {
      const own = def.nominal ? ['nominal', ...integer, ...facts(UNKNOWN)] : []
      return def.auto ? ['auto', ...own] : own
    }
    case 'matrix':
      return def.auto ? ['auto'] : []
    case 'derivative':
      return []
  }
}

const isEqual = (a: Facts, b: Facts): boolean =>
  Object.is(a.low, b.low) && Object.is(a.high, b.high) && a.nonzero === b.nonzero && a.finite === b.finite

const factsText = ({ low, high, nonzero, finite }: Facts): string =>
  `facts(${[doubleText(low), doubleText(high), ...(nonzero ? ['nonzero'] : []), ...(finite ? ['finite'] : [])].join(', ')})`

function computedText(printer: ExpressionPrinter, def: ComputedDef, binders: readonly string[]): string {
  const { body } = def
  if (!body) return ' none'
  const routine = routineText(printer, def)
  if (!def.reduction) return routine + withLets(printer, [body], () => printer.piece(body).text)
  const { kind, filter } = def.reduction
  const value = withLets(printer, [body, ...filter], () => {
    const conditions = printer.order.conditions(filter)
    const where = filter.length > 0 ? ` where ${conjunctionPiece(printer, conditions).text}` : ''
    return within(printer.piece(body), level.product) + where
  })
  return ` ${kind}[${binders.join(', ')}]${value}`
}

/** What works on the entries in place: ` routine solveFactored 1 "A" with lu[0, 0] of`. */
function routineText(printer: ExpressionPrinter, { routine }: ComputedDef): string {
  if (!routine) return ''
  const { name, rank, factors, subject } = routine
  const others = factors ? ` with ${printer.print(factors).text}` : ''
  return ` routine ${name} ${rank} ${JSON.stringify(subject)}${others} of`
}

/** `solve "A" [i < n, j < n] value [i < n] value`: each operand under indices of its own. */
function matrixText(names: ProgramNames, def: MatrixDef): string {
  const operands = def.operands.map(({ idx, value }) => {
    const indices = [...def.idx.slice(0, def.batch), ...idx]
    const batch = names.indices(def.idx.map((_, at) => def.indexNames[at] ?? 'i')).slice(0, def.batch)
    const own = names.indices([...batch, ...idx.map((_, at) => ['i', 'j'][at] ?? 'k')]).slice(def.batch)
    const printer = printerFor(names, indices, [...batch, ...own])
    const binders = idx.map((index, at) => `${own[at]} < ${printer.print(index.extent).text}`)
    return ` [${binders.join(', ')}]${withLets(printer, [value], () => printer.piece(value).text)}`
  })
  return `${def.operator} ${JSON.stringify(def.subject)}${operands.join('')}`
}

function derivativeText(names: ProgramNames, printer: ExpressionPrinter, def: DerivativeDef): string {
  return withLets(printer, [def.of, ...def.at], () => {
    const at = def.at.map((arg) => printer.piece(arg).text)
    return `d(${printer.piece(def.of).text}, ${names.definition(def.wrt)}[${at.join(', ')}])`
  })
}

/** Prints the roots; large shared nodes and deep ones get lines `let %k = …` of their own before the text. */
function withLets(printer: ExpressionPrinter, roots: readonly Expr[], text: () => string): string {
  const order = printer.order.walk(roots)
  const uses = new Map<Expr, number>()
  for (const node of order)
    for (const operand of printer.order.operands(node)) uses.set(operand, (uses.get(operand) ?? 0) + 1)
  const extents = new Map<Expr, { readonly size: number; readonly height: number }>()
  const lets: string[] = []
  for (const node of order) {
    let size = 1
    let height = 0
    for (const operand of printer.order.operands(node)) {
      const below = extents.get(operand) ?? { size: 1, height: 0 }
      size += below.size
      height = Math.max(height, below.height + 1)
    }
    const piece = printer.compose(node)
    const isShared = (uses.get(node) ?? 0) > 1 && size > SHARED_SIZE
    if (!isShared && height < DEEPEST_NESTING) {
      extents.set(node, { size, height })
      printer.keep(node, piece)
      continue
    }
    const name = `%${lets.length + 1}`
    lets.push(`  let ${name} = ${piece.text}`)
    printer.name(node, name)
  }
  return lets.length === 0 ? ` ${text()}` : `\n${lets.join('\n')}\n  in ${text()}`
}
