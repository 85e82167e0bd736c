/** Expressions of one leaf in numbers. */
import type { Expr, Factor } from '../../ir/expr.js'
import { postorder } from '../../ir/walk.js'
import { evaluate } from '../../ops/apply.js'

/** What one node is, given what those before it are. */
type Step = (values: Float64Array) => number

/** Looked through once, for values at many points. */
export class Values {
  readonly nodes: readonly Expr[]
  private readonly steps: readonly Step[]

  constructor(e: Expr, leaf: Expr) {
    this.nodes = [leaf, ...postorder([e], (part) => part !== leaf)]
    const positions = new Map(this.nodes.map((node, at) => [node, at]))
    const position = (node: Expr): number => positions.get(node) ?? -1
    this.steps = this.nodes.slice(1).map((node) => stepOf(node, position))
  }

  /** Of all nodes, the leaf first. */
  allAt(x: number): Float64Array {
    const values = new Float64Array(this.nodes.length)
    values[0] = x
    for (const [at, step] of this.steps.entries()) values[at + 1] = step(values)
    return values
  }

  at(x: number): number {
    return this.allAt(x)[this.nodes.length - 1]
  }
}

export function valuesAt(e: Expr, leaf: Expr, x: number): ReadonlyMap<Expr, number> {
  const values = new Values(e, leaf)
  const all = values.allAt(x)
  return new Map(values.nodes.map((node, at) => [node, all[at]]))
}

function stepOf(e: Expr, position: (node: Expr) => number): Step {
  switch (e.kind) {
    case 'num': {
      const value = e.value.toNumber()
      return () => value
    }
    case 'add': {
      const constant = e.constant.toNumber()
      const terms = e.terms.map(({ node, coefficient }) => ({ at: position(node), scale: coefficient.toNumber() })) // prettier-ignore
      return (values) => terms.reduce((sum, { at, scale }) => sum + scale * values[at], constant)
    }
    case 'mul':
      return quotient(e.factors, position)
    case 'apply': {
      const args = e.args.map(position)
      return (values) => evaluate(e.operator, args.map((at) => values[at])) // prettier-ignore
    }
    case 'stop': {
      const at = position(e.operand)
      return (values) => values[at]
    }
    default: {
      const value = e.kind === 'constant' && e.name === 'pi' ? Math.PI : NaN
      return () => value
    }
  }
}

/** As code has it: one product over another. */
function quotient(factors: readonly Factor[], position: (node: Expr) => number): Step {
  const powers = factors.map(({ base, exponent }) => {
    return { at: position(base), isBelow: exponent.isNegative, exponent: exponent.abs().toNumber() }
  })
  return (values) => {
    let [above, below] = [1, 1]
    for (const { at, isBelow, exponent } of powers) {
      if (isBelow) below *= values[at] ** exponent
      else above *= values[at] ** exponent
    }
    return below === 1 ? above : above / below
  }
}
