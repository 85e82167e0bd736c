import { MATRIX_OPERATORS, type MatrixOperator } from '../ops/matrix.js'
import type { Builder } from './builder.js'
import type {
  ComputedDef,
  Def,
  DerivativeDef,
  Expr,
  Facts,
  Index,
  InputDef,
  MatrixDef,
  MatrixOperand,
  Origin,
  ParamDef,
  ReductionKind,
  RoutineHead,
  TableDef,
} from './expr.js'
import { factsOfReduction, factsOfValues, REAL, UNKNOWN } from './facts.js'
import { postorder, substitute, wholeRead } from './walk.js'

/** What makes definitions needs of a graph. */
export interface DefinitionContext extends Builder {
  readonly indexNames: ReadonlyMap<Index, string>
}

export interface LeafSpec {
  readonly name: string
  readonly shape: readonly Expr[]
  readonly integer?: boolean
  readonly facts?: Facts
  readonly indexNames?: readonly string[]
  readonly origin?: Origin
}

export interface ReductionSpec {
  readonly kind: ReductionKind
  readonly idx: readonly Index[]
  readonly filter?: readonly Expr[]
}

export interface DefinitionSpec {
  readonly name: string
  /** Fresh indices of the body, in the order of the axes. */
  readonly idx: readonly Index[]
  readonly reduction?: ReductionSpec
  readonly body: Expr
  readonly routine?: RoutineHead
  readonly origin?: Origin
  readonly auto?: boolean
  /** Real numbers also where the body is known to be whole: the results of `d(2x, x)`. */
  readonly real?: boolean
  /** Apart from equal definitions: what is computed a second time. */
  readonly again?: boolean
  /** The `id` of the definition that it is made from. */
  readonly like?: number
}

export interface MatrixSpec {
  readonly name: string
  readonly operator: MatrixOperator
  /** Fresh indices over which the operands vary, in the order of the leading axes of the result. */
  readonly batch: readonly Index[]
  readonly operands: readonly MatrixOperand[]
  readonly subject: string
  readonly origin?: Origin
  readonly auto?: boolean
}

export interface DerivativeSpec {
  readonly name: string
  /** The indices of `of`, in the order of the leading axes of the result. */
  readonly batch: readonly Index[]
  readonly of: Expr
  readonly wrt: Def
  readonly at?: readonly Expr[]
  readonly origin?: Origin
}

/** All definitions of a graph, interned: equal ones up to the names of indices are one object. */
export class Definitions {
  readonly all: Def[] = []
  private readonly computed = new Map<string, ComputedDef>()
  private readonly matrices = new Map<string, MatrixDef>()

  constructor(private readonly graph: DefinitionContext) {}

  /** Canonical indices for a list of extents: the ordinal counts the indices of that extent. */
  canonical(extents: readonly Expr[]): Index[] {
    const counts = new Map<Expr, number>()
    return extents.map((extent) => {
      const ordinal = counts.get(extent) ?? 0
      counts.set(extent, ordinal + 1)
      return this.graph.index(extent, ordinal)
    })
  }

  private leaf(spec: LeafSpec, facts: Facts) {
    const idx = this.canonical(spec.shape)
    return {
      id: this.all.length,
      name: spec.name,
      idx,
      indexNames: spec.indexNames ?? idx.map((_, axis) => defaultName(axis)),
      integer: spec.integer ?? false,
      facts: spec.facts ?? facts,
      origin: spec.origin ?? {},
    }
  }

  private add<D extends Def>(def: D): D {
    this.all.push(def)
    return def
  }

  input(spec: LeafSpec): InputDef {
    return this.add({ ...this.leaf(spec, REAL), kind: 'input', bounds: [] })
  }

  param(spec: LeafSpec): ParamDef {
    return this.add({ ...this.leaf(spec, REAL), kind: 'param' })
  }

  table(spec: LeafSpec & { readonly values: readonly number[] }): TableDef {
    return this.add({ ...this.leaf(spec, factsOfValues(spec.values)), kind: 'table', values: spec.values })
  }

