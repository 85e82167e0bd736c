/** What a session knows: definitions, declared shapes, assumptions, files. Queries are compiled as one function of it. */
import type { Definition, Expression, File, FunctionDeclaration, ImportDeclaration, Name, Parameter, Statement, TypeExpression } from '../../../grammar/ast.js' // prettier-ignore
import { printFile } from '../../../grammar/print.js'
import { BUILTIN_NAMES } from '../../check/builtin-names.js'
import { checkProgram } from '../../check/check.js'
import { namesIn } from '../../check/syntax.js'
import type { Program } from '../../ir/program.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { error } from '../../base/messages.js'
import type { Span } from '../../base/source.js'
import { Graph } from '../../ir/graph.js'
import type { Assumed } from '../../expression/assumption.js'
import { LIBRARY } from '../../std/library.js'
import { differentiatedBy, usesOf, usesOfStatement, type Uses } from './free-names.js'
import { inferShapes, libraryFunction } from './infer-shapes.js'
import { messages } from './messages.js'
import type { KnownNames } from './leibniz.js'

export interface LoadedFile {
  /** As the user named it. */
  readonly path: string
  readonly file: File
  /** Its text with everything exported. */
  readonly text: string
}

/** A line of the session that made something, in `.nn` notation, so that it can be written down and read again. */
interface Made {
  readonly line: string
}

export interface NamedValue extends Made {
  readonly statement: Definition
}

export interface NamedFunction extends Made {
  readonly declaration: FunctionDeclaration
}

export interface Declared extends Made {
  readonly type: TypeExpression
}

export interface AssumedName extends Made, Assumed {}

const LIBRARY_FUNCTIONS: ReadonlySet<string> = new Set([
  ...BUILTIN_NAMES,
  ...LIBRARY.flatMap(({ functions }) => functions),
])

/** A query as a program of one function, whose parameters are the variables. */
export interface Query {
  readonly file: File
  readonly variables: readonly string[]
  readonly name: string
  /** Shapes that were inferred, not declared. */
  readonly inferred: readonly (readonly [string, TypeExpression])[]
}

export interface QueryOptions {
  /** Variables that come first. */
  readonly first?: readonly string[]
  readonly name?: string
}

export class Workspace implements KnownNames {
  readonly values = new Map<string, NamedValue>()
  readonly functions = new Map<string, NamedFunction>()
  readonly shapes = new Map<string, Declared>()
  readonly assumptions = new Map<string, AssumedName>()
  readonly files = new Map<string, LoadedFile>()
  /** Names with a value of their own for one command: `f at x=1` does not ask what `x` is defined as. */
  given: ReadonlySet<string> = new Set()
  /** The types of those that were not declared, where arrays are given. */
  givenTypes: ReadonlyMap<string, TypeExpression> = new Map()

  constructor(
    private readonly read?: (specifier: string, importer: string) => { filename: string; source: string },
  ) {}

  isFunction(name: string): boolean {
    return LIBRARY_FUNCTIONS.has(name) || this.functions.has(name) || this.fileWith(name) !== undefined
  }

  isValue(name: string): boolean {
    return this.values.has(name) || this.shapes.has(name) || this.assumptions.has(name)
  }

  /** What a name is defined as, unless it has a value of its own. */
  value(name: string): NamedValue | undefined {
    return this.given.has(name) ? undefined : this.values.get(name)
  }

  functionNames(): string[] {
    return [...LIBRARY_FUNCTIONS, ...this.functions.keys(), ...[...this.files.values()].flatMap(namesOfFile)]
  }

  valueNames(): string[] {
    return [...new Set([...this.values.keys(), ...this.shapes.keys(), ...this.assumptions.keys()])]
  }

  /** Everything, as lines that make it again. */
  lines(): string[] {
    const loaded = [...this.files.keys()].map((path) => `:load ${path}`)
    const made = [this.shapes, this.assumptions, this.functions, this.values].flatMap((all) => [
      ...all.values(),
    ])
    return [...loaded, ...new Set(made.map(({ line }) => line))]
  }

  forget(name: string): boolean {
    return [this.values, this.functions, this.shapes, this.assumptions]
      .map((all) => all.delete(name))
      .includes(true)
  }

  private fileWith(name: string): LoadedFile | undefined {
    return [...this.files.values()].reverse().find((file) => namesOfFile(file).includes(name))
  }

