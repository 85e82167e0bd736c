/**
 * The derivatives of operators on whole matrices, again by such operators: so they hold to every order. Reverse mode after
 * Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008); the
 * Cholesky factor after Murray, "Differentiation of the Cholesky decomposition" (2016).
 */
import type { Expr, Index, MatrixDef, MatrixOperand } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { Rational } from '../ir/rational.js'
import { substitute } from '../ir/walk.js'
import type { MatrixOperator } from '../ops/matrix.js'
import { freshFor } from './reduction.js'
import { conditionsOf } from './support.js'

/** The entry of a tensor at positions; what counts matrices stays implicit. */
type Entry = (...at: readonly Expr[]) => Expr

/** A tensor as its entries. */
interface Whole {
  readonly shape: readonly Expr[]
  readonly at: Entry
}

/** What a derivative is made of: the operands, the result, and the means to make more. */
interface Parts {
  readonly calculus: Calculus
  readonly operands: readonly Whole[]
  readonly result: Whole
}

interface Derivatives {
  /** The cotangent of an operand, given that of the result. */
  readonly pullback: (parts: Parts, operand: number, cotangent: Entry) => Entry
  /** The tangent of the result, given that of one operand. */
  readonly pushforward: (parts: Parts, operand: number, tangent: Entry) => Entry
}

/** Products, transposes and further operators over matrices that depend on the batch indices. */
class Calculus {
  constructor(
    readonly graph: Graph,
    private readonly batch: readonly Index[],
    private readonly def: MatrixDef,
  ) {}

  /** `Σ_k term(k)`. */
  sum(extent: Expr, term: (k: Expr) => Expr): Expr {
    const k = this.graph.freshIndex(extent, 'k')
    return this.graph.sum([k], term(k))
  }

  apply(operator: MatrixOperator, operands: readonly Whole[], subject = this.def.subject): Entry {
    const { graph, def } = this
    const made = operands.map(({ shape, at }): MatrixOperand => {
      const idx = shape.map((extent) => graph.freshIndex(extent))
      return { idx, value: at(...idx) }
    })
    const batch = this.batch.filter((index) => made.some(({ value }) => value.free.includes(index)))
    const result = graph.matrix({
      name: `${operator}_${def.name}`,
      operator,
      batch,
      operands: made,
      subject,
      origin: def.origin,
      auto: true,
    })
    return (...at) => graph.read(result, [...batch, ...at])
  }

  /** With a triangular matrix: its factorisation is itself. */
  solveFactor(triangle: Whole, at: Entry): Entry {
    return this.apply('solve', [triangle, { shape: triangle.shape, at }], `cholesky(${this.def.subject})`)
  }

  /** A column counts as a matrix with one column. */
  product(a: Entry, b: Entry, extent: Expr): Entry {
    return (i, ...rest) => this.sum(extent, (k) => this.graph.mul(a(i, k), b(k, ...rest)))
  }

  /** `x` on and above the diagonal replaced: half of it on the diagonal, 0 above. */
  lowerHalf(x: Entry): Entry {
    const { graph } = this
    const half = Rational.of(1, 2)
    return (i, j) => {
      const isDiagonal = graph.eq0(graph.sub(i, j))
      return graph.guard(
        [graph.ge0(graph.sub(i, j))],
        graph.select(isDiagonal, graph.scale(half, x(i, j)), x(i, j)),
      )
    }
  }

  negated(x: Entry): Entry {
    return (...at) => this.graph.neg(x(...at))
  }
}

const transposed =
  (x: Entry): Entry =>
  (i, j) =>
    x(j, i)

const transpose = ({ shape: [rows, columns], at }: Whole): Whole => ({
  shape: [columns, rows],
  at: transposed(at),
})

/** The slope of a scalar by the matrix, as the entries of a matrix `s`: `d f = Σ s[i, j] dA[i, j]`. */
function scalarBy(slope: (parts: Parts) => Entry): Derivatives {
  return {
    pullback: (parts, _, cotangent) => {
      const by = slope(parts)
      return (i, j) => parts.calculus.graph.mul(cotangent(), by(i, j))
    },
    pushforward: (parts, _, tangent) => {
      const { calculus, operands } = parts
      const by = slope(parts)
      const [n] = operands[0].shape
      return () => calculus.sum(n, (i) => calculus.sum(n, (j) => calculus.graph.mul(by(i, j), tangent(i, j))))
    },
  }
}

