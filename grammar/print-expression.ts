import type { Binary, Binder, Bound, Conditional, Expression, Reduction, Slice } from './ast.js'
import { STRANGE_NUMBER } from './characters.js'
import { binaryLevel, isRightAssociative, level, unaryLevel } from './precedence.js'

/** What surrounds an expression, as far as it decides about parentheses. */
interface Context {
  /** Operators looser than this need parentheses. */
  readonly floor: number
  /** The level of the operator that follows; a looser prefix would swallow it. */
  readonly next: number
  /** In a condition or a first arm, where an `if` needs parentheses. */
  readonly plain: boolean
}

const FREE: Context = { floor: 0, next: 0, plain: false }
const PLAIN: Context = { floor: 0, next: 0, plain: true }

type Job = string | { readonly node: Expression; readonly context: Context }

/** The level of an expression, and whether it is a prefix, which stands wherever an operand does. */
function shape(node: Expression): { level: number; isPrefix: boolean } {
  switch (node.kind) {
    case 'unary':
      return { level: unaryLevel[node.operator], isPrefix: true }
    case 'reduction':
      return { level: level.reduction, isPrefix: true }
    case 'conditional':
      return { level: level.conditional, isPrefix: true }
    case 'number':
      return node.text.startsWith('-')
        ? { level: level.sign, isPrefix: true }
        : { level: level.postfix, isPrefix: false }
    case 'binary':
      return { level: binaryLevel[node.operator], isPrefix: false }
    case 'comparison':
      return { level: level.comparison, isPrefix: false }
    case 'name':
    case 'call':
    case 'subscript':
    case 'member':
    case 'transpose':
    case 'array':
      return { level: level.postfix, isPrefix: false }
  }
}

function needsParentheses(node: Expression, { floor, next, plain }: Context): boolean {
  const { level: own, isPrefix } = shape(node)
  if (!isPrefix) return own < floor
  return floor === level.postfix || next > own || (plain && node.kind === 'conditional')
}

/** The text of an expression, with as few parentheses as the table allows. Takes trees of any depth. */
export function printExpression(expression: Expression): string {
  return print([{ node: expression, context: FREE }])
}

/** The text of a binder: `i`, `i < n`, `1 <= j <= d`. */
export function printBinder(binder: Binder): string {
  return print(binderJobs(binder))
}

/** The text of a filter, where an `if` outside parentheses cannot stand. */
export function printPlain(expression: Expression): string {
  return print([{ node: expression, context: PLAIN }])
}

function print(jobs: Job[]): string {
  const parts: string[] = []
  const stack = jobs.reverse()
  for (let job = stack.pop(); job !== undefined; job = stack.pop()) {
    if (typeof job === 'string') parts.push(job)
    else {
      const { node, context } = job
      const pieces = needsParentheses(node, context)
        ? ['(', ...inside(node, FREE), ')']
        : inside(node, context)
      for (let i = pieces.length - 1; i >= 0; i--) stack.push(pieces[i])
    }
  }
  return parts.join('')
}

function separated(groups: readonly Job[][]): Job[] {
  return groups.flatMap((group, i) => (i === 0 ? group : [', ', ...group]))
}

function free(node: Expression): Job {
  return { node, context: FREE }
}

/** The pieces of an expression, without parentheses around it. */
function inside(node: Expression, context: Context): Job[] {
  const { next, plain } = context
  switch (node.kind) {
    case 'number':
      return [node.text]
    case 'name':
      return [node.name]
    case 'unary': {
      const own = unaryLevel[node.operator]
      const operand: Job = { node: node.operand, context: { floor: own + 1, next, plain } }
      return [node.operator === 'not' ? 'not ' : node.operator, operand]
    }
    case 'binary':
      return binary(node, context)
    case 'comparison':
      return node.operands.flatMap((operand, i): Job[] => {
        const operator = node.operators[i]
        const after = operator === undefined ? next : level.comparison
        const job: Job = { node: operand, context: { floor: level.comparison + 1, next: after, plain } }
        return operator === undefined ? [job] : [job, ` ${operator} `]
      })
    case 'conditional':
      return conditional(node, context)
    case 'reduction':
      return reduction(node, context)
    case 'call': {
      const args = node.arguments.map(({ name, value }) => [
        ...(name ? [`${name.name} = `] : []),
        free(value),
      ])
      return [postfix(node.callee), '(', ...separated(args), ')']
    }
    case 'subscript':
      return [postfix(node.object), '[', ...separated(node.subscripts.map(subscript)), ']']
    case 'member':
      return [postfix(node.object), '.', node.name.name]
    case 'transpose':
      return [postfix(node.operand), "'"]
    case 'array':
      return ['[', ...separated(node.elements.map((element) => [free(element)])), ']']
  }
}

