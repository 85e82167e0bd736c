/** Files and their imports: one scope per file, below that of the library. */
import type {
  ConstDeclaration,
  DerivativeDeclaration,
  File,
  ImportDeclaration,
  Name,
  Statement,
} from '../../grammar/ast.js'
import { parseFile } from '../../grammar/parse.js'
import type { Diagnostics } from '../base/diagnostic.js'
import { error, type Message } from '../base/messages.js'
import type { Span } from '../base/source.js'
import { closest } from '../base/suggest.js'
import { fileToImport, LIBRARY, libraryFile, outlineOf } from '../std/library.js'
import { BUILTIN_NAMES, isBuiltin } from './builtin-names.js'
import { FunctionOfLibrary, libraryBinding } from './library-binding.js'
import { messages } from './messages.js'
import { type ConstantBinding, type FunctionBinding, type OnBind, Scope } from './scope.js'

export type Read = (
  specifier: string,
  importer: string,
) => { readonly filename: string; readonly source: string }

export interface Module {
  readonly filename: string
  readonly scope: Scope
  readonly exported: Set<string>
  /** Syntax errors outside every statement that was understood: something is missing, and nobody knows what. */
  readonly incomplete: boolean
}

/** What loading shares: every file is parsed once. */
export class Modules {
  /** Rules for the derivatives of functions, by function. */
  readonly ownRules = new Map<object, DerivativeDeclaration[]>()
  private readonly loaded = new Map<string, Module | 'loading'>()
  private readonly library: Scope

  constructor(
    private readonly diagnostics: Diagnostics,
    private readonly read: Read | undefined,
    private readonly define: Readonly<Record<string, number>>,
    onBind?: OnBind,
  ) {
    const builtins = new Scope(undefined, onBind)
    for (const name of BUILTIN_NAMES) builtins.functions.set(name, { kind: 'builtin', name })
    this.library = new Scope(builtins)
    for (const file of LIBRARY)
      for (const name of file.functions)
        this.library.functions.set(
          name,
          new FunctionOfLibrary(name, () => this.libraryModule(file.specifier).scope),
        )
  }

  /** The file that is compiled: its constants can be set from outside. */
  main(filename: string, file: File): Module {
    this.loaded.set(filename, 'loading')
    const module = this.declare(filename, file, this.define)
    this.loaded.set(filename, module)
    return module
  }

  /** An empty scope in which the library is visible. */
  libraryScope(): Scope {
    return new Scope(this.library)
  }

  /** The syntax errors of a file. */
  private faultsIn(file: File): Span[] {
    return this.diagnostics.list.flatMap(({ severity, span }) =>
      severity === 'error' && span?.source === file.span.source ? [span] : [],
    )
  }

  private report(message: Message, span: Span, first?: Span): void {
    const notes = first ? [{ message: 'the first definition is here', span: first }] : []
    this.diagnostics.add(error(message, span, notes))
  }

  private declare(filename: string, file: File, define: Readonly<Record<string, number>> = {}): Module {
    const faults = this.faultsIn(file)
    const module: Module = {
      filename,
      scope: new Scope(this.library),
      exported: new Set(),
      incomplete: faults.some((fault) => !file.statements.some((statement) => holds(statement.span, fault))),
    }
    const { scope, exported } = module
    const places = new Map<string, Span>()
    for (const statement of file.statements) {
      if (faults.some((fault) => holds(statement.span, fault))) {
        silence(scope, statement, exported)
        continue
      }
      switch (statement.kind) {
        case 'function':
        case 'model': {
          const { name } = statement.signature
          const binding: FunctionBinding =
            statement.kind === 'function'
              ? { kind: 'function', declaration: statement, scope, ambient: [], library: false }
              : { kind: 'model', model: { declaration: statement, home: scope }, span: name.span }
          if (statement.exported || statement.kind === 'model') exported.add(name.name)
          this.declareFunction(scope, name, binding, places)
          break
        }
        case 'const':
          this.declareConstant(scope, statement, exported, define)
          break
        case 'import':
          this.importInto(module, statement, places)
          break
        case 'derivative':
          break
        case 'definition':
        case 'param':
        case 'out':
        case 'loss':
        case 'recur':
        case 'return':
        case 'assume': {
          if (statement.kind === 'definition') {
            this.report(messages.definitionAtTop(), statement.span)
            for (const { name } of statement.targets)
              scope.bind(name.name, { kind: 'poison' }, name.span, 'definition')
          } else
            this.report(messages.statementPlace(statement.kind, 'in a function or model'), statement.span)
        }
      }
    }
    for (const statement of file.statements)
      if (statement.kind === 'derivative') this.declareRule(scope, statement)
    return module
  }

