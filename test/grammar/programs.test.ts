import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sameSyntax } from '../../grammar/equal.js'
import { parseFile } from '../../grammar/parse.js'
import { NnParser } from '../../grammar/parser.js'
import { printFile } from '../../grammar/print.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { renderDiagnostic } from '../../src/base/frame.js'

const folder = new URL('../programs/', import.meta.url)

function parse(filename: string, text: string) {
  const diagnostics = new Diagnostics()
  const file = parseFile({ filename, text }, diagnostics)
  expect(diagnostics.list.map((diagnostic) => renderDiagnostic(diagnostic, { color: false }))).toEqual([])
  return file
}

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')

  test('parses, and its printed form is the same program', () => {
    const file = parse(name, text)
    const printed = printFile(file)
    const again = parse(`printed ${name}`, printed)
    expect(sameSyntax(file, again)).toBe(true)
    expect(again.comments.map((comment) => comment.text)).toEqual(
      file.comments.map((comment) => comment.text),
    )
    expect(printFile(again)).toBe(printed)
  })

  test('reads the same with other line ends and a byte order mark', () => {
    const file = parse(name, text)
    expect(sameSyntax(file, parse(name, '\ufeff' + text.replaceAll('\n', '\r\n')))).toBe(true)
  })
})

test('the grammar passes the validations of chevrotain', () => {
  for (const recovers of [false, true])
    expect(() => new NnParser({ recovers, skipValidations: false })).not.toThrow()
})
