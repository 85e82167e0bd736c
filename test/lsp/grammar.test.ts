import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import oniguruma from 'vscode-oniguruma'
import textmate, { type IGrammar } from 'vscode-textmate'
import { classify, type TokenClass } from '../../src/tools/lsp/classify.js'
import { parsed } from '../../src/tools/lsp/project.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = `${root}/editors/vscode/syntaxes/nn.tmLanguage.json`
const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
const programs = [
  'test/programs',
  'src/std',
  ...readdirSync(`${root}/examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}`),
]
  .flatMap((folder) => readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}`))
  .filter((each) => each.endsWith('.nn'))

let grammar: IGrammar

beforeAll(async () => {
  await oniguruma.loadWASM(readFileSync(wasm))
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), path),
  })
  const found = await registry.loadGrammar('source.nn')
  if (!found) throw new Error('no grammar')
  grammar = found
})

/** The innermost scope of each character of a text. */
function scopesOf(text: string): string[] {
  const scopes: string[] = []
  let state = textmate.INITIAL
  let start = 0
  for (const line of text.split(/(?<=\n)/)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line.replace(/\r?\n$/, ''), state)
    for (const { startIndex, endIndex, scopes: stack } of tokens)
      for (let at = startIndex; at < endIndex; at++) scopes[start + at] = stack.at(-1) ?? ''
    state = ruleStack
    start += line.length
  }
  return scopes
}

const WANTED: Readonly<Record<TokenClass, RegExp>> = {
  keyword: /^(keyword\.(control|other|operator\.word)|storage)\./,
  reduction: /^support\.function\.reduction\./,
  number: /^constant\.numeric\./,
  string: /^string\./,
  comment: /^comment\./,
  operator: /^keyword\.operator\.(?!word)/,
  name: /^(variable|entity|support\.type|constant\.language)\./,
}

/** Tokens that the grammar colours as something else than they are. */
function differences(text: string): string[] {
  const scopes = scopesOf(text)
  return classify(parsed('here.nn', text, 'file:///here.nn')).flatMap(({ start, end, class: kind }) => {
    const odd = Array.from({ length: end - start }, (_, at) => start + at).find(
      (at) => !/[\r\n]/.test(text[at]) && !WANTED[kind].test(scopes[at] ?? ''),
    )
    if (odd === undefined) return []
    const line = text.slice(0, start).split('\n').length
    return [`${line}: ${text.slice(start, end)} is a ${kind}, coloured as ${scopes[odd]}`]
  })
}

test.each(programs)('the colours of %s are what the parser sees', (each) => {
  expect(differences(readFileSync(`${root}/${each}`, 'utf8'))).toEqual([])
})

test('strings and transposition, names with digits, second spellings', () => {
  const text = `import { a as b, c } from './x.nn'
/* over
   lines */ fn f(A, x₁, ŷ) = A' @ x₁ − 2ŷ² ≤ .5e-3 * ∑[i] A[i]'
derivative of f(A, x₁, ŷ) by A given g = g
model M(x: [n]) { param W: [2] ~ he; out y = x; loss sum(x) }
fn words(loss, out, by) {
  loss2 = loss
  return = 3
  return loss + by
}
`
  expect(differences(text)).toEqual([])
})

test('what is wrong shows', () => {
  expect(scopesOf('fn f(x) = x ** 2 && x')[12]).toBe('invalid.illegal.nn')
})