  /** A definition, or the one that is equal to it: a mere copy `T[i] = U[i]` of a computed definition is `U` itself. */
  define(spec: DefinitionSpec): ComputedDef {
    const copied = copiedBy(spec)
    if (copied && !(spec.real && copied.integer)) return this.adopt(copied, spec, spec.idx)
    const { kind, idx: red, filter = [] } = spec.reduction ?? { kind: undefined, idx: [] }
    const fresh = [...spec.idx, ...red]
    const canonical = this.canonical(fresh.map((index) => index.extent))
    const renaming = new Map(fresh.map((index, at) => [index, canonical[at]]))
    this.requireBound(spec.name, [spec.body, ...filter], renaming)
    const body = substitute(this.graph, spec.body, renaming)
    const conditions = filter.map((condition) => substitute(this.graph, condition, renaming))
    const extents = (indices: readonly Index[]): string => indices.map((index) => index.extent.id).join()
    const routine = spec.routine && this.renamedRoutine(spec.routine, renaming)
    const whole = kind === 'argmax' || kind === 'argmin' || (body.integer && kind !== 'logsumexp')
    const integer = whole && !spec.real && !routine
    const head = routine ? `${routine.name} ${routine.rank} ${routine.factors?.id ?? ''}` : (kind ?? '')
    const key = `${spec.again ? 'again ' : ''}${head}${whole && spec.real ? ' real' : ''}|${extents(spec.idx)}|${extents(red)}|${conditions.map((c) => c.id).join()}|${body.id}`
    const present = this.computed.get(key)
    if (present) return this.adopt(present, spec, fresh)
    const idx = canonical.slice(0, spec.idx.length)
    const bound = canonical.slice(spec.idx.length)
    const nonempty = conditions.length === 0 && bound.every((index) => index.extent.facts.low >= 1)
    const def: ComputedDef = this.add({
      id: this.all.length,
      name: spec.name,
      kind: 'computed',
      idx,
      indexNames: this.namesOf(fresh),
      integer,
      facts: routine ? UNKNOWN : kind ? factsOfReduction(kind, body.facts, nonempty) : body.facts,
      origin: spec.origin ?? {},
      reduction: kind && { kind, idx: bound, filter: conditions },
      body,
      nominal: false,
      auto: spec.auto ?? false,
      like: spec.like,
      routine,
      rules: [],
    })
    this.computed.set(key, def)
    return def
  }

  private renamedRoutine(routine: RoutineHead, renaming: ReadonlyMap<Index, Index>): RoutineHead {
    const { factors } = routine
    if (!factors) return routine
    const args = factors.args.map((arg) => substitute(this.graph, arg, renaming))
    return { ...routine, factors: this.graph.read(factors.def, args) }
  }

  /** The user's name replaces one made up; a pass's own name replaces that of an anonymous reduction. */
  private adopt(def: ComputedDef, spec: DefinitionSpec, fresh: readonly Index[]): ComputedDef {
    const anonymous = def.auto && def.name === def.reduction?.kind
    if (def.auto && (!spec.auto || (anonymous && spec.name !== def.name))) {
      def.name = spec.name
      def.auto = spec.auto ?? false
      def.indexNames = [...this.namesOf(fresh), ...def.indexNames.slice(fresh.length)]
    }
    return def
  }

  /** A definition whose body comes later, by `setBody`: a member of a recurrence. It is never merged with another. */
  nominal(spec: LeafSpec & { readonly auto?: boolean; readonly like?: number }): ComputedDef {
    return this.add({
      ...this.leaf(spec, spec.facts ?? UNKNOWN),
      kind: 'computed',
      reduction: undefined,
      body: undefined,
      nominal: true,
      auto: spec.auto ?? false,
      like: spec.like,
      routine: undefined,
      rules: [],
    })
  }

  /** `idx` are the fresh indices of `body`, in the order of the definition's axes. */
  setBody(def: ComputedDef, idx: readonly Index[], body: Expr): void {
    if (!def.nominal || def.body) throw new Error(`the body of '${def.name}' is already set`)
    const renaming = new Map(idx.map((index, axis) => [index, def.idx[axis]]))
    this.requireBound(def.name, [body], renaming)
    def.body = substitute(this.graph, body, renaming)
    if (idx.some((index) => this.graph.indexNames.has(index))) def.indexNames = this.namesOf(idx)
  }

