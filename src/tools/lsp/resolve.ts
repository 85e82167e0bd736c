/** Names of a file and what they refer to, by the scoping rules of the checker. */
import type {
  Definition,
  Expression,
  File,
  FunctionDeclaration,
  ImportDeclaration,
  ModelDeclaration,
  OutStatement,
  ParamStatement,
  RecurStatement,
  Statement,
  Target as TargetSyntax,
} from '../../../grammar/ast.js'
import { boundsOf } from '../../check/syntax.js'
import { Resolution } from './resolution.js'
import { steppedNames } from './stepped-names.js'
import type { Scope } from './scope.js'
import { declareCallable, resolveSignature, resolveTypes } from './signatures.js'
import type { Declaration, FileSymbols } from './symbols.js'

export function resolveFile(file: File): FileSymbols {
  const resolver = new Resolver(file)
  resolver.run()
  return resolver.resolution.finish()
}

/** Blocks are worked off by a list of tasks: a file may nest them as deeply as it likes. */
class Resolver {
  readonly resolution: Resolution
  private readonly tasks: (() => void)[] = []
  /** The scopes in which the parameters of the functions of the file stand: their derivative rules see them. */
  private readonly signatures = new Map<Declaration, Scope>()

  constructor(private readonly file: File) {
    this.resolution = new Resolution(file.span.source)
  }

  run(): void {
    const { statements, span } = this.file
    const top = this.resolution.scope(undefined, span, undefined)
    const rules: (() => void)[] = []
    for (const statement of statements) this.declareAtTop(statement, top)
    const bodies = statements.flatMap((statement): (() => void)[] => {
      switch (statement.kind) {
        case 'function':
        case 'model':
          return [() => this.callable(statement, top)]
        case 'const':
          return [() => this.constant(statement.definition, top)]
        case 'derivative':
          rules.push(() => this.rule(statement, top))
          return []
        default:
          return []
      }
    })
    this.push([...bodies, ...rules])
    for (let task = this.tasks.pop(); task; task = this.tasks.pop()) task()
  }

  /** They run in this order, before those that wait already. */
  private push(tasks: readonly (() => void)[]): void {
    this.tasks.push(...tasks.toReversed())
  }

  private declareAtTop(statement: Statement, top: Scope): void {
    const { resolution } = this
    switch (statement.kind) {
      case 'function':
      case 'model': {
        const declaration = declareCallable(resolution, statement, top, 0)
        if (statement.kind === 'model' || statement.exported)
          resolution.exported.set(declaration.name, declaration)
        return
      }
      case 'const':
        for (const { name, type } of statement.definition.targets) {
          const declaration = resolution.declareValue('constant', name, top, {
            text: statement.span,
            doc: statement.doc,
            from: 0,
          })
          if (statement.exported) resolution.exported.set(declaration.name, declaration)
          if (type) resolveTypes(resolution, type, top, false)
        }
        return
      case 'import':
        this.declareImports(statement, top)
        return
      default:
    }
  }

  private constant({ targets, values, span }: Definition, top: Scope): void {
    const inner = this.resolution.scope(top, span, undefined)
    for (const target of targets) this.leftIndices(target, inner, 0)
    this.resolution.expressions(values, inner)
  }

  private declareImports(statement: ImportDeclaration, top: Scope): void {
    const specifier = statement.from.text
    for (const { name, as } of statement.names) {
      if (as) this.resolution.refer(name.span, { kind: 'exported', specifier, name: name.name })
      const local = as ?? name
      const declaration = this.resolution.declare(local, top, {
        kind: 'import',
        text: statement.span,
        doc: undefined,
        owner: undefined,
        imported: { specifier, name: name.name, renamed: as !== undefined },
        from: 0,
      })
      top.values.set(local.name, declaration)
      top.functions.set(local.name, declaration)
    }
  }

  // ── Functions and models ───────────────────────────────────────────────────────────────────────────────