const DERIVATIVES: Readonly<Record<MatrixOperator, Derivatives>> = {
  solve: {
    // B̄ = A⁻ᵀ X̄ and Ā = -B̄ Xᵀ: the transposed system, whose factors are those of A.
    pullback: ({ calculus, operands: [a, b], result }, operand, cotangent) => {
      const right = calculus.apply('solve', [transpose(a), { shape: b.shape, at: cotangent }])
      if (operand === 1) return right
      const { graph } = calculus
      const [, columns] = b.shape
      return (i, j) =>
        graph.neg(
          columns
            ? calculus.sum(columns, (k) => graph.mul(right(i, k), result.at(j, k)))
            : graph.mul(right(i), result.at(j)),
        )
    },
    // A Ẋ = Ḃ - Ȧ X
    pushforward: ({ calculus, operands: [a, b], result }, operand, tangent) => {
      const at = operand === 1 ? tangent : calculus.negated(calculus.product(tangent, result.at, a.shape[0]))
      return calculus.apply('solve', [a, { shape: b.shape, at }])
    },
  },
  inv: {
    // Ā = -Yᵀ Ȳ Yᵀ
    pullback: ({ calculus, operands: [a], result }, _, cotangent) => {
      const [n] = a.shape
      const y = transposed(result.at)
      return calculus.negated(calculus.product(calculus.product(y, cotangent, n), y, n))
    },
    // Ẏ = -Y Ȧ Y
    pushforward: ({ calculus, operands: [a], result }, _, tangent) => {
      const [n] = a.shape
      return calculus.negated(calculus.product(calculus.product(result.at, tangent, n), result.at, n))
    },
  },
  // The cofactors C = det A · A⁻ᵀ, which singular matrices have too.
  det: scalarBy(({ calculus, operands: [a] }) => calculus.apply('cofactors', [a])),
  cofactors: {
    // Ā = ⟨C̄, C⟩ A⁻ᵀ - A⁻ᵀ C̄ᵀ C: refused where it is evaluated at a singular matrix, which has no inverse.
    pullback: ({ calculus, operands: [a], result }, _, cotangent) => {
      const { graph } = calculus
      const [n] = a.shape
      const inverse = transposed(calculus.apply('inv', [a]))
      const along = calculus.sum(n, (i) =>
        calculus.sum(n, (j) => graph.mul(cotangent(i, j), result.at(i, j))),
      )
      const both = calculus.product(inverse, calculus.product(transposed(cotangent), result.at, n), n)
      return (i, j) => graph.sub(graph.mul(along, inverse(i, j)), both(i, j))
    },
    // Ċ = tr(A⁻¹ Ȧ) C - A⁻ᵀ Ȧᵀ C
    pushforward: ({ calculus, operands: [a], result }, _, tangent) => {
      const { graph } = calculus
      const [n] = a.shape
      const inverse = transposed(calculus.apply('inv', [a]))
      const along = calculus.sum(n, (i) => calculus.sum(n, (j) => graph.mul(inverse(i, j), tangent(i, j))))
      const both = calculus.product(inverse, calculus.product(transposed(tangent), result.at, n), n)
      return (i, j) => graph.sub(graph.mul(along, result.at(i, j)), both(i, j))
    },
  },
  logdet: scalarBy(({ calculus, operands: [a] }) => transposed(calculus.apply('inv', [a]))),
  cholesky: {
    // S = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, of which the lower triangle of A, read twice, gets S + Sᵀ and its diagonal S.
    pullback: ({ calculus, operands: [a], result }, _, cotangent) => {
      const { graph } = calculus
      const { shape } = a
      const upper = transpose(result)
      const inner = calculus.lowerHalf(calculus.product(upper.at, cotangent, shape[0]))
      const left = calculus.solveFactor(upper, inner)
      const both = calculus.solveFactor(upper, transposed(left))
      return (i, j) =>
        graph.guard(
          [graph.ge0(graph.sub(i, j))],
          graph.select(graph.eq0(graph.sub(i, j)), both(i, j), graph.add(both(i, j), both(j, i))),
        )
    },
    // L̇ = L Φ(L⁻¹ Ȧ L⁻ᵀ), Ȧ symmetric by its lower triangle.
    pushforward: ({ calculus, operands: [a], result }, _, tangent) => {
      const { graph } = calculus
      const { shape } = a
      const symmetric: Entry = (i, j) =>
        graph.select(graph.ge0(graph.sub(i, j)), tangent(i, j), tangent(j, i))
      const left = calculus.solveFactor(result, symmetric)
      const both = calculus.solveFactor(result, transposed(left))
      return calculus.product(result.at, calculus.lowerHalf(both), shape[0])
    },
  },
}