  /** An operator on whole matrices, or the definition that is equal to it. */
  matrix(spec: MatrixSpec): MatrixDef {
    const { name, operator, batch, operands, subject } = spec
    const record = MATRIX_OPERATORS[operator]
    const made = operands.map(({ idx, value }): MatrixOperand => {
      const own = this.canonical([...batch, ...idx].map((index) => index.extent))
      const renaming = new Map([...batch, ...idx].map((index, axis) => [index, own[axis]]))
      this.requireBound(name, [value], renaming)
      return { idx: own.slice(batch.length), value: substitute(this.graph, value, renaming) }
    })
    const like =
      record.result === 'scalar'
        ? []
        : operands[record.operands.findIndex((kind) => kind === record.result)].idx
    const idx = this.canonical([...batch, ...like].map((index) => index.extent))
    const texts = made.map((each) => `${each.idx.map((index) => index.id).join()}:${each.value.id}`)
    const key = `${operator}|${idx.map((index) => index.id).join()}|${texts.join('|')}`
    const present = this.matrices.get(key)
    if (present) {
      if (present.auto && spec.auto !== true) {
        present.name = name
        present.auto = false
      }
      return present
    }
    const def: MatrixDef = this.add({
      id: this.all.length,
      name,
      kind: 'matrix',
      idx,
      indexNames: this.namesOf([...batch, ...like]),
      integer: false,
      facts: record.total && made.every(({ value }) => value.facts.finite) ? REAL : UNKNOWN,
      origin: spec.origin ?? {},
      operator,
      batch: batch.length,
      operands: made,
      subject,
      auto: spec.auto ?? false,
    })
    this.matrices.set(key, def)
    return def
  }

  derivative(spec: DerivativeSpec): DerivativeDef {
    const at = spec.at ?? []
    const own = spec.wrt.idx.slice(at.length)
    const idx = this.canonical([...spec.batch, ...own].map((index) => index.extent))
    const renaming = new Map(spec.batch.map((index, axis) => [index, idx[axis]]))
    this.requireBound(spec.name, [spec.of, ...at], renaming)
    return this.add({
      id: this.all.length,
      name: spec.name,
      kind: 'derivative',
      idx,
      indexNames: [
        ...this.namesOf(spec.batch),
        ...own.map((_, axis) => spec.wrt.indexNames[at.length + axis] ?? defaultName(axis)),
      ],
      integer: false,
      facts: UNKNOWN,
      origin: spec.origin ?? {},
      of: substitute(this.graph, spec.of, renaming),
      wrt: spec.wrt,
      at: at.map((arg) => substitute(this.graph, arg, renaming)),
    })
  }

  /**
   * The value of a reduction as an expression: a definition whose axes are the free indices of the body in the order in
   * which they were made, which is the order of the axes of what it is computed for. Equal reductions under other names
   * of indices are one definition.
   */
  lift(
    kind: ReductionKind,
    bound: readonly Index[],
    body: Expr,
    filter: readonly Expr[] = [],
    origin?: Origin,
  ): Expr {
    const order = postorder([body, ...filter]).filter((node): node is Index => node.kind === 'index')
    const free = order.filter((index) => !bound.includes(index)).sort((a, b) => a.id - b.id)
    // Sums and products commute; the other kinds prefer the first entry in the order given.
    const commutes = kind === 'sum' || kind === 'prod' || kind === 'logsumexp'
    const red = commutes
      ? [
          ...order.filter((index) => bound.includes(index)),
          ...bound.filter((index) => !order.includes(index)),
        ]
      : bound
    const def = this.define({
      name: kind,
      idx: free,
      reduction: { kind, idx: red, filter },
      body,
      origin,
      auto: true,
    })
    return this.graph.read(def, free)
  }

  private namesOf(indices: readonly Index[]): string[] {
    const used = new Set<string>()
    return indices.map((index, axis) => {
      const wanted = this.graph.indexNames.get(index) ?? defaultName(axis)
      let name = wanted
      for (let count = 1; used.has(name); count++) name = `${wanted}${count}`
      used.add(name)
      return name
    })
  }

  private requireBound(name: string, expressions: readonly Expr[], bound: ReadonlyMap<Index, Index>): void {
    for (const { free } of expressions)
      for (const index of free)
        if (!bound.has(index))
          throw new Error(`index ${this.graph.indexNames.get(index) ?? index.id} is unbound in '${name}'`)
  }
}

function copiedBy({ idx, reduction, routine, body }: DefinitionSpec): ComputedDef | undefined {
  const def = reduction || routine ? undefined : wholeRead(body, idx)
  return def?.kind === 'computed' && !def.nominal ? def : undefined
}

const NAMES = ['i', 'j', 'k', 'l', 'p', 'q', 'r', 's']
const defaultName = (axis: number): string => NAMES[axis] ?? `i${axis}`
