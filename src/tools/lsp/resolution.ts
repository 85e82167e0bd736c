/** Declarations and references as they are found, and the walk over expressions. */
import type { Call, Expression, Name } from '../../../grammar/ast.js'
import type { Source, Span } from '../../base/source.js'
import { boundsOf, everyExpression, operandsOf, partsOf } from '../../check/syntax.js'
import { Scope } from './scope.js'
import type {
  Block,
  Declaration,
  DeclarationKind,
  FileSymbols,
  Reference,
  Subject,
  Target,
} from './symbols.js'

const PREDEFINED: ReadonlySet<string> = new Set(['pi', 'π', 'inf', '∞'])

/** Longer chains `a.b.c…` name nothing. */
const LONGEST_CHAIN = 16

export class Resolution {
  readonly exported = new Map<string, Declaration>()
  private readonly declarations: Declaration[] = []
  private readonly references: Reference[] = []
  private readonly blocks: Block[] = []
  private readonly byPlace = new Map<number, Declaration>()
  private readonly stepped = new Map<Declaration, number>()
  private clashes = 0

  constructor(private readonly source: Source) {}

  scope(outer: Scope | undefined, { start, end }: Span, owner: Declaration | undefined): Scope {
    const block: Block = { start, end, outer: outer?.block, owner, names: [] }
    this.blocks.push(block)
    return new Scope(outer, block)
  }

  declare(
    name: Name,
    scope: Scope,
    { from, ...more }: Omit<Declaration, 'name' | 'source' | 'places'> & { readonly from: number },
  ): Declaration {
    const declaration: Declaration = { ...more, name: name.name, source: this.source, places: [name.span] }
    if (name.name === '') return declaration
    this.declarations.push(declaration)
    this.byPlace.set(name.span.start, declaration)
    scope.block.names.push({ declaration, from })
    return declaration
  }

  /** A value; sizes and definitions are seen from a place on. */
  declareValue(
    kind: DeclarationKind,
    name: Name,
    scope: Scope,
    more: Partial<Declaration> & { readonly text: Span; readonly from?: number },
  ): Declaration {
    const declaration = this.declare(name, scope, {
      doc: undefined,
      owner: scope.block.owner,
      from: name.span.end,
      ...more,
      kind,
    })
    this.enter(scope.values, declaration)
    return declaration
  }

  /** The later of two declarations of one name in a block is what is found from there on. */
  enter(names: Map<string, Declaration>, declaration: Declaration): void {
    if (names.has(declaration.name)) this.clashes++
    names.set(declaration.name, declaration)
  }

  /** A name of an inner block that is known in the outer one from there on. */
  enterFrom(scope: Scope, declaration: Declaration, from: number): void {
    this.enter(scope.values, declaration)
    scope.block.names.push({ declaration, from })
  }

  declarationAt({ span }: Name): Declaration | undefined {
    return this.byPlace.get(span.start)
  }

  /** Names of a recurrence, with the number of axes it steps. */
  step(declaration: Declaration, axes: number): void {
    this.stepped.set(declaration, axes)
  }

  steps(declaration: Declaration): number | undefined {
    return this.stepped.get(declaration)
  }

  refer(span: Span, target: Target): void {
    if (span.end > span.start) this.references.push({ span, target })
  }

  finish(): FileSymbols {
    const { declarations, blocks, exported, clashes } = this
    const places = new Set(declarations.flatMap((each) => each.places.map((place) => place.start)))
    // A size in a type is declared by standing there.
    const references = this.references.filter(({ span }) => !places.has(span.start))
    const start = (declaration: Declaration): number => declaration.places[0].start
    return {
      declarations: declarations.toSorted((a, b) => start(a) - start(b)),
      references: references.toSorted((a, b) => a.span.start - b.span.start),
      blocks,
      exported,
      clashes,
    }
  }

  // ── Names ──────────────────────────────────────────────────────────────────────────────────────────────

  /** A value; a function where it is handed on by its name. */
  valueTarget(name: string, scope: Scope): Target {
    const declaration = scope.value(name) ?? (PREDEFINED.has(name) ? undefined : scope.function(name))
    if (declaration) return { kind: 'declared', declaration }
    return { kind: PREDEFINED.has(name) ? 'word' : 'global', name }
  }

  functionTarget(name: string, scope: Scope): Target {
    const declaration = scope.function(name)
    return declaration ? { kind: 'declared', declaration } : { kind: 'global', name }
  }

