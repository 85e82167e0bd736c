import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InitializeResult,
  Location,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node'
import { plainText } from '../../src/tools/lsp/hover.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { Client } from './client.js'

const MODEL = `/// A small network.
import { Dense } from "nnc/layers"
import { halve as half } from "./shared.nn"

model Net[hidden = 16](x: [n, 4], y: [n, 3]) {
  param W: [4, hidden] ~ he
  param top: Dense[3]
  h = tanh(x @ W)
  out p = softmax(half(top(h)))
  loss -mean[i] sum[k] y[i, k] * log(p[i, k])
}
/// The bell.
export fn bell(x, width = 2) = exp(-x^2 / width)
export fn decay(x: [T]) {
  recur t < T {
    s[-1] = 0
    s[t] = bell(s[t-1], width = 3) + x[t]
  }
  return s[T-1]
}
`
const SHARED = 'export fn halve(x) = x / 2\n'

const folder = temporaryFolder()
const client = new Client(folder)
let started: InitializeResult

const hover = async (name: string, before: string, after = ''): Promise<string> => {
  const found = await client.request<Hover | null>('textDocument/hover', client.at(name, before, after))
  return found && typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : ''
}
const labels = async (name: string, before: string, after = ''): Promise<string[]> =>
  (await client.request<CompletionItem[]>('textDocument/completion', client.at(name, before, after))).map(
    ({ label }) => label,
  )
const renamed = (name: string, before: string, after: string, newName: string): Promise<WorkspaceEdit> =>
  client.request('textDocument/rename', { ...client.at(name, before, after), newName })

beforeAll(async () => {
  writeFileSync(join(folder, 'shared.nn'), SHARED)
  started = await client.initialize()
  await client.open('net.nn', MODEL)
})
afterAll(() => client.kill())

test('it says what it can do', () => {
  expect(started.serverInfo?.name).toBe('nnc')
  expect(started.capabilities).toMatchObject({
    hoverProvider: true,
    renameProvider: { prepareProvider: true },
  })
})

