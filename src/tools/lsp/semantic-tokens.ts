import type { SemanticTokensLegend } from 'vscode-languageserver-types'
import { libraryFile } from '../../std/library.js'
import { classify } from './classify.js'
import type { ProjectFile } from './project.js'
import type { Declaration } from './symbols.js'
import type { Workspace } from './workspace.js'

const TYPES = [
  'keyword', 'function', 'class', 'type', 'parameter', 'typeParameter', 'variable', 'property', 'index', 'layer',
  'number', 'string', 'comment', 'operator',
] as const // prettier-ignore
type TokenType = (typeof TYPES)[number]

const MODIFIERS = ['declaration', 'readonly', 'defaultLibrary'] as const
const modifier = (name: (typeof MODIFIERS)[number]): number => 1 << MODIFIERS.indexOf(name)

/** `index` and `layer` are of this language alone: editors without colours for them show their own. */
export const legend: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] }

interface Painted {
  readonly type: TokenType
  readonly modifiers: number
}

/** Takes a token: line, character, length, place of its type in the legend, bits of its modifiers. */
type Push = (line: number, character: number, length: number, type: number, modifiers: number) => void

/** In order of appearance. */
export function semanticTokens(workspace: Workspace, file: ProjectFile, push: Push): void {
  const names = paintedNames(workspace, file)
  for (const { start, end, class: kind } of classify(file)) {
    const painted =
      kind === 'name' || kind === 'reduction'
        ? (names.get(start) ?? plain(kind))
        : { type: kind, modifiers: 0 }
    if (painted) pushLines(file, start, end, painted, push)
  }
}

/** What nothing is known of: a name with a mistake is not coloured. */
const plain = (kind: 'name' | 'reduction'): Painted | undefined =>
  kind === 'name' ? undefined : { type: 'function', modifiers: modifier('defaultLibrary') }

/** A token is on one line: a comment over several is several. */
function pushLines(
  { document, text }: ProjectFile,
  start: number,
  end: number,
  { type, modifiers }: Painted,
  push: Push,
): void {
  let at = start
  for (const line of text.slice(start, end).split(/(?<=\n|\r(?!\n))/)) {
    const length = line.replace(/[\r\n]+$/, '').length
    const { line: row, character } = document.positionAt(at)
    if (length > 0) push(row, character, length, TYPES.indexOf(type), modifiers)
    at += line.length
  }
}

function paintedNames({ linker }: Workspace, file: ProjectFile): ReadonlyMap<number, Painted> {
  const names = new Map<number, Painted>()
  const library = modifier('defaultLibrary')
  for (const declaration of file.symbols.declarations) {
    const behind = linker.declaration({ kind: 'declared', declaration }, file.name) ?? declaration
    const painted = paint(behind, modifier('declaration'))
    if (painted) for (const { start } of declaration.places) names.set(start, painted)
  }
  for (const { span, target } of file.symbols.references) {
    const meaning = linker.meaning(target, file.name)
    if (!meaning) continue
    const { start } = span
    if (meaning.kind === 'language') names.set(start, languageToken(meaning.name, library))
    else {
      const isLibrary = libraryFile(meaning.declaration.source.filename) !== undefined
      const painted = paint(meaning.declaration, isLibrary ? library : 0)
      if (painted) names.set(start, painted)
    }
  }
  return names
}

function languageToken(name: string, library: number): Painted {
  if (name === 'int' || name === 'real' || name === 'bool') return { type: 'type', modifiers: library }
  const isConstant = name === 'pi' || name === 'inf' || name === 'π' || name === '∞'
  return {
    type: isConstant ? 'variable' : 'function',
    modifiers: isConstant ? library | modifier('readonly') : library,
  }
}

function paint({ kind }: Declaration, modifiers: number): Painted | undefined {
  switch (kind) {
    case 'function':
    case 'optimizer':
      return { type: 'function', modifiers }
    case 'model':
      return { type: 'class', modifiers }
    case 'constant':
      return { type: 'variable', modifiers: modifiers | modifier('readonly') }
    case 'size':
      return { type: 'typeParameter', modifiers }
    case 'parameter':
      return { type: 'parameter', modifiers }
    case 'param':
      return { type: 'property', modifiers }
    case 'layer':
      return { type: 'layer', modifiers }
    case 'definition':
      return { type: 'variable', modifiers }
    case 'index':
      return { type: 'index', modifiers }
    case 'import':
      return undefined
  }
}