  private calleeTarget(name: string, scope: Scope): Target {
    const declaration = scope.callee(name)
    return declaration ? { kind: 'declared', declaration } : { kind: 'global', name }
  }

  /** Names of values in an expression that nothing declares yet, each once. */
  unknownNames(e: Expression, scope: Scope): Name[] {
    const found = new Map<string, Name>()
    const callees = new Set<Expression>()
    for (const part of everyExpression([e])) {
      if (part.kind === 'call') callees.add(part.callee)
      if (part.kind !== 'name' || part.name === '' || callees.has(part) || found.has(part.name)) continue
      if (!scope.value(part.name) && !PREDEFINED.has(part.name)) found.set(part.name, part)
    }
    return [...found.values()]
  }

  /** What an expression stands for, as far as names say it. */
  subjectOf(e: Expression, scope: Scope): Subject | undefined {
    const members: string[] = []
    let at = e
    for (; at.kind === 'member'; at = at.object) members.push(at.name.name)
    if (members.length > LONGEST_CHAIN) return undefined
    let subject: Subject | undefined
    if (at.kind === 'name') subject = { kind: 'value', target: this.valueTarget(at.name, scope) }
    else if (at.kind === 'call') {
      const callee =
        at.callee.kind === 'name'
          ? this.calleeTarget(at.callee.name, scope)
          : this.memberCallee(at.callee, scope)
      if (callee) subject = { kind: 'result', callee }
    }
    for (const name of members.toReversed())
      if (subject) subject = { kind: 'value', target: { kind: 'member', of: subject, name } }
    return subject
  }

  /** `outer.l1` in `outer.l1(x)`. */
  private memberCallee(e: Expression, scope: Scope): Target | undefined {
    let depth = 0
    for (let at = e; at.kind === 'member'; at = at.object) if (++depth > LONGEST_CHAIN) return undefined
    if (e.kind !== 'member' || e.object.kind === 'call') return undefined
    const subject = this.subjectOf(e, scope)
    return subject?.kind === 'value' ? subject.target : undefined
  }

  // ── Expressions ────────────────────────────────────────────────────────────────────────────────────────

  expressions(roots: readonly Expression[], scope: Scope): void {
    const stack = roots.map((e) => ({ e, scope }))
    const push = (parts: readonly Expression[], inner: Scope): void => {
      for (const e of parts) stack.push({ e, scope: inner })
    }
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { e, scope: here } = next
      switch (e.kind) {
        case 'name':
          if (e.name !== '') this.refer(e.span, this.valueTarget(e.name, here))
          break
        case 'call':
          push(this.call(e, here), here)
          break
        case 'reduction': {
          const inner = this.scope(here, e.span, here.block.owner)
          for (const binder of e.binders) {
            const { start } = e.span
            this.enter(
              inner.values,
              this.declare(binder.name, inner, {
                kind: 'index',
                text: binder.span,
                doc: undefined,
                owner: here.block.owner,
                from: start,
              }),
            )
          }
          push([...e.binders.flatMap(boundsOf), ...(e.filter ? [e.filter] : []), e.body], inner)
          break
        }
        case 'subscript':
          push([e.object, ...e.subscripts.flatMap(partsOf)], here)
          break
        case 'member': {
          const of = this.subjectOf(e.object, here)
          if (of && e.name.name !== '') this.refer(e.name.span, { kind: 'member', of, name: e.name.name })
          push([e.object], here)
          break
        }
        default:
          push(operandsOf(e), here)
      }
    }
  }

  /** The name that is called, and the named arguments; what is left are expressions. */
  private call(e: Call, scope: Scope): Expression[] {
    const rest = e.arguments.map((argument) => argument.value)
    let { callee } = e
    while (callee.kind === 'transpose') callee = callee.operand
    const isPrime = e.callee.kind === 'transpose'
    let target: Target | undefined
    if (callee.kind === 'name') {
      target = isPrime ? this.functionTarget(callee.name, scope) : this.calleeTarget(callee.name, scope)
      if (callee.name !== '') this.refer(callee.span, target)
    } else {
      target = this.memberCallee(callee, scope)
      rest.push(callee)
    }
    if (target)
      for (const { name } of e.arguments)
        if (name) this.refer(name.span, { kind: 'argument', callee: target, name: name.name })
    return rest
  }
}
