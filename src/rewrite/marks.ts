import type { AppliedOperator, Expr } from '../ir/expr.js'
import { NodeMap } from '../ir/node-map.js'
import { SIGNATURES } from '../ops/signatures.js'

const ALL = -1

/** A bit for each operator; several share one, so that marks can only say that an operator is not there. */
const MARKS: ReadonlyMap<string, number> = new Map(
  Object.keys(SIGNATURES).map((name, at) => [name, 1 << (at % 32)]),
)

/** The bit of an operator that is a node of its own. */
export function markOf(operator: AppliedOperator): number {
  return MARKS.get(operator) ?? ALL
}

/** Reads of reads are followed this far. */
const DEEPEST = 4

/** What a view may show behind a read: the body of the definition, whatever it is read at. */
function behind(e: Expr): Expr {
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (e.kind !== 'read' || e.def.kind !== 'computed' || !e.def.body) return e
    e = e.def.body
  }
  return e
}

/** The operators at the root of any of the expressions, as bits; where reads are `hidden`, of what they may stand for. */
export function marksOf(expressions: readonly Expr[], hidden: boolean): number {
  let marks = 0
  for (const e of expressions) {
    const shown = hidden ? behind(e) : e
    if (shown.kind === 'apply') marks |= markOf(shown.operator)
    else if (hidden && shown.kind === 'read' && shown.def.kind === 'computed') return ALL
  }
  return marks
}

/** The same for the factors of a product, or of what counts as one. */
export function marksOfFactors(e: Expr): number {
  const shown = behind(e)
  if (shown.kind === 'mul') return marksOf(shown.operands, true)
  if (shown.kind === 'add' && shown.terms.length === 1) return marksOfFactors(shown.terms[0].node)
  return marksOf([shown], true)
}

/** Longer operands are not looked into: many may share one. */
const LONGEST = 64

/** Remembers the marks of nodes: each is asked for as a node, as an operand, and as an operand of an operand. */
export class Marks {
  private readonly near = new NodeMap<number>()
  private readonly far = new NodeMap<number>()

  constructor(private readonly hidden: boolean) {}

  /** The operators of the operands of an expression, as bits. */
  ofOperands(e: Expr): number {
    let marks = this.near.get(e)
    if (marks === undefined) this.near.set(e, (marks = marksOf(e.operands, this.hidden)))
    return marks
  }

  /** The operators below the operands. */
  belowOperands(e: Expr): number {
    let marks = this.far.get(e)
    if (marks !== undefined) return marks
    marks = 0
    for (const operand of e.operands) {
      const shown = this.hidden ? behind(operand) : operand
      marks |= shown.operands.length > LONGEST ? ALL : this.ofOperands(shown)
    }
    this.far.set(e, marks)
    return marks
  }
}
