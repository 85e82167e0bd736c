/** Reads the text that `printProgram` writes back into a fresh graph. For tests of passes, and for looking at them one by one. */
import { isMatrixOperator, MATRIX_OPERATORS, ROUTINES } from '../ops/matrix.js'
import type {
  ComputedDef,
  Def,
  Expr,
  Facts,
  Index,
  MatrixOperand,
  Origin,
  OwnRule,
  ReductionKind,
  RoutineHead,
  Size,
} from './expr.js'
import { Graph } from './graph.js'
import { conjuncts } from './normal/condition.js'
import type { Entry, Program } from './program.js'
import { EntryReader, readDouble } from './read-entry.js'
import { ExpressionReader } from './read-expression.js'
import { OriginReader } from './read-origins.js'
import { tokenize, TokenReader } from './read-tokens.js'
import { substitute } from './walk.js'

export { ReadError } from './read-tokens.js'

export function readProgram(text: string): Program {
  return new ProgramReader(text).program()
}

interface Attributes {
  integer: boolean
  auto: boolean
  nominal: boolean
  facts: Facts | undefined
  bounds: Expr[]
  values: number[] | undefined
}

interface Head {
  /** As it is spelled in the dump, number included. */
  readonly key: string
  readonly name: string
  readonly idx: readonly Index[]
  readonly indexNames: readonly string[]
  readonly locals: ReadonlyMap<string, Expr>
  readonly attributes: Attributes
}

/** A recurrence reads definitions that come later: its body is read in the end. */
interface Postponed {
  readonly def: ComputedDef
  readonly head: Head
  readonly mark: number
}

class ProgramReader {
  private readonly graph = new Graph()
  private readonly tokens: TokenReader
  private readonly origins: OriginReader
  private readonly expressions: ExpressionReader
  private readonly sizes = new Map<string, Size>()
  private readonly definitions = new Map<string, Def>()
  private readonly postponed: Postponed[] = []
  /** Indices and lets of the statement that is being read. */
  private locals = new Map<string, Expr>()

  constructor(text: string) {
    const tokens = tokenize(text)
    this.tokens = new TokenReader(tokens)
    this.origins = new OriginReader(tokens)
    this.expressions = new ExpressionReader(this.graph, this.tokens, {
      value: (name) => this.locals.get(name) ?? this.sizes.get(name),
      definition: (name) => this.definitions.get(name),
    })
  }

  program(): Program {
    const entries: Entry[] = []
    const reader = new EntryReader(this.tokens, this.origins, this.expressions, (name) =>
      this.sizes.get(name),
    )
    while (this.tokens.next.kind !== 'end') {
      if (!this.tokens.next.startsLine) this.tokens.fail(`unexpected '${this.tokens.next.text}'`)
      this.locals = new Map()
      const { text } = this.tokens.next
      if (text === 'function' || text === 'model' || text === 'optimizer') {
        this.tokens.take()
        entries.push(reader.entry(text))
      } else this.statement()
    }
    for (const { def, head, mark } of this.postponed) {
      this.tokens.reset(mark)
      this.locals = new Map(head.locals)
      const body = this.withLets(() => this.expressions.expression())
      this.graph.setBody(def, head.idx, body)
    }
    return { graph: this.graph, entries }
  }

  private statement(): void {
    const { tokens, graph } = this
    if (tokens.accept('size')) {
      const token = tokens.takeKind('name')
      this.sizes.set(token.text, graph.size(token.value))
    } else if (tokens.accept('assume')) graph.assume(this.expressions.expression())
    else if (tokens.sees('input') || tokens.sees('param') || tokens.sees('table')) this.leaf()
    else if (tokens.accept('derivative')) this.derivative()
    else if (tokens.accept('matrix')) this.matrix()
    else if (tokens.accept('rule')) this.rule()
    else this.computed()
  }

  /** `name[i < n, j < m]: attributes`. */
  private head(): Head {
    const { tokens } = this
    const { text: key, value: name } = tokens.takeKind('name')
    tokens.expect('[')
    const idx = this.binders()
    const indexNames = idx.map((index) => this.graph.indexNames.get(index) ?? '')
    const attributes: Attributes = { integer: false, auto: false, nominal: false, facts: undefined, bounds: [], values: undefined } // prettier-ignore
    if (tokens.accept(':')) {
      do this.attribute(attributes)
      while (tokens.accept(','))
    }
    return { key, name, idx, indexNames, attributes, locals: new Map(this.locals) }
  }

