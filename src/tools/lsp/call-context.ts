/** The call around an offset, read off the tokens: the text is being typed. */
import { CLOSERS } from '../../../grammar/balance.js'
import { normaliseName } from '../../../grammar/characters.js'
import { lex } from '../../../grammar/lexer.js'
import * as t from '../../../grammar/tokens.js'
import type { ProjectFile } from './project.js'

interface CallContext {
  /** Where the name stands that is called. */
  readonly callee: number
  /** How many arguments stand before. */
  readonly position: number
  /** Names of the arguments given so far. */
  readonly named: readonly string[]
  /** The name of the argument at the offset, if it has one. */
  readonly current: string | undefined
  /** Nothing of the argument is typed yet but perhaps the start of a name. */
  readonly atStart: boolean
}

const OPENERS: ReadonlySet<t.Token['tokenType']> = new Set(CLOSERS.keys())
const CLOSED: ReadonlySet<t.Token['tokenType']> = new Set(CLOSERS.values())

export function callAt({ syntax }: ProjectFile, offset: number): CallContext | undefined {
  const { tokens } = lex(syntax.span.source)
  let before = tokens.findIndex(({ startOffset }) => startOffset >= offset)
  if (before < 0) before = tokens.length
  const inside = tokens[before - 1]
  const typed = inside && inside.end >= offset && inside.tokenType === t.Name ? 1 : 0
  const last = tokens[before - 1 - typed]?.tokenType
  let depth = 0
  let position = 0
  const named: string[] = []
  let current: string | undefined
  for (let at = before - 1; at > 0; at--) {
    const { tokenType: type } = tokens[at]
    if (CLOSED.has(type)) depth++
    else if (OPENERS.has(type)) {
      if (depth > 0) depth--
      else if (type !== t.LeftParen) return undefined
      else {
        const callee = tokens[at - 1]
        if (callee.tokenType !== t.Name || tokens[at].spaceBefore) return undefined
        return {
          callee: callee.startOffset,
          position,
          named,
          current,
          atStart: last === t.LeftParen || last === t.Comma,
        }
      }
    } else if (depth === 0 && type === t.Comma) position++
    else if (depth === 0 && type === t.Equals && tokens[at - 1].tokenType === t.Name) {
      const name = normaliseName(tokens[at - 1].image)
      named.push(name)
      if (position === 0) current = name
    }
  }
  return undefined
}
