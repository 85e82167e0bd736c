/** Numbers, names and operators of an expression as text: the same measure for all systems. */
const TOKEN = /\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|[\p{L}_][\p{L}\p{N}_]*|[<>=!]=|[-+*/^<>?:(),]/gu
const SILENT: ReadonlySet<string> = new Set(['(', ')', ',', ':', 'then', 'else'])
const WORDS: ReadonlySet<string> = new Set(['if', 'then', 'else', 'not', 'and', 'or'])

export function countTokens(text: string): number {
  let count = 0
  let before = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (!SILENT.has(token)) count++
    // A product without a sign: `2x`, `2 (x + 1)`, `x cos(x)`.
    const isStart = /^[\p{L}_\d.(]/u.test(token) && !WORDS.has(token)
    const isEnd = /^[\p{L}_\d.)]/u.test(before) && !WORDS.has(before)
    const isCall = token === '(' && /^[\p{L}_]/u.test(before)
    if (isStart && isEnd && !isCall) count++
    before = token
  }
  return count
}