/** An operator opened up: its operands over fresh indices. */
export interface OpenedMatrix {
  /** Fresh indices in place of the definition's own. */
  readonly idx: readonly Index[]
  readonly operands: readonly MatrixOperand[]
}

export function openMatrix(graph: Graph, def: MatrixDef, idx: readonly Index[]): OpenedMatrix {
  const operands = def.operands.map(({ idx: own, value }): MatrixOperand => {
    const fresh = freshFor(graph, own, ['i', 'j'])
    return { idx: fresh, value: entryOf(graph, def, { idx: own, value }, idx)(...fresh) }
  })
  return { idx, operands }
}

/** The entries of an operand, where the definition is read at `idx`. */
function entryOf(
  graph: Graph,
  def: MatrixDef,
  { idx: own, value }: MatrixOperand,
  idx: readonly Expr[],
): Entry {
  const batch = def.idx.slice(0, def.batch).map((index, axis) => [index, idx[axis]] as const)
  return (...at) =>
    substitute(graph, value, new Map([...batch, ...own.map((index, axis) => [index, at[axis]] as const)]))
}

/** `outer`: further indices on which what flows in may depend. */
function partsOf(graph: Graph, def: MatrixDef, idx: readonly Index[], outer: readonly Index[]): Parts {
  const batch = idx.slice(0, def.batch)
  return {
    calculus: new Calculus(graph, [...outer, ...batch], def),
    operands: def.operands.map((operand) => ({
      shape: operand.idx.map((index) => index.extent),
      at: entryOf(graph, def, operand, batch),
    })),
    result: {
      shape: idx.slice(def.batch).map((index) => index.extent),
      at: (...at) => graph.read(def, [...batch, ...at]),
    },
  }
}

/** The cotangent of one operand over its fresh indices, given that of the result over `idx` (and `outer`). */
export function operandCotangent(
  graph: Graph,
  def: MatrixDef,
  { idx, operands }: OpenedMatrix,
  operand: number,
  cotangent: Expr,
  outer: readonly Index[],
): Expr {
  const core = idx.slice(def.batch)
  const flow: Entry = (...at) =>
    substitute(graph, cotangent, new Map(core.map((index, axis) => [index, at[axis]])))
  const parts = partsOf(graph, def, idx, outer)
  const result = DERIVATIVES[def.operator].pullback(parts, operand, flow)(...operands[operand].idx)
  return graph.guard(conditionsApart(graph, cotangent, core), result)
}

/** The tangent of the result at `idx`, given those of the operands over their fresh indices (`undefined` is zero). */
export function matrixTangent(
  graph: Graph,
  def: MatrixDef,
  { idx, operands }: OpenedMatrix,
  tangents: readonly (Expr | undefined)[],
): Expr {
  const parts = partsOf(graph, def, idx, [])
  const terms = tangents.flatMap((tangent, at) => {
    if (!tangent) return []
    const own = operands[at].idx
    const flow: Entry = (...places) =>
      substitute(graph, tangent, new Map(own.map((index, axis) => [index, places[axis]])))
    const result = DERIVATIVES[def.operator].pushforward(parts, at, flow)(...idx.slice(def.batch))
    return [graph.guard(conditionsApart(graph, tangent, own), result)]
  })
  return graph.addAll(terms)
}

/** What holds of a whole matrix where anything flows into it: what is said of single entries is left out. */
const conditionsApart = (graph: Graph, flow: Expr, entry: readonly Index[]): readonly Expr[] =>
  conditionsOf(graph, flow).filter(({ free }) => !free.some((index) => entry.includes(index)))
