/** What names of the library stand for. Its functions and models are parsed when they are first looked at. */
import type { FunctionDeclaration, ModelDeclaration } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { LibraryDeclaration } from '../std/library.js'
import type { FunctionBinding, Scope, UserFunction } from './scope.js'
import type { ModelReference } from './value.js'

/** The declared function or model, in the scope of its file. */
export const libraryBinding = (declared: LibraryDeclaration, scope: Scope): FunctionBinding =>
  declared.isModel ? new DeclaredModel(declared, scope) : new DeclaredFunction(declared, scope)

/** A function that is known everywhere: its file is looked into when the function is. */
export class FunctionOfLibrary implements UserFunction {
  readonly kind = 'function'
  readonly ambient = []
  readonly library = true

  constructor(
    private readonly name: string,
    private readonly file: () => Scope,
  ) {}

  get declaration(): FunctionDeclaration {
    return this.found.declaration
  }

  get scope(): Scope {
    return this.found.scope
  }

  private get found(): UserFunction {
    const found = this.file().functions.get(this.name)
    if (found?.kind !== 'function') throw new Error(`the library has no function '${this.name}'`)
    return found
  }
}

class DeclaredFunction implements UserFunction {
  readonly kind = 'function'
  readonly ambient = []
  readonly library = true

  constructor(
    private readonly declared: LibraryDeclaration,
    readonly scope: Scope,
  ) {}

  get declaration(): FunctionDeclaration {
    const syntax = this.declared.syntax()
    if (syntax.kind !== 'function') throw new Error(`'${this.declared.name}' is no function`)
    return syntax
  }
}

class DeclaredModel {
  readonly kind = 'model'
  readonly model: ModelReference

  constructor(declared: LibraryDeclaration, home: Scope) {
    this.model = {
      home,
      get declaration(): ModelDeclaration {
        const syntax = declared.syntax()
        if (syntax.kind !== 'model') throw new Error(`'${declared.name}' is no model`)
        return syntax
      },
    }
  }

  get span(): Span {
    return this.model.declaration.signature.name.span
  }
}
