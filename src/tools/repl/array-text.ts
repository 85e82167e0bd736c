/** Arrays as they are typed and shown: `[1, 2]`, `[[1, 0], [0, 1]]`. */
import type { Expression, TypeExpression } from '../../../grammar/ast.js'
import { parseExpression } from '../../../grammar/parse.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { numberOf } from '../../expression/assumption.js'
import { showNumber } from './settings.js'

export interface Values {
  /** Empty for a number. */
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: readonly number[]
}

const MOST_AXES = 16

/** What a text says without variables: a number, or an array whose rows are equally long. */
export function valuesOf(text: string): Values | undefined {
  const syntax = parseExpression({ filename: 'input', text }, new Diagnostics())
  if (!syntax) return undefined
  const shape: number[] = []
  let level: readonly Expression[] = [syntax]
  while (level.some(({ kind }) => kind === 'array')) {
    const rows = level.flatMap((each) => (each.kind === 'array' ? [each.elements] : []))
    const [{ length }] = rows
    if (rows.length < level.length || length === 0 || rows.some((row) => row.length !== length))
      return undefined
    shape.push(length)
    if (shape.length > MOST_AXES) return undefined
    level = rows.flat()
  }
  const values = level.map((each) => (each.kind === 'number' ? Number(each.text) : numberOf(each)))
  return values.every((value) => value !== undefined) ? { shape, values } : undefined
}

/** The type of an array: its extents as they are. */
export function typeOf({ shape }: Values): TypeExpression {
  const span = { source: { filename: 'input', text: '' }, start: 0, end: 0 }
  return {
    dimensions: shape.map((extent) => ({
      kind: 'extent',
      value: { kind: 'number', text: String(extent), span },
      span,
    })),
    span,
  }
}

/** In text that can be typed in again; rows of matrices stand below each other. */
export function arrayText({ shape, values }: Values, digits: number): string {
  let level = values.map((value) => showNumber(value, digits))
  for (const [at, extent] of shape.toReversed().entries()) {
    const indent = `,\n${' '.repeat(shape.length - at)}`
    const rows = Array.from({ length: level.length / extent }, (_, row) => level.slice(row * extent, (row + 1) * extent)) // prettier-ignore
    level = rows.map((row) => `[${row.join(at === 0 ? ', ' : indent)}]`)
  }
  return level[0] ?? '[]'
}

/** As nested arrays, for JSON. */
export function nested({ shape, values }: Values): unknown {
  let level: unknown[] = [...values]
  for (const extent of shape.toReversed())
    level = Array.from({ length: level.length / extent }, (_, row) => level.slice(row * extent, (row + 1) * extent)) // prettier-ignore
  return level[0]
}