  private binders(): Index[] {
    const { tokens } = this
    return tokens.list(']', () => {
      const { text, value } = tokens.takeKind('name')
      tokens.expect('<')
      const index = this.graph.freshIndex(this.expressions.expression(), value)
      this.locals.set(text, index)
      return index
    })
  }

  private attribute(attributes: Attributes): void {
    const { tokens } = this
    const { text } = tokens.takeKind('name')
    switch (text) {
      case 'int':
        attributes.integer = true
        return
      case 'auto':
        attributes.auto = true
        return
      case 'nominal':
        attributes.nominal = true
        return
      case 'facts':
        attributes.facts = this.facts()
        return
      case 'bounds':
        tokens.expect('(')
        attributes.bounds = tokens.list(')', () => this.expressions.expression())
        return
      case 'values':
        tokens.expect('(')
        attributes.values = tokens.list(')', () => readDouble(tokens))
        return
      default:
        tokens.fail(`unknown attribute '${text}'`)
    }
  }

  private facts(): Facts {
    const { tokens } = this
    tokens.expect('(')
    const low = readDouble(tokens)
    tokens.expect(',')
    const high = readDouble(tokens)
    const words = tokens.accept(',') ? tokens.list(')', () => tokens.takeKind('name').text) : []
    if (words.length === 0) tokens.expect(')')
    return { low, high, nonzero: words.includes('nonzero'), finite: words.includes('finite') }
  }

  private leafSpec({ name, idx, indexNames, attributes: { integer, facts } }: Head, origin: Origin) {
    const shape = idx.map((index) => index.extent)
    return { name, shape, indexNames, integer, origin, ...(facts && { facts }) }
  }

  private leaf(): void {
    const kind = this.tokens.take().text
    const head = this.head()
    const spec = this.leafSpec(head, this.origins.origin(this.tokens))
    if (kind === 'input') {
      const def = this.graph.input(spec)
      def.bounds.push(...head.attributes.bounds)
      this.definitions.set(head.key, def)
    } else if (kind === 'param') this.definitions.set(head.key, this.graph.param(spec))
    else this.definitions.set(head.key, this.graph.table({ ...spec, values: head.attributes.values ?? [] }))
  }

  private computed(): void {
    const { tokens, graph } = this
    const head = this.head()
    const { name, idx, attributes } = head
    const { auto } = attributes
    tokens.expect('=')
    if (attributes.nominal) {
      const mark = tokens.mark()
      const isUnset = tokens.accept('none')
      while (!tokens.next.startsLine && !tokens.sees('//@')) tokens.take()
      const def = graph.nominal({ ...this.leafSpec(head, this.origins.origin(tokens)), auto })
      this.definitions.set(head.key, def)
      if (!isUnset) this.postponed.push({ def, head, mark })
      return
    }
    const routine = tokens.accept('routine') ? this.routine() : undefined
    const kind = this.reductionKind()
    const bound = kind ? this.binders() : []
    let filter: readonly Expr[] = []
    const body = this.withLets(() => {
      const value = this.expressions.expression()
      if (tokens.accept('where')) filter = conjuncts(this.expressions.expression())
      return value
    })
    const origin = this.origins.origin(tokens)
    const reduction = kind && { kind, idx: bound, filter }
    this.definitions.set(
      head.key,
      graph.define({
        name,
        idx,
        body,
        auto,
        origin,
        ...(reduction && { reduction }),
        ...(routine && { routine }),
      }),
    )
  }

  /** `sum[`: a definition called so carries a number. */
  private reductionKind(): ReductionKind | undefined {
    const { tokens } = this
    const { text } = tokens.next
    switch (text) {
      case 'sum':
      case 'prod':
      case 'max':
      case 'min':
      case 'argmax':
      case 'argmin':
      case 'logsumexp': {
        const mark = tokens.mark()
        tokens.take()
        if (tokens.accept('[')) return text
        tokens.reset(mark)
        return undefined
      }
      default:
        return undefined
    }
  }

