import type { Hover } from 'vscode-languageserver/node'
import { MarkupKind } from 'vscode-languageserver/node'
import { lex } from '../../../grammar/lexer.js'
import { describe, type Description } from './describe.js'
import { languageDoc, type LanguageDoc, symbolDoc } from './language-docs.js'
import { rangeOf } from './ranges.js'
import type { Workspace } from './workspace.js'

export function hover(workspace: Workspace, name: string, offset: number): Hover | undefined {
  const file = workspace.project.file(name)
  if (!file) return undefined
  const found = workspace.linker.at(name, offset)
  const meaning = found?.meaning
  if (found && meaning) {
    const doc = meaning.kind === 'language' ? languageDoc(meaning.name) : undefined
    const text = meaning.kind === 'declaration' ? descriptionText(describe(workspace, meaning.declaration, found.target)) : doc && docText(doc) // prettier-ignore
    return text ? { contents: { kind: MarkupKind.Markdown, value: text }, range: rangeOf(file.document, found.span) } : undefined // prettier-ignore
  }
  const token = lex(file.syntax.span.source).tokens.find(({ startOffset, end }) => startOffset <= offset && offset < end) // prettier-ignore
  const doc = token && (symbolDoc(token.image) ?? languageDoc(token.image.normalize('NFKC')))
  if (!token || !doc) return undefined
  const range = rangeOf(file.document, { start: token.startOffset, end: token.end })
  return { contents: { kind: MarkupKind.Markdown, value: docText(doc) }, range }
}

export function descriptionText({ code, summary, doc, derivative }: Description): string {
  return joined([fenced([code]), summary, doc && prose(doc), derivative.length > 0 && fenced(derivative)])
}

export function docText({ head, doc, derivative }: LanguageDoc): string {
  return joined([fenced([head]), prose(doc), derivative.length > 0 && fenced(derivative)])
}

const fenced = (lines: readonly string[]): string => `\`\`\`nn\n${lines.join('\n')}\n\`\`\``

/** Formulas keep their stars and brackets. */
const prose = (text: string): string => text.replace(/[*[\]<>\\_]/g, '\\$&')

const joined = (parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join('\n\n')
