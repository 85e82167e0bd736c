import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseExpression, parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { positionOf } from '../../src/base/source.js'
import { mistakes } from './mistakes/edits.js'

const sample = readFileSync(new URL('mistakes/sample.nn', import.meta.url), 'utf8')

/** All that is said about a text: line:column, code, message. */
function says(text: string): string[] {
  const source = { filename: 'sample.nn', text }
  const diagnostics = new Diagnostics()
  parseFile(source, diagnostics)
  return shown(diagnostics)
}

function shown(diagnostics: Diagnostics): string[] {
  return diagnostics.list.map(({ code, message, span }) => {
    if (!span) return `${code}: ${message}`
    const { line, column } = positionOf(span.source, span.start)
    return `${line}:${column} ${code}: ${message}`
  })
}

test('the sample has no mistake', () => expect(says(sample)).toEqual([]))

describe('one mistake, one message', () => {
  test.each(mistakes)('$name', ({ edits, says: expected }) => {
    let text = sample
    for (const [from, to] of edits) {
      expect(text.split(from), `'${from}' stands once in the sample`).toHaveLength(2)
      text = text.replace(from, () => to)
    }
    expect(says(text)).toEqual(expected)
    expect(expected).toHaveLength(edits.length)
  })
})

describe('forms that are not allowed where they stand', () => {
  test.each([
    ['y = f(a:b)', '1:7 slice-outside-subscript: a slice stands in a subscript: x[a:b]'],
    ['y = [..]', "1:6 rest-outside-type: '..' stands in a type: [.., d]"],
    [
      'y = x[i if i > 0]',
      '1:12 filter-outside-binders: a filter stands in the brackets of a reduction: sum[i if i != j]',
    ],
    ['y = (x = 0)', "1:6 equals-for-comparison: '==' compares; '=' only defines"],
    ['y = if (x + 1 = 0) then 1 else 2', "1:15 equals-for-comparison: '==' compares; '=' only defines"],
    ['y = f(axis = 0, x)', '1:17 positional-after-named: named arguments follow the positional ones'],
    ['y = (a, b)', '1:9 several-in-parentheses: parentheses hold one expression; a list is written [a, b]'],
    ['y = ()', "1:6 missing-operand: an operand is missing after '('"],
    ['y = x[]', "1:7 empty-brackets: something is missing after '['"],
    ['y = []', "1:6 empty-brackets: something is missing after '['"],
    ['y = sum[2] x', '1:9 binder-expected: an index is expected: i, i < n, i <= n or 1 <= i <= n'],
    ['fn f[2](x) = x', '1:6 size-expected: a size is expected: m or m = 512'],
    ['y = a < b > c', '1:5 comparison-direction: a chain of comparisons runs in one direction: a <= b < c'],
    ['y = a != b != c', "1:5 not-equal-chain: '!=' does not chain: write a != b and b != c"],
    [
      'mean = 3',
      "1:1 reserved-name: 'mean' is a reduction, mean[i] … or mean(x), and cannot be a name: call it 'μ'",
    ],
    [
      'mean[j] = x[j]',
      "1:1 reserved-name: 'mean' is a reduction, mean[i] … or mean(x), and cannot be a name: call it 'μ'",
    ],
    [
      'fn max(a, b) = a',
      "1:4 reserved-name: 'max' is a reduction, max[i] … or max(x), and cannot be a name: call it 'largest'",
    ],
    ['then = 3', "1:1 reserved-name: 'then' is a reserved word and cannot be a name"],
    ['y = 1_000', "1:6 strange-number: '1_000' is not a number here: numbers are decimal and have no '_'"],
    ['y = 0xff', "1:6 strange-number: '0xff' is not a number here: numbers are decimal and have no '_'"],
    ['y = ∂', "1:5 partial-without-call: '∂' is a function: ∂(f, x), or d(f, x)"],
    ['y = "abc', '1:5 unclosed-string: this string is never closed'],
    ['y = ﷺ', "1:5 strange-name: 'ﷺ' is not a name: its standard form has characters that are no letters"],
    [
      'y = (a)(b)',
      "1:8 missing-operator: an operator or a comma is missing between ')' and '('; a product is written (…) * (…)",
    ],
    [
      'y = 2 (b)',
      "1:7 missing-operator: an operator or a comma is missing between '2' and '('; a product is written 2(…) or 2 * (…)",
    ],
    ['y = if a then b elif c then d else e', "1:17 expected: 'else' expected after 'b', found 'elif'"],
    ['y = a % b', "1:7 foreign-operator: '%' is written mod(a, b) here"],
    ['export y', "1:8 expected: 'fn', 'model', 'optimizer' or 'const' expected after 'export', found 'y'"],
    ['x = 1 : 2', "1:7 unexpected: unexpected ':' after '1'"],
    ['model M(x)', "1:11 expected: '{' expected after ')'"],
  ])('%s', (text, ...expected) => expect(says(text)).toEqual(expected))
})

describe('an expression alone', () => {
  test.each([
    ['', '1:1'],
    ['3x -', "1:5 missing-operand: an operand is missing after '-'"],
    ['y = 3', "1:3 equals-for-comparison: '==' compares; '=' only defines"],
    ['f(x', "1:2 unclosed-bracket: this '(' is never closed"],
    ['{', '1:1 unexpected-character: unexpected "{"'],
    ['3; 4', '1:2 unexpected-character: unexpected ";"'],
  ])('%s', (text, expected) => {
    const diagnostics = new Diagnostics()
    expect(parseExpression({ filename: 'expression', text }, diagnostics)).toBeUndefined()
    expect(shown(diagnostics)).toEqual([expect.stringContaining(expected)])
  })
})
