import type { Expression, Name } from './ast.js'
import type { Span } from '../src/base/source.js'

/** One thing between brackets, before its context says what it is. */
export type Item =
  | { readonly kind: 'rest'; readonly span: Span }
  | { readonly kind: 'slice'; readonly start?: Expression; readonly end?: Expression; readonly span: Span }
  | { readonly kind: 'named'; readonly name: Name; readonly value: Expression; readonly span: Span }
  | { readonly kind: 'plain'; readonly value: Expression; readonly span: Span }

/** The contents of brackets: arguments, subscripts, binders, a shape or a literal. */
export interface Items {
  readonly items: readonly Item[]
  readonly filter?: Expression
  /** With the brackets, where there are some. */
  readonly span: Span
}
