/** Expressions and assignments as documents, broken into lines where prettier with default options breaks them. */
import {
  type Doc,
  alternatives,
  canBreak,
  expanded,
  fill,
  group,
  ifBroken,
  indent,
  joined,
  line,
  softline,
} from './document.js'
import { type BinaryOperator, type Js, type Property, isIdentifier } from './syntax.js'

/** Where an expression stands: prettier indents chains of operators by it. */
type Place =
  | 'assigned'
  | 'returned'
  | 'argument'
  | 'condition'
  | 'operand'
  | 'operand of logic'
  | 'operand of arithmetic'
  | 'test'
  | 'returned test'

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '===': 4,
  '!==': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
}

export function expressionDoc(e: Js, place: Place = 'assigned'): Doc {
  switch (e.kind) {
    case 'name':
      return e.name
    case 'number':
      return numberText(e.value)
    case 'string':
      return JSON.stringify(e.value)
    case 'unary':
      return unaryDoc(e)
    case 'binary':
      return binaryDoc(e, place)
    case 'conditional':
      return conditionalDoc(e, place)
    case 'call':
      return [e.prefix, group([expressionDoc(e.callee, 'operand'), argumentsDoc(e.args)])]
    case 'member':
      return [expressionDoc(e.object, 'operand'), e.optional ? '?.' : '.', e.property]
    case 'element':
      return [expressionDoc(e.object, 'operand'), elementDoc(e.at)]
    case 'array':
      return arrayDoc(e.items)
    case 'object':
      return objectDoc(e.properties)
    case 'arrow':
      return group([`(${e.parameter}) =>`, group(indent([line, arrowBodyDoc(e.body)]))])
  }
}

/** A conditional needs no parentheses on a line of its own. */
function arrowBodyDoc(body: Js): Doc {
  const doc = expressionDoc(body)
  return body.kind === 'conditional' ? [ifBroken('', '('), doc, ifBroken('', ')')] : doc
}

/** `left = right`, `const left = right` without the semicolon. */
export function assignmentDoc(left: Doc, operator: string, right: Js, shortKey = false): Doc {
  const doc = expressionDoc(right)
  if (breaksAfterOperator(right, shortKey)) return group([group(left), operator, group(indent([line, doc]))])
  if (!canBreak(left) && (shortKey || right.kind === 'number'))
    return group([group(left), operator, ' ', doc])
  const id = Symbol('assignment')
  return group([group(left), operator, group(indent(line), id), ifBroken(indent(doc), doc, id)])
}

export function returnDoc(value: Js): Doc {
  const doc = expressionDoc(value, 'returned')
  if (value.kind !== 'binary') return ['return ', doc, ';']
  return ['return ', group([ifBroken('('), indent([softline, doc]), softline, ifBroken(')')]), ';']
}

/** `if (condition)` and the like. */
export function conditionDoc(keyword: string, condition: Js): Doc {
  if (condition.kind === 'unary' && nodeType(condition.operand) === 'logic')
    return [`${keyword} (`, expressionDoc(condition), ')']
  return group([
    `${keyword} (`,
    group([indent([softline, expressionDoc(condition, 'condition')]), softline]),
    ')',
  ])
}

/** The shortest text that denotes the number, as prettier leaves it. */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return String(value).replace('e+', 'e')
}

function unaryDoc(e: Extract<Js, { kind: 'unary' }>): Doc {
  const { operator, operand } = e
  if (operand.kind === 'binary') {
    const chain = binaryParts(operand, 'operand', false)
    return [operator, '(', group([indent([softline, chain]), softline]), ')']
  }
  const inner = expressionDoc(operand, 'operand')
  const isApart = operand.kind === 'conditional' || repeatsSign(e)
  return isApart ? [operator, '(', inner, ')'] : [operator, inner]
}

/** Whether it is the opposite of what begins with a sign. */
export const repeatsSign = (e: Js): boolean =>
  e.kind === 'unary' && e.operator === '-' && isNegative(e.operand)

const isNegative = (e: Js): boolean =>
  (e.kind === 'unary' && e.operator === '-') ||
  (e.kind === 'number' && (e.value < 0 || Object.is(e.value, -0)))

// ── Chains of operators ────────────────────────────────────────────────────────────────────────────────────

