/** The entries of a program in the dump: what is passed in and out, and where each thing comes from. */
import { positionOf, type Span } from '../base/source.js'
import type { Def, Origin } from './expr.js'
import type { ExpressionPrinter } from './print-expression.js'
import type { ProgramNames } from './print-names.js'
import { doubleText } from './print-pieces.js'
import type { Entry, Initial } from './program.js'

/** `"mlp.nn" 4:3-4:20`. */
function spanText({ source, start, end }: Span): string {
  const at = (offset: number): string => {
    const { line, column } = positionOf(source, offset)
    return `${line}:${column}`
  }
  return `${JSON.stringify(source.filename)} ${at(start)}-${at(end)}`
}

export function originComment({ span, rule }: Origin): string {
  if (!span && rule === undefined) return ''
  const parts = [
    ...(span ? [spanText(span)] : []),
    ...(rule === undefined ? [] : [`by ${JSON.stringify(rule)}`]),
  ]
  return ` //@ ${parts.join(' ')}`
}

const docText = (doc: string | undefined): string => (doc === undefined ? '' : ` doc ${JSON.stringify(doc)}`)

export function entryLines(names: ProgramNames, printer: ExpressionPrinter, entry: Entry): string[] {
  const named = (def: Def | undefined): string => (def ? names.definition(def) : 'none')
  const { backward, tangent } = entry
  const lines = [
    `at ${spanText(entry.span)}${docText(entry.doc)}`,
    ...entry.sizes.map(({ size, input, axis }) => `size ${names.size(size)} = ${named(input)} axis ${axis}`),
    ...entry.params.map(({ path, def, doc, initial }) => {
      const parts = path.map((part) => JSON.stringify(part)).join(' ')
      return `param ${parts} = ${named(def)} ~ ${initialText(names, printer, initial)}${docText(doc)}`
    }),
    ...entry.inputs.map(({ name, def, doc, type, default: value }) => {
      const otherwise = value === undefined ? '' : ` default ${doubleText(value)}`
      return `input ${JSON.stringify(name)} = ${named(def)} ${type}${otherwise}${docText(doc)}`
    }),
    ...entry.outputs.map(
      ({ name, def, doc }) => `output ${JSON.stringify(name)} = ${named(def)}${docText(doc)}`,
    ),
    ...(entry.loss ? [`loss ${named(entry.loss)}`] : []),
    ...entry.checks.map(({ expr, message, span }) => {
      const place = span ? ` at ${spanText(span)}` : ''
      return `check ${printer.print(expr).text} ${JSON.stringify(message)}${place}`
    }),
    ...(backward
      ? [
          'backward {',
          ...backward.cotangents.map((def) => `  cotangent ${named(def)}`),
          ...backward.gradients.map(({ wrt, def }) => `  gradient ${named(wrt)} = ${named(def)}`),
          '}',
        ]
      : []),
    ...(tangent
      ? [
          'tangent {',
          ...tangent.inputs.map((def) => `  input ${named(def)}`),
          ...tangent.outputs.map((def) => `  output ${named(def)}`),
          '}',
        ]
      : []),
  ]
  const head = `${entry.kind} ${JSON.stringify(entry.name)}${entry.exported ? ' exported' : ''} {`
  return [head, ...lines.map((line) => `  ${line}`), '}']
}

function initialText(names: ProgramNames, printer: ExpressionPrinter, initial: Initial): string {
  switch (initial.kind) {
    case 'zeros':
    case 'orthogonal':
      return initial.kind
    case 'value':
      return `value ${names.definition(initial.def)}`
    case 'normal':
      return `normal(${doubleText(initial.mean)}, ${doubleText(initial.deviation)})`
    case 'uniform':
      return `uniform(${doubleText(initial.low)}, ${doubleText(initial.high)})`
    case 'he':
    case 'glorot':
    case 'lecun':
      return `${initial.kind}(${printer.print(initial.fanIn).text}, ${printer.print(initial.fanOut).text})`
  }
}
