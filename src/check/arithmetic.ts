/** `+ - * / ^`, comparisons, logic and `if`: long chains are one operation. */
import type {
  Binary,
  Comparison,
  ComparisonOperator,
  Conditional,
  Expression,
  NumberLiteral,
  Unary,
} from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { MINUS_ONE, Rational } from '../ir/rational.js'
import { type Env, report, under } from './env.js'
import { messages } from './messages.js'
import { asTensor, type Operand, pointwise } from './pointwise.js'
import { type Steps, valueOf } from './task.js'
import { POISON, scalar, type Value } from './value.js'

export function elaborateNumber(e: NumberLiteral, env: Env): Value {
  try {
    return scalar(env.context.graph.num(Rational.parse(e.text)))
  } catch (failure) {
    if (failure instanceof RangeError) return report(env, messages.numberRange(e.text), e.span)
    throw failure
  }
}

/** The values of several operands, all asked for even if one has a mistake. */
export function* operandsOf(expressions: readonly Expression[], env: Env): Steps<Operand[] | undefined> {
  const operands: Operand[] = []
  for (const syntax of expressions) {
    const value = asTensor(env, yield valueOf(syntax, env), syntax)
    if (value) operands.push({ value, syntax })
  }
  return operands.length === expressions.length ? operands : undefined
}

export function* elaborateUnary(e: Unary, env: Env): Steps<Value> {
  const { graph } = env.context
  // A chain of prefixes is as deep as it is long.
  const operators = [e.operator]
  let inner = e.operand
  for (; inner.kind === 'unary'; inner = inner.operand) operators.push(inner.operator)
  const operands = yield* operandsOf([inner], env)
  if (!operands) return POISON
  return pointwise(env, operands, e.operator, e.span, ([x]) =>
    operators.reduceRight((value, operator) => {
      switch (operator) {
        case '-':
          return graph.neg(value)
        case '+':
          return value
        case 'not':
          return graph.not(asCondition(graph, value))
      }
    }, x),
  )
}

/** The links of a left-deep chain of operators of one level, from the left. */
function chainOf(e: Binary, operators: ReadonlySet<string>): { first: Expression; links: Binary[] } {
  const links: Binary[] = []
  let at: Expression = e
  while (at.kind === 'binary' && operators.has(at.operator)) {
    links.push(at)
    at = at.left
  }
  return { first: at, links: links.reverse() }
}

const SUMS = new Set(['+', '-'])
const PRODUCTS = new Set(['*', '/'])
const AND = new Set(['and'])
const OR = new Set(['or'])

export function* elaborateBinary(e: Binary, env: Env): Steps<Value> {
  const { graph } = env.context
  switch (e.operator) {
    case '+':
    case '-':
      return yield* chain(e, SUMS, env, (first, links) =>
        graph.addAll([
          first,
          ...links.map(({ operator, element }) =>
            operator === '-' ? graph.scale(MINUS_ONE, element) : element,
          ),
        ]),
      )
    case '*':
    case '/':
      return yield* chain(e, PRODUCTS, env, (first, links) =>
        graph.mulAll([
          first,
          ...links.map(({ operator, element }) =>
            operator === '/' ? graph.power(element, MINUS_ONE) : element,
          ),
        ]),
      )
    case 'and':
      return yield* chain(e, AND, env, (first, links) =>
        graph.and([first, ...links.map((link) => link.element)].map((c) => asCondition(graph, c))),
      )
    case 'or':
      return yield* chain(e, OR, env, (first, links) =>
        links.reduce(
          (all, { element }) => graph.or(all, asCondition(graph, element)),
          asCondition(graph, first),
        ),
      )
    case '^': {
      const operands = yield* operandsOf([e.left, e.right], env)
      return operands ? pointwise(env, operands, '^', e.span, ([x, y]) => graph.pow(x, y)) : POISON
    }
    case '@':
      throw new Error("'@' is a contraction")
  }
}

function* chain(
  e: Binary,
  operators: ReadonlySet<string>,
  env: Env,
  combine: (first: Expr, links: { operator: string; element: Expr }[]) => Expr,
): Steps<Value> {
  const { first, links } = chainOf(e, operators)
  const operands = yield* operandsOf([first, ...links.map((link) => link.right)], env)
  if (!operands) return POISON
  return pointwise(
    env,
    operands,
    e.operator,
    e.span,
    ([start, ...rest]) =>
    combine(start, rest.map((element, at) => ({ operator: links[at].operator, element }))), // prettier-ignore
  )
}

/** A number as a condition: anything but 0 and NaN holds. */
export function asCondition(graph: Graph, e: Expr): Expr {
  if (e.kind === 'test' || e.kind === 'num') return e
  if (e.kind === 'apply') {
    switch (e.operator) {
      case 'lt':
      case 'le':
      case 'eq':
      case 'ne':
      case 'and':
      case 'or':
      case 'not':
        return e
      default:
    }
  }
  if (e.facts.finite) return graph.apply('ne', [e, graph.zero])
  // NaN is not 0, and yet is no number either.
  return graph.apply('lt', [graph.zero, graph.apply('abs', [e])])
}

const COMPARISONS = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const satisfies Record<ComparisonOperator, string> // prettier-ignore

export function* elaborateComparison(e: Comparison, env: Env): Steps<Value> {
  const { graph } = env.context
  const operands = yield* operandsOf(e.operands, env)
  if (!operands) return POISON
  return pointwise(env, operands, e.operators[0], e.span, (elements) =>
    graph.and(
      e.operators.map((operator, at) => graph.apply(COMPARISONS[operator], [elements[at], elements[at + 1]])),
    ),
  )
}

/** `if c then a else b`, and `where(c, a, b)`: what an arm reads needs to exist only where the arm is taken. */
export function* elaborateConditional(e: Conditional, env: Env): Steps<Value> {
  return yield* choice(e, e.condition, e.consequent, e.alternate, env)
}

export function* choice(
  e: Expression,
  condition: Expression,
  consequent: Expression,
  alternate: Expression,
  env: Env,
): Steps<Value> {
  const { graph } = env.context
  const chosen = asTensor(env, yield valueOf(condition, env), condition)
  const test = chosen && asCondition(graph, chosen.element)
  const passes = test && chosen.shape.length === 0 ? test : undefined
  const taken = passes ? { ...env, path: under(env.path, passes) } : env
  const untaken = passes ? { ...env, path: under(env.path, graph.not(passes)) } : env
  const yes = asTensor(env, yield valueOf(consequent, taken), consequent)
  const no = asTensor(env, yield valueOf(alternate, untaken), alternate)
  if (!chosen || !test || !yes || !no) return POISON
  const operands = [
    { value: { ...chosen, element: test }, syntax: condition },
    { value: yes, syntax: consequent },
    { value: no, syntax: alternate },
  ]
  return pointwise(env, operands, 'if', e.span, ([c, a, b]) => graph.select(c, a, b))
}
