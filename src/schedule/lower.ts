/**
 * Expressions of the IR as scalars of the loop program: reads become loads, locals or the inlined body; rational powers and
 * coefficients are spelled out; conditions that hold in the loops around are dropped.
 */
import type { Def, Expr, Factor, Index, Mul, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { type Memo, NodeMap } from '../ir/node-map.js'
import { isNonNegative } from '../ir/prove.js'
import type { Rational } from '../ir/rational.js'
import { postorder, substitute } from '../ir/walk.js'
import { lowerPower, lowerScaled } from './arithmetic.js'
import { type Access, type Layout, Positions } from './layout.js'
import type { Local, Scalar } from './loop-program.js'
import type { Scalars } from './scalars.js'
import type { Storage } from './storage.js'

/** Indices of a definition in terms of the indices of loops. */
export type Frame = ReadonlyMap<Index, Expr>

const NO_FRAME: Frame = new Map()

export class Lowering {
  /** The locals that loop indices and sizes are. */
  readonly locals = new Map<Expr, Local>()
  private readonly plain = new NodeMap<Scalar>()
  private readonly memos = new Map<string, Map<Expr, Scalar>>()
  readonly positions: Positions

  constructor(
    readonly graph: Graph,
    readonly scalars: Scalars,
    private readonly storage: Storage,
    private readonly access: (def: Def) => Access,
  ) {
    this.positions = new Positions(graph)
  }

  /** An index that has one value has no loop. */
  assign(index: Index, value: Scalar): void {
    this.plain.set(index, value)
  }

  /** The value of an expression over the indices of a frame. */
  value(root: Expr, frame: Frame = NO_FRAME): Scalar {
    const memo = this.memoOf(frame)
    return memo.get(root) ?? this.lower(root, frame, memo)
  }

  /** The position of an element in the buffer of a definition: its arguments are over loop indices. */
  offset(def: Def, args: readonly Expr[], layout: Layout): Scalar {
    const { window } = layout
    if (window?.shift !== undefined && !window.start) this.scalars.hint(this.value(window.length), 'ring')
    const offset = this.value(this.positions.of(def, args, layout))
    this.nameRows(offset, plainName(def))
    return offset
  }

  /** What is left of a position where inner indices are 0 becomes a local of its own outside their loops. */
  private nameRows(offset: Scalar, name: string): void {
    let rest = offset
    for (const suffix of ['Row', 'Slab']) {
      const [first] = rest.kind === 'apply' ? rest.args.filter((arg) => arg.kind === 'apply') : []
      if (!first) return
      this.scalars.hint(first, name + suffix)
      rest = first
    }
  }

  /** The number of elements along axes. */
  count(def: Def, axes: readonly number[]): Scalar {
    return this.value(this.graph.mulAll(axes.map((axis) => def.idx[axis].extent)))
  }

  private memoOf(frame: Frame): Memo<Scalar> {
    if (frame.size === 0) return this.plain
    let key = ''
    for (const [index, value] of frame) key += `${index.id}=${value.id},`
    let memo = this.memos.get(key)
    if (!memo) this.memos.set(key, (memo = new Map()))
    return memo
  }

  private lower(root: Expr, frame: Frame, memo: Memo<Scalar>): Scalar {
    // Whole numbers are put in terms of loop indices first: their normal form collects what belongs together.
    const whole = (node: Expr): boolean =>
      frame.size > 0 && node.integer && node.free.length > 0 && node.kind !== 'read'
    const enter = (node: Expr): boolean => !memo.has(node) && node.kind !== 'read' && !whole(node)
    const factors = frame.size === 0 ? oldestFirst : (product: Mul) => product.factors
    const of = (e: Expr): Scalar => this.lowered(e, memo)
    const known = (e: Expr): boolean => {
      if (memo.has(e)) return true
      if (e.kind === 'read') memo.set(e, this.read(e, frame))
      else if (whole(e)) memo.set(e, this.value(substitute(this.graph, e, frame)))
      else return false
      return true
    }
    for (const node of postorder([root], enter)) {
      for (const operand of node.operands) known(operand)
      if (!known(node)) memo.set(node, this.node(node, of, factors))
    }
    known(root)
    return this.lowered(root, memo)
  }

  private lowered(e: Expr, memo: Pick<Memo<Scalar>, 'get'>): Scalar {
    const scalar = memo.get(e)
    if (!scalar) throw new Error(`an operand of kind ${e.kind} was not lowered before its user`)
    return scalar
  }

  private read(read: Read, frame: Frame): Scalar {
    const { graph, scalars } = this
    const { def } = read
    const args = read.args.map((arg) => substitute(graph, arg, frame))
    if (def.kind === 'computed' && this.storage.isInlined(def) && def.body) {
      const value = this.value(def.body, new Map(def.idx.map((index, axis) => [index, args[axis]])))
      if (!def.auto && value.kind === 'apply') scalars.hint(value, def.name)
      return value
    }
    if (def.kind === 'table' && args.every((arg) => arg.kind === 'num')) {
      const position = def.idx.reduce(
        (at, index, axis) => at * numberOf(index.extent) + numberOf(args[axis]),
        0,
      )
      return scalars.number(def.values[position])
    }
    const access = this.access(def)
    if (access.kind === 'value') return access.scalar
    const offset = this.offset(def, args, access)
    const load = scalars.load(access.buffer, offset)
    scalars.hint(load, loadName(def, read.args))
    return load
  }

  private node(e: Expr, of: (e: Expr) => Scalar, factors: (product: Mul) => readonly Factor[]): Scalar {
    const { scalars } = this
    switch (e.kind) {
      case 'num':
        return scalars.number(e.value.toNumber())
      case 'constant':
        return scalars.number({ pi: Math.PI, inf: Infinity, nan: NaN }[e.name])
      case 'size':
      case 'index': {
        const local = this.locals.get(e)
        if (!local) throw new Error(`the ${e.kind} ${e.kind === 'size' ? e.name : e.id} is not bound here`)
        return scalars.local(local)
      }
      case 'read':
        throw new Error('reads are lowered with their arguments')
      case 'stop':
        return of(e.operand)
      case 'add':
        return e.integer ? this.wholeSum(e.constant, e.terms, of) : this.realSum(e.constant, e.terms, of)
      case 'mul': {
        const above: Scalar[] = []
        const below: Scalar[] = []
        for (const { base, exponent } of e.integer ? e.factors : factors(e))
          (exponent.isNegative ? below : above).push(lowerPower(scalars, of(base), exponent.abs()))
        if (below.length === 0) return this.product(above)
        const inner = e.factors.every(isNoSmallDivisor) ? this.innermost(above, below) : []
        const outer = above.filter((factor) => !inner.includes(factor))
        const quotient = scalars.apply('div', [this.product(outer), this.product(below)])
        return this.product([quotient, ...inner])
      }
      case 'apply':
        if (e.operator === 'not') return this.negation(e.args[0], of)
        return scalars.apply(e.operator, e.args.map(of))
      case 'test':
        return this.test(e.test, e.operand, of)
      case 'guard': {
        const conditions = e.conditions.map(of).filter((c) => !(c.kind === 'number' && c.value !== 0))
        // Subscripts in range before what they select is looked at.
        conditions.sort((a, b) => Number(a.loads) - Number(b.loads))
        if (conditions.length === 0) return of(e.body)
        return scalars.apply('select', [this.all(conditions), of(e.body), scalars.zero])
      }
    }
  }

  all(conditions: readonly Scalar[]): Scalar {
    return conditions.reduce((all, condition) => this.scalars.apply('and', [all, condition]))
  }

  private negation(operand: Expr, of: (e: Expr) => Scalar): Scalar {
    const { scalars } = this
    const inner = of(operand)
    if (inner.kind === 'apply' && inner.operator === 'eq') return scalars.apply('ne', inner.args)
    return scalars.apply('not', [inner])
  }

  /** `a - b + c >= 0` as a comparison without subtraction. */
  private test(test: 'ge0' | 'eq0', operand: Expr, of: (e: Expr) => Scalar): Scalar {
    const { graph, scalars } = this
    if (test === 'ge0' && isNonNegative(graph, operand)) return scalars.one
    if (operand.kind !== 'add')
      return scalars.apply(test === 'ge0' ? 'ge' : 'eq', [of(operand), scalars.zero])
    const left = operand.terms.filter((term) => !term.coefficient.isNegative)
    const right = operand.terms.filter((term) => term.coefficient.isNegative)
    const strict = test === 'ge0' && operand.constant.isMinusOne
    const constant = strict ? graph.zero.value : operand.constant
    const onLeft = constant.isNegative || right.length === 0 ? graph.zero.value : constant
    const onRight = constant.isNegative || right.length === 0 ? constant.negate() : graph.zero.value
    const a = this.wholeSum(onLeft, left, of)
    const b = this.wholeSum(onRight, right.map(({ node, coefficient }) => ({ node, coefficient: coefficient.negate() })), of) // prettier-ignore
    // An index stands on the left.
    if (a.kind === 'number' && b.kind !== 'number') return scalars.apply(test === 'eq0' ? 'eq' : strict ? 'lt' : 'le', [b, a]) // prettier-ignore
    return scalars.apply(test === 'eq0' ? 'eq' : strict ? 'gt' : 'ge', [a, b])
  }

  /** Terms of outer loops first, so that they leave inner ones together. */
  private wholeSum(
    constant: Rational,
    terms: readonly { node: Expr; coefficient: Rational }[],
    of: (e: Expr) => Scalar,
  ): Scalar {
    const { scalars } = this
    const parts = terms
      .map(({ node, coefficient }) => ({ scalar: of(node), coefficient }))
      .sort((a, b) => a.scalar.depth - b.scalar.depth || Number(a.coefficient.isNegative) - Number(b.coefficient.isNegative)) // prettier-ignore
    const lead = parts.findIndex(({ coefficient }) => !coefficient.isNegative)
    if (lead > 0) parts.unshift(...parts.splice(lead, 1))
    let sum: Scalar | undefined
    for (const { scalar, coefficient } of parts) {
      const size = coefficient.abs()
      const part = size.isOne ? scalar : scalars.mul(scalar, scalars.number(size.toNumber()))
      if (!sum) sum = coefficient.isNegative ? scalars.apply('neg', [part]) : part
      else sum = scalars.apply(coefficient.isNegative ? 'sub' : 'add', [sum, part])
    }
    const last = scalars.number(constant.abs().toNumber())
    if (!sum) return constant.isNegative ? scalars.apply('neg', [last]) : last
    return scalars.apply(constant.isNegative ? 'sub' : 'add', [sum, last])
  }

  private realSum(
    constant: Rational,
    terms: readonly { node: Expr; coefficient: Rational }[],
    of: (e: Expr) => Scalar,
  ): Scalar {
    const { scalars } = this
    const leads =
      terms.every((term) => term.coefficient.isNegative) && !constant.isZero && !constant.isNegative
    let sum = leads ? scalars.number(constant.toNumber()) : undefined
    const isBelow = (term: { coefficient: Rational }): boolean => term.coefficient.isNegative
    const ordered = terms.some(isBelow)
      ? [...terms.filter((term) => !isBelow(term)), ...terms.filter(isBelow)]
      : terms
    for (const { node, coefficient } of ordered) {
      const part = lowerScaled(scalars, of(node), coefficient.abs())
      if (!sum) sum = coefficient.isNegative ? scalars.apply('neg', [part]) : part
      else sum = scalars.apply(coefficient.isNegative ? 'sub' : 'add', [sum, part])
    }
    if (!sum) return scalars.number(constant.toNumber())
    if (leads || constant.isZero) return sum
    return scalars.apply(constant.isNegative ? 'sub' : 'add', [
      sum,
      scalars.number(constant.abs().toNumber()),
    ])
  }

  /** The factors that change in the innermost loop, if others do not, nor the divisors: only they need be multiplied there. */
  private innermost(above: readonly Scalar[], below: readonly Scalar[]): readonly Scalar[] {
    const deepest = Math.max(...above.map(({ depth }) => depth))
    const isOuter = ({ depth }: Scalar): boolean => depth < deepest
    return above.some(isOuter) && below.every(isOuter) ? above.filter((factor) => !isOuter(factor)) : []
  }

  /** Factors of outer loops first. */
  private product(factors: readonly Scalar[]): Scalar {
    if (factors.length === 0) return this.scalars.one
    const isInOrder = factors.every(({ depth }, at) => at === 0 || factors[at - 1].depth <= depth)
    const ordered = isInOrder ? factors : [...factors].sort((a, b) => a.depth - b.depth)
    return ordered.reduce((product, factor) => this.scalars.mul(product, factor))
  }
}

/** Whether one may divide by it before all is multiplied: by sizes, which are small, no quotient underflows that the product would have saved. */
const isNoSmallDivisor = ({ base, exponent }: Factor): boolean => !exponent.isNegative || base.kind === 'size'

/** Older factors first: outside loops, products then share their beginnings, as a reverse sweep written by hand does. */
const oldestFirst = ({ factors }: Mul): readonly Factor[] => factors.toSorted((a, b) => a.base.id - b.base.id)

const numberOf = (e: Expr): number => (e.kind === 'num' ? e.value.toNumber() : NaN)

/** `l1.W` as `l1_W`. */
const plainName = (def: Def): string => def.name.replaceAll('.', '_')

function loadName(def: Def, args: readonly Expr[]): string {
  return args.length === 0
    ? plainName(def)
    : `${plainName(def)}_${def.indexNames.slice(0, args.length).join('')}`
}
