/** What a session answers: plain data, printed by `print-result.ts` or given away as JSON. */
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Curve } from './curve.js'

export type Language = 'plain' | 'js' | 'latex' | 'mathml' | 'dot' | 'mermaid' | 'svg'

export type Result =
  /** An expression, in text that can be typed in again. */
  | {
      readonly kind: 'expression'
      readonly text: string
      /** Definitions that the text reads, to be typed in before it. */
      readonly parts?: readonly string[]
      /** Those of a tensor, which are for reading. */
      readonly where: readonly string[]
      /** The same in matrix notation, where the indices allow it. */
      readonly matrix?: string
      /** Where one of them fails, what was typed is undefined. */
      readonly conditions: readonly string[]
      /** How the input was read, and what the answer means. */
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'number'
      readonly text: string
      readonly value: number
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'array'
      /** Nested, as typed. */
      readonly text: string
      readonly value: unknown
      readonly notes: readonly string[]
    }
  /** Something is known from now on. */
  | { readonly kind: 'made'; readonly text: string; readonly notes: readonly string[] }
  | {
      readonly kind: 'table'
      readonly title: string
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'text'
      readonly language: Language
      readonly text: string
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'plot'
      readonly variable: string
      readonly from: number
      readonly to: number
      readonly curves: readonly Curve[]
      readonly notes: readonly string[]
    }
  | { readonly kind: 'problem'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'quit' }

export const textResult = (
  text: string,
  language: Language = 'plain',
  notes: readonly string[] = [],
): Result => ({
  kind: 'text',
  language,
  text,
  notes,
})
