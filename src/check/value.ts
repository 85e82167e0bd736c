/**
 * What an expression stands for while it is elaborated: a tensor whose element is an IR expression over
 * canonical axes, several results, or an instance of a model.
 */
import type { ModelDeclaration } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { Expr, ParamDef } from '../ir/expr.js'

export type Value = Tensor | Tuple | Instance | Poison

/**
 * `element` is written over the canonical axes of `shape` (see axes.ts): the element at given positions is
 * a substitution, and pointwise operations on equal shapes need none.
 */
export interface Tensor {
  readonly kind: 'tensor'
  readonly shape: readonly Expr[]
  readonly element: Expr
  /** A transposed vector: a row inside the expression that transposes it. */
  readonly row: boolean
  /** Extra positions below 0 and above the end of the leading axes, which stay readable after a recurrence. */
  readonly margins?: readonly Margin[]
}

export interface Margin {
  readonly before: number
  readonly after: number
}

/** Several results of a call; `names` if they can be taken by name: the outs of a model. */
export interface Tuple {
  readonly kind: 'tuple'
  readonly values: readonly Value[]
  readonly names: readonly string[] | undefined
  /** What has several results, for messages. */
  readonly of: string
}

/** A layer: a model used inside a model. Its sizes and parameters are settled by its first application. */
export interface Instance {
  readonly kind: 'instance'
  readonly path: readonly string[]
  readonly model: ModelReference
  /** The values of the sizes in brackets. */
  readonly sizes: readonly Expr[]
  readonly span: Span
  /** In order of declaration, filled by the first application. */
  readonly members: Map<string, Member>
  applied: Span | undefined
  /** A use was found, sound or not. */
  used: boolean
  /** Extents of size names settled by the first application. */
  readonly extents: Map<string, Expr>
}

export type Member = { readonly kind: 'param'; readonly def: ParamDef } | Instance

/** A model of some file together with the scope it is written in (opaque here). */
export interface ModelReference {
  readonly declaration: ModelDeclaration
  readonly home: object
}

/** The value of an expression with a mistake: silences every message that would follow from it. */
export interface Poison {
  readonly kind: 'poison'
}

export const POISON: Poison = { kind: 'poison' }

export function tensor(shape: readonly Expr[], element: Expr): Tensor {
  return { kind: 'tensor', shape, element, row: false }
}

export function scalar(element: Expr): Tensor {
  return tensor([], element)
}
