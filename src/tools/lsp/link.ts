/** Follows what names refer to, across files and into the library. */
import type { Span } from '../../base/source.js'
import { isBuiltin } from '../../check/builtin-names.js'
import type { Project } from './project.js'
import type { Declaration, Reference, Subject, Target } from './symbols.js'

export type Meaning =
  | { readonly kind: 'declaration'; readonly declaration: Declaration }
  /** A function or word of the language itself. */
  | { readonly kind: 'language'; readonly name: string }

/** A name in a text; without a meaning if nothing declares it. */
interface Found extends Reference {
  readonly meaning: Meaning | undefined
}

/** Chains of imports and members longer than this are circles. */
const LONGEST = 40

export class Linker {
  constructor(private readonly project: Project) {}

  /** The declaration that is meant, behind imports. */
  meaning(target: Target, importer: string, depth = 0): Meaning | undefined {
    if (depth > LONGEST) return undefined
    switch (target.kind) {
      case 'word':
        return { kind: 'language', name: target.name }
      case 'declared':
        return this.behindImport(target.declaration, depth + 1)
      case 'global':
        return this.global(target.name)
      case 'exported':
        return this.exported(target.specifier, target.name, importer, depth)
      case 'argument': {
        const callee = this.declaration(target.callee, importer, depth + 1)
        const parts = callee && this.callable(callee, depth + 1)?.parts
        return found(parts?.parameters.get(target.name))
      }
      case 'size':
        return found(this.declaration(target.model, importer, depth + 1)?.parts?.sizes.get(target.name))
      case 'member':
        return this.member(target.of, target.name, importer, depth)
    }
  }

  declaration(target: Target, importer: string, depth = 0): Declaration | undefined {
    const meaning = this.meaning(target, importer, depth)
    return meaning?.kind === 'declaration' ? meaning.declaration : undefined
  }

  /** The function, or the model of a layer. */
  callable(declaration: Declaration, depth = 0): Declaration | undefined {
    if (declaration.parts) return declaration
    return declaration.model && this.declaration(declaration.model, declaration.source.filename, depth + 1)
  }

  /** The declaration that is meant by a name at an offset, and the place of that name. */
  at(name: string, offset: number): Found | undefined {
    const file = this.project.file(name)
    if (!file) return undefined
    const touches = ({ start, end }: Span): boolean => start <= offset && offset <= end
    const reference = file.symbols.references.find(({ span }) => touches(span))
    if (reference) return { ...reference, meaning: this.meaning(reference.target, name) }
    for (const declaration of file.symbols.declarations) {
      const span = declaration.places.find(touches)
      const target: Target = { kind: 'declared', declaration }
      if (span) return { span, target, meaning: this.meaning(target, name) }
    }
    return undefined
  }

  /** An import under its own name is another place of what it imports; under a new name it is a name of its own. */
  private behindImport(declaration: Declaration, depth: number): Meaning | undefined {
    const { imported, source } = declaration
    if (!imported) return found(declaration)
    return this.exported(imported.specifier, imported.name, source.filename, depth)
  }

  private exported(specifier: string, name: string, importer: string, depth: number): Meaning | undefined {
    const declaration = this.project.imported(specifier, importer)?.symbols.exported.get(name)
    return declaration && this.behindImport(declaration, depth + 1)
  }

  private global(name: string): Meaning | undefined {
    if (isBuiltin(name)) return { kind: 'language', name }
    return found(this.project.libraryFileOf(name)?.symbols.exported.get(name))
  }

  private member(of: Subject, name: string, importer: string, depth: number): Meaning | undefined {
    const { targets, filename } = this.members(of, importer, depth)
    const target = targets.get(name)
    return target && this.meaning(target, filename, depth + 1)
  }

  /** What can be taken of a layer or of a result by name; the targets are those of the file named. */
  members(
    of: Subject,
    importer: string,
    depth = 0,
  ): { readonly targets: ReadonlyMap<string, Target>; readonly filename: string } {
    const nothing = { targets: new Map<string, Target>(), filename: importer }
    if (depth > LONGEST) return nothing
    const declaration = this.declaration(of.kind === 'result' ? of.callee : of.target, importer, depth + 1)
    if (!declaration) return nothing
    const { filename } = declaration.source
    if (of.kind === 'value' && declaration.kind !== 'layer')
      return declaration.value ? this.members(declaration.value, filename, depth + 1) : nothing
    const callable = this.callable(declaration, depth + 1)
    if (!callable?.parts) return nothing
    const { members, results } = callable.parts
    const own = new Map(
      [...members].map(([name, each]): [string, Target] => [name, { kind: 'declared', declaration: each }]),
    )
    return { targets: of.kind === 'result' ? results : own, filename: callable.source.filename }
  }
}

const found = (declaration: Declaration | undefined): Meaning | undefined =>
  declaration && { kind: 'declaration', declaration }
