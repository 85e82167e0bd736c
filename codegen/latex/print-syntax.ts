/** Expressions and equations of the language as LaTeX, with subscripts for indices. */
import type { Binary, Binder, BinaryOperator, Expression } from '../../grammar/ast.js'
import { binaryLevel, level, unaryLevel } from '../../grammar/precedence.js'
import { operandsOf } from '../../src/check/syntax.js'
import { isOperator } from '../../src/ops/table.js'
import { SIGNATURES } from '../../src/ops/signatures.js'
import {
  atom,
  fraction,
  nameText,
  operatorPiece,
  raised,
  within,
  writtenPiece,
  type Piece,
} from './pieces.js'

export const printSyntaxLatex = (root: Expression): string => syntaxPiece(root).text

export function syntaxPiece(root: Expression): Piece {
  const pieces = new Map<Expression, Piece>()
  const of = (e: Expression): Piece => pieces.get(e) ?? atom('')
  const stack: { readonly e: Expression; readonly leave: boolean }[] = [{ e: root, leave: false }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.leave) pieces.set(top.e, pieceOf(top.e, of))
    else {
      stack.push({ e: top.e, leave: true })
      for (const operand of operandsOf(top.e)) stack.push({ e: operand, leave: false })
    }
  }
  return of(root)
}

type Of = (e: Expression) => Piece

const RELATIONS = { '<': '<', '<=': '\\le', '>': '>', '>=': '\\ge', '==': '=', '!=': '\\ne' } as const
const REDUCTIONS: Readonly<Record<string, string>> = {
  sum: '\\sum', prod: '\\prod', max: '\\max', min: '\\min',
} // prettier-ignore
const UPRIGHT = (name: string): string => `\\operatorname{${name.replaceAll('_', '\\_')}}`
const SIGNS = { '-': '-', '+': '+', not: '\\lnot ' } as const

function pieceOf(e: Expression, of: Of): Piece {
  switch (e.kind) {
    case 'number':
      return writtenPiece(e.text)
    case 'name':
      return atom({ pi: '\\pi', inf: '\\infty' }[e.name] ?? nameText(e.name))
    case 'unary': {
      const own = unaryLevel[e.operator]
      const operand = e.operator === 'not' ? of(e.operand) : counted(of(e.operand))
      return { text: SIGNS[e.operator] + within(operand, own), level: own }
    }
    case 'binary':
      if (e.operator === '/') {
        const above = e.left.kind === 'unary' ? of(e.left.operand).text : of(e.left).text.slice(1)
        // A sign stands before the bar.
        if (isLedByMinus(e.left))
          return { text: `-${fraction(above, of(e.right).text).text}`, level: level.sign }
      }
      if (e.operator === '^') return power(e, of)
      return e.operator === 'and' || e.operator === 'or'
        ? binary(e.operator, of(e.left), of(e.right))
        : binary(e.operator, counted(of(e.left)), counted(of(e.right)))
    case 'comparison': {
      const sides = e.operands.map((operand) => within(of(operand), level.sum))
      const text = sides.reduce((all, side, at) => `${all} ${RELATIONS[e.operators[at - 1]]} ${side}`)
      return { text, level: level.comparison }
    }
    case 'conditional':
      return operatorPiece('select', [of(e.condition), of(e.consequent), of(e.alternate)])
    case 'reduction': {
      const conditions = [...e.binders.map((binder) => binderText(binder, of)), ...(e.filter ? [of(e.filter).text] : [])] // prettier-ignore
      const head = REDUCTIONS[e.reduction] ?? UPRIGHT(e.reduction)
      const below = conditions.length > 1 ? `\\substack{${conditions.join(' \\\\ ')}}` : conditions[0]
      const limits = head.startsWith('\\operatorname')
        ? head.replace('\\operatorname', '\\operatorname*')
        : head
      return { text: `${limits}_{${below}} ${within(of(e.body), level.product)}`, level: level.reduction }
    }
    case 'call':
      return callPiece(
        e.callee,
        e.arguments.map(({ value }) => counted(of(value))),
        of,
      )
    case 'subscript': {
      const parts = e.subscripts.map((part) => (part.kind === 'slice' ? ':' : of(part).text))
      return atom(subscripted(within(of(e.object), level.postfix), parts.join(', ')))
    }
    case 'member':
      return atom(`${of(e.object).text}.${nameText(e.name.name)}`)
    case 'transpose':
      return { text: `${within(of(e.operand), level.postfix)}^\\top`, level: level.power }
    case 'array':
      return atom(`\\left[${e.elements.map((element) => of(element).text).join(', ')}\\right]`)
  }
}

