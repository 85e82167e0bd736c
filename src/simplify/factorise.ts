/**
 * Operators on matrices as routines on factors: a matrix is factorised once, however many equations, inverses and
 * determinants need it, and its transpose shares the factors.
 */
import type { ComputedDef, Def, Expr, Index, MatrixDef, MatrixOperand, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries } from '../ir/program-map.js'
import { Rational } from '../ir/rational.js'
import type { Rebuilt } from '../ir/rebuild.js'
import { substitute } from '../ir/walk.js'

export function factorise(): Pass {
  return {
    name: 'factorise',
    doc: 'Solves, inverts and takes determinants by triangular factors, which equal matrices share',
    run: (program) => {
      if (!program.graph.definitions.all.some((def) => def.kind === 'matrix')) return program
      const factors = new Factors(program.graph)
      return mapEntries(program, {
        replace: (def, rebuilt) =>
          def.kind === 'matrix'
            ? new Factorised(program.graph, factors, def, rebuilt).definition()
            : undefined,
      })
    },
  }
}

/** What a matrix is solved with: the factors of itself, or of its transpose. */
interface Shared {
  readonly def: ComputedDef
  /** Those of the given batch indices that the matrix depends on. */
  readonly batch: readonly Index[]
  readonly transposed: boolean
}

/** The factorisations made so far, by the matrix. */
class Factors {
  private readonly made = new Map<string, ComputedDef>()

  constructor(private readonly graph: Graph) {}

  of({ idx: [row, column], value }: MatrixOperand, subject: string, origin: Def['origin']): Shared {
    const batch = value.free.filter((index) => index !== row && index !== column)
    const present = this.made.get(this.key(batch, row, column, value))
    if (present) return { def: present, batch, transposed: false }
    const flipped = this.made.get(this.key(batch, column, row, value))
    if (flipped) return { def: flipped, batch, transposed: true }
    const def = this.define(batch, row, column, value, subject, origin)
    this.made.set(this.key(batch, row, column, value), def)
    return { def, batch, transposed: false }
  }

  /** The matrix whatever its indices are called. */
  private key(batch: readonly Index[], row: Index, column: Index, value: Expr): string {
    const { graph } = this
    const all = [...batch, row, column]
    const canonical = graph.definitions.canonical(all.map((index) => index.extent))
    const named = substitute(graph, value, new Map(all.map((index, at) => [index, canonical[at]])))
    return `${canonical.map((index) => index.id).join()}:${named.id}`
  }

  /** Rows 0 … n - 1 begin as the matrix; row n is for the exchanges of rows. */
  private define(
    batch: readonly Index[],
    row: Index,
    column: Index,
    value: Expr,
    subject: string,
    origin: Def['origin'],
  ): ComputedDef {
    const { graph } = this
    const r = graph.freshIndex(graph.add(row.extent, graph.one), 'i')
    const inside = graph.ge0(graph.sub(graph.sub(row.extent, graph.one), r))
    return graph.define({
      name: 'lu',
      idx: [...batch, r, column],
      body: graph.guard([inside], substitute(graph, value, new Map([[row, r]]))),
      routine: { name: 'factorise', rank: 2, factors: undefined, subject },
      origin: { ...origin, rule: 'factorise' },
      auto: true,
    })
  }
}

class Factorised {
  private readonly idx: readonly Index[]
  private readonly operands: readonly MatrixOperand[]

  constructor(
    private readonly graph: Graph,
    private readonly factors: Factors,
    private readonly def: MatrixDef,
    rebuilt: Rebuilt,
  ) {
    this.idx = def.idx.map((index, axis) => graph.freshIndex(index.extent, def.indexNames[axis]))
    const batch = def.idx.slice(0, def.batch).map((index, axis) => [index, this.idx[axis]] as const)
    this.operands = def.operands.map(({ idx, value }): MatrixOperand => {
      const own = idx.map((index) => graph.freshIndex(index.extent, 'j'))
      const renaming = new Map([...batch, ...idx.map((index, axis) => [index, own[axis]] as const)])
      return { idx: own, value: substitute(graph, rebuilt.expr(value), renaming) }
    })
  }

