import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DocumentSymbol, Range } from 'vscode-languageserver-types'
import { finished } from '../../src/check/check.js'
import { complete, documented } from '../../src/tools/lsp/completion.js'
import { formatting } from '../../src/tools/lsp/formatting.js'
import { hover } from '../../src/tools/lsp/hover.js'
import { definition, highlights, references } from '../../src/tools/lsp/navigation.js'
import { foldings, outline } from '../../src/tools/lsp/outline.js'
import { publishedOf } from '../../src/tools/lsp/published.js'
import { quickFixes } from '../../src/tools/lsp/quick-fixes.js'
import { rename } from '../../src/tools/lsp/rename.js'
import { semanticTokens } from '../../src/tools/lsp/semantic-tokens.js'
import { signatureHelp } from '../../src/tools/lsp/signature-help.js'
import { Files } from './workspace.js'

const folder = fileURLToPath(new URL('../programs', import.meta.url))
const programs = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
const PIECES = ['(', ')', '[', ']', '{', '}', '.', ',', ' = ', '"', "'", '/*', '//', '\n', '\r\n', ' if ', 'recur t < T {', 'model M(', 'import {', '~', ':', '\u{1d4d0}', 'ŷ', '\0', '\ud800'] // prettier-ignore

/** A program in which pieces were taken out and others put in. */
const broken = fc
  .record({
    text: fc.constantFrom(...programs),
    edits: fc.array(fc.record({ at: fc.nat(), length: fc.nat(12), piece: fc.constantFrom('', ...PIECES) }), {
      maxLength: 6,
    }),
    place: fc.nat(),
  })
  .map(({ text, edits, place }) => {
    let edited = text.slice(0, 1500)
    for (const { at, length, piece } of edits) {
      const start = at % (edited.length + 1)
      edited = edited.slice(0, start) + piece + edited.slice(start + length)
    }
    return { text: edited, offset: place % (edited.length + 1) }
  })

const contains = (outer: Range, inner: Range): boolean =>
  (outer.start.line < inner.start.line || (outer.start.line === inner.start.line && outer.start.character <= inner.start.character)) && // prettier-ignore
  (inner.end.line < outer.end.line || (inner.end.line === outer.end.line && inner.end.character <= outer.end.character)) // prettier-ignore

test('no text and no place makes a request fail', () => {
  fc.assert(
    fc.property(broken, ({ text, offset }) => {
      const files = new Files({ 'here.nn': text })
      const { workspace } = files
      const name = files.path('here.nn')
      const file = workspace.project.file(name)
      if (!file) throw new Error('the file is open')
      const analysis = finished(workspace.checker.steps(name))
      if (!analysis) throw new Error('the file is open')
      for (const own of publishedOf(workspace, analysis).values()) quickFixes(file, own)
      hover(workspace, name, offset)
      definition(workspace, name, offset)
      references(workspace, name, offset, true)
      highlights(workspace, name, offset)
      signatureHelp(workspace, name, offset)
      for (const item of complete(workspace, name, offset).slice(0, 3)) documented(workspace, item)
      formatting(file)
      foldings(file)
      const edit = rename(workspace, name, offset, 'fresh')
      if (!('refusal' in edit)) files.apply(edit)
      const symbols: DocumentSymbol[] = outline(file)
      for (const symbol of symbols) {
        expect(contains(symbol.range, symbol.selectionRange)).toBe(true)
        symbols.push(...(symbol.children ?? []))
      }
      let last = [0, 0]
      semanticTokens(workspace, file, (line, character, length) => {
        expect(line > last[0] || (line === last[0] && character >= last[1])).toBe(true)
        expect(length).toBeGreaterThan(0)
        last = [line, character + length]
      })
    }),
    { numRuns: 150 },
  )
})
