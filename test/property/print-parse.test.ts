import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Expression } from '../../grammar/ast.js'
import { sameSyntax } from '../../grammar/equal.js'
import { lex } from '../../grammar/lexer.js'
import { parseExpression, parseFile } from '../../grammar/parse.js'
import { printExpression, printFile } from '../../grammar/print.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { statement } from '../grammar/statements.js'
import { expression, span } from '../grammar/syntax.js'

function parse(text: string): Expression | undefined {
  return parseExpression({ filename: 'printed', text }, new Diagnostics())
}

test('a printed expression reads back as the same tree', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      const text = printExpression(tree)
      const again = parse(text)
      expect(again && sameSyntax(tree, again), text).toBe(true)
      expect(again && printExpression(again)).toBe(text)
    }),
    { numRuns: 3000 },
  )
})

test('a product that looks like a number of another language is printed with its sign', () => {
  for (const text of ['0 * x1', '0 * b1', '1 * _0'])
    expect(printExpression({ ...product(text), implicit: true })).toBe(text)
})

function product(text: string): Extract<Expression, { kind: 'binary' }> {
  const tree = parse(text)
  if (tree?.kind !== 'binary') throw new Error(`${text} is no product`)
  return tree
}

test('a printed file reads back as the same statements', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 4 }), (statements) => {
      const text = printFile({ statements, comments: [], span })
      const diagnostics = new Diagnostics()
      const again = parseFile({ filename: 'printed', text }, diagnostics)
      expect(
        diagnostics.list.map(({ message }) => message),
        text,
      ).toEqual([])
      expect(sameSyntax({ statements, comments: [], span }, again), text).toBe(true)
      expect(printFile(again)).toBe(text)
    }),
    { numRuns: 1000 },
  )
})

/** The text without the pair of parentheses that opens at `at`. */
function withoutPair(text: string, at: number): string {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++
    if (text[i] === ')') depth--
    if (depth === 0) return `${text.slice(0, at)} ${text.slice(at + 1, i)} ${text.slice(i + 1)}`
  }
  return text
}

test('no pair of parentheses can be left out', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      const text = printExpression(tree)
      for (let at = text.indexOf('('); at >= 0; at = text.indexOf('(', at + 1)) {
        const shorter = parse(withoutPair(text, at))
        expect(shorter && sameSyntax(tree, shorter), text).not.toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

const folder = new URL('../programs/', import.meta.url)
const programs = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
const PIECES = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '=',
  ',',
  ';',
  ':',
  '+',
  '^',
  '..',
  "'",
  '"',
  'if',
  'else',
  'sum',
  'fn',
  'x',
  '3',
  '\n',
  '$',
  '/*',
  '²',
]

test('a program with one token removed, doubled or replaced is read without an exception', () => {
  const edit = fc.record({
    program: fc.constantFrom(...programs),
    where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    kind: fc.constantFrom('remove', 'double', 'replace', 'insert', 'cut'),
    piece: fc.constantFrom(...PIECES),
  })
  fc.assert(
    fc.property(edit, ({ program, where, kind, piece }) => {
      const { tokens } = lex({ filename: 'program', text: program })
      const { startOffset: start, end, image } = tokens[Math.floor(where * tokens.length)]
      const middle = {
        remove: '',
        double: `${image} ${image}`,
        replace: piece,
        insert: ` ${piece} ${image}`,
        cut: '',
      }[kind]
      const text = program.slice(0, start) + middle + (kind === 'cut' ? '' : program.slice(end))
      const file = parseFile({ filename: 'edited', text }, new Diagnostics())
      printFile(file)
    }),
    { numRuns: 1500 },
  )
})