  private callable(statement: FunctionDeclaration | ModelDeclaration, outer: Scope): void {
    const { signature, body } = statement
    const declaration = this.resolution.declarationAt(signature.name)
    if (!declaration?.parts) return
    const inside = { source: statement.span.source, start: signature.span.start, end: statement.span.end }
    const scope = this.resolution.scope(outer, inside, declaration)
    this.signatures.set(declaration, scope)
    resolveSignature(this.resolution, signature, scope, declaration.parts)
    this.block(body, this.resolution.scope(scope, inside, declaration))
  }

  private rule(statement: Extract<Statement, { kind: 'derivative' }>, top: Scope): void {
    const { signature, by, given, values, span } = statement
    const { resolution } = this
    const declaration = top.functions.get(signature.name.name)
    resolution.refer(signature.name.span, resolution.functionTarget(signature.name.name, top))
    const outer = (declaration && this.signatures.get(declaration)) ?? top
    const scope = resolution.scope(outer, span, declaration)
    for (const { name, type } of signature.parameters) {
      const own = declaration?.parts?.parameters.get(name.name)
      if (own) own.places.push(name.span)
      else this.resolution.declareValue('parameter', name, scope, { text: name.span })
      if (type) resolveTypes(this.resolution, type, scope, true)
    }
    if (by) resolution.refer(by.span, resolution.valueTarget(by.name, scope))
    if (given) this.resolution.declareValue('parameter', given, scope, { text: span })
    resolution.expressions(values, scope)
  }

  // ── Bodies ─────────────────────────────────────────────────────────────────────────────────────────────

  private block(statements: readonly Statement[], scope: Scope): void {
    const functions = statements.filter((statement) => statement.kind === 'function')
    for (const statement of functions) declareCallable(this.resolution, statement, scope, scope.block.start)
    this.push([
      ...statements.map((statement) => () => this.statement(statement, scope)),
      // They are elaborated where they are called, and see what stands above that.
      ...functions.map((statement) => () => this.callable(statement, scope)),
    ])
  }

  private statement(statement: Statement, scope: Scope): void {
    const { resolution } = this
    switch (statement.kind) {
      case 'definition':
        this.definition(statement, statement.values, scope)
        return
      case 'out':
        this.out(statement, scope)
        return
      case 'param':
        this.param(statement, scope)
        return
      case 'recur':
        this.recurrence(statement, scope)
        return
      case 'return': {
        resolution.expressions(statement.values, scope)
        const results = scope.block.owner?.parts?.results
        for (const value of statement.values)
          if (value.kind === 'name') results?.set(value.name, resolution.valueTarget(value.name, scope))
        return
      }
      case 'loss':
        resolution.expressions([statement.value], scope)
        return
      case 'assume':
        resolution.expressions(statement.conditions, scope)
        return
      case 'const':
      case 'function':
      case 'model':
      case 'derivative':
      case 'import':
    }
  }

  private definition(
    statement: Definition | OutStatement,
    values: readonly Expression[],
    scope: Scope,
  ): Declaration[] {
    const { resolution } = this
    const { targets, span, doc } = statement
    const inner = resolution.scope(scope, span, scope.block.owner)
    for (const target of targets) this.leftIndices(target, inner, 0)
    resolution.expressions(values, inner)
    const value =
      targets.length === 1 && values.length === 1 ? resolution.subjectOf(values[0], inner) : undefined
    return targets.map((target) => {
      if (target.type) resolveTypes(this.resolution, target.type, scope, true)
      return this.resolution.declareValue('definition', target.name, scope, {
        text: span,
        doc,
        value,
        from: span.end,
      })
    })
  }

  /** Under the steps of a recurrence a subscript may be the step itself or the name of a position; others are new indices. */
  private leftIndices({ subscripts = [] }: TargetSyntax, inner: Scope, steps: number): void {
    const { resolution } = this
    for (const [at, subscript] of subscripts.entries()) {
      if (subscript.kind !== 'binder') {
        resolution.expressions([subscript], inner)
        continue
      }
      const { name, lower, upper } = subscript
      const isPlace = at < steps && !lower && !upper && inner.value(name.name)
      if (isPlace || inner.values.has(name.name))
        resolution.refer(name.span, resolution.valueTarget(name.name, inner))
      else
        this.resolution.declareValue('index', name, inner, { text: subscript.span, from: inner.block.start })
      resolution.expressions(boundsOf(subscript), inner)
    }
  }