  /** The values of the session that expressions need, those first that others need; reports circles. */
  private needed(uses: Uses, free: ReadonlySet<string>, span: Span, diagnostics: Diagnostics) {
    const statements: (Definition | FunctionDeclaration)[] = []
    const variables: string[] = []
    const imports = new Set<string>()
    const state = new Map<string, 'open' | 'done'>()
    type Step = { readonly key: string; readonly leave: boolean }
    const stack: Step[] = []
    const ask = ({ values, functions }: Uses): void => {
      const keys = [...functions.map((name) => `f ${name}`), ...values.map((name) => `v ${name}`)]
      for (const key of keys.reverse()) stack.push({ key, leave: false })
    }
    ask(uses)
    for (let step = stack.pop(); step; step = stack.pop()) {
      const { key, leave } = step
      const name = key.slice(2)
      const asFunction = key.startsWith('f') || (!this.isValue(name) && this.functions.has(name))
      const value = asFunction || free.has(name) ? undefined : this.value(name)?.statement
      const made = asFunction ? this.functions.get(name)?.declaration : value
      const id = asFunction
        ? `f ${name}`
        : value
          ? `v ${value.targets.map((target) => target.name.name).join()}`
          : key
      if (leave) {
        state.set(id, 'done')
        if (made) statements.push(made)
        continue
      }
      if (state.get(id) === 'open' && !asFunction) {
        const open = [...state].filter(([, at]) => at === 'open').map(([other]) => other.slice(2))
        diagnostics.add(error(messages.cyclicDefinition([...new Set(open)]), span))
        return { statements, variables, imports }
      }
      if (state.has(id)) continue
      if (!made) {
        state.set(id, 'done')
        if (this.fileWith(name) && (asFunction || !this.isValue(name))) imports.add(name)
        else if (!asFunction && !this.isFunctionOnly(name) && !variables.includes(name)) variables.push(name)
        continue
      }
      state.set(id, 'open')
      stack.push({ key, leave: true })
      ask(usesOfStatement(made))
    }
    return { statements, variables, imports }
  }

  /** Whether a value of the session is a vector, a matrix or more: derivatives by it are by the definition itself. */
  isTensor(name: string): boolean {
    const statement = this.values.get(name)?.statement
    if (!statement) return false
    const diagnostics = new Diagnostics()
    const query = this.query([nameAt(name, statement.span)], diagnostics)
    const outputs = query && this.check(query, diagnostics)?.entries[0]?.outputs
    return outputs?.some(({ def }) => def.idx.length > 0) ?? true
  }

  /** A function named as an argument of another one. */
  private isFunctionOnly(name: string): boolean {
    return this.functions.has(name) && !this.isValue(name)
  }

  /** The function that computes expressions; undefined after a mistake, which is in the diagnostics. */
  query(
    results: readonly Expression[],
    diagnostics: Diagnostics,
    options: QueryOptions = {},
  ): Query | undefined {
    const [{ span }] = results
    const uses = usesOf(results)
    // What is differentiated by is a variable, whatever else is known by that name: `∂z/∂u` with `u = x y`.
    const free = new Set(differentiatedBy(results).filter((name) => !this.isTensor(name)))
    const { statements, variables, imports } = this.needed(uses, free, span, diagnostics)
    if (diagnostics.hasErrors) return undefined
    const named = [...new Set([...(options.first ?? []), ...variables])]
    const inferred = this.inferred(results, statements, named)
    const parameters = this.parameters(named, inferred, span)
    const name = options.name ?? 'answer'
    const declaration: FunctionDeclaration = {
      kind: 'function',
      word: 'fn',
      exported: true,
      signature: { name: nameAt(name, span), parameters, span },
      body: [...statements, { kind: 'return', values: results, span }],
      short: false,
      span,
    }
    const file: File = {
      statements: [...this.imports(imports, span), declaration],
      comments: [],
      span: { source: span.source, start: 0, end: span.source.text.length },
    }
    return {
      file,
      variables: parameters.map((parameter) => parameter.name.name),
      name,
      inferred: [...inferred],
    }
  }

