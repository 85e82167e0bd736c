/** What a command of the session is, and what it may use of the session. */
import type { Expression as Syntax } from '../../../grammar/ast.js'
import type { Answer, ScalarAnswer } from './answer.js'
import type { Assignment } from './read-arguments.js'
import type { Result } from './result.js'
import type { Settings } from './settings.js'
import type { Query, QueryOptions, Workspace } from './workspace.js'
import type { Program } from '../../ir/program.js'
import type { Diagnostic } from '../../base/diagnostic.js'

/** Reading and writing files, which the session itself does not do. */
export interface Files {
  read(path: string): { readonly filename: string; readonly source: string }
  write(path: string, text: string): void
}

/** One expression as it was typed. */
export interface Typed {
  readonly text: string
  readonly syntax: Syntax
}

export interface Input {
  readonly expressions: readonly Typed[]
  readonly assignments: readonly Assignment[]
  readonly options: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

/** A point: the variables of an expression and their values. */
export interface Point {
  readonly names: readonly string[]
  readonly values: Readonly<Record<string, number>>
}

/** The session as commands see it. What they are not able to do is thrown as an `NnError`. */
export interface SessionView {
  readonly workspace: Workspace
  readonly settings: Settings
  readonly files: Files
  readonly commands: readonly Command[]
  /** Reads `EXPRESSIONS x=1 y=-2..2 --option value`. */
  read(command: Command, text: string): Input
  check(query: Query): Program
  query(results: readonly Syntax[], options?: QueryOptions): Query
  answers(results: readonly Syntax[]): readonly Answer[]
  /** The answer of an expression that must be a number. */
  scalar(command: Command, typed: Typed): ScalarAnswer
  /** Values for all variables of expressions, from `x=1 y=2` or `at (1, 2)`. */
  point(command: Command, names: readonly string[], input: Input): Point
  run(line: string): Promise<readonly Result[]>
  fail(message: { readonly code: string; readonly message: string; readonly suggestion?: string }): never
  problem(diagnostics: readonly Diagnostic[]): never
}

export interface Command {
  readonly name: string
  /** One line for the list. */
  readonly summary: string
  /** What follows the name. */
  readonly usage: string
  /** Whole inputs that work in a new session, in order; each is tested. */
  readonly examples: readonly string[]
  /** Options (`--svg FILE`) by name, and what they are for. */
  readonly options?: Readonly<Record<string, string>>
  readonly run: (session: SessionView, text: string) => readonly Result[] | Promise<readonly Result[]>
}
