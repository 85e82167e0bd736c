/** CPU time of the language server for a file of 300 lines: after a key, for completion, for a hover, and of a whole check. */
import { pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { complete, hover, Project, semanticTokens, Texts, workspaceOf } from '../src/tools/lsp/engine.js'

const part = (at: number): string => `/// Model ${at}.
model Net${at}[hidden = 16](x: [n, 4], y: [n, 3]) {
  param W: [4, hidden] ~ he
  param b: [hidden]
  param V: [hidden, 3] ~ glorot
  h = tanh(x @ W + b)
  out p = softmax(h @ V)
  loss -mean[i] sum[k] y[i, k] * log(p[i, k])
}
export fn f${at}(x: [T], a = 0.5) {
  recur t < T { s[-1] = 0; s[t] = a * s[t-1] + gelu(x[t]) }
  return s[T-1]
}
`
const KEYS = 30
const text = Array.from({ length: 23 }, (_, at) => part(at)).join('')
const place = text.lastIndexOf('return')
const name = '/nowhere/bench.nn'
const texts = new Texts(undefined)
const workspace = workspaceOf(new Project(texts, []), (thrown) => {
  throw thrown
})
const times = new Map<string, number[]>()

function timed<T>(what: string, run: () => T): T {
  const before = process.cpuUsage()
  const result = run()
  const { user, system } = process.cpuUsage(before)
  times.set(what, [...(times.get(what) ?? []), (user + system) / 1000])
  return result
}

for (let key = 0; key < KEYS; key++) {
  const typed = `${text.slice(0, place)}z = 1${'2'.repeat(key)}\n  ${text.slice(place)}`
  texts.open(TextDocument.create(pathToFileURL(name).href, 'nn', key, typed))
  timed('key: syntax, names, colours', () => {
    const file = workspace.project.file(name)
    if (file) semanticTokens(workspace, file, () => {})
  })
  timed('completion', () => complete(workspace, name, place))
  timed('hover of a parameter, with its derivative', () => hover(workspace, name, text.indexOf('W:')))
  const steps = workspace.checker.steps(name)
  timed('check', () => {
    while (!timed('check, one step', () => steps.next()).done);
  })
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]
console.log(`${text.split('\n').length - 1} lines, ${KEYS} keys, median CPU time (longest) in ms`)
for (const [what, all] of times) {
  const warm = all.slice(all.length >> 1)
  console.log(`${what.padEnd(44)} ${median(warm).toFixed(1).padStart(7)} (${Math.max(...warm).toFixed(1)})`)
}
