import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PublishDiagnosticsParams } from 'vscode-languageserver/node'
import { DiagnosticsFeed } from '../../src/tools/lsp/diagnostics-feed.js'
import { Files } from './workspace.js'

const TWO = 'export fn f(x) = x + a\nexport fn g(x) = x + b\n'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function feedOf(files: Files) {
  const published: PublishDiagnosticsParams[] = []
  const connection = {
    sendDiagnostics: async (params: PublishDiagnosticsParams) => {
      published.push(params)
    },
  }
  const feed = new DiagnosticsFeed(connection, files.workspace, (thrown) => {
    throw thrown
  })
  return {
    feed,
    messages: () => published.map(({ diagnostics }) => diagnostics.map(({ message }) => message)),
  }
}

test('keys one after the other are one check', () => {
  const files = new Files({ 'a.nn': '' })
  const { feed, messages } = feedOf(files)
  for (const text of ['export fn f(x) = q', 'export fn f(x) = qu', 'export fn f(x) = x']) {
    files.write('a.nn', text)
    feed.changed(files.path('a.nn'))
    vi.advanceTimersByTime(100)
  }
  expect(messages()).toEqual([])
  vi.runAllTimers()
  expect(messages()).toEqual([[]])
})

test('a check that is under way ends when the text changes, and when the file is closed', () => {
  const files = new Files({ 'a.nn': TWO })
  const { feed, messages } = feedOf(files)
  const name = files.path('a.nn')
  feed.changed(name)
  // The first function is checked; the second waits for the next turn.
  vi.advanceTimersByTime(150)
  expect(messages()).toEqual([])
  files.write('a.nn', TWO.replace('+ a', ''))
  feed.changed(name)
  vi.runAllTimers()
  expect(messages()).toEqual([["'b' is not defined"]])

  files.write('a.nn', TWO)
  feed.changed(name)
  vi.advanceTimersByTime(150)
  feed.closed(name)
  vi.runAllTimers()
  expect(messages().slice(1)).toEqual([[]])
})

test('files that import it are checked with it, others are not', () => {
  const files = new Files({
    'a.nn': 'export fn a(x) = x',
    'b.nn': 'import { a } from "./a.nn"\nexport fn b(x) = a(x)',
    'c.nn': 'export fn c(x) = x',
  })
  const { feed, messages } = feedOf(files)
  for (const name of ['a.nn', 'b.nn', 'c.nn']) feed.changed(files.path(name))
  vi.runAllTimers()
  expect(messages()).toEqual([[], [], []])
  files.write('a.nn', 'export fn other(x) = x')
  feed.changed(files.path('a.nn'))
  vi.runAllTimers()
  expect(messages().slice(3)).toEqual([[], ["./a.nn has no 'a'"]])
})
