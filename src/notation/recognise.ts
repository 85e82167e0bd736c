/** Index notation as matrix notation, where the indices allow it: contractions as products, deltas as diagonals. */
import type { Apply, ComputedDef, Def, Expr, Factor, Guard, Index, MatrixDef, Mul, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, type Rational } from '../ir/rational.js'
import { factorsOf, powersOf } from '../ir/term.js'
import { substitute, substituteAt } from '../ir/walk.js'
import { chain, onesOver } from './chain.js'
import {
  call,
  product,
  scaled,
  sumOf,
  times,
  transposed,
  type Matrix,
  type MatrixTerm,
  type Sign,
} from './matrix.js'

/** How deep definitions are looked into. */
const DEEPEST = 64

export interface NotationOptions {
  /** Definitions that are written by their names. By default those that are not computed. */
  readonly isNamed?: (def: Def) => boolean
  /** What is written for the body of a definition: a derivative as its formula, without values given by decision. */
  readonly formula?: (def: Def, body: Expr) => Expr
}

/** The entries `expr` over its axes as matrix notation, or undefined where indices must be written. */
export function matrixNotation(
  graph: Graph,
  expr: Expr,
  axes: readonly Index[],
  { isNamed = (def) => def.kind !== 'computed', formula = (_, body) => body }: NotationOptions = {},
): Matrix | undefined {
  if (axes.length > 2) return undefined
  return new Recogniser(graph, isNamed, formula).result(expr, axes)
}

class Recogniser {
  private depth = 0

  constructor(
    private readonly graph: Graph,
    private readonly isNamed: (def: Def) => boolean,
    private readonly formula: (def: Def, body: Expr) => Expr,
  ) {}

  /** Of these axes, also where its entries are the same along some of them: `ones(n) @ c'`. */
  result(e: Expr, axes: readonly Index[]): Matrix | undefined {
    const entries = this.entriesOf(e)
    const own = axes.filter((axis) => entries.free.includes(axis))
    if (own.length === axes.length) return this.whole(e, axes) ?? this.columns(e, axes)
    const value = this.convert(entries, own)
    const ones = axes.map(onesOver)
    if (!value || ones.includes(undefined)) return undefined
    const [row, column] = axes.map((axis, at) => (own.includes(axis) ? value : ones[at]))
    if (!row) return undefined
    const repeated = column ? product([row, transposed(column)]) : row
    return own.length === 0 ? times([value, repeated]) : repeated
  }

  /** As the transpose of what can be written: `softmax(A')'`. */
  private columns(e: Expr, axes: readonly Index[]): Matrix | undefined {
    const rows = axes.length === 2 ? this.whole(e, axes.toReversed()) : undefined
    return rows && transposed(rows)
  }

  /** What stands in the entries of a definition that is not written by its name. */
  private entriesOf(e: Expr): Expr {
    let current = e
    for (let depth = 0; depth < DEEPEST; depth++) {
      if (current.kind !== 'read' || current.def.kind !== 'computed') return current
      const { def, args }: Read & { readonly def: ComputedDef } = { ...current, def: current.def }
      if (!def.body || def.reduction || def.nominal || this.isNamed(def)) return current
      current = substituteAt(this.graph, this.formula(def, def.body), def.idx, args)
    }
    return current
  }

  /** Of exactly these axes: a scalar is no matrix. */
  whole(e: Expr, axes: readonly Index[]): Matrix | undefined {
    return axes.every((axis) => e.free.includes(axis)) ? this.convert(e, axes) : undefined
  }

  /** Of these axes, or of the last or none of them: broadcasting does the rest. */
  private convert(e: Expr, axes: readonly Index[]): Matrix | undefined {
    const used = axes.filter((axis) => e.free.includes(axis))
    if (used.length === 0 && axes.length > 0) return this.convert(e, [])
    if (used.length < axes.length && used[0] !== axes[axes.length - 1]) return undefined
    if (used.length < axes.length) return this.convert(e, used)
    const known = this.normalised(e, axes)
    if (known) return known
    switch (e.kind) {
      case 'num':
        return { kind: 'number', value: e.value }
      case 'constant':
      case 'size':
        return { kind: 'scalar', expr: e }
      case 'index':
      case 'test':
        return undefined
      case 'read':
        return this.read(e, axes)
      case 'add':
        return this.sum(e.terms, e.constant, axes)
      case 'mul':
        return this.entrywise(e, axes)
      case 'apply':
        return this.apply(e, axes)
      case 'guard':
        return this.guard(e, axes)
      case 'stop': {
        const inner = this.convert(e.operand, axes)
        return inner && call('stop_gradient', inner)
      }
    }
  }

