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

describe('deep nesting', () => {
  test.each([
    ['parentheses', `y = ${'('.repeat(MANY)}x${')'.repeat(MANY)}`],
    ['calls', `y = ${'f('.repeat(MANY)}x${')'.repeat(MANY)}`],
    ['arrays', `y = ${'['.repeat(MANY)}x${']'.repeat(MANY)}`],
    ['subscripts', `y = ${'x['.repeat(MANY)}0${']'.repeat(MANY)}`],
    ['reads', `y = x${'[0]'.repeat(MANY)}`],
    ['minus', `y = ${'-'.repeat(MANY)}x`],
    ['not', `y = ${'not '.repeat(MANY)}x`],
    ['powers', `y = x${'^x'.repeat(MANY)}`],
    ['sums', `y = x${' - x'.repeat(MANY)}`],
    ['comparisons', `y = x${' < x'.repeat(MANY)}`],
    ['reductions', `y = ${'sum[i] '.repeat(MANY)}x`],
    ['else if', `y = ${'if a then b else '.repeat(MANY)}c`],
    ['transposes', `y = x${"'".repeat(MANY)}`],
    ['blocks', `${'recur t < 2 {\n'.repeat(1_000)}y = 1${'\n}'.repeat(1_000)}`],
  ])('%s: parsed, printed and parsed again', (_, text) => {
    const { file, messages } = parse(text)
    expect(messages).toEqual([])
    const again = parse(printFile(file))
    expect(again.messages).toEqual([])
    expect(sameSyntax(file, again.file)).toBe(true)
  })
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
    expect(parse(text.repeat(MANY)).messages.length).toBeGreaterThan(0)
    parse('y = ' + text.repeat(MANY))
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
