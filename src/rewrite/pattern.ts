import type { Expr, Facts } from '../ir/expr.js'
import { Graph } from '../ir/graph.js'
import { REAL } from '../ir/facts.js'
import { ONE, type Rational } from '../ir/rational.js'
import { Marks } from './marks.js'
import { namedVariables, rootOf, type Root, type Rule, type VariableFact, type VariableName } from './rule.js'

/** The left side of a rule in normal form, so that it looks as its instances do. */
export interface Pattern {
  readonly rule: Rule
  /** The left side is `scale · node`: a number in front is no part of what must be found. */
  readonly node: Expr
  readonly scale: Rational
  readonly root: Root
  /** The marks of operators that must stand directly below the root. */
  readonly marks: number
  /** The same for those below the operands. */
  readonly farMarks: number
  readonly variables: ReadonlyMap<Expr, Variable>
}

export interface Variable {
  readonly name: VariableName
  readonly fact: VariableFact
}

const FACTS: Readonly<Record<VariableFact, Facts>> = {
  any: REAL,
  real: REAL,
  finite: REAL,
  positive: { low: 0, high: Infinity, nonzero: true, finite: true },
  nonnegative: { low: 0, high: Infinity, nonzero: false, finite: true },
  negative: { low: -Infinity, high: 0, nonzero: true, finite: true },
  nonzero: { low: -Infinity, high: Infinity, nonzero: true, finite: true },
  unit: { low: -1, high: 1, nonzero: false, finite: true },
}

export function compilePattern(rule: Rule): Pattern {
  const graph = new Graph()
  const variables = new Map<Expr, Variable>()
  const variable = (name: Variable['name']): Expr => {
    const fact = rule.vars?.[name] ?? 'any'
    const node = graph.read(graph.input({ name, shape: [], facts: FACTS[fact] }), [])
    variables.set(node, { name, fact })
    return node
  }
  const [left] = rule.of(graph.algebra, namedVariables(variable))
  const scaled = left.kind === 'add' && left.terms.length === 1 && left.constant.isZero
  const node = scaled ? left.terms[0].node : left
  const root = rootOf(node)
  const marks = new Marks(false)
  if (!root) throw new Error(`the left side of rule '${rule.name}' has no operator`)
  return {
    rule,
    node,
    marks: marks.ofOperands(node),
    farMarks: marks.belowOperands(node),
    scale: scaled ? left.terms[0].coefficient : ONE,
    root,
    variables,
  }
}
