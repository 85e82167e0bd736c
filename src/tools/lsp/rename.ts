/** A new name for a declaration: everywhere, and only where everything still means the same. */
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Range, WorkspaceEdit } from 'vscode-languageserver-types'
import { isName, nameAt, normaliseName } from '../../../grammar/characters.js'
import { reductionOf } from '../../../grammar/reductions.js'
import { reservedWords, statementWords } from '../../../grammar/tokens.js'
import { isBuiltin } from '../../check/builtin-names.js'
import { refusals } from './messages.js'
import { aliasOf, type Occurrence, occurrencesOf, occurrencesOfAlias } from './occurrences.js'
import type { ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'
import type { Declaration, Target } from './symbols.js'
import { type Workspace, workspaceOf } from './workspace.js'

/** A name that can be changed, or why it cannot. */
export interface Renameable {
  readonly range: Range
  readonly placeholder: string
  readonly occurrences: readonly Occurrence[]
}

export interface Refused {
  readonly refusal: string
}

export function renameable(workspace: Workspace, name: string, offset: number): Renameable | Refused {
  const file = workspace.project.file(name)
  const found = workspace.linker.at(name, offset)
  if (!file || !found?.meaning) return { refusal: refusals.nothingHere() }
  const { span, target, meaning } = found
  const alias = aliasOf(target)
  if (meaning.kind === 'language') return { refusal: refusals.language(meaning.name) }
  if (!alias && workspace.texts.isLibrary(meaning.declaration.source.filename))
    return { refusal: refusals.library(meaning.declaration.name) }
  const occurrences = alias
    ? occurrencesOfAlias(workspace, alias)
    : occurrencesOf(workspace, meaning.declaration).filter(({ renamed }) => !renamed)
  return {
    range: rangeOf(file.document, span),
    placeholder: file.text.slice(span.start, span.end),
    occurrences,
  }
}

export function rename(
  workspace: Workspace,
  name: string,
  offset: number,
  newName: string,
): WorkspaceEdit | Refused {
  const invalid = invalidName(newName)
  if (invalid !== undefined) return { refusal: invalid }
  const found = renameable(workspace, name, offset)
  if ('refusal' in found) return found
  const edited = editedFiles(found.occurrences, newName)
  const broken = [...edited.keys()].find(({ mistakes }) => mistakes.length > 0)
  if (broken) return { refusal: refusals.mistakes(broken.name) }
  const changed = changedMeaning(workspace, edited)
  if (changed) return { refusal: refusals.taken(newName, changed.name) }
  const changes: NonNullable<WorkspaceEdit['changes']> = {}
  for (const [file, { occurrences }] of edited)
    changes[file.document.uri] = occurrences.map(({ span }) => ({
      range: rangeOf(file.document, span),
      newText: newName,
    }))
  return { changes }
}

function invalidName(text: string): string | undefined {
  const name = normaliseName(text)
  if (nameAt(text, 0) !== text || !isName(name)) return refusals.notAName(text)
  const isWord = reservedWords.has(name) || reductionOf(name) || statementWords.has(name) || isBuiltin(name)
  return isWord || name === 'pi' || name === 'inf' ? refusals.reserved(text) : undefined
}

/** The text of a file after the edits, and where its old positions have gone. */
interface Edited {
  readonly occurrences: readonly Occurrence[]
  readonly text: string
  readonly moved: (offset: number) => number
}

function editedFiles(occurrences: readonly Occurrence[], newName: string): ReadonlyMap<ProjectFile, Edited> {
  const byFile = new Map<ProjectFile, Occurrence[]>()
  for (const occurrence of occurrences) {
    const own = byFile.get(occurrence.file) ?? []
    byFile.set(occurrence.file, own)
    own.push(occurrence)
  }
  const edited = new Map<ProjectFile, Edited>()
  for (const [file, own] of byFile) edited.set(file, editedFile(file, own, newName))
  return edited
}

function editedFile({ text }: ProjectFile, found: readonly Occurrence[], newName: string): Edited {
  const occurrences = found.toSorted((a, b) => a.span.start - b.span.start)
  let after = ''
  let at = 0
  for (const { span } of occurrences) {
    after += text.slice(at, span.start) + newName
    at = span.end
  }
  let total = 0
  const shifts = occurrences.map(({ span }) => {
    total += newName.length - (span.end - span.start)
    return { from: span.end, by: total }
  })
  const moved = (offset: number): number => offset + (lastBefore(shifts, offset)?.by ?? 0)
  return { occurrences, text: after + text.slice(at), moved }
}

/** The last of the ascending places that is not behind an offset. */
function lastBefore<T extends { readonly from: number }>(
  places: readonly T[],
  offset: number,
): T | undefined {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle].from <= offset) low = middle + 1
    else high = middle
  }
  return places[low - 1]
}

/** The first file in which a name stands for something else after the edits than before. */
function changedMeaning(
  before: Workspace,
  edited: ReadonlyMap<ProjectFile, Edited>,
): ProjectFile | undefined {
  const texts = before.texts.with(
    [...edited].map(([{ document }, { text }]) => TextDocument.create(document.uri, 'nn', 0, text)),
  )
  const after = workspaceOf(before.project.with(texts), () => {})
  const moves = new Map([...edited].map(([{ name }, { moved }]) => [name, moved]))
  const placeOf = (workspace: Workspace, target: Target, file: string, isBefore: boolean): string => {
    const meaning = workspace.linker.meaning(target, file)
    if (meaning?.kind !== 'declaration') return meaning?.name ?? ''
    const { source, places } = meaning.declaration
    const move = isBefore ? moves.get(source.filename) : undefined
    return `${source.filename}:${move ? move(places[0].start) : places[0].start}`
  }
  for (const [file, { moved }] of edited) {
    const now = after.project.file(file.name)
    if (!now || now.mistakes.length > 0 || now.symbols.clashes !== file.symbols.clashes) return file
    const was = file.symbols.references.map(
      ({ span, target }) => `${moved(span.start)} ${placeOf(before, target, file.name, true)}`,
    )
    const is = now.symbols.references.map(
      ({ span, target }) => `${span.start} ${placeOf(after, target, file.name, false)}`,
    )
    if (was.join('\n') !== is.join('\n')) return file
    const declared = ({ symbols }: ProjectFile, move: (offset: number) => number): string =>
      symbols.declarations.map((each: Declaration) => each.places.map(({ start }) => move(start))).join()
    if (declared(file, moved) !== declared(now, (offset) => offset)) return file
  }
  return undefined
}