  private inferred(
    results: readonly Expression[],
    statements: readonly Statement[],
    names: readonly string[],
  ): ReadonlyMap<string, TypeExpression> {
    // What is assumed of a name says nothing about its shape.
    const open = new Set(names.filter((name) => !this.values.has(name) && !this.shapes.has(name)))
    const sizes = new Set([...this.shapes.values()].flatMap(({ type }) => sizesOf(type)))
    const functionOf = (name: string): FunctionDeclaration | undefined =>
      this.functions.get(name)?.declaration ?? functionIn(this.fileWith(name), name) ?? libraryFunction(name)
    const expressions = [
      ...results,
      ...statements.flatMap((each) => (each.kind === 'definition' ? each.values : [])),
    ]
    // Arrays that are given say what shape they have, unless a declared one beside them has symbolic sizes.
    const isDeclared = names.some((name) => this.shapes.has(name))
    const typeOf = (name: string): TypeExpression | undefined =>
      this.shapes.get(name)?.type ??
      (isDeclared && !this.isNumber(name) ? undefined : this.givenTypes.get(name))
    const isOpen = (name: string): boolean => open.has(name) && !sizes.has(name)
    return inferShapes(expressions, isOpen, functionOf, new Set([...sizes, ...names]), typeOf)
  }

  private isNumber(name: string): boolean {
    return this.givenTypes.get(name)?.dimensions?.length === 0
  }

  private imports(names: ReadonlySet<string>, span: Span): ImportDeclaration[] {
    return [...names].flatMap((name): ImportDeclaration[] => {
      const loaded = this.fileWith(name)
      if (!loaded) return []
      return [
        { kind: 'import', names: [{ name: nameAt(name, span) }], from: { text: loaded.path, span }, span },
      ]
    })
  }

  /** Declared tensors have their shapes; a name that is a size of one brings it along; all others are numbers. */
  private parameters(
    names: readonly string[],
    inferred: ReadonlyMap<string, TypeExpression>,
    span: Span,
  ): Parameter[] {
    const sizes = new Map<string, string>()
    for (const [owner, { type }] of this.shapes) for (const size of sizesOf(type)) if (!sizes.has(size)) sizes.set(size, owner) // prettier-ignore
    const found = new Map<string, Parameter>()
    for (const name of names) {
      const owner = this.shapes.has(name) ? name : (sizes.get(name) ?? name)
      found.set(owner, {
        name: nameAt(owner, span),
        // A number without a type is a whole one where it must be.
        type: this.shapes.get(owner)?.type ?? inferred.get(owner) ?? (this.isNumber(owner) ? undefined : this.givenTypes.get(owner)), // prettier-ignore
        span,
      })
    }
    // A scalar that is called like a size of a tensor beside it is that size.
    const bound = new Set([...found.values()].flatMap(({ type }) => (type ? sizesOf(type) : [])))
    return [...found.values()].filter(({ name, type }) => type !== undefined || !bound.has(name.name))
  }

  /** Elaborates a query in a graph of its own. */
  check({ file }: Query, diagnostics: Diagnostics): Program | undefined {
    const program = checkProgram(file, {
      graph: new Graph(),
      diagnostics,
      filename: file.span.source.filename,
      read: (specifier, importer) => {
        const loaded = this.files.get(specifier)
        if (loaded) return { filename: loaded.path, source: loaded.text }
        if (!this.read) throw new Error('files cannot be read here')
        return this.read(specifier, importer)
      },
    })
    return diagnostics.hasErrors ? undefined : program
  }
}

const nameAt = (name: string, span: Span): Name => ({ kind: 'name', name, span })

export const sizesOf = ({ dimensions }: TypeExpression): string[] =>
  (dimensions ?? []).flatMap((dimension) =>
    dimension.kind === 'extent' ? [...namesIn([dimension.value])] : [],
  )

export function namesOfFile({ file }: LoadedFile): string[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind === 'function' || statement.kind === 'model') return [statement.signature.name.name]
    return statement.kind === 'const' ? statement.definition.targets.map(({ name }) => name.name) : []
  })
}

function functionIn(loaded: LoadedFile | undefined, name: string): FunctionDeclaration | undefined {
  return loaded?.file.statements.find(
    (statement): statement is FunctionDeclaration =>
      statement.kind === 'function' && statement.signature.name.name === name,
  )
}

/** The file as one of which everything can be imported. */
export function exported(file: File): string {
  const statements = file.statements.map((statement): Statement =>
    statement.kind === 'function' || statement.kind === 'const'
      ? { ...statement, exported: true }
      : statement,
  )
  return printFile({ ...file, statements, comments: [] })
}