describe('diagnostics', () => {
  test('a sound file has none', async () => {
    expect(await client.diagnostics('net.nn', () => true)).toEqual([])
  })

  test('mistakes appear as one types, with related places, and go when they are repaired', async () => {
    const text = 'export fn f(x: [n], y: [m]) = sum[i] x[i] * y[i]\n'
    await client.open('typed.nn', text)
    const [first] = await client.diagnostics('typed.nn', ({ length }) => length > 0)
    expect(first).toMatchObject({ code: 'ranges-differ', source: 'nnc', severity: 1 })
    await client.change('typed.nn', 'export fn f(x: [n], y: [n]) = sum[i] x[i] * y[i]\n')
    expect(await client.diagnostics('typed.nn', ({ length }) => length === 0)).toEqual([])
    await client.change('typed.nn', 'export fn f(x) {\n  y = x\n  y = 2x\n  return y\n}\n')
    const [twice] = await client.diagnostics('typed.nn', ({ length }) => length > 0)
    expect(twice.range.start).toEqual({ line: 2, character: 2 })
    expect(twice.relatedInformation).toEqual([
      {
        location: {
          uri: client.uri('typed.nn'),
          range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
        },
        message: 'the first definition is here',
      },
    ])
    await client.close('typed.nn')
    expect(await client.diagnostics('typed.nn', ({ length }) => length === 0)).toEqual([])
  })

  test('those of an imported file stand in that file; its unsaved text counts', async () => {
    await client.open('shared.nn', 'export fn halve(x) = x / two\n')
    const [mistake] = await client.diagnostics('shared.nn', ({ length }) => length > 0)
    expect(mistake).toMatchObject({ code: 'unknown-name', range: { start: { line: 0, character: 25 } } })
    await client.change('shared.nn', 'export fn third(x) = x / 3\n')
    expect(await client.diagnostics('net.nn', ({ length }) => length > 0)).toMatchObject([
      { code: 'not-exported' },
    ])
    expect(await client.diagnostics('shared.nn', ({ length }) => length === 0)).toEqual([])
    // Closed without being saved: what is on the disk counts again.
    await client.close('shared.nn')
    expect(await client.diagnostics('net.nn', ({ length }) => length === 0)).toEqual([])
  })

  test('those of a file that is not open are published for it too', async () => {
    writeFileSync(join(folder, 'broken.nn'), 'export fn broken(x) = x +\n')
    await client.open('importer.nn', 'import { broken } from "./broken.nn"\nexport fn f(x) = broken(x)\n')
    const found = await client.diagnostics('broken.nn', ({ length }) => length > 0)
    expect(found.map(({ range }) => range.start.line)).toEqual(found.map(() => 0))
    await client.close('importer.nn')
    expect(await client.diagnostics('broken.nn', ({ length }) => length === 0)).toEqual([])
  })

  test('a missing import, a folder as one, and a circle are mistakes', async () => {
    mkdirSync(join(folder, 'folder.nn'))
    await client.open(
      'odd.nn',
      'import { a } from "./missing.nn"\nimport { b } from "./folder.nn"\nimport { c } from "./odd.nn"\n',
    )
    const found = await client.diagnostics('odd.nn', ({ length }) => length > 0)
    expect(found.map(({ code }) => code)).toEqual(['cannot-import', 'cannot-import', 'cyclic-import'])
    await client.close('odd.nn')
  })

  test('a misspelt name is replaced by what was meant', async () => {
    await client.open('misspelt.nn', 'export fn f(x) = sotmax([x, 1])\n')
    const mistakes = await client.diagnostics('misspelt.nn', ({ length }) => length > 0)
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri('misspelt.nn') },
      range: mistakes[0].range,
      context: { diagnostics: mistakes },
    })
    expect(actions.map(({ title }) => title)).toEqual(["Replace with 'softmax'"])
    const edits = actions[0].edit?.changes?.[client.uri('misspelt.nn')] ?? []
    expect(client.edited('misspelt.nn', edits)).toBe('export fn f(x) = softmax([x, 1])\n')
    await client.close('misspelt.nn')
  })

  test('a model of the library is imported', async () => {
    const text = 'model M(x: [n, 4]) {\n  param top: Dense[3]\n  out y = top(x)\n}\n'
    await client.open('unimported.nn', text)
    const mistakes = await client.diagnostics('unimported.nn', ({ length }) => length > 0)
    const [action] = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri('unimported.nn') },
      range: mistakes[0].range,
      context: { diagnostics: mistakes },
    })
    const edits = action.edit?.changes?.[client.uri('unimported.nn')] ?? []
    await client.change('unimported.nn', client.edited('unimported.nn', edits))
    expect(client.text('unimported.nn')).toBe(`import { Dense } from "nnc/layers"\n${text}`)
    expect(await client.diagnostics('unimported.nn', ({ length }) => length === 0)).toEqual([])
    await client.close('unimported.nn')
  })

  test('a document that was never saved is checked; its imports have no folder', async () => {
    const uri = 'untitled:Untitled-1'
    const text = 'import { a } from "./a.nn"\nexport fn f(x) = 2x\n'
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'nn', version: 1, text },
    })
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    })
    expect(symbols.map(({ name }) => name)).toEqual(['f'])
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } })
  })
})

