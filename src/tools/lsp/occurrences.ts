/** Every place that names a declaration, in all files. */
import type { Span } from '../../base/source.js'
import type { ProjectFile } from './project.js'
import type { Declaration, Target } from './symbols.js'
import type { Workspace } from './workspace.js'

export interface Occurrence {
  readonly file: ProjectFile
  readonly span: Span
  readonly declares: boolean
  /** It goes by the name that an import gave it: `import { g as h }`. */
  readonly renamed: boolean
}

export function occurrencesOf(workspace: Workspace, declaration: Declaration): Occurrence[] {
  const own = workspace.project.file(declaration.source.filename)
  const others = isVisibleOutside(declaration)
    ? workspace.project.all((text) => mayName(text, declaration.name))
    : []
  return [...new Set([...(own ? [own] : []), ...others])].flatMap((file) =>
    occurrencesIn(workspace, file, declaration),
  )
}

export function occurrencesIn(
  { linker }: Workspace,
  file: ProjectFile,
  declaration: Declaration,
): Occurrence[] {
  const found: Occurrence[] = []
  for (const { span, target } of file.symbols.references)
    if (linker.declaration(target, file.name) === declaration)
      found.push({ file, span, declares: false, renamed: isRenamed(target) })
  for (const each of file.symbols.declarations) {
    const isImport = each.kind === 'import'
    if (
      each !== declaration &&
      !(isImport && linker.declaration({ kind: 'declared', declaration: each }, file.name) === declaration)
    )
      continue
    for (const span of each.places)
      found.push({ file, span, declares: !isImport, renamed: each.imported?.renamed === true })
  }
  return found.toSorted((a, b) => a.span.start - b.span.start)
}

/** The uses of the name that an import gives, which is known in its file alone. */
export function occurrencesOfAlias({ project }: Workspace, alias: Declaration): Occurrence[] {
  const file = project.file(alias.source.filename)
  if (!file) return []
  const spans = file.symbols.references.flatMap(({ span, target }) =>
    target.kind === 'declared' && target.declaration === alias ? [span] : [],
  )
  return [...alias.places, ...spans].map((span) => ({ file, span, declares: false, renamed: false }))
}

/** The import that gave a thing another name, if it is reached by that. */
export const aliasOf = (target: Target): Declaration | undefined =>
  target.kind === 'declared' && target.declaration.imported?.renamed ? target.declaration : undefined

const isRenamed = (target: Target): boolean => aliasOf(target) !== undefined

/** Files that import it, or call what it is a part of. */
function isVisibleOutside(declaration: Declaration): boolean {
  for (let at: Declaration | undefined = declaration; at; at = at.owner)
    if (at.parts?.exported || at.kind === 'constant') return true
  return false
}

/** A name may be spelled in several ways that are one after normalisation. */
const mayName = (text: string, name: string): boolean =>
  text.includes(name) || /[π∞∂]/.test(text) || text.normalize('NFKC').includes(name)
