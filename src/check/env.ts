/**
 * Where an expression is elaborated: names, the conditions under which its value is used, the ranges of the
 * binders of its statement.
 */
import type { Binder, DerivativeDeclaration, Expression } from '../../grammar/ast.js'
import type { Diagnostic, Diagnostics, Note } from '../base/diagnostic.js'
import type { Message } from '../base/messages.js'
import { error, warning } from '../base/messages.js'
import type { Span } from '../base/source.js'
import type { Expr, Index, ParamDef } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Check, Initial } from '../ir/program.js'
import type { Scope } from './scope.js'
import type { Member, Poison, Tensor, Value } from './value.js'
import { POISON } from './value.js'

/** What one entry collects while it is elaborated. */
export interface Context {
  readonly graph: Graph
  /** The function or model being elaborated. */
  readonly entry: string
  readonly diagnostics: Diagnostics
  readonly checks: Check[]
  readonly parameters: ParameterRecord[]
  readonly ownRules: ReadonlyMap<object, readonly DerivativeDeclaration[]>
  /** The rule under way, if this is one. */
  readonly site?: RuleSite | undefined
  /** Only shapes are asked for: nothing is reported, assumed or recorded. */
  readonly probing: boolean
  /** Places and codes of the mistakes reported so far. */
  readonly reported: Set<string>
  /** Functions in circles of calls that were reported. */
  readonly circles: Set<object>
}

/** A rule of a function is elaborated for one of its calls. */
export interface RuleSite {
  readonly of: object
  readonly args: ReadonlyMap<string, Tensor>
  readonly whole: Tensor
  readonly outer: RuleSite | undefined
}

/** The range of a binder: its value is `index + low`, and counts only where `conditions` hold. */
export interface Range {
  readonly index: Index
  readonly low: Expr
  readonly conditions: readonly Expr[]
}

/** The ranges of binders; `undefined` where a mistake about the binder was reported. */
export type Ranges = ReadonlyMap<Binder, Range | undefined>

export interface Path {
  readonly condition: Expr
  readonly outer: Path | undefined
}

/** A call under way: for recursion, and to say from where a mistake inside a function was reached. */
export interface CallSite {
  readonly of: object
  readonly name: string
  readonly span: Span
  readonly outer: CallSite | undefined
  readonly depth: number
}

/** The parameters that an entry declares, in order of creation. */
export interface ParameterRecord {
  readonly path: readonly string[]
  readonly def: ParamDef
  readonly doc: string | undefined
  readonly initial: InitialSpec
}

/** An initial value as stated: what depends on the reads of the parameter is settled at the end. */
export type InitialSpec =
  | Exclude<Initial, { kind: 'he' | 'glorot' | 'lecun' }>
  | { readonly kind: 'he' }
  | { readonly kind: 'glorot' }
  | { readonly kind: 'lecun' }

/** The body of a model under way: an entry, or one application of an instance. */
export interface ModelState {
  readonly name: string
  readonly path: readonly string[]
  readonly members: Map<string, Member>
  /** A further application of an instance: its parameters exist. */
  readonly reused: boolean
  readonly outs: {
    readonly name: string
    readonly value: Value
    readonly span: Span
    readonly doc: string | undefined
  }[]
  loss: { readonly value: Tensor; readonly span: Span } | undefined
  /** Its loss has a mistake, which was reported. */
  failed: boolean
}

export interface Env {
  readonly context: Context
  readonly scope: Scope
  readonly path: Path | undefined
  readonly ranges: Ranges
  /** The expressions of the statement under way, for hints about names. */
  readonly statement: readonly Expression[]
  /** Indices bound around the body under way, on which a recurrence written here may depend. */
  readonly ambient: readonly Index[]
  readonly call: CallSite | undefined
  readonly model: ModelState | undefined
}

/** The conditions of a path, outermost last. */
export function conditionsOf(path: Path | undefined): Expr[] {
  const conditions: Expr[] = []
  for (let at = path; at; at = at.outer) conditions.push(at.condition)
  return conditions
}

/** The path extended by the members of a conjunction; what never holds stays, for what stands under it is never computed. */
export function under(path: Path | undefined, condition: Expr): Path | undefined {
  if (condition.kind === 'num' && !condition.value.isZero) return path
  if (condition.kind === 'apply' && condition.operator === 'and')
    return condition.args.reduce((outer, part) => under(outer, part), path)
  return { condition, outer: path }
}

/** Mistakes about a name: reported once per name and entry. */
const BY_NAME: ReadonlySet<string> = new Set([
  'unknown-name',
  'unknown-function',
  'used-before-definition',
  'unknown-type',
])

/** Under which keys a mistake counts as reported already. */
function keysOf({ entry }: Context, { code, message }: Message, span: Span | undefined): string[] {
  const keys = span ? [`${span.source.filename}:${span.start}:${code}`] : []
  if (!span || BY_NAME.has(code)) keys.push(`${entry}:${message}`)
  return keys
}

/** Whether a message is news; it is none from then on. */
function isNews(context: Context, message: Message, span: Span | undefined): boolean {
  if (context.probing) return false
  const keys = keysOf(context, message, span)
  const known = keys.some((key) => context.reported.has(key))
  for (const key of keys) context.reported.add(key)
  return !known
}

/** The mistakes reported so far; more of them after a step say that it explains itself. */
export const mistakesIn = ({ context }: Env): number => context.diagnostics.list.length

/** Reports a mistake once, however often its place is elaborated, with the calls that led there. */
export function report(
  env: Env,
  message: Message,
  span: Span | undefined,
  notes: readonly Note[] = [],
): Poison {
  const { context } = env
  if (isNews(context, message, span))
    context.diagnostics.add(error(message, span, [...notes, ...callNotes(env)]))
  return POISON
}

export function warn(env: Env, message: Message, span: Span | undefined, notes: readonly Note[] = []): void {
  const { context } = env
  if (isNews(context, message, span))
    context.diagnostics.add(warning(message, span, [...notes, ...callNotes(env)]))
}

const MOST_CALL_NOTES = 3

function callNotes(env: Env): Diagnostic['notes'] {
  const notes: Note[] = []
  for (let call = env.call; call && notes.length < MOST_CALL_NOTES; call = call.outer)
    if (call.depth > 0) notes.push({ message: `in this call of ${call.name}`, span: call.span })
  return notes
}
