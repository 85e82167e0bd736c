/** What checking yields beside the program proper: matters that later passes settle. */
import type { Span } from '../base/source.js'
import type { Def, Expr } from '../ir/expr.js'
import type { Program } from '../ir/program.js'

/** Something the language has and the compiler does not compile yet, used by an entry. */
export interface Pending {
  readonly entry: string
  readonly what: string
  readonly span: Span
}

/**
 * A call of a function with an own derivative: `result` depends on `argument` by the stated rule and not by its body.
 * A partial is over the indices of `result`; a pullback is a definition of the argument's shape that reads `given`.
 */
export interface OwnRule {
  readonly entry: string
  readonly function: string
  readonly result: Def
  readonly argument: Def
  readonly rule:
    | { readonly kind: 'partial'; readonly partial: Expr }
    | { readonly kind: 'pullback'; readonly given: Def; readonly cotangent: Expr }
  readonly span: Span
}

export interface CheckedProgram extends Program {
  readonly rules: readonly OwnRule[]
  readonly pending: readonly Pending[]
}