describe('hover', () => {
  test('a trained parameter: declaration, shape, derivative of the loss', async () => {
    const text = await hover('net.nn', 'x @ ', 'W')
    expect(text).toContain('param W: [4, hidden] ~ he')
    expect(text).toContain('`[4, 16]`')
    expect(text).toMatch(/∂loss\/∂W = x' @ /)
  })

  test('a layer: the shapes of its parameters', async () => {
    expect(await hover('net.nn', 'param ', 'top')).toContain('`W: [16, 3]`, `b: [3]`')
  })

  test('a definition and an index', async () => {
    expect(await hover('net.nn', '  ', 'h = ')).toContain('`[n, 16]`')
    expect(await hover('net.nn', 'mean[', 'i]')).toContain('`0 <= i < n`')
    expect(await hover('net.nn', 'recur ', 't')).toContain('`0 <= t < T`')
  })

  test('a function: documentation and derivatives', async () => {
    const text = await hover('net.nn', 'fn ', 'bell')
    expect(text).toContain('The bell.')
    expect(text).toMatch(/∂bell\/∂x = -2x \* bell \/ width/)
  })

  test('a function of the library and one of the language', async () => {
    expect(await hover('net.nn', 'p = ', 'softmax')).toContain('The normalised exponential')
    expect(await hover('net.nn', 'h = ', 'tanh')).toContain('∂(tanh(x))/∂x = 1 - tanh(x)^2')
    expect(await hover('net.nn', 'x ', '@')).toContain('d(A @ B) = dA @ B + A @ dB')
  })

  test('a word of a statement, a reduction', async () => {
    expect(await hover('net.nn', '  ', 'loss ')).toContain('what is differentiated')
    expect(await hover('net.nn', 'loss -', 'mean')).toContain('mean[j < n] x[j] = 1 / n')
  })

  test('an editor without Markdown gets plain text', () => {
    const text =
      '```nn\nx_1 = a * b\n```\n\ntrained parameter of `Net` · `[n, d]`\n\nx \\* y\\_1\n\n```nn\ny\n```'
    expect(plainText(text)).toBe('x_1 = a * b\n\ntrained parameter of Net · [n, d]\n\nx * y_1\n\ny')
  })

  test('nothing in a comment or in space', async () => {
    expect(await hover('net.nn', '/// A sm', 'all')).toBe('')
  })
})

describe('definition and references', () => {
  const go = (before: string, after: string) =>
    client.request<Location | null>('textDocument/definition', client.at('net.nn', before, after))

  test('within the file, into another, into the library', async () => {
    expect(await go('tanh(x @ ', 'W')).toMatchObject({
      uri: client.uri('net.nn'),
      range: { start: { line: 5, character: 8 } },
    })
    expect(await go('softmax(', 'half')).toMatchObject({
      uri: client.uri('shared.nn'),
      range: { start: { line: 0, character: 10 } },
    })
    const library = await go('top: ', 'Dense')
    expect(library?.uri).toMatch(/\/std\/layers\.nn$/)
    expect((await go('top(', 'h)'))?.range.start).toEqual({ line: 7, character: 2 })
    expect((await go('s[t-1], ', 'width'))?.range.start).toEqual({ line: 12, character: 18 })
    expect((await go('"./shared', '.nn"'))?.uri).toBe(client.uri('shared.nn'))
    expect(await go('= ta', 'nh')).toBeNull()
  })

  test('every use, with the declaration if it is wanted', async () => {
    const request = { ...client.at('net.nn', 'fn ', 'bell'), context: { includeDeclaration: true } }
    const found = await client.request<Location[]>('textDocument/references', request)
    expect(found.map(({ range }) => range.start.line)).toEqual([12, 16])
    const uses = await client.request<Location[]>('textDocument/references', {
      ...request,
      context: { includeDeclaration: false },
    })
    expect(uses.map(({ range }) => range.start.line)).toEqual([16])
  })

  test('uses in other files of the folder', async () => {
    await client.open('shared.nn', SHARED)
    const found = await client.request<Location[]>('textDocument/references', {
      ...client.at('shared.nn', 'fn ', 'halve'),
      context: { includeDeclaration: true },
    })
    expect(new Set(found.map(({ uri }) => uri))).toEqual(
      new Set([client.uri('shared.nn'), client.uri('net.nn')]),
    )
    await client.close('shared.nn')
  })
})

describe('rename', () => {
  test('a name and all its uses', async () => {
    const { changes = {} } = await renamed('net.nn', 'Net[', 'hidden', 'width')
    const text = client.edited('net.nn', changes[client.uri('net.nn')])
    expect(text).toBe(MODEL.replaceAll('hidden', 'width'))
  })

  test('a parameter, with the named arguments', async () => {
    const { changes = {} } = await renamed('net.nn', 'bell(x, ', 'width', 'σ')
    const text = client.edited('net.nn', changes[client.uri('net.nn')])
    expect(text).toBe(MODEL.replaceAll('width', 'σ'))
  })

  test('across files; another name that an import gives stays', async () => {
    await client.open('shared.nn', SHARED)
    await client.open('user.nn', 'import { halve } from "./shared.nn"\nexport fn f(x) = halve(x)\n')
    const { changes = {} } = await renamed('shared.nn', 'fn ', 'halve', 'part')
    expect(client.edited('net.nn', changes[client.uri('net.nn')])).toBe(MODEL.replace('halve', 'part'))
    expect(client.edited('user.nn', changes[client.uri('user.nn')])).toBe(
      'import { part } from "./shared.nn"\nexport fn f(x) = part(x)\n',
    )
    await client.close('shared.nn')
    await client.close('user.nn')
  })

  test.each([
    ['hidden', 'two words', 'is not a name'],
    ['hidden', 'if', 'is a word of the language'],
    ['hidden', 'tanh', 'is a word of the language'],
    ['hidden', 'n', 'the name is in use'],
    ['softmax', 'mine', 'belongs to the standard library'],
    ['mean', 'average', 'no name here'],
  ])('%s does not become %s', async (from, to, why) => {
    await expect(renamed('net.nn', '', from, to)).rejects.toThrow(why)
  })
})

describe('completion', () => {
  test('names in scope, functions with their signature, words', async () => {
    const items = await client.request<CompletionItem[]>(
      'textDocument/completion',
      client.at('net.nn', 'out p = ', 'softmax'),
    )
    const byLabel = new Map(items.map((item) => [item.label, item]))
    for (const label of ['h', 'W', 'x', 'hidden', 'bell', 'half', 'softmax', 'tanh', 'sum', 'if', 'pi'])
      expect(byLabel.has(label), label).toBe(true)
    expect(byLabel.has('p')).toBe(false)
    expect(byLabel.get('bell')?.detail).toBe('(x, width = 2)')
    const documented = await client.request<CompletionItem>('completionItem/resolve', byLabel.get('softmax'))
    expect(documented.documentation).toMatchObject({
      value: expect.stringContaining('The normalised exponential'),
    })
  })

  test('what is typed need not be sound', async () => {
    await client.open('half.nn', 'export fn f(alpha, beta) {\n  gamma = alpha +\n  return gamma\n}\n')
    expect(await labels('half.nn', 'alpha +')).toContain('beta')
    await client.change('half.nn', 'model M(x: [n, 4]) {\n  param top: \n  out y = x\n}\n')
    expect(await labels('half.nn', 'top: ')).toEqual(expect.arrayContaining(['Dense', 'LayerNorm', 'int']))
    await client.change('half.nn', 'model M(x: [n, 4]) {\n  param W: [4] ~ \n  out y = x @ W\n}\n')
    expect(await labels('half.nn', '~ ')).toEqual([
      'he',
      'glorot',
      'lecun',
      'normal',
      'uniform',
      'orthogonal',
    ])
    await client.change('half.nn', 'import {  } from "./shared.nn"\n')
    expect(await labels('half.nn', 'import { ')).toEqual(['halve'])
    await client.change('half.nn', 'import { halve } from ""\n')
    expect(await labels('half.nn', 'from "')).toEqual(expect.arrayContaining(['nnc/layers', './shared.nn']))
    await client.close('half.nn')
  })

  test('what stands below the cursor is documented too', async () => {
    await client.open('below.nn', 'export fn f(x) = \n/// Twice as much.\nexport fn twice(x) = 2x\n')
    const items = await client.request<CompletionItem[]>(
      'textDocument/completion',
      client.at('below.nn', 'f(x) = '),
    )
    const twice = await client.request<CompletionItem>('completionItem/resolve', items.find(({ label }) => label === 'twice')) // prettier-ignore
    expect(twice.documentation).toMatchObject({ value: expect.stringContaining('Twice as much.') })
    await client.close('below.nn')
  })

  test('parameters of layers, and named arguments', async () => {
    await client.open('members.nn', MODEL.replace('x @ W)', 'x @ W + top.)').replace('width = 3', ''))
    expect(await labels('members.nn', 'top.')).toEqual(['W', 'b'])
    expect(await labels('members.nn', 'bell(s[t-1], ')).toContain('width =')
    await client.close('members.nn')
  })

  test('nothing in comments and numbers', async () => {
    expect(await labels('net.nn', '/// A sm')).toEqual([])
    expect(await labels('net.nn', 'width = 2')).toEqual([])
  })

  test('the parameters of the function that is called', async () => {
    const help = await client.request<SignatureHelp>(
      'textDocument/signatureHelp',
      client.at('net.nn', 'bell(s[t-1], '),
    )
    expect(help.signatures[0].label).toBe('bell(x, width = 2)')
    expect(help.activeParameter).toBe(1)
    await client.open('named.nn', 'fn f(a, b = 1, c = 2) = a\nexport fn g(x) = f(x, c = 3, b = )\n')
    const active = async (before: string): Promise<unknown> =>
      (await client.request<SignatureHelp>('textDocument/signatureHelp', client.at('named.nn', before)))
        .activeParameter
    expect(await active('= f(x, c = ')).toBe(2)
    expect(await active('c = 3, b = ')).toBe(1)
    await client.close('named.nn')
  })
})

describe('the whole file', () => {
  test('formatting', async () => {
    const text = 'export fn f( x )=2*x\r\n// kept\r\nexport fn g(x)   =  x\r\n'
    await client.open('format.nn', text)
    const request = {
      textDocument: { uri: client.uri('format.nn') },
      options: { tabSize: 2, insertSpaces: true },
    }
    const edits = await client.request<TextEdit[]>('textDocument/formatting', request)
    const formatted = client.edited('format.nn', edits)
    expect(formatted).toBe('export fn f(x) = 2 * x\n// kept\nexport fn g(x) = x\n')
    await client.change('format.nn', formatted)
    expect(await client.request('textDocument/formatting', request)).toEqual([])
    await client.change('format.nn', 'export fn f(x = \n')
    expect(await client.request('textDocument/formatting', request)).toEqual([])
    await client.close('format.nn')
  })

  test('semantic tokens', async () => {
    const { data } = await client.request<SemanticTokens>('textDocument/semanticTokens/full', {
      textDocument: { uri: client.uri('net.nn') },
    })
    const { legend } = started.capabilities.semanticTokensProvider ?? { legend: { tokenTypes: [] } }
    const lines = MODEL.split('\n')
    const found: string[] = []
    let line = 0
    let character = 0
    for (let at = 0; at < data.length; at += 5) {
      line += data[at]
      character = data[at] > 0 ? data[at + 1] : character + data[at + 1]
      found.push(
        `${lines[line].slice(character, character + data[at + 2])}:${legend.tokenTypes[data[at + 3]]}`,
      )
    }
    expect(found.slice(0, 8)).toEqual([
      '/// A small network.:comment', 'import:keyword', 'Dense:class', 'from:keyword', '"nnc/layers":string',
      'import:keyword', 'halve:function', 'as:keyword',
    ]) // prettier-ignore
    for (const token of [
      'Net:class',
      'hidden:typeParameter',
      'n:typeParameter',
      'x:parameter',
      'W:property',
      'top:layer',
      'h:variable',
      'k:index',
      'softmax:function',
      'sum:function',
      'loss:keyword',
      '16:number',
      '@:operator',
      'recur:keyword',
      'width:parameter',
    ])
      expect(found).toContain(token)
  })

  test('outline and folding', async () => {
    const textDocument = { uri: client.uri('net.nn') }
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument })
    expect(symbols.map(({ name }) => name)).toEqual(['Net', 'bell', 'decay'])
    expect(symbols[0].children?.map(({ name }) => name)).toEqual(['W', 'top', 'h', 'p'])
    const folds = await client.request<FoldingRange[]>('textDocument/foldingRange', { textDocument })
    expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toEqual(
      expect.arrayContaining([
        [4, 9],
        [13, 18],
        [14, 16],
        [1, 2],
      ]),
    )
  })
})

