/** The value of an expression by walking over it: for single evaluations, and where code cannot be generated. */
import type { ComputedDef, Expr, Index, InputDef, Read } from '../ir/expr.js'
import { operandsOf, postorder } from '../ir/walk.js'
import { evaluate } from '../ops/apply.js'
import { powerOf, scaled } from './power.js'

type Values = Map<Expr, number>

/** How a root is walked over: its nodes in order, operands first. */
interface Order {
  readonly nodes: readonly Expr[]
  /** Arms are walked over where they are taken: a read in the other arm may be out of range, or not end. */
  readonly lazy: boolean
}

export class Evaluator {
  private readonly orders = new Map<Expr, Order>()
  /** Elements of recurrences that are known. */
  private readonly elements = new Map<string, number>()

  constructor(private readonly inputs: ReadonlyMap<InputDef, number>) {}

  value(root: Expr, indices: ReadonlyMap<Index, number> = new Map()): number {
    return this.evaluate(root, new Map(indices))
  }

  private evaluate(root: Expr, values: Values): number {
    const known = values.get(root)
    if (known !== undefined) return known
    let order = this.orders.get(root)
    if (!order) this.orders.set(root, (order = orderOf(root)))
    for (const node of order.nodes)
      if (!values.has(node))
        values.set(node, (order.lazy ? this.branch(node, values) : undefined) ?? this.node(node, values))
    return get(values, root)
  }

  private branch(e: Expr, values: Values): number | undefined {
    if (e.kind === 'guard')
      return e.conditions.every((condition) => holds(this.evaluate(condition, values)))
        ? this.evaluate(e.body, values)
        : 0
    if (e.kind !== 'apply' || e.operator !== 'select') return undefined
    const [condition, yes, no] = e.args
    return this.evaluate(holds(this.evaluate(condition, values)) ? yes : no, values)
  }

  private node(e: Expr, values: Values): number {
    const operands = operandsOf(e).map((operand) => get(values, operand))
    switch (e.kind) {
      case 'num':
        return e.value.toNumber()
      case 'constant':
        return { pi: Math.PI, inf: Infinity, nan: NaN }[e.name]
      case 'size':
      case 'index':
        throw new Error(`${e.kind} without a value`)
      case 'read':
        return this.read(e, operands)
      case 'add':
        return e.terms.reduce(
          (total, { coefficient }, at) => total + scaled(coefficient, operands[at]),
          e.constant.toNumber(),
        )
      case 'mul': {
        let above = 1
        let below = 1
        for (const [at, { exponent }] of e.factors.entries())
          if (exponent.isNegative) below *= powerOf(operands[at], exponent.negate())
          else above *= powerOf(operands[at], exponent)
        return below === 1 ? above : above / below
      }
      case 'apply':
        return evaluate(e.operator, operands)
      case 'test':
        return Number(e.test === 'ge0' ? operands[0] >= 0 : operands[0] === 0)
      case 'guard':
        return operands.slice(0, -1).every(holds) ? operands[operands.length - 1] : 0
      case 'stop':
        return operands[0]
    }
  }

  private read({ def }: Read, args: readonly number[]): number {
    switch (def.kind) {
      case 'input': {
        const value = this.inputs.get(def)
        if (value === undefined) throw new Error(`no value for '${def.name}'`)
        return value
      }
      case 'table': {
        const extents = def.idx.map((index) => this.value(index.extent))
        return def.values[args.reduce((at, arg, axis) => at * extents[axis] + arg, 0)] ?? NaN
      }
      case 'computed':
        return this.computed(def, args)
      case 'param':
      case 'matrix':
      case 'derivative':
        throw new Error(`'${def.name}' has no value in an expression`)
    }
  }

  private computed(def: ComputedDef, args: readonly number[]): number {
    const { body, reduction } = def
    if (!body) throw new Error(`'${def.name}' has no body`)
    const indices = new Map<Index, number>(def.idx.map((index, axis) => [index, args[axis]]))
    if (def.nominal) {
      const key = `${def.id}:${args.join()}`
      const known = this.elements.get(key)
      const element = known ?? this.value(body, indices)
      this.elements.set(key, element)
      return element
    }
    if (!reduction) return this.value(body, indices)
    const entries: number[] = []
    const positions: number[] = []
    const extents = reduction.idx.map((index) => this.value(index.extent, indices))
    const count = extents.reduce((product, extent) => product * extent, 1)
    for (let position = 0; position < count; position++) {
      let rest = position
      for (let axis = extents.length - 1; axis >= 0; axis--) {
        indices.set(reduction.idx[axis], rest % extents[axis])
        rest = Math.floor(rest / extents[axis])
      }
      if (!reduction.filter.every((condition) => holds(this.value(condition, indices)))) continue
      entries.push(this.value(body, indices))
      positions.push(position)
    }
    return reduce(reduction.kind, entries, positions)
  }
}

function orderOf(root: Expr): Order {
  const isBranch = (e: Expr): boolean => e.kind === 'guard' || (e.kind === 'apply' && e.operator === 'select')
  const all = postorder([root])
  const lazy = all.some((node) => node.kind === 'read' && node.args.length > 0)
  if (!lazy || !all.some(isBranch)) return { nodes: all, lazy: false }
  // The nodes outside of branches; a branch walks over its own parts.
  const nodes: Expr[] = []
  const outside = new Set<Expr>([root])
  for (const node of all.toReversed()) {
    if (!outside.has(node)) continue
    nodes.push(node)
    if (!isBranch(node)) for (const operand of operandsOf(node)) outside.add(operand)
  }
  return { nodes: nodes.reverse(), lazy }
}

const holds = (condition: number): boolean => Boolean(condition)

function get(values: Values, e: Expr): number {
  const value = values.get(e)
  if (value === undefined) throw new Error(`a ${e.kind} is evaluated before its operands`)
  return value
}

/** The value of a reduction over entries at positions of the row-major order. */
export function reduce(
  kind: NonNullable<ComputedDef['reduction']>['kind'],
  entries: readonly number[],
  positions: readonly number[],
): number {
  switch (kind) {
    case 'sum':
      return entries.reduce((total, entry) => total + entry, 0)
    case 'prod':
      return entries.reduce((product, entry) => product * entry, 1)
    case 'max':
      return entries.reduce((best, entry) => Math.max(best, entry), -Infinity)
    case 'min':
      return entries.reduce((best, entry) => Math.min(best, entry), Infinity)
    case 'argmax':
    case 'argmin': {
      const best = reduce(kind === 'argmax' ? 'max' : 'min', entries, positions)
      return positions[entries.indexOf(best)] ?? 0
    }
    case 'logsumexp': {
      const largest = reduce('max', entries, positions)
      if (!Number.isFinite(largest)) return largest
      return largest + Math.log(entries.reduce((total, entry) => total + Math.exp(entry - largest), 0))
    }
  }
}