/** `-x`, `-2 * x`: printed with the minus first, and nothing else in parentheses before it. */
function isLedByMinus(e: Expression): boolean {
  let first = e
  while (first.kind === 'binary' && (first.operator === '*' || first.operator === '@')) first = first.left
  return first.kind === 'unary' && first.operator === '-'
}

/** LaTeX allows one subscript: the number of `h2` and the indices of `h2[i]` share it. */
const subscripted = (object: string, indices: string): string =>
  /^[^_]*_\{.*\}$/.test(object) ? `${object.slice(0, -1)}, ${indices}}` : `${object}_{${indices}}`

/** A condition in arithmetic is the number 1 or 0. */
const counted = (piece: Piece): Piece =>
  piece.level === level.comparison || piece.level === level.and || piece.level === level.or
    ? atom(`\\mathbf{1}_{${piece.text}}`)
    : piece

function callPiece(callee: Expression, args: readonly Piece[], of: Of): Piece {
  const texts = args.map(({ text }) => text).join(', ')
  if (callee.kind === 'name') {
    const { name } = callee
    if (isOperator(name) && SIGNATURES[name] === args.length) return operatorPiece(name, args)
    const shown = [...name].length === 1 || nameText(name).startsWith('\\') ? nameText(name) : UPRIGHT(name)
    return atom(`${shown.replace(/^\\mathrm/, '\\operatorname')}\\left(${texts}\\right)`)
  }
  const f = callee.kind === 'transpose' ? `${of(callee.operand).text}'` : of(callee).text
  return atom(`${f}\\left(${texts}\\right)`)
}

/** `x^{3/2}`. */
function power({ left, right }: Binary, of: Of): Piece {
  const isFraction = right.kind === 'binary' && right.operator === '/' && right.left.kind === 'number' && right.right.kind === 'number' // prettier-ignore
  return raised(of(left), isFraction ? `${of(right.left).text}/${of(right.right).text}` : of(right).text)
}

function binary(operator: Exclude<BinaryOperator, '^'>, left: Piece, right: Piece): Piece {
  const own = binaryLevel[operator]
  switch (operator) {
    case '/':
      return fraction(left.text, right.text)
    case '*':
    case '@': {
      const [a, b] = [within(left, own), within(right, own + 1)]
      return { text: /\d$/.test(a) && /^\d/.test(b) ? `${a} \\cdot ${b}` : `${a} ${b}`, level: own }
    }
    case '+':
    case '-':
      return { text: `${within(left, own)} ${operator} ${within(right, own + 1)}`, level: own }
    case 'and':
    case 'or':
      return { text: `${within(left, own)} ${operator === 'and' ? '\\land' : '\\lor'} ${within(right, own + 1)}`, level: own } // prettier-ignore
  }
}

function binderText({ name, lower, upper }: Binder, of: Of): string {
  const below = lower ? `${of(lower.value).text} ${lower.inclusive ? '\\le' : '<'} ` : ''
  const above = upper ? ` ${upper.inclusive ? '\\le' : '<'} ${of(upper.value).text}` : ''
  return `${below}${nameText(name.name)}${above}`
}
