/** How an answer comes about: derivatives rule by rule, then what simplification does. */
import type { Call, Expression } from '../../../grammar/ast.js'
import { printExpression, printPlain } from '../../../grammar/print-expression.js'
import { operandsOf } from '../../check/syntax.js'
import { traceOf, type Expression as Expr, type TraceStep } from '../../expression/expression.js'
import { joinedConditions } from '../../expression/print.js'
import { inTextbookWords } from '../../expression/textbook.js'
import { simplifyExpression } from '../../simplify/simplify-expression.js'
import { answersOf } from './answer.js'
import type { Command, SessionView, Typed } from './command.js'
import { ruleFor } from './derivative-rules.js'
import { expandNames } from './elementary.js'
import { differentiatedBy } from './free-names.js'
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
  const { simplified, given } = session.scalar(command, typed)
  const lines = new Lines(shown(typed.syntax))
  const last = differentiated(session, withoutPrimes(typed.syntax), lines)
  if (last) {
    if (!holdsDerivative(last)) simplify(session, command, last, simplified, lines)
  } else {
    const written = given.toString()
    lines.add(written, isReordered(lines.text, written) ? 'in order' : 'like terms and factors collected')
    lines.simplify(simplified.trace)
  }
  const result = simplified.toString()
  const { conditions } = simplified
  const where = conditions.length > 0 ? `, where ${joinedConditions(conditions)}` : ''
  const known = knownOf(session, typed, result)
  const how = isReordered(lines.text, result) ? 'in order' : newWords(lines.all(), result)
  lines.add(result, `${how}${known}${where}`)
  return lines.all()
}

/** An `if` in brackets, unless it is all. */
const shown = (e: Expression): string => (e.kind === 'conditional' ? printExpression(e) : printPlain(e))

/** Lines of a derivation; one that says what the line before it says is none. */
class Lines {
  private readonly lines: DerivationStep[]

  constructor(public text: string) {
    this.lines = [{ text, rule: '' }]
  }

  get isFull(): boolean {
    return this.lines.length >= MOST_LINES
  }

  add(text: string, rule: string): void {
    if (text === this.text) return
    this.lines.push({ text, rule })
    this.text = text
  }

  /** Steps within the expression that stands before them. */
  simplify(steps: readonly TraceStep[]): void {
    for (const { rule, before, after, conditions } of steps) {
      if (before === after) continue
      const where = conditions.length > 0 ? `, where ${joinedConditions(conditions)}` : ''
      this.lines.push({ text: `  ${before} = ${after}`, rule: rule + where })
    }
  }

  all(): readonly DerivationStep[] {
    return this.lines.length === 1 ? [{ text: this.text, rule: 'nothing is shorter' }] : this.lines
  }
}

/** The lines of the rules of differentiation, and what the last of them is; nothing where there is no derivative. */
function differentiated(session: SessionView, root: Expression, lines: Lines): Expression | undefined {
  const { workspace } = session
  const by = differentiatedBy([root])
  if (by.length === 0) return undefined
  const isOwn = by.some((name) => workspace.values.has(name))
  let current = expandOperands(root, (e) => (isOwn ? e : (expandNames(e, workspace) ?? e)))
  lines.add(shown(current), 'definitions written out')
  while (!lines.isFull) {
    const { tree, rules } = differentiateOnce(current)
    if (rules.length === 0) break
    current = tree
    lines.add(shown(current), [...new Set(rules)].join('; '))
  }
  return current
}

/** More steps are no explanation. */
const MOST_STEPS = 6

/** The steps from the last line of a derivative to what is answered, or to what is that in other words. */
function simplify(
  session: SessionView,
  command: Command,
  last: Expression,
  answer: Expr,
  lines: Lines,
): void {
  const result = answer.toString()
  const { given } = session.scalar(command, { text: lines.text, syntax: last })
  if (given.toString() === result) return
  const ways = [{ formula: true }, { shortest: true }].map((shape) => {
    const { expr, trace } = simplifyExpression(given.graph, given.node, shape)
    const worded = given.with(inTextbookWords(given.graph, [given.node])(expr))
    return { text: worded.toString(), steps: traceOf(given.graph, trace) }
  })
  const [own] = ways
  const found = ways.find(({ text }) => text === result) ?? ways.find(({ text }) => isReordered(text, result))
  // A detour explains nothing.
  if (!found && own.text.length > result.length) return
  const { text, steps } = found ?? own
  if (steps.length <= MOST_STEPS) lines.simplify(steps)
  if (!found) lines.add(text, isReordered(lines.text, text) ? 'in order' : 'simplified')
}

/** What is assumed of the variables, where the answer is another without it: `, as x > 0`. */
function knownOf(session: SessionView, { syntax }: Typed, result: string): string {
  const { assumptions } = session.workspace
  const query = session.query([syntax])
  const known = query.variables.flatMap((name) => assumptions.get(name)?.line ?? [])
  if (known.length === 0) return ''
  const [plain] = answersOf(session.check(query), new Map())
  if (plain.kind === 'scalar' && plain.simplified.toString() === result) return ''
  return `, as ${known.map((line) => line.replace(/^assume /, '')).join(', ')}`
}

/** What the answer calls by a name that no line before it has. */
function newWords(lines: readonly DerivationStep[], result: string): string {
  const named = ['sigmoid', 'softplus'].filter(
    (name) => result.includes(name) && !lines.some(({ text }) => text.includes(name)),
  )
  return named.length > 0 ? `simplified, in terms of ${named.join(' and ')}` : 'simplified'
}

/** Whether two texts differ in the order and brackets of their parts alone. */
function isReordered(one: string, other: string): boolean {
  const parts = (text: string): string =>
    (text.replaceAll(/(?<=\d)(?=\p{L})/gu, ' ').match(/[\p{L}\p{N}_.]+|[^\s*()]/gu) ?? [])
      .toSorted()
      .join(' ')
  return parts(one) === parts(other)
}

/** `f'(x)` is the derivative of `f(x)` by its variable. */
function withoutPrimes(root: Expression): Expression {
  return rebuild(root, (e) => {
    if (e.kind !== 'call' || e.callee.kind !== 'transpose' || e.arguments.length !== 1) return e
    const [{ value: by }] = e.arguments
    let order = 0
    let callee: Expression = e.callee
    for (; callee.kind === 'transpose'; callee = callee.operand) order++
    if (by.kind !== 'name') return e
    const trees = new Trees(e.span)
    let derivative: Expression = { ...e, callee }
    for (let n = 0; n < order; n++) derivative = trees.call('d', [derivative, by])
    return derivative
  })
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

const holdsDerivative = (e: Expression): boolean => postorder(e).some(isDerivative)

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