type Binary = Extract<Js, { kind: 'binary' }>

function binaryDoc(e: Binary, place: Place): Doc {
  const parts = binaryParts(e, place, false)
  switch (place) {
    case 'condition':
      return parts
    case 'assigned':
    case 'returned':
    case 'test':
      return group(parts)
    case 'operand':
    case 'operand of logic':
    case 'operand of arithmetic':
    case 'argument':
    case 'returned test':
      return group([parts[0], indent(parts.slice(1))])
  }
}

/** The operand at the far left, then operator and right operand of each step. */
function binaryParts(e: Binary, place: Place, isNested: boolean): Doc[] {
  const { operator, left, right } = e
  const type = nodeType(e)
  const flattens = left.kind === 'binary' && sharesChain(operator, left.operator)
  const parts = flattens ? binaryParts(left, place, true) : [group(operandDoc(left, operator, 'left'))]
  const step: Doc = [operator, line, operandDoc(right, operator, 'right')]
  const isAlone = !isNested && place !== `operand of ${type}` && !(place === 'condition' && type === 'logic')
  const separate = isAlone && nodeType(left) !== type && nodeType(right) !== type
  parts.push(' ', separate ? group(step) : step)
  return parts
}

function nodeType(e: Js): string {
  if (e.kind !== 'binary') return e.kind
  return isLogicalOperator(e.operator) ? 'logic' : 'arithmetic'
}

const isLogicalOperator = (operator: BinaryOperator): boolean => PRECEDENCE[operator] <= 3
const isEquality = (operator: BinaryOperator): boolean => PRECEDENCE[operator] === 4
const isMultiplicative = (operator: BinaryOperator): boolean => PRECEDENCE[operator] === 7

/** Whether `a inner b outer c` is one chain: not where readers doubt what binds first. */
function sharesChain(outer: BinaryOperator, inner: BinaryOperator): boolean {
  if (PRECEDENCE[outer] !== PRECEDENCE[inner] || isEquality(outer)) return false
  return !isMultiplicative(outer) || (outer === inner && outer !== '%')
}

function operandDoc(e: Js, parent: BinaryOperator, side: 'left' | 'right'): Doc {
  const doc = expressionDoc(e, isLogicalOperator(parent) ? 'operand of logic' : 'operand of arithmetic')
  return needsParentheses(e, parent, side) ? ['(', doc, ')'] : doc
}

export function needsParentheses(e: Js, parent: BinaryOperator, side: 'left' | 'right'): boolean {
  if (e.kind === 'conditional' || e.kind === 'arrow') return true
  if (e.kind !== 'binary') return false
  const outer = PRECEDENCE[parent]
  const inner = PRECEDENCE[e.operator]
  if (isLogicalOperator(parent) && isLogicalOperator(e.operator))
    return parent !== e.operator || side === 'right'
  if (outer > inner || (outer === inner && (side === 'right' || !sharesChain(parent, e.operator))))
    return true
  return e.operator === '%' && (parent === '+' || parent === '-')
}

// ── Conditionals ───────────────────────────────────────────────────────────────────────────────────────────

type Conditional = Extract<Js, { kind: 'conditional' }>

function conditionalDoc(e: Conditional, place: Place): Doc {
  const isIndented = place === 'returned' || place === 'argument'
  const inner = isIndented ? 'returned test' : 'test'
  return group([testDoc(e.test, inner), indent(branches(e, inner))])
}

function testDoc(test: Js, place: Place): Doc {
  if (test.kind !== 'conditional') return expressionDoc(test, place)
  return group(['(', indent([softline, conditionalDoc(test, 'operand')]), softline, ')'])
}

function branches({ yes, no }: Conditional, place: Place): Doc {
  const consequent =
    yes.kind === 'conditional'
      ? [ifBroken('', '('), indent([testDoc(yes.test, 'test'), branches(yes, 'test')]), ifBroken('', ')')]
      : indent(expressionDoc(yes, place))
  const alternate =
    no.kind === 'conditional'
      ? [indent(indent(testDoc(no.test, 'test'))), indent(branches(no, 'test'))]
      : indent(expressionDoc(no, place))
  return [line, '? ', consequent, line, ': ', alternate]
}

// ── Calls, elements, literals ──────────────────────────────────────────────────────────────────────────────

