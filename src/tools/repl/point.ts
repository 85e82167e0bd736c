/** Values for variables: `x=1 y=pi/2`, or `at (1, 2)` in order of appearance. */
import { parseExpression } from '../../../grammar/parse.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { numberOf } from '../../expression/assumption.js'
import type { Input, Point, SessionView } from './command.js'
import { messages } from './messages.js'

export function pointOf(
  session: SessionView,
  command: string,
  names: readonly string[],
  input: Input,
): Point {
  const values = new Map<string, number>()
  for (const { name, value } of input.assignments) values.set(name, constant(session, value))
  const positional = input.assignments.filter(({ name }) => name.startsWith('#'))
  if (positional.length > names.length) session.fail(messages.tooManyValues(names, positional.length))
  for (const [at, { value }] of positional.entries()) values.set(names[at], constant(session, value))
  const missing = names.filter((name) => !values.has(name))
  const example = `:${command} … ${names.map((name, at) => `${name}=${at + 1}`).join(' ')}`
  if (missing.length > 0) session.fail(messages.noValue(missing, example))
  return { names, values: Object.fromEntries([...values].filter(([name]) => !name.startsWith('#'))) }
}

/** The number that a text without variables stands for. */
export function constant(session: SessionView, text: string): number {
  const syntax = parseExpression({ filename: 'input', text }, new Diagnostics())
  const value = syntax && numberOf(syntax)
  return value ?? session.fail(messages.badOption(text, 'a number is expected here, such as 2, -0.5 or pi/2'))
}
