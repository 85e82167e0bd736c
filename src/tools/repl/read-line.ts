/** The statements of a line or of several, by what they are. */
import { scan, splitOutside } from './scan.js'

export type Statement = {
  readonly kind:
    'command' | 'program' | 'assumption' | 'declaration' | 'definition' | 'function' | 'expressions'
  readonly text: string
  /** Where it begins in what was typed. */
  readonly start: number
}

export function readLine(text: string): Statement[] {
  const start = text.length - text.trimStart().length
  if (text.startsWith(':', start)) return [{ kind: 'command', text: text.trim(), start }]
  if (/^\s*(?:export\s+)?(?:fn|model|const|import|optimizer|derivative)\s/.test(text)) return [{ kind: 'program', text, start: 0 }] // prettier-ignore
  return splitOutside(text, (token) => token.text === ';')
    .flatMap((part) => lines(part.text, part.start))
    .flatMap(({ text: part, start: at }) => statements(part, at))
    .filter((statement) => scan(statement.text).some(({ kind }) => kind !== 'comment'))
}

/** Lines end statements unless a bracket is open or an operator stands at the break. */
function lines(text: string, start: number): { readonly text: string; readonly start: number }[] {
  const parts: { text: string; start: number }[] = []
  let depth = 0
  let from = 0
  const tokens = scan(text)
  for (const [at, token] of tokens.entries()) {
    const previous = tokens[at - 1]
    const breaks = previous !== undefined && text.slice(previous.end, token.start).includes('\n')
    const goesOn = /^(?:operator|comma|close)$/.test(token.kind) || (previous && /^(?:operator|comma|open)$/.test(previous.kind)) // prettier-ignore
    if (breaks && depth === 0 && !goesOn) {
      parts.push({ text: text.slice(from, token.start), start: start + from })
      from = token.start
    }
    if (token.kind === 'open') depth++
    else if (token.kind === 'close') depth--
  }
  parts.push({ text: text.slice(from), start: start + from })
  return parts
}

const DECLARES = /^\s*[\p{L}_][\p{L}\p{N}_₀-₉]*\s*:\s*(?:\[|int\b|real\b|bool\b)/u

function statements(text: string, start: number): Statement[] {
  if (/^\s*assume\s/.test(text)) return [{ kind: 'assumption', text, start }]
  const parts = splitOutside(text, (token) => token.text === ',')
  if (DECLARES.test(text)) return parts.map((part) => ({ kind: 'declaration', text: part.text, start: start + part.start })) // prettier-ignore
  if (parts.every((part) => definitionKind(part.text) !== undefined))
    return parts.map((part) => ({ kind: definitionKind(part.text) ?? 'definition', text: part.text, start: start + part.start })) // prettier-ignore
  const kind = definitionKind(text)
  return [{ kind: kind ?? 'expressions', text, start }]
}

/** `u = …` and `f(x) = …`: an equals sign outside brackets that is part of no comparison, and of no point behind an expression. */
function definitionKind(text: string): 'definition' | 'function' | undefined {
  const left = /^\s*[\p{L}_][\p{L}\p{N}\p{M}_₀-₉]*(?:\s*,\s*[\p{L}_][\p{L}\p{N}\p{M}_₀-₉]*|\s*\[[^\]=]*\])*\s*(\([^()]*\))?\s*=(?!=)/u.exec(text) // prettier-ignore
  if (!left) return undefined
  return left[1] === undefined ? 'definition' : 'function'
}
