/** Reductions into scalar accumulators. */
import type { ComputedDef, Expr, Index, ReductionHead } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { CHEAP } from './cost.js'
import { type Emission, plainName } from './emission.js'
import type { Local, Scalar, Statement } from './loop-program.js'
import { partAt } from './parts.js'
import { type Part, type RangedIndex, rangesOf } from './ranges.js'
import type { Scalars } from './scalars.js'
import type { LeafNode, Nest, NestForm } from './tree.js'
import { unrolled } from './unroll.js'

type Form = Extract<NestForm, { kind: 'reduce' }>

export interface Reduced {
  readonly statements: Statement[]
  readonly value: Scalar
}

/** What is reduced over: the entries that take part, and their value. */
interface Body {
  readonly indices: readonly Index[]
  readonly conditions: readonly Expr[]
  readonly part: Part | undefined
  readonly value: Expr
  /** The position of an entry in the row-major order of the reduction's indices. */
  readonly position: Expr
}

export function emitReduction(emission: Emission, leaf: LeafNode, form: Form, depth: number): Reduced {
  const { def } = leaf.nest
  const { reduction } = def
  if (!reduction) throw new Error(`'${def.name}' is no reduction`)
  return new Reduction(emission, leaf.nest, reduction, leaf.at, form, depth).emit()
}

/** The terms of a sum of known length, added up. */
export function spelledSum(
  emission: Emission,
  def: ComputedDef,
  bound: readonly Index[],
  at: ReadonlyMap<Index, Expr>,
): Scalar {
  const { graph, scalars } = emission
  const body = emission.storage.bodyOf(def)
  const frames = bound.reduce<ReadonlyMap<Index, Expr>[]>(
    (all, index) => {
      const length = index.extent.kind === 'num' ? index.extent.value.toNumber() : 0
      const positions = Array.from({ length }, (_, n) => graph.num(n))
      return all.flatMap((frame) => positions.map((n) => new Map(frame).set(index, n)))
    },
    [at],
  )
  const terms = frames.map((frame) => emission.value(body, frame))
  return halved(scalars, terms)
}

/** Terms that are added one to the other before such sums are: additions wait for each other. */
const CHAIN = 8

function halved(scalars: Scalars, terms: readonly Scalar[]): Scalar {
  if (terms.length <= CHAIN) return terms.reduce((total, term) => scalars.add(total, term), scalars.zero)
  const middle = Math.ceil(terms.length / 2)
  return scalars.add(halved(scalars, terms.slice(0, middle)), halved(scalars, terms.slice(middle)))
}

class Reduction {
  private readonly def: ComputedDef

  constructor(
    private readonly emission: Emission,
    private readonly nest: Nest,
    private readonly head: ReductionHead,
    private readonly at: ReadonlyMap<Index, Expr>,
    private readonly form: Form,
    private readonly depth: number,
  ) {
    this.def = nest.def
  }

  emit(): Reduced {
    const { scalars } = this.emission
    switch (this.head.kind) {
      case 'sum':
        return this.form.lanes > 1 ? this.lanes() : this.fold('add', scalars.zero)
      case 'prod':
        return this.fold('mul', scalars.one)
      case 'max':
        return this.fold('max', scalars.number(-Infinity))
      case 'min':
        return this.fold('min', scalars.number(Infinity))
      case 'argmax':
        return this.search('gt', -Infinity)
      case 'argmin':
        return this.search('lt', Infinity)
      case 'logsumexp':
        return this.emission.storage.cost(this.def) <= 3 * CHEAP ? this.logSumExp() : this.logSumExpOnline()
    }
  }

  private get name(): string {
    return plainName(this.def)
  }

  private variable(name: string, value: Scalar, statements: Statement[]): Local {
    const local = this.emission.local(name, 'real', this.depth)
    statements.push({ kind: 'variable', local, value })
    return local
  }

  /** Indices and expressions in terms of fresh loop indices. */
  private open(): Body {
    const { emission, def, head } = this
    const { graph } = emission
    const at = new Map(this.at)
    const indices = emission.open(def, this.form.order, at)
    const body = emission.storage.bodyOf(def)
    const guarded = head.kind === 'sum' && body.kind === 'guard'
    const conditions = guarded ? body.conditions : head.filter
    const moved = (e: Expr): Expr => substitute(graph, e, at)
    const position = head.idx.reduce<Expr>(
      (sum, index) => graph.add(graph.mul(sum, moved(index.extent)), moved(index)),
      graph.zero,
    )
    return {
      indices,
      conditions: conditions.map(moved),
      part: partAt(this.nest, at),
      value: guarded ? body.body : body,
      position,
    }
  }

  /** Loops over the entries that take part. */
  private loops(body: Body, inside: (value: Scalar) => Statement[]): Statement[] {
    const { emission } = this
    const { outside, loops } = rangesOf(emission.graph, body.indices, body.conditions, body.part)
    return emission.when(outside, () =>
      emission.ranged(loops, this.depth, () => inside(this.valueAt(body, body.indices))),
    )
  }

