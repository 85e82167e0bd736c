import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/base/diagnostic.js'
import { renderDiagnostic } from '../../src/base/frame.js'
import { closest, editDistance } from '../../src/base/suggest.js'

function diagnostic(text: string, marked: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const source = { filename: 'mlp.nn', text }
  const start = text.indexOf(marked)
  const span = { source, start, end: start + marked.length }
  return { severity: 'error', code: 'some-code', message: 'something is wrong', span, notes: [], ...more }
}

describe('a diagnostic with its frame', () => {
  test('place, line, underline, notes, way out', () => {
    const text = 'param W: [784, 512]\n'.padEnd(120, '\n') + 'y = x @ W\n'
    const found = diagnostic(text, 'x @ W')
    const source = found.span?.source ?? { filename: '', text: '' }
    const shown = renderDiagnostic(
      {
        ...found,
        notes: [
          { message: 'W is declared here', span: { source, start: 6, end: 7 } },
          { message: 'x is [n, 10]' },
        ],
        suggestion: "did you mean 'V'?",
      },
      { color: false },
    )
    expect(shown).toBe(
      [
        'mlp.nn:102:5 error[some-code]: something is wrong',
        '102 | y = x @ W',
        '    |     ^^^^^',
        '    = note: W is declared here',
        '  1 | param W: [784, 512]',
        '    |       -',
        '    = note: x is [n, 10]',
        "    = help: did you mean 'V'?",
      ].join('\n'),
    )
  })

  test.each([
    ['tabs', '\ty = \tx', 'x', '1 |     y =     x', '  |             ^'],
    ['combining marks', 'h̃ = ŷ + x', 'x', '1 | h̃ = ŷ + x', '  |         ^'],
    ['wide characters', '数 = 学 + x', '学', '1 | 数 = 学 + x', '  |      ^^'],
    ['carriage returns', 'y = x\r\nz = 1', 'x', '1 | y = x', '  |     ^'],
    ['nothing marked', 'y = ', '', '1 | y =', '  | ^'],
    ['more than one line', 'y = (a\n+ b)', '(a\n+ b)', '1 | y = (a', '  |     ^^'],
  ])('%s', (_, text, marked, line, underline) => {
    expect(renderDiagnostic(diagnostic(text, marked), { color: false }).split('\n').slice(1)).toEqual([
      line,
      underline,
    ])
  })

  test('a very long line is cut around the place', () => {
    const text = 'a + '.repeat(5000) + 'here' + ' + b'.repeat(5000)
    const [, line, underline] = renderDiagnostic(diagnostic(text, 'here'), { color: false }).split('\n')
    expect(line.length).toBeLessThan(200)
    expect(line.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1)).toBe('here')
  })

  test('at the end of the file, without a place, a warning, in colour', () => {
    const { span, ...rest } = diagnostic('y = 1\n', 'y')
    const end = { ...rest, span: span && { ...span, start: 6, end: 6 } }
    expect(renderDiagnostic(end, { color: false })).toContain('mlp.nn:2:1')
    expect(renderDiagnostic({ ...rest, severity: 'warning' }, { color: false })).toBe(
      'warning[some-code]: something is wrong',
    )
    expect(renderDiagnostic(end, { color: true })).toContain('\u001b[31m')
  })
})

describe('the word that was meant', () => {
  test.each([
    ['form', 'from', 1],
    ['relu', 'relu', 0],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s and %s are %i apart', (from, to, distance) => expect(editDistance(from, to)).toBe(distance))

  test.each([
    ['rleu', 'relu'],
    ['ReLU', 'relu'],
    ['sofmax', 'softmax'],
    ['x', undefined],
    ['completely', undefined],
    ['relu', undefined],
  ])('%s: %s', (word, meant) => expect(closest(word, ['relu', 'softmax', 'tanh', 'y'])).toBe(meant))
  test('a doubled letter is likelier than a wrong one', () =>
    expect(closest('rellu', ['reglu', 'relu', 'prelu'])).toBe('relu'))
})
