import { type MarkupContent, MarkupKind, type Range } from 'vscode-languageserver-types'
import { reductionOf } from '../../../grammar/reductions.js'
import type { Span } from '../../base/source.js'
import { classify, type TokenClass } from './classify.js'
import { describe, type Description } from './describe.js'
import { keywordDoc, languageDoc, type LanguageDoc, symbolDoc } from './language-docs.js'
import type { Meaning } from './link.js'
import type { ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'
import type { Target } from './symbols.js'
import type { Workspace } from './workspace.js'

interface Shown {
  readonly contents: MarkupContent
  readonly range: Range
}

/** In Markdown. */
export function hover(workspace: Workspace, name: string, offset: number): Shown | undefined {
  const file = workspace.project.file(name)
  if (!file) return undefined
  const found = workspace.linker.at(name, offset)
  if (found?.meaning) {
    const text = meaningText(workspace, found.meaning, found.target)
    return text === undefined ? undefined : hoverOf(file, found.span, text)
  }
  const token = classify(file).find(({ start, end }) => start <= offset && offset < end)
  const doc = token && tokenDoc(token.class, file.text.slice(token.start, token.end))
  return token && doc ? hoverOf(file, token, docText(doc)) : undefined
}

function hoverOf({ document }: ProjectFile, span: Pick<Span, 'start' | 'end'>, value: string): Shown {
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(document, span) }
}

function meaningText(workspace: Workspace, meaning: Meaning, target: Target): string | undefined {
  if (meaning.kind === 'declaration') return descriptionText(describe(workspace, meaning.declaration, target))
  const doc = languageDoc(meaning.name)
  return doc && docText(doc)
}

function tokenDoc(kind: TokenClass, text: string): LanguageDoc | undefined {
  switch (kind) {
    case 'keyword':
      return keywordDoc(text)
    case 'operator':
      return symbolDoc(text)
    case 'reduction':
      return languageDoc(reductionOf(text) ?? text)
    case 'name':
    case 'number':
    case 'string':
    case 'comment':
      return undefined
  }
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
const prose = (text: string): string =>
  text.replace(/[*[\]<>\\_]/g, '\\$&').replace(/\n(?=Source: )/g, '\n\n')

/** The same for editors that show no Markdown. */
export const plainText = (text: string): string =>
  text
    .replace(/^```.*\n/gm, '')
    .replace(/\n```$/gm, '')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\\([*[\]<>\\_])/g, '$1')