  /** `solveFactored 1 "A" with lu[0, 0] of`. */
  private routine(): RoutineHead {
    const { tokens } = this
    const { text } = tokens.takeKind('name')
    const name = ROUTINES.find((routine) => routine === text) ?? tokens.fail(`unknown routine '${text}'`)
    const rank = Number(tokens.takeKind('number').text)
    const subject = tokens.takeKind('string').value
    const factors = tokens.accept('with') ? this.expressions.expression() : undefined
    if (factors && factors.kind !== 'read') return tokens.fail('factors are read from a definition')
    tokens.expect('of')
    return { name, rank, factors, subject }
  }

  private matrix(): void {
    const { tokens, graph } = this
    const { key, name, idx, indexNames, attributes } = this.head()
    tokens.expect('=')
    const { text } = tokens.takeKind('name')
    if (!isMatrixOperator(text)) return tokens.fail(`unknown operator '${text}'`)
    const subject = tokens.takeKind('string').value
    const operands: MatrixOperand[] = []
    const { result, operands: kinds } = MATRIX_OPERATORS[text]
    for (const _ of kinds) {
      tokens.expect('[')
      const own = this.binders()
      operands.push({ idx: own, value: this.withLets(() => this.expressions.expression()) })
    }
    const like = kinds.findIndex((kind) => kind === result)
    const batch = idx.slice(0, idx.length - (operands[like]?.idx.length ?? 0))
    const origin = this.origins.origin(tokens)
    const { auto } = attributes
    const def = graph.matrix({ name, operator: text, batch, operands, subject, origin, auto })
    def.indexNames = indexNames
    this.definitions.set(key, def)
  }

  /** `"f" stated f = f_by_x[i < n] by x[i] given g outer 0`. */
  private rule(): void {
    const { tokens, expressions } = this
    const definition = (): Def => expressions.definition(tokens.takeKind('name').text)
    const name = tokens.takeKind('string').value
    const isStated = tokens.accept('stated')
    const result = definition()
    if (result.kind !== 'computed') return tokens.fail(`'${result.name}' is not computed`)
    tokens.expect('=')
    const def = definition()
    tokens.expect('[')
    const renaming = new Map(this.binders().map((index, axis) => [index, def.idx[axis]]))
    tokens.expect('by')
    const argument = definition()
    tokens.expect('[')
    const at = tokens.list(']', () => substitute(this.graph, expressions.expression(), renaming))
    const given = tokens.accept('given') ? definition() : undefined
    if (given && given.kind !== 'input') return tokens.fail(`'${given.name}' is no input`)
    const outer = given && tokens.accept('outer') ? Number(tokens.takeKind('number').text) : 0
    const { span } = this.origins.origin(tokens)
    if (!span) return tokens.fail('a rule has a place')
    const rule: OwnRule = { function: name, span, isStated, argument, def, at, given, outer }
    result.rules = [...result.rules, rule]
  }

  private derivative(): void {
    const { tokens } = this
    const { key, name, idx } = this.head()
    tokens.expect('=')
    const parts = this.withLets(() => {
      tokens.expect('d')
      tokens.expect('(')
      const of = this.expressions.expression()
      tokens.expect(',')
      const wrt = this.expressions.definition(tokens.takeKind('name').text)
      tokens.expect('[')
      const at = tokens.list(']', () => this.expressions.expression())
      tokens.expect(')')
      return { of, wrt, at }
    })
    const batch = idx.slice(0, idx.length - (parts.wrt.idx.length - parts.at.length))
    const origin = this.origins.origin(tokens)
    this.definitions.set(key, this.graph.derivative({ name, batch, ...parts, origin }))
  }

  /** `let %1 = … let %2 = … in value`. */
  private withLets<T>(value: () => T): T {
    const { tokens } = this
    let any = false
    while (tokens.accept('let')) {
      any = true
      const { text } = tokens.takeKind('let')
      tokens.expect('=')
      this.locals.set(text, this.expressions.expression())
    }
    if (any) tokens.expect('in')
    return value()
  }
}