  private read(e: Read, axes: readonly Index[]): Matrix | undefined {
    const { def, args } = e
    if (def.kind === 'computed' && def.body && !def.nominal && !this.isNamed(def))
      return this.expand(def, args, axes)
    const name: Matrix | undefined =
      def.kind === 'matrix' ? this.operator(def) : { kind: 'name', name: def.name }
    if (args.length === 0) return def.kind === 'matrix' ? name : { kind: 'scalar', expr: e }
    if (!name) return undefined
    // A part of an axis is not the axis: `h[t]` with t < T, of T + 1 states.
    if (args.some((arg, at) => arg.kind === 'index' && arg.extent !== def.idx[at].extent)) return undefined
    if (args.length === axes.length && args.every((arg, at) => arg === axes[at])) return name
    if (args.length === 2 && axes.length === 2 && args[0] === axes[1] && args[1] === axes[0])
      return transposed(name)
    if (args.length === 2 && axes.length === 1 && args[0] === axes[0] && args[1] === axes[0])
      return call('diag', name)
    return undefined
  }

  /** `inv(X' @ X)`, of whole matrices. */
  private operator({ operator, operands, batch }: MatrixDef): Matrix | undefined {
    if (batch > 0) return undefined
    const found = operands.map(({ idx, value }) => this.whole(value, idx))
    return found.every((each) => each !== undefined) ? call(operator, ...found) : undefined
  }

  private expand(def: ComputedDef, args: readonly Expr[], axes: readonly Index[]): Matrix | undefined {
    if (!def.body || this.depth > DEEPEST) return undefined
    const { graph } = this
    const reduction = def.reduction
    const bound = reduction?.idx.map((index) => graph.freshIndex(index.extent)) ?? []
    const values = new Map<Index, Expr>(def.idx.map((index, axis) => [index, args[axis]]))
    for (const [at, index] of bound.entries()) if (reduction) values.set(reduction.idx[at], index)
    const body = substitute(graph, this.formula(def, def.body), values)
    this.depth++
    try {
      if (!reduction) return this.convert(body, axes)
      if (reduction.kind === 'sum') return this.contraction(body, bound, axes)
      if (reduction.filter.length > 0 || axes.length > 0 || reduction.kind.startsWith('arg')) return undefined
      const inner = this.whole(body, bound)
      return inner && call(reduction.kind, inner)
    } finally {
      this.depth--
    }
  }

  private sum(
    terms: readonly { readonly node: Expr; readonly coefficient: Rational }[],
    constant: Rational,
    axes: readonly Index[],
  ): Matrix | undefined {
    const found: MatrixTerm[] = []
    for (const { node, coefficient } of terms) {
      const matrix = this.convert(node, axes) ?? this.sameColumns(node, axes)
      if (!matrix) return undefined
      found.push({ negative: false, of: scaled(coefficient, matrix) })
    }
    if (!constant.isZero)
      found.push({ negative: constant.isNegative, of: { kind: 'number', value: constant.abs() } })
    return sumOf(found)
  }

  /** `x @ ones(n)'`, of which each column is `x`. */
  private sameColumns(e: Expr, axes: readonly Index[]): Matrix | undefined {
    const [row, column] = axes
    if (axes.length !== 2 || e.free.includes(column)) return undefined
    const [value, ones] = [this.whole(e, [row]), onesOver(column)]
    return value && ones && product([value, transposed(ones)])
  }

  /** A product without a sum: entry by entry, or of a column and a row. */
  private entrywise(e: Mul, axes: readonly Index[]): Matrix | undefined {
    const written = axes.length === 2 ? this.withoutDeltaInSum(e) : undefined
    if (written) return this.convert(written, axes)
    return chain(e.factors, [], axes, (factors, over) => this.factors(factors, over))
  }

  /** `p[i] ([i = j] - p[j])` multiplied out, so that the delta makes a diagonal. */
  private withoutDeltaInSum({ factors }: Mul): Expr | undefined {
    const { graph } = this
    const isDelta = ({ node }: { readonly node: Expr }): boolean =>
      node.kind === 'guard' && node.conditions.some((each) => each.kind === 'test' && each.test === 'eq0')
    const sum = factors.find(({ base, exponent }) => exponent.isOne && base.kind === 'add' && base.terms.some(isDelta)) // prettier-ignore
    if (sum?.base.kind !== 'add') return undefined
    const others = powersOf(graph, factors.filter((factor) => factor !== sum)) // prettier-ignore
    const terms = sum.base.terms.map(({ node, coefficient }) => graph.scale(coefficient, graph.mulAll([...others, node]))) // prettier-ignore
    return graph.addAll([...terms, graph.mulAll([...others, graph.num(sum.base.constant)])])
  }

  private contraction(body: Expr, bound: readonly Index[], axes: readonly Index[]): Matrix | undefined {
    if (body.kind === 'add' && body.terms.length > 1) {
      const whole = axes.length === 0 ? this.whole(body, bound) : undefined
      return whole && call('sum', whole)
    }
    const [node, coefficient] =
      body.kind === 'add' && body.constant.isZero
        ? [body.terms[0].node, body.terms[0].coefficient]
        : [body, ONE]
    const factors = factorsOf(node)
    const found = chain(factors, bound, axes, (each, over) => this.factors(each, over))
    return found && scaled(coefficient, found)
  }

