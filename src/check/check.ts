/** From a parsed file to the program in the IR: names, shapes, ranges and kinds are checked while it is built. */
import type { File, FunctionDeclaration, ModelDeclaration, Name } from '../../grammar/ast.js'
import type { Diagnostics } from '../base/diagnostic.js'
import { error, warning } from '../base/messages.js'
import { closest } from '../base/suggest.js'
import type { Graph } from '../ir/graph.js'
import type { Entry, Program } from '../ir/program.js'
import { functionParameters, resolver } from './analyse.js'
import { dispatch } from './dispatch.js'
import { type Draft, draftFor, entryOf, functionEntry, modelEntry, type Shared } from './entry.js'
import type { ModelState } from './env.js'
import { messages } from './messages.js'
import { Modules, type Read } from './modules.js'
import { elaborateName } from './names.js'
import type { OnBind, Scope } from './scope.js'
import { run, type Task } from './task.js'

export interface CheckOptions {
  readonly graph: Graph
  readonly diagnostics: Diagnostics
  readonly filename: string
  /** Values for constants and model sizes: `-D hidden=128`. */
  readonly define?: Readonly<Record<string, number>>
  /** Reads an imported file; throws what went wrong. */
  readonly read?: Read
  readonly observer?: Observer
  /** The one function or model that is wanted. */
  readonly only?: string | undefined
}

/** What an editor learns while a file is checked. */
export interface Observer {
  /** A function or model of the file is elaborated by itself from here on; what it calls is bound with it. */
  enter(entry: FunctionDeclaration | ModelDeclaration): void
  readonly bind: OnBind
}

/** Checks a file and the files it imports. On errors the program holds the entries that are sound. */
export function checkProgram(file: File, options: CheckOptions): Program {
  return finished(checkInSteps(file, options))
}

/** What steps come to, without a rest. */
export function finished<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same, with a rest after each function or model: an editor may have other things to do. */
export function* checkInSteps(file: File, options: CheckOptions): Generator<void, Program, void> {
  const { graph, diagnostics, define = {}, read, filename, observer, only } = options
  const modules = new Modules(diagnostics, read, define, observer?.bind)
  const module = modules.main(filename, file)
  // What syntax errors hide cannot be told from what is missing.
  if (module.incomplete) return { graph, entries: [] }
  requireDefined(file, define, diagnostics)
  const shared: Shared = {
    graph,
    diagnostics,
    reported: new Set(),
    circles: new Set(),
    ownRules: modules.ownRules,
  }
  const entries: Entry[] = []
  for (const statement of file.statements) {
    if (statement.kind === 'function' || statement.kind === 'model') {
      if (only !== undefined && statement.signature.name.name !== only) continue
      observer?.enter(statement)
    }
    if (statement.kind === 'function')
      addEntry(entries, statement, functionDraft(shared, statement, module.scope))
    else if (statement.kind === 'model')
      addEntry(entries, statement, modelDraft(shared, statement, module.scope, define))
    else if (statement.kind === 'import') {
      for (const { name, as } of statement.names) addImported(entries, shared, as ?? name, module.scope)
    } else if (statement.kind === 'const') checkConstant(shared, statement.definition.targets, module.scope)
    yield
  }
  return { graph, entries }
}

/** An entry without mistakes joins the program. */
function addEntry(
  entries: Entry[],
  declaration: FunctionDeclaration | ModelDeclaration,
  draft: Draft | undefined,
): void {
  if (!draft) return
  const kind =
    declaration.kind === 'model' ? 'model' : declaration.word === 'optimizer' ? 'optimizer' : 'function'
  const entry = entryOf(draft, declaration, kind)
  if (entry) entries.push(entry)
}

/** An optimizer that a file imports is part of its module: there is nothing else that it could be imported for. */
function addImported(entries: Entry[], shared: Shared, { name, span }: Name, scope: Scope): void {
  const found = scope.functions.get(name)
  if (found?.kind !== 'function' || found.declaration.word !== 'optimizer') return
  const draft = draftFor(shared, name, found.scope, undefined)
  if (!sound(draft, functionEntry(draft, found))) return
  const entry = entryOf(draft, found.declaration, 'optimizer')
  if (entry) entries.push({ ...entry, name, span, exported: true })
}

const errorsIn = ({ list }: Diagnostics): number => list.filter(({ severity }) => severity === 'error').length

/** Runs the elaboration of an entry; nothing if it has a mistake. */
function sound(draft: Draft, task: Task): Draft | undefined {
  const { diagnostics } = draft.env.context
  const before = errorsIn(diagnostics)
  const result = run(task, dispatch)
  return result.kind !== 'poison' && errorsIn(diagnostics) === before && !draft.open ? draft : undefined
}

function functionDraft(shared: Shared, declaration: FunctionDeclaration, scope: Scope): Draft | undefined {
  const found = scope.functions.get(declaration.signature.name.name)
  if (found?.kind !== 'function' || found.declaration !== declaration) return undefined
  const [parameter] = functionParameters(declaration, resolver(scope))
  if (parameter !== undefined) {
    if (declaration.exported) warnFunctionParameter(shared, declaration, parameter)
    return undefined
  }
  const draft = draftFor(shared, declaration.signature.name.name, scope, undefined)
  return sound(draft, functionEntry(draft, found))
}

/** A function of functions is compiled where it is called; exported to JavaScript, it may be a forgotten `*`. */
function warnFunctionParameter(
  { diagnostics }: Shared,
  { signature }: FunctionDeclaration,
  parameter: string,
): void {
  const place = signature.parameters.find(({ name }) => name.name === parameter)
  diagnostics.add(warning(messages.functionParameter(signature.name.name, parameter), place?.span))
}

function modelDraft(
  shared: Shared,
  declaration: ModelDeclaration,
  scope: Scope,
  define: Readonly<Record<string, number>>,
): Draft | undefined {
  const found = scope.functions.get(declaration.signature.name.name)
  if (found?.kind !== 'model' || found.model.declaration !== declaration) return undefined
  const { name } = declaration.signature.name
  const model: ModelState = {
    name,
    path: [],
    members: new Map(),
    reused: false,
    outs: [],
    loss: undefined,
    failed: false,
  }
  const draft = draftFor(shared, name, scope, model)
  return sound(draft, modelEntry(draft, declaration, scope, define))
}

/** Constants that nothing uses are checked too. */
function checkConstant(
  shared: Shared,
  targets: readonly { readonly name: { readonly name: string } }[],
  scope: Scope,
): void {
  for (const { name } of targets) {
    const binding = scope.values.get(name.name)
    if (binding?.kind !== 'constant' || binding.state !== 'untouched') continue
    const { env } = draftFor(shared, name.name, scope, undefined)
    const syntax = binding.declaration.definition.targets[0].name
    run(elaborateName(syntax, env), dispatch)
  }
}

/** Every name set from outside is a constant of the file or a size of one of its models. */
function requireDefined(
  { statements }: File,
  define: Readonly<Record<string, number>>,
  diagnostics: Diagnostics,
): void {
  const known = new Set<string>()
  for (const statement of statements) {
    if (statement.kind === 'const') for (const { name } of statement.definition.targets) known.add(name.name)
    if (statement.kind === 'model')
      for (const { name } of statement.signature.sizes ?? []) known.add(name.name)
  }
  for (const name of Object.keys(define))
    if (!known.has(name)) diagnostics.add(error(messages.unknownDefine(name, closest(name, known))))
}