  definition(): ComputedDef {
    const { graph, def, idx, operands } = this
    const [matrix, right] = operands
    const core = idx.slice(def.batch)
    switch (def.operator) {
      case 'solve':
        return this.solution(
          substitute(graph, right.value, new Map(right.idx.map((own, axis) => [own, core[axis]]))),
        )
      case 'inv':
        return this.solution(graph.eq0(graph.sub(core[0], core[1])))
      case 'det':
        return this.overPivots('prod', (pivot, isKept) => graph.select(isKept, pivot, graph.neg(pivot)))
      case 'logdet':
        return this.overPivots('sum', (pivot) => graph.apply('log', [graph.apply('abs', [pivot])]))
      case 'cofactors':
        return this.cofactors()
      case 'cholesky': {
        const [i, j] = core
        const entry = substitute(graph, matrix.value, new Map([[matrix.idx[0], i], [matrix.idx[1], j]])) // prettier-ignore
        return this.made({
          body: graph.guard([graph.ge0(graph.sub(i, j))], entry),
          routine: { name: 'choleskyFactor', rank: 2, factors: undefined, subject: def.subject },
        })
      }
    }
  }

  /** A routine's result with rows to work in below it. */
  private cofactors(): ComputedDef {
    const { graph, def, idx, operands } = this
    const [{ idx: own, value }] = operands
    const [i, j] = idx.slice(def.batch)
    const { extent } = own[0]
    const batch = idx.slice(0, def.batch)
    const r = graph.freshIndex(graph.add(graph.scale(Rational.of(2), extent), graph.num(2)), 'i')
    const column = graph.freshIndex(extent, 'j')
    const inside = graph.ge0(graph.sub(graph.sub(extent, graph.one), r))
    const all = graph.define({
      name: 'cofactors',
      idx: [...batch, r, column],
      body: graph.guard([inside], substitute(graph, value, new Map([[own[0], r], [own[1], column]]))), // prettier-ignore
      routine: { name: 'cofactorise', rank: 2, factors: undefined, subject: def.subject },
      origin: { ...def.origin, rule: 'factorise' },
      auto: true,
    })
    return this.made({ body: graph.read(all, [...batch, i, j]) })
  }

  private solution(right: Expr): ComputedDef {
    const { def, idx } = this
    const { transposed, factors } = this.shared()
    return this.made({
      body: right,
      routine: {
        name: transposed ? 'solveTransposed' : 'solveFactored',
        rank: idx.length - def.batch,
        factors: factors(this.graph.zero, this.graph.zero),
        subject: def.subject,
      },
    })
  }

  /** A determinant: over the pivots, each with whether its row stayed where it was. */
  private overPivots(kind: 'prod' | 'sum', entry: (pivot: Expr, isKept: Expr) => Expr): ComputedDef {
    const { graph } = this
    const { factors } = this.shared()
    const { extent } = this.operands[0].idx[0]
    const k = graph.freshIndex(extent, 'k')
    const isKept = graph.apply('eq', [factors(extent, k), k])
    return this.made({
      body: entry(factors(k, k), isKept),
      reduction: { kind, idx: [k] },
    })
  }

  private shared(): { transposed: boolean; factors: (row: Expr, column: Expr) => Read } {
    const { graph, def, operands } = this
    const { def: lu, batch, transposed } = this.factors.of(operands[0], def.subject, def.origin)
    return { transposed, factors: (row, column) => graph.read(lu, [...batch, row, column]) }
  }

  private made(spec: Pick<Parameters<Graph['define']>[0], 'body' | 'routine' | 'reduction'>): ComputedDef {
    const { name, origin, auto } = this.def
    return this.graph.define({ name, idx: this.idx, origin, auto, ...spec })
  }
}
