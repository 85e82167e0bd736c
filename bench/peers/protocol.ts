/** What the process that measures asks the process of one system, and what comes back. */
import type { Point } from './values.js'

export interface Question {
  readonly task: 'differentiate' | 'simplify'
  readonly expression: string
  readonly points: readonly Point[]
}

export type Reply =
  | {
      readonly kind: 'answer'
      readonly text: string
      readonly milliseconds: number
      /** At the points; NaN where there is none. */
      readonly values: readonly number[]
      /** Whether a condition fails at the points. */
      readonly excluded: readonly boolean[]
    }
  | { readonly kind: 'failed'; readonly reason: string }
