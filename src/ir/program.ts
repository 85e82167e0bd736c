/**
 * A compiled file: entries (functions, models, optimisers) over one graph of definitions.
 */
import type { Span } from '../base/source.js'
import type { Def, Expr, InputDef, ParamDef, Size } from './expr.js'
import type { Graph } from './graph.js'

export interface Program {
  readonly graph: Graph
  readonly entries: readonly Entry[]
}

export type EntryKind = 'function' | 'model' | 'optimizer'

export interface Entry {
  readonly kind: EntryKind
  readonly name: string
  readonly exported: boolean
  readonly doc: string | undefined
  readonly span: Span
  /** Symbolic sizes bound by the data, in order of appearance. */
  readonly sizes: readonly SizeBinding[]
  readonly params: readonly Parameter[]
  readonly inputs: readonly Input[]
  /** The results of a function (names `value`, or the returned names) or the outs of a model. */
  readonly outputs: readonly Output[]
  readonly loss: Def | undefined
  readonly checks: readonly Check[]
  /**
   * Filled by the `differentiate` pass. Functions with one scalar result and models with a loss: the cotangents
   * of that scalar. Otherwise the pullback of `cotangents`, one fresh input per real output.
   */
  readonly backward: Backward | undefined
  /** Forward mode, where it was asked for. */
  readonly tangent?: Tangent | undefined
}

/** A size that the caller's arrays determine: the extent of axis `axis` of `input` is `expr`, linear in the one unknown size. */
export interface SizeBinding {
  readonly size: Size
  readonly input: InputDef
  readonly axis: number
}

export interface Parameter {
  /** `['l1', 'W']`. */
  readonly path: readonly string[]
  readonly def: ParamDef
  readonly doc: string | undefined
  readonly initial: Initial
}

export type Initial =
  | { readonly kind: 'zeros' }
  /** `= e`: a definition of the parameter's shape (or a scalar), free of data. */
  | { readonly kind: 'value'; readonly def: Def }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** Fan-in and fan-out as extents of the parameter's axes, found from its reads. */
  | { readonly kind: 'he' | 'glorot' | 'lecun'; readonly fanIn: Expr; readonly fanOut: Expr }
  | { readonly kind: 'orthogonal' }

export interface Input {
  readonly name: string
  readonly def: InputDef
  readonly doc: string | undefined
  /** `int` and `bool` data are not differentiated. */
  readonly type: 'real' | 'int' | 'bool'
  /** The value used when the caller leaves the argument out. */
  readonly default: number | undefined
}

/** What the inputs of an optimizer are: parameters, their gradient, states (no default) and settings (with one). */
export interface OptimizerInputs {
  readonly parameters: Input
  readonly gradient: Input
  readonly states: readonly Input[]
  readonly settings: readonly Input[]
  /** What its outputs are the new values of, in order. */
  readonly updated: readonly Input[]
}

export function optimizerInputs({ inputs }: Entry): OptimizerInputs {
  const [parameters, gradient, ...states] = inputs.filter((input) => input.default === undefined)
  const settings = inputs.filter((input) => input.default !== undefined)
  return { parameters, gradient, states, settings, updated: [parameters, ...states] }
}

export interface Output {
  readonly name: string
  readonly def: Def
  readonly doc: string | undefined
  /** Where it is offered: its definition may stand elsewhere, in a file that is imported. */
  readonly span?: Span
}

/** A condition over sizes (and whole-numbered scalar inputs) tested when they are bound: `expr >= 0`. */
export interface Check {
  readonly expr: Expr
  readonly message: string
  readonly span: Span | undefined
}

export interface Backward {
  /** Fresh inputs, one per real output, in order; empty when the one scalar result is the seed. */
  readonly cotangents: readonly InputDef[]
  /** The cotangent of each real parameter and real input, `undefined` where it is structurally zero. */
  readonly gradients: readonly { readonly wrt: ParamDef | InputDef; readonly def: Def | undefined }[]
}

export interface Tangent {
  /** One per real parameter and input, in order: its tangent. */
  readonly inputs: readonly InputDef[]
  /** One per output: its tangent, `undefined` where it is structurally zero. */
  readonly outputs: readonly (Def | undefined)[]
}
