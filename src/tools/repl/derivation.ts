/** How an answer comes about: derivatives rule by rule, then what simplification does. */
import type { Call, Expression } from '../../../grammar/ast.js'
import { printPlain } from '../../../grammar/print-expression.js'
import { simplifyExpression } from '../../simplify/simplify-expression.js'
import { isOperatorFunction, OPERATOR_FUNCTIONS } from '../../check/builtin-names.js'
import { Expression as Expr, type TraceStep } from '../../expression/expression.js'
import { printExpression } from '../../expression/print.js'
import { partials } from '../../ops/apply.js'
import { SIGNATURES, type OperatorName } from '../../ops/signatures.js'
import { differentiatedBy } from './free-names.js'
import type { Command, SessionView, Typed } from './command.js'
import { expandNames, mentions } from './elementary.js'
import { operandsOf } from '../../check/syntax.js'
import { postorder, rebuild, Trees } from './syntax-tree.js'

export interface DerivationStep {
  readonly text: string
  readonly rule: string
}

const MOST_LINES = 40

export function derivationOf(
  session: SessionView,
  command: Command,
  typed: Typed,
): readonly DerivationStep[] {
  const answer = session.scalar(command, typed)
  const lines: DerivationStep[] = [{ text: printPlain(typed.syntax), rule: '' }]
  const add = (text: string, rule: string): void => {
    if (text !== lines[lines.length - 1].text) lines.push({ text, rule })
  }
  const { workspace } = session
  const hidden = differentiatedBy([typed.syntax])
  const expanded = hidden.length > 0 ? expandOperands(typed.syntax, (e) => (hidden.some((name) => workspace.values.has(name)) ? e : (expandNames(e, workspace) ?? e))) : undefined // prettier-ignore
  if (expanded) {
    let current = expanded
    add(printPlain(current), 'definitions written out')
    while (lines.length < MOST_LINES) {
      const { tree, rules } = differentiateOnce(current)
      if (rules.length === 0) break
      current = tree
      add(printPlain(current), [...new Set(rules)].join('; '))
    }
  }
  const result = answer.simplified.toString()
  const start = lines[lines.length - 1].text
  if (!expanded) {
    const given = printExpression(answer.given.node)
    add(given, isReordered(start, given) ? 'in order' : 'like terms and factors collected')
  }
  for (const { rule, before, after } of expanded ? simplification(start, result) : answer.simplified.trace)
    lines.push({ text: `  ${before} = ${after}`, rule })
  add(answer.simplified.toString(), answer.simplified.conditions.length > 0 ? `simplified, where ${answer.simplified.conditions.join(' and ')}` : 'simplified') // prettier-ignore
  if (lines.length === 1) return [{ ...lines[0], rule: 'nothing is shorter' }]
  return lines
}

/** More steps are no explanation. */
const MOST_STEPS = 6

/** The steps from the last line of a derivative to what is answered, if they lead there. */
function simplification(text: string, result: string): readonly TraceStep[] {
  if (text.includes('[') || text === result) return []
  const given = Expr.parse(text)
  for (const shape of [{ formula: true }, { shortest: true }]) {
    const { expr, trace } = simplifyExpression(given.graph, given.node, shape)
    const found = given.with(expr, { steps: trace, conditions: [] })
    if (found.toString() === result) return found.trace.length > MOST_STEPS ? [] : found.trace
  }
  return []
}

/** Whether two texts differ in the order of their parts alone. */
function isReordered(one: string, other: string): boolean {
  const parts = (text: string): string =>
    (text.match(/[\p{L}\p{N}_.]+|[^\s*()]/gu) ?? []).toSorted().join(' ')
  return (
    parts(one.replaceAll(/(?<=\d)(?=\p{L})/gu, ' ')) === parts(other.replaceAll(/(?<=\d)(?=\p{L})/gu, ' '))
  )
}

/** Definitions are written out in what is differentiated, not in the names that it is differentiated by. */
function expandOperands(e: Expression, expand: (e: Expression) => Expression): Expression {
  return rebuild(e, (rebuilt) => {
    if (!isDerivative(rebuilt)) return rebuilt
    const [of, ...by] = rebuilt.arguments
    return { ...rebuilt, arguments: [{ ...of, value: expand(of.value) }, ...by] }
  })
}

