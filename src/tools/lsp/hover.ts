import type { Hover } from 'vscode-languageserver-types'
import { MarkupKind } from 'vscode-languageserver-types'
import { lex } from '../../../grammar/lexer.js'
import { reductionOf } from '../../../grammar/reductions.js'
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
  const doc = token && (symbolDoc(token.image) ?? languageDoc(reductionOf(token.image) ?? token.image))
  if (!token || !doc) return undefined
  const range = rangeOf(file.document, { start: token.startOffset, end: token.end })
  return { contents: { kind: MarkupKind.Markdown, value: docText(doc) }, range }
}

export const descriptionText = ({ code, summary, doc, derivative }: Description): string =>
  markdown([code, summary, doc], derivative)

export const docText = ({ head, doc, derivative }: LanguageDoc): string =>
  markdown([head, undefined, doc], derivative())

function markdown(
  [code, summary, doc]: readonly [code: string, summary: string | undefined, doc: string | undefined],
  equations: readonly string[],
): string {
  const parts = [fenced([code]), summary, doc && prose(doc), equations.length > 0 ? fenced(equations) : '']
  return parts.filter(Boolean).join('\n\n')
}

const fenced = (lines: readonly string[]): string => `\`\`\`nn\n${lines.join('\n')}\n\`\`\``

/** Formulas keep their stars and brackets. */
const prose = (text: string): string => text.replace(/[*[\]<>\\_]/g, '\\$&')
