import { expect, test } from 'vitest'
import { reservedWords, statementWords } from '../../grammar/tokens.js'
import { BUILTIN_NAMES } from '../../src/check/builtin-names.js'
import { keywordDoc, languageDoc } from '../../src/tools/lsp/language-docs.js'

test.each(BUILTIN_NAMES)('%s is documented', (name) => {
  const doc = languageDoc(name)
  expect(doc?.head).toMatch(name)
  expect(doc?.doc).toMatch(/\S/)
  expect(doc?.derivative().join('\n')).not.toMatch(/undefined|NaN/)
})

test.each([...statementWords.keys(), ...reservedWords.keys()])('%s is documented', (word) => {
  expect(keywordDoc(word)?.doc).toMatch(/\S/)
})