  private declareFunction(
    scope: Scope,
    name: Name,
    binding: FunctionBinding,
    places: Map<string, Span>,
  ): void {
    const first = places.get(name.name)
    if (first) this.report(messages.definedTwice(name.name), name.span, first)
    else if (isBuiltin(name.name) && !HIDEABLE.has(name.name))
      this.report(messages.reservedName(name.name), name.span)
    else {
      places.set(name.name, name.span)
      scope.functions.set(name.name, binding)
    }
  }

  private declareConstant(
    scope: Scope,
    declaration: ConstDeclaration,
    exported: Set<string>,
    define: Readonly<Record<string, number>>,
  ): void {
    for (const { name } of declaration.definition.targets) {
      const first = scope.values.get(name.name)
      if (first) {
        this.report(messages.definedTwice(name.name), name.span, first.span)
        continue
      }
      if (declaration.exported) exported.add(name.name)
      const binding: ConstantBinding = {
        kind: 'constant',
        declaration,
        scope,
        override: Object.hasOwn(define, name.name) ? define[name.name] : undefined,
        span: name.span,
        state: 'untouched',
      }
      scope.values.set(name.name, binding)
    }
  }

  private declareRule(scope: Scope, rule: DerivativeDeclaration): void {
    const { name, parameters } = rule.signature
    const found = scope.functions.get(name.name)
    if (found?.kind !== 'function') {
      this.report(messages.ruleOfNothing(name.name, closest(name.name, scope.functions.keys())), name.span)
      return
    }
    const own = found.declaration.signature.parameters.map((parameter) => parameter.name.name)
    if (own.join() !== parameters.map((parameter) => parameter.name.name).join())
      this.report(messages.ruleParameters(name.name), rule.signature.span, found.declaration.signature.span)
    else if (!rule.by && own.length !== 1) this.report(messages.ruleBy(name.name), rule.span)
    else if (rule.by && !own.includes(rule.by.name))
      this.report(messages.unknownArgument(name.name, rule.by.name, closest(rule.by.name, own)), rule.by.span)
    else {
      const rules = this.ownRules.get(found.declaration) ?? []
      const parameter = rule.by?.name ?? own[0]
      const first = rules.find(({ by }) => (by?.name ?? own[0]) === parameter)
      if (first) this.report(messages.ruleTwice(name.name, parameter), rule.span, first.span)
      else this.ownRules.set(found.declaration, [...rules, rule])
    }
  }

  // ── Imports ────────────────────────────────────────────────────────────────────────────────────────────

  private importInto(module: Module, statement: ImportDeclaration, places: Map<string, Span>): void {
    const source = this.load(statement, module.filename)
    for (const { name, as } of statement.names) {
      const local = as ?? name
      if (!source) {
        // The mistake is reported; the name is known, so that its uses are silent.
        silenceName(module.scope, local.name, local.span)
        continue
      }
      const exported = source.exported.has(name.name)
      const binding = exported ? source.scope.functions.get(name.name) : undefined
      const value = exported ? source.scope.values.get(name.name) : undefined
      if (binding) this.declareFunction(module.scope, local, binding, places)
      else if (value) module.scope.values.set(local.name, value)
      else if (source.incomplete) silenceName(module.scope, local.name, local.span)
      else {
        const { text: from } = statement.from
        const other = libraryFile(from) && fileToImport(name.name)
        const message = other
          ? messages.inOtherFile(name.name, from, other.specifier)
          : messages.notExported(name.name, from, closest(name.name, source.exported))
        this.report(message, name.span)
        silenceName(module.scope, local.name, local.span)
      }
    }
  }

