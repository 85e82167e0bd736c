/** Expressions of one leaf in numbers. */
import type { Add, Expr, Factor } from '../../ir/expr.js'
import { postorder } from '../../ir/walk.js'
import { evaluate } from '../../ops/apply.js'

/** What one node is, given what those before it are. */
type Step = (values: Float64Array) => number

const known = new WeakMap<Expr, Values>()

/** Looked through once, for values at many points. */
export class Values {
  readonly nodes: readonly Expr[]
  private readonly steps: readonly Step[]
  private readonly sums: readonly Sum[]

  /** An expression is looked at from several sides. */
  static of(e: Expr, leaf: Expr): Values {
    const present = known.get(e)
    if (present?.nodes[0] === leaf) return present
    const made = new Values(e, leaf)
    known.set(e, made)
    return made
  }

  private constructor(e: Expr, leaf: Expr) {
    this.nodes = [leaf, ...postorder([e], (part) => part !== leaf)]
    const positions = new Map(this.nodes.map((node, at) => [node, at]))
    const position = (node: Expr): number => positions.get(node) ?? -1
    this.steps = this.nodes.slice(1).map((node) => stepOf(node, position))
    this.sums = this.nodes.flatMap((node, at) =>
      node.kind === 'add' && at > 0 ? [{ at, ...sumOf(node, position) }] : [],
    )
  }

  /** Of all nodes, the leaf first. */
  allAt(x: number): Float64Array {
    const values = new Float64Array(this.nodes.length)
    values[0] = x
    for (let at = 0; at < this.steps.length; at++) values[at + 1] = this.steps[at](values)
    return values
  }

  at(x: number): number {
    return this.allAt(x)[this.nodes.length - 1]
  }

  /** Whether a sum is much smaller there than its terms. */
  cancelAt(x: number): boolean {
    if (this.sums.length === 0) return false
    const values = this.allAt(x)
    return this.sums.some(({ at, constant, terms }) => {
      let largest = Math.abs(constant)
      for (const term of terms) largest = Math.max(largest, Math.abs(term.scale * values[term.at]))
      return Math.abs(values[at]) < largest / 8
    })
  }
}

/** A sum by the positions of its terms. */
interface Terms {
  readonly constant: number
  readonly terms: readonly { readonly at: number; readonly scale: number }[]
}

interface Sum extends Terms {
  readonly at: number
}

const sumOf = (e: Add, position: (node: Expr) => number): Terms => ({
  constant: e.constant.toNumber(),
  terms: e.terms.map(({ node, coefficient }) => ({ at: position(node), scale: coefficient.toNumber() })),
})

export function valuesAt(e: Expr, leaf: Expr, x: number): ReadonlyMap<Expr, number> {
  const values = Values.of(e, leaf)
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
      const { constant, terms } = sumOf(e, position)
      return (values) => {
        let sum = constant
        for (const { at, scale } of terms) sum += scale * values[at]
        return sum
      }
    }
    case 'mul':
      return quotient(e.factors, position)
    case 'apply': {
      const args = e.args.map(position)
      const [only] = args
      if (args.length === 1) return (values) => evaluate(e.operator, [values[only]])
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
