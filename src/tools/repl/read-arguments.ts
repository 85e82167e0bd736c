/** What follows a command: expressions, then `x=1`, `y=-2..2` or `at (1, 2)`, and options anywhere. */
import { matchBrackets, scan, splitOutside, type Token } from './scan.js'

export interface Assignment {
  readonly name: string
  readonly value: string
  /** The end of a range `value..upTo`. */
  readonly upTo: string | undefined
}

export interface Arguments {
  readonly expressions: string
  readonly assignments: readonly Assignment[]
  /** Values without names: `at (1, 2)`. */
  readonly positional: readonly string[]
  readonly options: ReadonlyMap<string, string>
}

export function readArguments(text: string, valued: readonly string[]): Arguments {
  const { rest, options } = takeOptions(text, valued)
  const { expressions, point } = takePoint(rest)
  const at = assignmentsStart(point ?? expressions)
  if (point !== undefined && at === 0) return { expressions, ...split(point), options }
  if (point !== undefined) return { expressions, assignments: [], positional: positions(point), options }
  if (at === undefined) return { expressions, assignments: [], positional: [], options }
  return { expressions: trimmed(expressions.slice(0, at)), ...split(expressions.slice(at)), options }
}

const trimmed = (text: string): string => text.trimEnd().replace(/[,;]$/, '')

function takeOptions(text: string, valued: readonly string[]) {
  const options = new Map<string, string>()
  const rest = text.replace(
    /(^|\s)--([a-z]+)(?:[ =](\S+))?/g,
    (all: string, space: string, name: string, value = '') => {
      // `x --y` is a difference.
      if (name.length < 3 && !valued.includes(name)) return all
      const takes = valued.includes(name)
      options.set(name, takes ? String(value) : '')
      return takes || value === '' ? space : `${space}${String(value)}`
    },
  )
  return { rest: rest.trimEnd(), options }
}

/** `f at x=1`, `f at (1, 2)`. */
function takePoint(text: string): { readonly expressions: string; readonly point: string | undefined } {
  const [expressions, ...points] = splitOutside(
    text,
    ({ kind, text: word }) => kind === 'name' && word === 'at',
  )
  const [point] = points
  if (point === undefined || expressions.text.trim() === '') return { expressions: text, point: undefined }
  return { expressions: expressions.text.trimEnd(), point: text.slice(point.start).trim() }
}

/** Where `x=1 y=2` begins, outside brackets. */
function assignmentsStart(text: string): number | undefined {
  const tokens = scan(text)
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'open') depth++
    else if (token.kind === 'close') depth--
    else if (depth === 0 && startsAssignment(tokens, at)) return token.start
  }
  return undefined
}

const startsAssignment = (tokens: readonly Token[], at: number): boolean =>
  tokens[at].kind === 'name' &&
  tokens[at + 1]?.text === '=' &&
  (at === 0 || tokens[at].spaceBefore || tokens[at - 1].kind === 'comma')

function split(text: string): {
  readonly assignments: readonly Assignment[]
  readonly positional: readonly string[]
} {
  const tokens = scan(text)
  const starts: number[] = []
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'open') depth++
    else if (token.kind === 'close') depth--
    else if (depth === 0 && startsAssignment(tokens, at)) starts.push(at)
  }
  const assignments = starts.map((at, n): Assignment => {
    const end = starts[n + 1] === undefined ? text.length : tokens[starts[n + 1]].start
    const [value, upTo] = text.slice(tokens[at + 1].end, end).split('..')
    return { name: tokens[at].text.normalize('NFKC'), value: trimmed(value).trim(), upTo: upTo === undefined ? undefined : trimmed(upTo).trim() } // prettier-ignore
  })
  return { assignments, positional: [] }
}

function positions(text: string): string[] {
  const tokens = scan(text)
  const closing = matchBrackets(tokens).get(0)
  const inner = tokens[0]?.text === '(' && closing === tokens.length - 1 ? text.slice(tokens[0].end, tokens[closing].start) : text // prettier-ignore
  return splitOutside(inner, ({ text: word }) => word === ',').map((part) => part.text.trim())
}