describe('trouble', () => {
  test('files that are not there, places outside, unknown requests', async () => {
    const textDocument = { uri: client.uri('never.nn') }
    expect(
      await client.request('textDocument/hover', { textDocument, position: { line: 0, character: 0 } }),
    ).toBeNull()
    const far = { textDocument: { uri: client.uri('net.nn') }, position: { line: 1e6, character: 1e6 } }
    expect(await client.request('textDocument/hover', far)).toBeNull()
    await expect(client.request('textDocument/nonsense', {})).rejects.toThrow()
    await expect(client.request('textDocument/hover', {})).rejects.toThrow()
    expect(await hover('net.nn', 'fn ', 'bell')).not.toBe('')
  })

  test('texts that are no programs', async () => {
    for (const [at, text] of [
      '',
      '\0\0',
      '}{)(',
      `fn f(x) = ${'('.repeat(5000)}`,
      `${'recur t < 2 {\n'.repeat(3000)}`,
      '\u{d800}',
    ].entries()) {
      await client.open(`odd${at}.nn`, text)
      const textDocument = { uri: client.uri(`odd${at}.nn`) }
      await client.request('textDocument/semanticTokens/full', { textDocument })
      await client.request('textDocument/documentSymbol', { textDocument })
      await client.request('textDocument/foldingRange', { textDocument })
      await client.request('textDocument/completion', { textDocument, position: { line: 0, character: 1 } })
      await client.diagnostics(`odd${at}.nn`, () => true)
      await client.close(`odd${at}.nn`)
    }
    expect(await hover('net.nn', 'fn ', 'bell')).not.toBe('')
  })

  test('shutdown and exit end it with 0; exit alone with 1', async () => {
    const polite = new Client(folder)
    await polite.initialize()
    expect(await polite.stop()).toBe(0)
    expect(polite.stderr).toBe('')
    const abrupt = new Client(folder)
    await abrupt.initialize()
    await abrupt.connection.sendNotification('exit')
    expect(await abrupt.exit).toBe(1)
  })

  test('it ends with its editor', async () => {
    const left = new Client(folder)
    await left.initialize()
    left.hangUp()
    expect(await left.exit).toBe(1)
  })

  test('nothing was reported as a bug', () => {
    expect(client.stderr).toBe('')
  })
})