const isDerivative = (e: Expression): e is Call =>
  e.kind === 'call' && e.callee.kind === 'name' && e.callee.name === 'd' && e.arguments.length === 2 && e.arguments[1].value.kind === 'name' // prettier-ignore

/** All derivatives that hold no other one, by one rule each. */
function differentiateOnce(root: Expression): {
  readonly tree: Expression
  readonly rules: readonly string[]
} {
  const rules: string[] = []
  const holds = new Set<Expression>()
  for (const e of postorder(root))
    if (isDerivative(e) || operandsOf(e).some((operand) => holds.has(operand))) holds.add(e)
  const tree = rebuild(root, (rebuilt, original) => {
    if (!isDerivative(rebuilt) || !isDerivative(original) || holds.has(original.arguments[0].value))
      return tidied(rebuilt)
    const [{ value: of }, { value: by }] = rebuilt.arguments
    const result = by.kind === 'name' ? ruleFor(of, by.name, new Trees(rebuilt.span)) : undefined
    if (!result) return rebuilt
    rules.push(result.rule)
    return result.tree
  })
  return { tree, rules }
}

/** Products with 1 and sums with 0 that a rule leaves behind. */
function tidied(e: Expression): Expression {
  const trees = new Trees(e.span)
  if (e.kind === 'binary' && (e.operator === '*' || e.operator === '+' || e.operator === '-')) return trees.apply(e.operator === '*' ? 'mul' : e.operator === '+' ? 'add' : 'sub', [e.left, e.right]) // prettier-ignore
  return e.kind === 'unary' && e.operator === '-' ? trees.negative(e.operand) : e
}

interface Applied {
  readonly tree: Expression
  readonly rule: string
}

function ruleFor(e: Expression, x: string, trees: Trees): Applied | undefined {
  const d = (operand: Expression): Expression => trees.call('d', [operand, trees.name(x)])
  const isConstant = (operand: Expression): boolean => !mentions(operand, x)
  const m = trees.algebra
  if (isConstant(e)) return { tree: trees.number(0), rule: 'a constant' }
  switch (e.kind) {
    case 'name':
      return { tree: trees.number(1), rule: `d${x}/d${x} = 1` }
    case 'unary':
      if (e.operator === 'not')
        return { tree: trees.number(0), rule: 'a condition is constant between its jumps' }
      return { tree: e.operator === '-' ? trees.negative(d(e.operand)) : d(e.operand), rule: 'sum rule' }
    case 'comparison':
      return { tree: trees.number(0), rule: 'a condition is constant between its jumps' }
    case 'conditional':
      return { tree: m.select(e.condition, d(e.consequent), d(e.alternate)), rule: 'piece by piece' }
    case 'binary': {
      const { left: a, right: b } = e
      switch (e.operator) {
        case '+':
        case '-':
          if (isConstant(b)) return { tree: d(a), rule: 'a constant' }
          if (isConstant(a))
            return { tree: e.operator === '+' ? d(b) : trees.negative(d(b)), rule: 'a constant' }
          return { tree: trees.binary(e.operator, d(a), d(b)), rule: 'sum rule' }
        case '*':
          if (isConstant(a)) return { tree: m.mul(a, d(b)), rule: 'constant factor' }
          if (isConstant(b)) return { tree: m.mul(d(a), b), rule: 'constant factor' }
          return { tree: m.add(m.mul(d(a), b), m.mul(a, d(b))), rule: 'product rule' }
        case '/':
          if (isConstant(b)) return { tree: m.div(d(a), b), rule: 'constant factor' }
          if (isConstant(a)) return { tree: trees.negative(m.div(m.mul(a, d(b)), m.pow(b, m.number(2)))), rule: 'reciprocal rule' } // prettier-ignore
          return {
            tree: m.div(m.sub(m.mul(d(a), b), m.mul(a, d(b))), m.pow(b, m.number(2))),
            rule: 'quotient rule',
          }
        case '^':
          if (isConstant(b)) {
            const lower = b.kind === 'number' && Number.isInteger(Number(b.text)) ? trees.number(Number(b.text) - 1) : m.sub(b, m.number(1)) // prettier-ignore
            return { tree: m.mul(m.mul(b, m.pow(a, lower)), d(a)), rule: a.kind === 'name' ? 'power rule' : 'power rule, chain rule' } // prettier-ignore
          }
          if (isConstant(a))
            return { tree: m.mul(m.mul(e, m.log(a)), d(b)), rule: 'exponential with base, chain rule' }
          return {
            tree: m.mul(e, m.add(m.mul(d(b), m.log(a)), m.div(m.mul(b, d(a)), a))),
            rule: 'logarithmic derivative',
          }
        default:
          return undefined
      }
    }
    case 'call':
      return callRule(e, x, trees, d, isConstant)
    default:
      return undefined
  }
}

