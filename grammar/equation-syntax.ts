/** Equations as they are printed, `J[i, j] = p[i] * p[j]`, read as syntax again for other notations. */
import type { Comparison, Expression } from './ast.js'
import { parseExpression } from './parse.js'
import { Diagnostics } from '../src/base/diagnostic.js'

/** An equation is a comparison by `==`. What is no text of the language, such as a recurrence, is not read. */
export function equationSyntax(line: string): Expression | undefined {
  const [, left, right] = /^([^=]+?) = ([^]+)$/.exec(line) ?? ['', '', line]
  const value = expressionOf(right)
  if (!value || left === '') return value
  const name = expressionOf(left)
  if (!name) return undefined
  const equation: Comparison = {
    kind: 'comparison',
    operands: [name, value],
    operators: ['=='],
    span: value.span,
  }
  return equation
}

function expressionOf(text: string): Expression | undefined {
  const diagnostics = new Diagnostics()
  const syntax = parseExpression({ filename: 'answer', text }, diagnostics)
  return diagnostics.hasErrors ? undefined : syntax
}
