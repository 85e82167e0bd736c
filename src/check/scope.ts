/**
 * Names and what they stand for. Values and functions live in two namespaces: a size `d` and the derivative
 * `d(f, x)` stand side by side.
 */
import type { ConstDeclaration, FunctionDeclaration } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { Index } from '../ir/expr.js'
import type { Recurrent } from './recurrent.js'
import type { Instance, ModelReference, Value } from './value.js'

export type Role = 'parameter' | 'definition' | 'index' | 'param' | 'size' | 'import'

export type Binding =
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span | undefined; readonly role: Role }
  | ConstantBinding
  | { readonly kind: 'recurrent'; readonly recurrent: Recurrent; readonly span: Span }

/** A constant of a file: elaborated at its first use, wherever it stands. */
export interface ConstantBinding {
  readonly kind: 'constant'
  readonly declaration: ConstDeclaration
  readonly scope: Scope
  /** The number that replaces its value. */
  readonly override: number | undefined
  readonly span: Span
  state: 'untouched' | 'underway' | { readonly value: Value }
}

export type FunctionBinding =
  | UserFunction
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'model'; readonly model: ModelReference; readonly span: Span }
  /** An import that failed: its uses are silent. */
  | { readonly kind: 'poison' }

export interface UserFunction {
  readonly kind: 'function'
  readonly declaration: FunctionDeclaration
  /** Where it is written: its free names mean what they mean there. */
  readonly scope: Scope
  /** Indices that its free names may depend on: those around a local function. */
  readonly ambient: readonly Index[]
  /** Functions of the library give way to those of the file, and are no entries. */
  readonly library: boolean
}

/** Is told of every value that gets a name, with the place of the name: for editors. */
export type OnBind = (name: string, value: Value, span: Span) => void

export class Scope {
  readonly values = new Map<string, Binding>()
  readonly functions = new Map<string, FunctionBinding>()
  /** Names that the same block defines further down, with the place: "used before its definition". */
  readonly later = new Map<string, Span>()

  constructor(
    readonly parent: Scope | undefined,
    private readonly onBind: OnBind | undefined = parent?.onBind,
  ) {}

  value(name: string): Binding | undefined {
    return outward(this, (scope) => scope.values.get(name))
  }

  function(name: string): FunctionBinding | undefined {
    return outward(this, (scope) => scope.functions.get(name))
  }

  /** The layer of that name, unless a function of that name stands nearer: `norm(x)` under `param norm: LayerNorm`. */
  instance(name: string): Instance | undefined {
    const found = outward(this, ({ values, functions }) => {
      const binding = values.get(name)
      return binding?.kind === 'value' && binding.value.kind === 'instance'
        ? binding.value
        : functions.get(name)
    })
    return found?.kind === 'instance' ? found : undefined
  }

  definedLater(name: string): Span | undefined {
    return outward(this, (scope) => scope.later.get(name))
  }

  bind(name: string, value: Value, span: Span | undefined, role: Role): void {
    this.values.set(name, { kind: 'value', value, span, role })
    if (span) this.onBind?.(name, value, span)
  }

  /** An empty scope that sees the same names. */
  fresh(): Scope {
    return new Scope(this)
  }

  /** Names of values that can be seen from here, nearest first. */
  valueNames(): Iterable<string> {
    return namesFrom(this, (scope) => scope.values.keys())
  }

  functionNames(): Iterable<string> {
    return namesFrom(this, (scope) => scope.functions.keys())
  }
}

function* namesFrom(from: Scope, of: (scope: Scope) => Iterable<string>): Iterable<string> {
  for (let scope: Scope | undefined = from; scope; scope = scope.parent) yield* of(scope)
}

/** What the nearest scope gives that gives anything. */
function outward<T>(from: Scope, find: (scope: Scope) => T | undefined): T | undefined {
  for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
    const found = find(scope)
    if (found !== undefined) return found
  }
  return undefined
}
