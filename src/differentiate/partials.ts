/** The partial derivatives of one node by its operands: the operator table read as IR. */
import { OPERATORS } from '../ops/table.js'
import { SIGNATURES, type Arguments, type OperatorName } from '../ops/signatures.js'
import type { Apply, Expr, Mul } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE } from '../ir/rational.js'
import { asTerm, powersOf } from '../ir/term.js'
import { isConstant } from './constant.js'
import { passed } from './support.js'

/** A derivative flowing through one operand: `partial · flow`, where the guard says it flows at all. */
export interface Flow {
  readonly operand: Expr
  /** The cotangent of the operand from the cotangent of the node (reverse) or the tangent of the node from that of the operand (forward). */
  readonly through: (flow: Expr) => Expr
}

/**
 * Lets tests falsify one partial at a time, to show that verification notices: the mutated partial is the returned one.
 */
export interface Mutation {
  readonly partial?: (operator: OperatorName, argument: number, partial: Expr) => Expr
  /** Called with each delta and guard the sweep creates; returns it, or what a faulty compiler would make of it. */
  readonly delta?: (conditions: readonly Expr[]) => readonly Expr[]
  readonly guard?: (conditions: readonly Expr[]) => readonly Expr[]
}

/** How the derivative passes through `node` to each operand for which `isActive` holds; `y` names the node's own value. */
export function flowsOf(
  graph: Graph,
  node: Expr,
  y: Expr,
  isActive: (e: Expr) => boolean,
  mutation: Mutation = {},
): Flow[] {
  switch (node.kind) {
    case 'add':
      return node.terms
        .filter((term) => isActive(term.node))
        .map(({ node: operand, coefficient }) => ({
          operand,
          through: (flow) => graph.scale(coefficient, flow),
        }))
    case 'mul':
      return flowsOfProduct(graph, node, isActive, mutation)
    case 'guard': {
      const conditions = mutation.guard?.(node.conditions) ?? node.conditions
      return [{ operand: node.body, through: (flow) => graph.guard(conditions, flow) }]
    }
    case 'apply':
      return flowsOfOperator(graph, node, y, isActive, mutation)
    default:
      return []
  }
}

/** `∂ Π b_k^e_k / ∂ b_k`, by products of what stands before and after: linear in the number of factors, no division. */
function flowsOfProduct(graph: Graph, node: Mul, isActive: (e: Expr) => boolean, mutation: Mutation): Flow[] {
  const powers = powersOf(graph, node.factors)
  const before: Expr[] = [graph.one]
  for (const power of powers) before.push(graph.mul(before[before.length - 1], power))
  const flows: Flow[] = []
  let after: Expr = graph.one
  for (let at = node.factors.length - 1; at >= 0; at--) {
    const { base, exponent } = node.factors[at]
    if (isActive(base)) {
      const own = graph.scale(exponent, graph.power(base, exponent.minus(ONE)))
      const operator: OperatorName = exponent.isOne ? 'mul' : 'pow'
      const exact = graph.mulAll([before[at], own, after])
      const partial = mutation.partial?.(operator, 0, exact) ?? exact
      flows.push({ operand: base, through: (flow) => passed(graph, partial, flow) })
    }
    after = graph.mul(powers[at], after)
  }
  return flows.reverse()
}

function flowsOfOperator(
  graph: Graph,
  node: Apply,
  y: Expr,
  isActive: (e: Expr) => boolean,
  mutation: Mutation,
): Flow[] {
  if (node.operator === 'select') {
    const [condition, consequent, alternate] = node.args
    const guard = (conditions: readonly Expr[]) => (flow: Expr) =>
      graph.guard(mutation.guard?.(conditions) ?? conditions, flow)
    return [
      { operand: consequent, through: guard([condition]) },
      { operand: alternate, through: guard([graph.not(condition)]) },
    ].filter((flow) => isActive(flow.operand))
  }
  const constant = node.operator === 'max' || node.operator === 'min' ? node.args.findIndex(isConstant) : -1
  if (constant >= 0) {
    const operand = node.args[1 - constant]
    const ordered = node.operator === 'max' ? [node.args[constant], operand] : [operand, node.args[constant]]
    const condition = graph.apply('lt', ordered)
    const scale = mutation.partial?.(node.operator, 1 - constant, graph.one) ?? graph.one
    return isActive(operand)
      ? [{ operand, through: (flow) => graph.guard([condition], graph.mul(scale, flow)) }]
      : []
  }
  const product = node.operator === 'log' ? asTerm(node.args[0]).node : undefined
  if (product?.kind === 'mul' && product.factors.length > 1)
    return flowsOfLogarithm(graph, product, isActive, mutation)
  return partialsOf(graph, node.operator, node.args, y)
    .map((exact, at) => ({
      operand: node.args[at],
      partial: mutation.partial?.(node.operator, at, exact) ?? exact,
    }))
    .filter(({ operand, partial }) => isActive(operand) && partial !== graph.zero)
    .map(({ operand, partial }) => ({ operand, through: (flow) => passed(graph, partial, flow) }))
}

/** `log(c Π b_k^e_k)`: the slope of each factor over itself. The product is not 0 where there is a slope, and so no factor is. */
function flowsOfLogarithm(
  graph: Graph,
  product: Mul,
  isActive: (e: Expr) => boolean,
  mutation: Mutation,
): Flow[] {
  return product.factors
    .filter(({ base }) => isActive(base))
    .map(({ base, exponent }) => {
      const exact = graph.scale(exponent, graph.power(base, ONE.negate()))
      const partial = mutation.partial?.('log', 0, exact) ?? exact
      return { operand: base, through: (flow) => passed(graph, partial, flow) }
    })
}

function isArguments<K extends OperatorName>(operator: K, args: readonly Expr[]): args is Arguments<Expr, K> {
  return args.length === SIGNATURES[operator]
}

function partialsOf<K extends OperatorName>(
  graph: Graph,
  operator: K,
  args: readonly Expr[],
  y: Expr,
): readonly Expr[] {
  const { derivative } = OPERATORS[operator]
  if (derivative.kind === 'zero') return args.map(() => graph.zero)
  if (!isArguments(operator, args)) throw new Error(`'${operator}' with ${args.length} arguments`)
  return derivative.of(graph.algebra, args, y)
}