function callRule(
  e: Call,
  x: string,
  trees: Trees,
  d: (e: Expression) => Expression,
  isConstant: (e: Expression) => boolean,
): Applied | undefined {
  if (e.callee.kind !== 'name' || e.arguments.some(({ name }) => name)) return undefined
  const { name } = e.callee
  const operator: OperatorName | undefined = name === 'max' || name === 'min' ? name : isOperatorFunction(name) ? OPERATOR_FUNCTIONS[name] : undefined // prettier-ignore
  const args = e.arguments.map(({ value }) => value)
  if (operator === undefined || SIGNATURES[operator] !== args.length) return undefined
  // A constant wins the tie of a maximum: the table of the compiler shares it.
  if (operator === 'max' || operator === 'min') return extremum(operator, args, trees, d, isConstant)
  const slopes = partials(operator, trees.algebra, args, e)?.map(plainly)
  if (!slopes) return { tree: trees.number(0), rule: `${name} is constant between its jumps` }
  const terms = args.flatMap((arg, at) => (isConstant(arg) ? [] : [trees.times(slopes[at], d(arg))]))
  const tree = terms.reduce((sum, term) => trees.algebra.add(sum, term))
  const isPlain = args.length === 1 && args[0].kind === 'name' && args[0].name === x
  const slope = args.length === 1 ? partials(operator, trees.algebra, [trees.name('u')], trees.call(name, [trees.name('u')]))?.map(plainly) : undefined // prettier-ignore
  const known = slope ? `${name}'(u) = ${printPlain(slope[0])}` : name
  return { tree, rule: isPlain ? known : `chain rule, ${known}` }
}

/** Without the value decided on where the formula has none, and with squares as such. */
function plainly(slope: Expression): Expression {
  return rebuild(slope, (e) => {
    const trees = new Trees(e.span)
    if (e.kind === 'conditional' && isNumber(e.consequent, 0) && isEqualToZero(e.condition))
      return e.alternate
    if (e.kind !== 'binary' || e.operator !== '*') return e
    const isSquare = printPlain(e.left) === printPlain(e.right)
    return isSquare ? trees.algebra.pow(e.left, trees.algebra.number(2)) : e
  })
}

const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && Number(e.text) === value

const isEqualToZero = (e: Expression): boolean =>
  e.kind === 'comparison' && e.operators.length === 1 && e.operators[0] === '==' && isNumber(e.operands[1], 0)

function extremum(
  operator: 'max' | 'min',
  [a, b]: readonly Expression[],
  trees: Trees,
  d: (e: Expression) => Expression,
  isConstant: (e: Expression) => boolean,
): Applied | undefined {
  const m = trees.algebra
  const takes = (one: Expression, other: Expression): Expression =>
    operator === 'max' ? m.gt(one, other) : m.lt(one, other)
  const rule = `the ${operator === 'max' ? 'larger' : 'smaller'} one`
  if (isConstant(a)) return { tree: m.select(takes(b, a), d(b), trees.number(0)), rule }
  if (isConstant(b)) return { tree: m.select(takes(a, b), d(a), trees.number(0)), rule }
  const half = m.div(m.add(d(a), d(b)), m.number(2))
  return {
    tree: m.select(takes(a, b), d(a), m.select(takes(b, a), d(b), half)),
    rule: `${rule}, shared at a tie`,
  }
}
