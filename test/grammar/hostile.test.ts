import { describe, expect, test } from 'vitest'
import { sameSyntax } from '../../grammar/equal.js'
import { parseFile } from '../../grammar/parse.js'
import { printFile } from '../../grammar/print.js'
import { Diagnostics } from '../../src/base/diagnostic.js'

const MANY = 100_000

function parse(text: string) {
  const diagnostics = new Diagnostics()
  const file = parseFile({ filename: 'hostile.nn', text }, diagnostics)
  return { file, messages: diagnostics.list.map((diagnostic) => diagnostic.message) }
}

/** Nested to a depth: what stands on the way in, in the middle, on the way out. */
const NESTED: [kind: string, before: string, middle: string, after: string][] = [
  ['parentheses', '(', 'x', ')'],
  ['calls', 'f(', 'x', ')'],
  ['arrays', '[', 'x', ']'],
  ['subscripts', 'x[', '0', ']'],
  ['reads', '', 'x', '[0]'],
  ['minus', '-', 'x', ''],
  ['not', 'not ', 'x', ''],
  ['powers', 'x^', 'x', ''],
  ['differences', '', 'x', ' - x'],
  ['comparisons', '', 'x', ' < x'],
  ['reductions', 'sum[i] ', 'x', ''],
  ['else if', 'if a then b else ', 'c', ''],
  ['transposes', '', 'x', "'"],
]

describe.each(NESTED)('nested %s', (_, before, middle, after) => {
  const nested = (depth: number) => parse(`y = ${before.repeat(depth)}${middle}${after.repeat(depth)}`)

  test('are parsed and printed, however deep', () => {
    const { file, messages } = nested(MANY)
    expect(messages).toEqual([])
    expect(printFile(file).length).toBeGreaterThan(0)
  })

  test('read back as they were', () => {
    const { file } = nested(3_000)
    const again = parse(printFile(file))
    expect(again.messages).toEqual([])
    expect(sameSyntax(file, again.file)).toBe(true)
  })
})

test('nested blocks are parsed, printed and read back', () => {
  const { file, messages } = parse('recur t < 2 {\n'.repeat(1_000) + 'y = 1' + '\n}'.repeat(1_000))
  expect(messages).toEqual([])
  expect(sameSyntax(file, parse(printFile(file)).file)).toBe(true)
  expect(parse('recur t < 2 {\n'.repeat(MANY / 4) + '}'.repeat(MANY / 4)).messages).toEqual([])
})

describe('broken text', () => {
  test.each(['(', '[', 'f(', 'x[', '[('])('unclosed %s', (opener) => {
    const { messages } = parse(`y = ${opener.repeat(MANY)}`)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/never closed/)
  })

  test.each([
    ')',
    ']',
    '}',
    '{',
    ')(',
    '([)]',
    'if ',
    'then ',
    ', ',
    '= ',
    '$',
    "'",
    '"',
    '/*',
    'x = ',
    'x x\n',
    '((\n',
    'x[\n',
    '2 ',
  ])('many %j', (text) => {
    expect(parse(text.repeat(MANY / 5)).messages.length).toBeGreaterThan(0)
    parse('y = ' + text.repeat(MANY / 5))
  })

  test('a megabyte of random punctuation', () => {
    const characters = '()[]{}<>=!&|+-*/^%~,.:;\'"$#\\?@²∂∞ \n'
    let state = 1
    let text = ''
    for (let i = 0; i < 1_000_000; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      text += characters[(state >>> 8) % characters.length]
    }
    expect(parse(text).messages.length).toBeGreaterThan(0)
  })
})