function argumentsDoc(args: readonly Js[]): Doc {
  const last = args.at(-1)
  if (!last) return '()'
  const docs = args.map((arg) => expressionDoc(arg, 'argument'))
  // A literal at the end opens on the line of the call.
  if (args.length === 1 && (last.kind === 'array' || last.kind === 'object')) return ['(', docs, ')']
  const broken = ['(', indent([softline, joined([',', line], docs)]), ifBroken(','), softline, ')']
  const opened = openedDoc(last)
  if (opened === undefined || args[args.length - 2].kind === last.kind) return group(broken)
  const hugged = ['(', joined(', ', [...docs.slice(0, -1), opened]), ')']
  return alternatives(['(', joined(', ', docs), ')'], hugged, expanded(broken))
}

/** A literal broken in any case; nothing else. */
function openedDoc(e: Js): Doc | undefined {
  if (e.kind === 'object' && e.properties.length > 0) return objectDoc(e.properties, true)
  const isList = e.kind === 'array' && e.items.length > 0 && !isFilled(e.items)
  return isList ? arrayDoc(e.items, true) : undefined
}

/** Arrays of numbers have as many on a line as fit. */
const isFilled = (items: readonly Js[]): boolean =>
  items.length > 1 && items.every((item) => item.kind === 'number')

function elementDoc(at: Js): Doc {
  if (at.kind === 'number' && at.value >= 0) return ['[', expressionDoc(at), ']']
  return group(['[', indent([softline, expressionDoc(at, 'operand')]), softline, ']'])
}

function arrayDoc(items: readonly Js[], isOpen = false): Doc {
  if (items.length === 0) return '[]'
  const docs = items.map((item) => expressionDoc(item, 'argument'))
  if (isFilled(items)) {
    const id = Symbol('array')
    const parts = docs.flatMap((doc, at): Doc[] =>
      at < docs.length - 1 ? [[doc, ','], line] : [[doc, ifBroken(',', '', id)]],
    )
    return group(['[', indent([softline, fill(parts)]), softline, ']'], id)
  }
  return (isOpen ? expanded : group)([
    '[',
    indent([softline, joined([',', line], docs)]),
    ifBroken(','),
    softline,
    ']',
  ])
}

function objectDoc(properties: readonly Property[], isOpen = false): Doc {
  if (properties.length === 0) return '{}'
  const docs = properties.map(propertyDoc)
  return (isOpen ? expanded : group)([
    '{',
    indent([line, joined([',', line], docs)]),
    ifBroken(','),
    line,
    '}',
  ])
}

export const propertyName = (key: string): string => (isIdentifier(key) ? key : JSON.stringify(key))

function propertyDoc({ key, value }: Property): Doc {
  if (value.kind === 'name' && value.name === key) return key
  const text = propertyName(key)
  return assignmentDoc(text, ':', value, text.length < 5)
}

function breaksAfterOperator(right: Js, shortKey: boolean): boolean {
  if (right.kind === 'binary') return true
  if (right.kind === 'conditional') return right.test.kind === 'binary'
  if (shortKey) return false
  let e: Js = right
  while (e.kind === 'unary') e = e.operand
  return e.kind === 'string' || isPoorlyBreakable(e, false)
}

/** Members and calls with nothing worth breaking inside. */
function isPoorlyBreakable(e: Js, deep: boolean): boolean {
  switch (e.kind) {
    case 'call':
      return (
        !e.prefix.endsWith('new ') &&
        (e.args.length === 0 || (e.args.length === 1 && isShort(e.args[0]))) &&
        isPoorlyBreakable(e.callee, true)
      )
    case 'member':
    case 'element':
      return isPoorlyBreakable(e.object, true)
    case 'name':
      return deep
    default:
      return false
  }
}

const SHORT = 20

function isShort(e: Js): boolean {
  switch (e.kind) {
    case 'name':
      return e.name.length <= SHORT
    case 'string':
      return e.value.length + 2 <= SHORT
    case 'number':
      return true
    case 'unary':
      return isShort(e.operand)
    case 'call':
      return (
        e.prefix === '' &&
        e.args.length === 0 &&
        e.callee.kind === 'name' &&
        e.callee.name.length <= SHORT - 2
      )
    default:
      return false
  }
}