function postfix(node: Expression): Job {
  return { node, context: { floor: level.postfix, next: level.postfix, plain: false } }
}

function subscript(node: Expression | Slice): Job[] {
  if (node.kind !== 'slice') return [free(node)]
  return [...(node.start ? [free(node.start)] : []), ':', ...(node.end ? [free(node.end)] : [])]
}

function conditional(node: Conditional, { next, plain }: Context): Job[] {
  return [
    'if ',
    { node: node.condition, context: PLAIN },
    ' then ',
    { node: node.consequent, context: PLAIN },
    ' else ',
    { node: node.alternate, context: { floor: 0, next, plain } },
  ]
}

function reduction(node: Reduction, { next, plain }: Context): Job[] {
  const binders = separated(node.binders.map(binderJobs))
  const filter: Job[] = node.filter ? [' if ', { node: node.filter, context: PLAIN }] : []
  const body: Job = { node: node.body, context: { floor: level.reduction + 1, next, plain } }
  return [`${node.reduction}[`, ...binders, ...filter, '] ', body]
}

function binderJobs({ name, lower, upper }: Binder): Job[] {
  const sign = (bound: Bound) => (bound.inclusive ? '<=' : '<')
  const limit = (bound: Bound, next: number): Job => ({
    node: bound.value,
    context: { floor: level.comparison + 1, next, plain: false },
  })
  if (lower && upper) {
    return [limit(lower, level.comparison), ` ${sign(lower)} ${name.name} ${sign(upper)} `, limit(upper, 0)]
  }
  if (upper) return [`${name.name} ${sign(upper)} `, limit(upper, 0)]
  // A lower bound alone must not read as the upper bound of another index.
  if (lower) return [`${name.name} ${lower.inclusive ? '>=' : '>'} `, limit(lower, 0)]
  return [name.name]
}

function binary(node: Binary, { next, plain }: Context): Job[] {
  const own = binaryLevel[node.operator]
  const toTheRight = isRightAssociative(node.operator)
  const left: Context = { floor: toTheRight ? own + 1 : own, next: own, plain }
  const right: Context = { floor: toTheRight ? own : own + 1, next, plain }
  return [{ node: node.left, context: left }, sign(node, left, right), { node: node.right, context: right }]
}

function sign(node: Binary, left: Context, right: Context): string {
  if (node.operator === '^') return '^'
  if (node.implicit) {
    const number = lastNumber(node.left, left)
    const first = number === undefined ? undefined : firstWord(node.right, right)
    // `2` and `e3` side by side would be a number, `0` and `x1` a hexadecimal one.
    const merges =
      number !== undefined &&
      first !== undefined &&
      ((/^[eE]\d/.test(first) && !/[eE]/.test(number)) || STRANGE_NUMBER.test(number + first))
    if (first !== undefined && !merges) return ''
  }
  return ` ${node.operator} `
}

/** The text of the number with which an expression ends, if it does. */
function lastNumber(node: Expression, context: Context): string | undefined {
  for (;;) {
    if (needsParentheses(node, context)) return undefined
    if (node.kind === 'number') return node.text
    if (node.kind === 'unary') {
      context = { ...context, floor: unaryLevel[node.operator] + 1 }
      node = node.operand
    } else if (node.kind === 'binary') {
      const own = binaryLevel[node.operator]
      context = { ...context, floor: isRightAssociative(node.operator) ? own : own + 1 }
      node = node.right
    } else return undefined
  }
}

/** The word or the parenthesis with which an expression starts, if it starts with one. */
function firstWord(node: Expression, context: Context): string | undefined {
  for (;;) {
    if (needsParentheses(node, context)) return '('
    switch (node.kind) {
      case 'name':
        return node.name
      case 'reduction':
        return node.reduction
      case 'call':
        node = node.callee
        break
      case 'subscript':
      case 'member':
        node = node.object
        break
      case 'transpose':
        node = node.operand
        break
      case 'binary': {
        const own = binaryLevel[node.operator]
        context = { floor: isRightAssociative(node.operator) ? own + 1 : own, next: own, plain: false }
        node = node.left
        continue
      }
      case 'comparison':
      case 'number':
      case 'unary':
      case 'conditional':
      case 'array':
        return undefined
    }
    context = { floor: level.postfix, next: level.postfix, plain: false }
  }
}