  private load(statement: ImportDeclaration, importer: string): Module | undefined {
    const { text, span } = statement.from
    if (text.startsWith('nnc/')) {
      if (libraryFile(text)) return this.libraryModule(text)
      const near = closest(text, LIBRARY.map(({ specifier }) => specifier)) // prettier-ignore
      this.report(messages.noLibraryFile(text, near), span)
      return undefined
    }
    if (!this.read) {
      this.report(messages.cannotImport(`"${text}"`, 'no files can be read here'), span)
      return undefined
    }
    try {
      const { filename, source } = this.read(text, importer)
      return this.loadText(filename, source, span)
    } catch (failure) {
      const why = failure instanceof Error ? failure.message : String(failure)
      this.report(messages.cannotImport(`"${text}"`, why), span)
      return undefined
    }
  }

  /** A file of the library, whose imports form no circle. */
  private libraryModule(specifier: string): Module {
    const present = this.loaded.get(specifier)
    if (present && present !== 'loading') return present
    const file = libraryFile(specifier)
    if (!file) throw new Error(`the library has no '${specifier}'`)
    const scope = new Scope(this.library)
    const module: Module = { filename: specifier, scope, exported: new Set(), incomplete: false }
    const { imports, declarations } = outlineOf(file)
    for (const statement of imports) this.importInto(module, statement, new Map())
    for (const declared of declarations) {
      if (declared.exported) module.exported.add(declared.name)
      scope.functions.set(declared.name, libraryBinding(declared, scope))
    }
    this.loaded.set(specifier, module)
    return module
  }

  private loadText(filename: string, text: string, span: Span): Module | undefined {
    const present = this.loaded.get(filename)
    if (present === 'loading') {
      const path = [...this.loaded].flatMap(([name, state]) => (state === 'loading' ? [name] : []))
      this.report(messages.cyclicImport([...path.slice(path.indexOf(filename)), filename].join(' → ')), span)
      return undefined
    }
    if (present) return present
    this.loaded.set(filename, 'loading')
    const syntax = parseFile({ filename, text }, this.diagnostics)
    const module = this.declare(filename, syntax)
    this.loaded.set(filename, module)
    return module
  }
}

/** Functions of the language that are no scalar operators: a file may have its own of that name. */
const HIDEABLE: ReadonlySet<string> = new Set([
  'd', 'zeros', 'ones', 'eye', 'concat', 'reshape', 'solve', 'inv', 'det', 'cofactors', 'logdet', 'cholesky',
]) // prettier-ignore

const holds = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.start <= outer.end

/** The names of a statement with a syntax error exist; nothing more is known of them, and their uses are silent. */
function silence(scope: Scope, statement: Statement, exported: Set<string>): void {
  switch (statement.kind) {
    case 'function':
    case 'model': {
      const { name } = statement.signature
      exported.add(name.name)
      scope.functions.set(name.name, { kind: 'poison' })
      return
    }
    case 'const':
      for (const { name } of statement.definition.targets) {
        exported.add(name.name)
        silenceName(scope, name.name, name.span)
      }
      return
    case 'import':
      for (const { name, as } of statement.names) silenceName(scope, (as ?? name).name, name.span)
      return
    default:
  }
}

function silenceName(scope: Scope, name: string, span: Span): void {
  scope.bind(name, { kind: 'poison' }, span, 'import')
  scope.functions.set(name, { kind: 'poison' })
}