  private out(statement: OutStatement, scope: Scope): void {
    const results = scope.block.owner?.parts?.results
    if (statement.values)
      for (const declaration of this.definition(statement, statement.values, scope))
        results?.set(declaration.name, { kind: 'declared', declaration })
    else
      for (const { name } of statement.targets) {
        const target = this.resolution.valueTarget(name.name, scope)
        this.resolution.refer(name.span, target)
        results?.set(name.name, target)
      }
  }

  private param({ target: { name, type }, initial, span, doc }: ParamStatement, scope: Scope): void {
    const model = type && resolveTypes(this.resolution, type, scope, false)
    const isLayer = model && model.kind !== 'word'
    if (initial) this.initial(initial.value, initial.kind === 'draw', scope)
    const declaration = this.resolution.declareValue(isLayer ? 'layer' : 'param', name, scope, {
      text: span,
      doc,
      model: isLayer ? model : undefined,
    })
    scope.block.owner?.parts?.members.set(name.name, declaration)
  }

  private initial(value: Expression, isDraw: boolean, scope: Scope): void {
    const { resolution } = this
    const name = value.kind === 'call' ? value.callee : value
    if (!isDraw || name.kind !== 'name') {
      resolution.expressions([value], scope)
      return
    }
    resolution.refer(name.span, { kind: 'word', name: name.name })
    if (value.kind === 'call')
      resolution.expressions(
        value.arguments.map((argument) => argument.value),
        scope,
      )
  }

  // ── Recurrences ────────────────────────────────────────────────────────────────────────────────────────

  private recurrence(statement: RecurStatement, outer: Scope): void {
    const { resolution } = this
    const inner = resolution.scope(outer, statement.span, outer.block.owner)
    const own: Declaration[] = []
    for (const binder of statement.binders) {
      resolution.expressions(boundsOf(binder), outer)
      this.resolution.declareValue('index', binder.name, inner, {
        text: binder.span,
        from: inner.block.start,
      })
    }
    for (const { target, span, doc, steps } of steppedNames(statement)) {
      const known = outer.value(target.name.name)
      if (known && resolution.steps(known)) continue
      const declaration = this.resolution.declareValue('definition', target.name, inner, {
        text: span,
        doc,
        from: inner.block.start,
      })
      resolution.step(declaration, steps)
      own.push(declaration)
    }
    const functions = statement.body.filter((each) => each.kind === 'function')
    for (const each of functions) declareCallable(this.resolution, each, inner, inner.block.start)
    this.push([
      ...statement.body.map((each) => () => this.step(each, inner)),
      ...functions.map((each) => () => this.callable(each, inner)),
      () => {
        for (const declaration of own) resolution.enterFrom(outer, declaration, statement.span.end)
      },
    ])
  }

  private step(statement: Statement, scope: Scope): void {
    if (statement.kind !== 'definition') {
      this.statement(statement, scope)
      return
    }
    const { resolution } = this
    const { targets, values, span, doc } = statement
    const inner = resolution.scope(scope, span, scope.block.owner)
    for (const target of targets) this.leftIndices(target, inner, this.steppedAxes(target, scope))
    resolution.expressions(values, inner)
    for (const target of targets) {
      const { name, type } = target
      if (type) resolveTypes(this.resolution, type, scope, true)
      const known = this.steppedAxes(target, scope) > 0 ? scope.value(name.name) : undefined
      if (!known) this.resolution.declareValue('definition', name, scope, { text: span, doc, from: span.end })
      else if (known.places[0].start !== name.span.start) known.places.push(name.span)
    }
  }

  /** Of the name of a recurrence, which has several equations: how many of its subscripts are steps. */
  private steppedAxes({ name, subscripts }: TargetSyntax, scope: Scope): number {
    const known = subscripts && scope.value(name.name)
    return (known && this.resolution.steps(known)) ?? 0
  }
}
