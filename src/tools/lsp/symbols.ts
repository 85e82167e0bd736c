/** What a file declares, and what its names refer to: read off the syntax alone, so that broken files have it too. */
import type { Source, Span } from '../../base/source.js'

export type DeclarationKind =
  | 'function'
  | 'optimizer'
  | 'model'
  | 'constant'
  | 'import'
  | 'size'
  | 'parameter'
  | 'param'
  | 'layer'
  | 'definition'
  | 'index'

export interface Declaration {
  readonly kind: DeclarationKind
  /** As names are compared; the text at its places may be another spelling of it. */
  readonly name: string
  readonly source: Source
  /** Where the name is declared. The equations of a recurrence declare one name together. */
  readonly places: Span[]
  /** What is shown of it: its statement, signature or binder. */
  readonly text: Span
  readonly doc: string | undefined
  /** The function or model in whose signature or body it stands. */
  readonly owner: Declaration | undefined
  /** Of functions and models. */
  readonly parts?: Parts
  /** Of a layer: the model it is an instance of. */
  readonly model?: Target
  /** Of a definition: what its one value stands for, if members can be taken of it. */
  readonly value?: Subject
  /** Of an import: what it names, and where. */
  readonly imported?: { readonly specifier: string; readonly name: string; readonly renamed: boolean }
}

/** What can be named from outside a function or model. */
export interface Parts {
  readonly sizes: Map<string, Declaration>
  readonly parameters: Map<string, Declaration>
  /** The parameters and layers of a model. */
  readonly members: Map<string, Declaration>
  /** The outs of a model; the names that a function returns. */
  readonly results: Map<string, Target>
  readonly exported: boolean
}

/** What a name refers to. Those kinds that need other files are followed by `link.ts`. */
export type Target =
  | { readonly kind: 'declared'; readonly declaration: Declaration }
  /** Not of this file: a function of the library or of the language, or nothing. */
  | { readonly kind: 'global'; readonly name: string }
  /** `pi`, an initialiser, a type: the language has it. */
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Subject; readonly name: string }
  /** `axis = 0` in a call, `m = 10` in `Dense[m = 10]`. */
  | { readonly kind: 'argument'; readonly callee: Target; readonly name: string }
  | { readonly kind: 'size'; readonly model: Target; readonly name: string }
  /** A name in the braces of an import, as the other file has it. */
  | { readonly kind: 'exported'; readonly specifier: string; readonly name: string }

/** What members are taken of. */
export type Subject =
  { readonly kind: 'value'; readonly target: Target } | { readonly kind: 'result'; readonly callee: Target }

export interface Reference {
  readonly span: Span
  readonly target: Target
}

/** A stretch of text in which names are visible, with the offset from which each is. */
export interface Block {
  readonly start: number
  readonly end: number
  readonly outer: Block | undefined
  readonly owner: Declaration | undefined
  readonly names: { readonly declaration: Declaration; readonly from: number }[]
}

export interface FileSymbols {
  /** In order of appearance. */
  readonly declarations: readonly Declaration[]
  /** In order of appearance; places of declarations are none. */
  readonly references: readonly Reference[]
  readonly blocks: readonly Block[]
  /** What other files may import. */
  readonly exported: ReadonlyMap<string, Declaration>
  /** Names that were taken already in the block they are declared in. */
  readonly clashes: number
}