  private fold(operator: 'add' | 'mul' | 'max' | 'min', start: Scalar): Reduced {
    const statements: Statement[] = []
    const local = this.variable(this.name, start, statements)
    statements.push(...this.loops(this.open(), (value) => [{ kind: 'accumulate', local, operator, value }]))
    return { statements, value: this.emission.scalars.local(local) }
  }

  /** A dot product with independent accumulators, which the processor adds to at the same time. */
  private lanes(): Reduced {
    const { emission } = this
    const { scalars } = emission
    const body = this.open()
    const { outside, loops } = rangesOf(emission.graph, body.indices, body.conditions, body.part)
    const last = loops.at(-1)
    if (!last || last.conditions.length > 0) return this.fold('add', scalars.zero)
    const statements: Statement[] = []
    const names = Array.from({ length: this.form.lanes }, (_, lane) => `${this.name}${lane}`)
    const locals = names.map((name) => this.variable(name, scalars.zero, statements))
    const inner = (depth: number): Statement[] => this.unrolledLoop(last, depth, body, locals)
    statements.push(...emission.when(outside, () => emission.ranged(loops.slice(0, -1), this.depth, inner)))
    const [a, b, c, d] = locals.map((local) => scalars.local(local))
    const value = scalars.add(scalars.add(a, b), scalars.add(c, d))
    scalars.hint(value, this.name)
    return { statements, value }
  }

  private unrolledLoop(last: RangedIndex, depth: number, body: Body, locals: readonly Local[]): Statement[] {
    return unrolled(this.emission, last, locals.length, depth, (lanes) =>
      lanes.map((index, lane): Statement => {
        const indices = body.indices.map((own) => (own === last.index ? index : own))
        return {
          kind: 'accumulate',
          local: locals[lane],
          operator: 'add',
          value: this.valueAt(body, indices),
        }
      }),
    )
  }

  private valueAt(body: Body, indices: readonly Expr[]): Scalar {
    const at = new Map(this.at)
    for (const [n, own] of this.form.order.entries()) at.set(own, indices[n])
    return this.emission.value(body.value, at)
  }

  /** The position of the first extreme entry. */
  private search(better: 'gt' | 'lt', start: number): Reduced {
    const { scalars } = this.emission
    const statements: Statement[] = []
    const best = this.variable(better === 'gt' ? 'largest' : 'smallest', scalars.number(start), statements)
    const at = this.emission.local(this.name, 'integer', this.depth)
    statements.push({ kind: 'variable', local: at, value: scalars.zero })
    const body = this.open()
    statements.push(
      ...this.loops(body, (value) => [
        {
          kind: 'branch',
          condition: scalars.apply(better, [value, scalars.local(best)]),
          consequent: [
            { kind: 'assign', local: best, value },
            { kind: 'assign', local: at, value: this.emission.value(body.position) },
          ],
          alternate: [],
        },
      ]),
    )
    return { statements, value: scalars.local(at) }
  }

  /** Shifted by the largest entry; an infinite one is the result. */
  private logSumExp(): Reduced {
    const { scalars } = this.emission
    const statements: Statement[] = []
    const largest = this.variable('largest', scalars.number(-Infinity), statements)
    const m = scalars.local(largest)
    statements.push(...this.loops(this.open(), (value) => [{ kind: 'accumulate', local: largest, operator: 'max', value }])) // prettier-ignore
    const total = this.variable('total', scalars.zero, statements)
    statements.push(
      ...this.loops(this.open(), (value) => [
        {
          kind: 'accumulate',
          local: total,
          operator: 'add',
          value: scalars.apply('exp', [scalars.sub(value, m)]),
        },
      ]),
    )
    const infinite = scalars.apply('eq', [scalars.apply('abs', [m]), scalars.number(Infinity)])
    const finite = scalars.add(m, scalars.apply('log', [scalars.local(total)]))
    const value = scalars.apply('select', [infinite, m, finite])
    scalars.hint(value, this.name)
    return { statements, value }
  }

  /** In one pass, for entries that are dear: the sum is rescaled whenever a larger one comes. */
  private logSumExpOnline(): Reduced {
    const { scalars } = this.emission
    const statements: Statement[] = []
    const largest = this.variable('largest', scalars.number(-Infinity), statements)
    const total = this.variable('total', scalars.zero, statements)
    const [m, t] = [scalars.local(largest), scalars.local(total)]
    statements.push(
      ...this.loops(this.open(), (value) => {
        const rescaled = scalars.mul(t, scalars.apply('exp', [scalars.sub(m, value)]))
        // Equal entries may be infinite.
        const difference = scalars.apply('select', [scalars.apply('eq', [value, m]), scalars.zero, scalars.sub(value, m)]) // prettier-ignore
        return [
          {
            kind: 'branch',
            condition: scalars.apply('gt', [value, m]),
            consequent: [
              { kind: 'assign', local: total, value: scalars.add(rescaled, scalars.one) },
              { kind: 'assign', local: largest, value },
            ],
            alternate: [
              {
                kind: 'accumulate',
                local: total,
                operator: 'add',
                value: scalars.apply('exp', [difference]),
              },
            ],
          },
        ]
      }),
    )
    const value = scalars.add(m, scalars.apply('log', [t]))
    scalars.hint(value, this.name)
    return { statements, value }
  }
}