  /** Factors with the same axes, entry by entry. */
  private factors(factors: readonly Factor[], axes: readonly Index[]): Matrix | undefined {
    const above: Matrix[] = []
    const below: Matrix[] = []
    for (const { base, exponent } of factors) {
      const matrix = this.convert(base, axes)
      if (!matrix) return undefined
      const size = exponent.abs()
      const power: Matrix = size.isOne ? matrix : { kind: 'power', base: matrix, exponent: size }
      ;(exponent.isNegative ? below : above).push(power)
    }
    return times(above, below)
  }

  private apply({ operator, args }: Apply, axes: readonly Index[]): Matrix | undefined {
    const converted: Matrix[] = []
    for (const arg of args) {
      const matrix = this.convert(arg, axes)
      if (!matrix) return undefined
      converted.push(matrix)
    }
    const [left, right] = converted
    switch (operator) {
      case 'lt':
        return compare('<', '>', left, right)
      case 'le':
        return compare('<=', '>=', left, right)
      case 'eq':
        return compare('==', '==', left, right)
      case 'ne':
        return compare('!=', '!=', left, right)
      case 'and':
      case 'or':
      case 'not':
      case 'select':
      case 'pow':
        return undefined
      default:
        return call(operator, ...converted)
    }
  }

  /** `[i = j] x[i]` is a diagonal matrix; other conditions are factors of 0 and 1. */
  private guard({ conditions, body }: Guard, axes: readonly Index[]): Matrix | undefined {
    if (conditions.length !== 1) return undefined
    const [condition] = conditions
    if (condition.kind === 'test') {
      if (axes.length !== 2 || condition !== this.graph.eq0(this.graph.sub(axes[0], axes[1])))
        return undefined
      const own = body.free.filter((index) => axes.includes(index))
      if (own.length > 1) return undefined
      if (own.length === 1) {
        const entries = this.whole(body, own)
        return entries && call('diag', entries)
      }
      const identity: Matrix = { kind: 'identity', extent: axes[0].extent }
      const scale = this.convert(body, [])
      const isOne = scale?.kind === 'number' && scale.value.isOne
      return scale && (isOne ? identity : times([scale, identity]))
    }
    const mask = this.convert(condition, axes)
    if (!mask) return undefined
    if (body.kind === 'num' && body.value.isOne) return mask
    // What is not finite must not be multiplied by 0.
    if (!body.facts.finite) return undefined
    const value = this.convert(body, axes)
    return value && times([value, mask])
  }

  /** `exp(x - logsumexp x)` and `x - logsumexp x` along the last axis. */
  private normalised(e: Expr, axes: readonly Index[]): Matrix | undefined {
    const last = axes.at(-1)
    const inner = e.kind === 'apply' && e.operator === 'exp' ? e.args[0] : e
    if (!last || inner.kind !== 'add' || inner.terms.length !== 2 || !inner.constant.isZero) return undefined
    const total = inner.terms.find(({ coefficient }) => coefficient.isMinusOne)
    const logit = inner.terms.find(({ coefficient }) => coefficient.isOne)
    const read = total && this.logsumexp(total.node)
    if (!read || !logit) return undefined
    const { def, args } = read
    const [bound] = def.reduction?.idx ?? []
    if (!def.body || !bound || bound.extent !== last.extent) return undefined
    const values = new Map<Index, Expr>(def.idx.map((index, axis) => [index, args[axis]]))
    if (substitute(this.graph, def.body, values.set(bound, last)) !== logit.node) return undefined
    const scores = this.whole(logit.node, axes)
    return scores && call(inner === e ? 'log_softmax' : 'softmax', scores)
  }

  /** The read of a logsumexp over one index, looked for behind other definitions. */
  private logsumexp(e: Expr): { readonly def: ComputedDef; readonly args: readonly Expr[] } | undefined {
    let current = e
    for (let depth = 0; depth < DEEPEST; depth++) {
      if (current.kind !== 'read' || current.def.kind !== 'computed') return undefined
      const { def, args }: { def: ComputedDef; args: readonly Expr[] } = {
        def: current.def,
        args: current.args,
      }
      if (def.reduction)
        return def.reduction.kind === 'logsumexp' &&
          def.reduction.idx.length === 1 &&
          def.reduction.filter.length === 0
          ? { def, args }
          : undefined
      if (!def.body || def.nominal) return undefined
      current = substituteAt(this.graph, def.body, def.idx, args)
    }
    return undefined
  }
}

/** The number stands on the right. */
function compare(sign: Sign, mirrored: Sign, left: Matrix, right: Matrix): Matrix {
  return left.kind === 'number'
    ? { kind: 'compare', sign: mirrored, left: right, right: left }
    : { kind: 'compare', sign, left, right }
}
