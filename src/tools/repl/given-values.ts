/** Values for tensors, from `v=[1, 2]` or `at ([1, 2], 3)`. */
import type { TypeExpression } from '../../../grammar/ast.js'
import type { Entry } from '../../ir/program.js'
import { typeOf, valuesOf, type Values } from './array-text.js'
import type { Input, SessionView, Typed } from './command.js'
import { messages } from './messages.js'
import type { Assignment } from './read-arguments.js'
import type { Workspace } from './workspace.js'

/** The types of what is given, where arrays are among it; those in order get their names from `variables`. */
function givenTypes(
  assignments: readonly Assignment[],
  workspace: Workspace,
  variables: readonly string[] = [],
): ReadonlyMap<string, TypeExpression> {
  if (!assignments.some(({ value }) => value.startsWith('['))) return new Map()
  return new Map(
    assignments.flatMap(({ name, value }) => {
      const own = name.startsWith('#') ? (variables[Number(name.slice(1))] ?? name) : name
      const given = valuesOf(value)
      return given && !workspace.shapes.has(own) ? [[own, typeOf(given)]] : []
    }),
  )
}

/** Whether arrays are given; those in order are known by name from now on. */
export function takesArrays(session: SessionView, typed: Typed, { assignments }: Input): boolean {
  if (!assignments.some(({ value }) => value.startsWith('['))) return false
  const { variables } = session.query([typed.syntax])
  session.workspace.givenTypes = givenTypes(assignments, session.workspace, variables)
  return true
}

/** Names with values of their own for one line. */
export function giveValues(workspace: Workspace, assignments: readonly Assignment[]): void {
  workspace.given = new Set(assignments.map(({ name }) => name))
  workspace.givenTypes = givenTypes(assignments, workspace)
}

/** What each input of an entry is given; fails where one is given nothing. */
export function givenValues(
  session: SessionView,
  entry: Entry,
  input: Input,
  command: string,
): ReadonlyMap<string, Values> {
  // prettier-ignore
  const names = entry.inputs.map(({ name }) => name)
  const positional = input.assignments.filter(({ name }) => name.startsWith('#'))
  if (positional.length > names.length) session.fail(messages.tooManyValues(names, positional.length))
  const given = new Map<string, Values>()
  for (const { name, value } of input.assignments) {
    const own = name.startsWith('#') ? names[Number(name.slice(1))] : name
    given.set(own, valuesOf(value) ?? session.fail(messages.badOption(value, 'numbers and arrays of equally long rows: [[1, 0], [0, 1]]'))) // prettier-ignore
  }
  const missing = entry.inputs.filter(({ name }) => !given.has(name))
  if (missing.length > 0)
    session.fail(
      messages.noValue(
        missing.map(({ name }) => name),
        `:${command} … ${missing.map(({ name, def }) => `${name}=${exampleOf(def.idx.length)}`).join(' ')}`,
      ),
    )
  return given
}

/** A value of a rank, to show how one is written. */
const exampleOf = (rank: number): string => `${'['.repeat(rank)}1${rank > 0 ? ', 2' : ''}${']'.repeat(rank)}`
