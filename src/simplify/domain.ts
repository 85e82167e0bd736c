/** Where an expression is defined: conditions that its operands must meet, as far as they are not proven. */
import type { AppliedOperator, Expr, Factor } from '../ir/expr.js'
import { isNegative, isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { postorder } from '../ir/walk.js'
import type { Domain } from '../ops/operator.js'
import { OPERATORS } from '../ops/table.js'

/** The conditions under which the expression is defined; undefined where they cannot be said. */
export function domainOf(graph: Graph, root: Expr): Expr[] | undefined {
  const nodes = postorder([root])
  return nodes.some(isFragileChoice) ? undefined : conditionsOf(graph, nodes, (factor) => factor)
}

/** What an arm asks for is no condition where it is not taken. */
const isFragileChoice = (e: Expr): boolean => !e.facts.finite && e.kind === 'apply' && e.operator === 'select'

/**
 * Conditions without which the expression has no value, for the parts that are not in an arm or a comparison. Beside a pole a value
 * may come of what is infinite there: `atan(1 / x)` and `min(1, 1 / x²)` are numbers at 0, `tanh(log(x))` is.
 */
export function demandsOf(graph: Graph, root: Expr): Expr[] {
  const passing = unboundedWith(root)
  return postorder([root], isStrict).flatMap((node) => {
    const own = conditionsOf(graph, [node], (factor) => factor) ?? []
    return passing.has(node) ? own : own.flatMap((each) => withPole(graph, each))
  })
}

/** The parts without which it has no real value if they are infinite. */
function unboundedWith(root: Expr): ReadonlySet<Expr> {
  const passing = new Set([root])
  // What is added on the way is walked, too.
  for (const node of passing) for (const operand of passedOn(node)) passing.add(operand)
  return passing
}

/** What is left of a condition where the value at the pole is no matter. */
function withPole(graph: Graph, condition: Expr): Expr[] {
  // Of whole numbers `n != 0` is `not n == 0`.
  if (condition.kind !== 'apply' || condition.operator === 'ne' || condition.operator === 'not') return []
  return [condition.operator === 'lt' ? graph.apply('le', condition.args) : condition]
}

/** Whether it has no value where one of its operands has none. */
function isStrict(e: Expr): boolean {
  if (e.kind !== 'apply') return e.kind === 'add' || e.kind === 'mul'
  return e.operator === 'max' || e.operator === 'min' || (e.args.length === 1 && e.operator !== 'not')
}

/** Of what is infinite they are infinite, or no number. */
const UNBOUNDED: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['abs', 'cbrt', 'log', 'log2', 'log10', 'log1p', 'floor', 'ceil', 'round', 'trunc', 'sin', 'cos', 'tan', 'asin', 'acos', 'sinh', 'cosh', 'asinh', 'acosh', 'logit']) // prettier-ignore

/** The operands without which it has no real value if they are infinite. */
function passedOn(e: Expr): readonly Expr[] {
  if (e.kind === 'add') return e.operands
  if (e.kind === 'mul') return e.factors.flatMap(({ base, exponent }) => (exponent.isNegative ? [] : base))
  return e.kind === 'apply' && UNBOUNDED.has(e.operator) ? e.operands : []
}

/**
 * The conditions under which `before` was defined as far as they come from parts that `after` no longer has; undefined where they
 * cannot be said. Divisors are left to those who cancel them.
 */
export function lostDomain(graph: Graph, before: Expr, after: Expr): Expr[] | undefined {
  const kept = new Set(postorder([after]))
  const lost = postorder([before], (e) => !kept.has(e))
  if (lost.some(isFragileChoice)) return undefined
  const own = conditionsOf(graph, lost, ({ base, exponent }) =>
    exponent.isInteger ? undefined : { base, exponent: exponent.abs() },
  )
  // Infinite above and below a quotient they leave no number, below alone they do: `(log(x) + 1) / log(x)` and `1 + 1 / log(x)`.
  const still = unboundedWith(after)
  const poles = [...unboundedWith(before)].filter((e) => kept.has(e) && !still.has(e))
  return own && [...own, ...poles.flatMap((e) => conditionsOf(graph, [e], (factor) => factor) ?? [])]
}

/** What the nodes demand, each of its operands; of a factor what `asked` leaves of it. */
function conditionsOf(
  graph: Graph,
  nodes: readonly Expr[],
  asked: (factor: Factor) => Factor | undefined,
): Expr[] | undefined {
  const conditions = new Set<Expr>()
  for (const node of nodes) {
    if (node.facts.finite) continue
    switch (node.kind) {
      case 'num':
      case 'size':
      case 'index':
      case 'add':
        continue
      case 'mul':
        for (const factor of node.factors) {
          const power = asked(factor)
          if (power) for (const condition of domainOfPower(graph, power)) conditions.add(condition)
        }
        continue
      case 'apply': {
        const own = domainOfOperator(graph, node.operator, node.args)
        if (!own) return undefined
        for (const condition of own) conditions.add(condition)
        continue
      }
      case 'constant':
      case 'read':
      case 'test':
      case 'guard':
      case 'stop':
        return undefined
    }
  }
  return [...conditions]
}

/** Where `base ^ exponent` is defined. */
export function domainOfPower(graph: Graph, { base, exponent }: Factor): Expr[] {
  const whole = exponent.isInteger
  if (exponent.isNegative) {
    if (whole) return base.facts.nonzero ? [] : [graph.apply('ne', [base, graph.zero])]
    return isPositive(base.facts) ? [] : [graph.apply('lt', [graph.zero, base])]
  }
  return whole || base.facts.low >= 0 ? [] : [graph.apply('le', [graph.zero, base])]
}

/** Defined beyond the boxes that the table has of them. */
const BEYOND: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['pow', 'xlogy', 'lgamma', 'digamma', 'polygamma']) // prettier-ignore

/** Where an operator is defined, besides its arguments; undefined where that cannot be said. */
export function domainOfOperator(
  graph: Graph,
  operator: AppliedOperator,
  args: readonly Expr[],
): Expr[] | undefined {
  if (operator === 'tan') return [graph.apply('ne', [graph.apply('cos', args), graph.zero])]
  const { total, domain } = OPERATORS[operator].facts
  if (total) return args.every((arg) => arg.facts.finite) ? undefined : []
  const conditions = domain?.flatMap((box, at) => asConditions(graph, box, args[at]))
  return conditions && conditions.length > 0 && BEYOND.has(operator) ? undefined : conditions
}

/** What of a box is not proven of an argument. */
function asConditions(graph: Graph, { above, from, below, to, nonzero }: Domain, x: Expr): Expr[] {
  const { facts } = x
  const found: Expr[] = []
  const number = (bound: number): Expr => graph.num(bound)
  if (above !== undefined && !(facts.low > above || (above === 0 && isPositive(facts)))) found.push(graph.apply('lt', [number(above), x])) // prettier-ignore
  if (from !== undefined && !(facts.low >= from)) found.push(graph.apply('le', [number(from), x]))
  if (below !== undefined && !(facts.high < below || (below === 0 && isNegative(facts)))) found.push(graph.apply('lt', [x, number(below)])) // prettier-ignore
  if (to !== undefined && !(facts.high <= to)) found.push(graph.apply('le', [x, number(to)]))
  if (nonzero && !facts.nonzero) found.push(graph.apply('ne', [x, graph.zero]))
  return found
}
