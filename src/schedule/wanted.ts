/** What a method is asked for. */
import type { Def, InputDef } from '../ir/expr.js'
import type { Entry } from '../ir/program.js'
import type { MethodName, MethodResult } from './loop-program.js'

/** A result to be computed; `def` is absent where it is structurally zero. */
export interface Wanted {
  readonly kind: MethodResult['kind']
  readonly path: readonly string[]
  readonly like: Def
  readonly def: Def | undefined
  /** Computed only if the gradient of this input is asked for. */
  readonly optional: InputDef | undefined
}

export interface MethodSpec {
  readonly name: MethodName
  readonly entry: Entry
  readonly seeds: readonly InputDef[]
  readonly wanted: readonly Wanted[]
}
