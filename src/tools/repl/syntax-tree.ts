/** Syntax trees made by derivations: constructors that leave out what says nothing, and rebuilding. */
import type { Binary, BinaryOperator, Expression, Reduction } from '../../../grammar/ast.js'
import type { Span } from '../../base/source.js'
import { operandsOf } from '../../check/syntax.js'
import { algebraOf } from '../../ops/number-algebra.js'
import type { Algebra } from '../../ops/operator.js'
import type { OperatorName } from '../../ops/signatures.js'

/** Every expression below a root, operands before their users. */
export function postorder(root: Expression): Expression[] {
  const order: Expression[] = []
  const stack: { readonly e: Expression; readonly leave: boolean }[] = [{ e: root, leave: false }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.leave) order.push(top.e)
    else {
      stack.push({ e: top.e, leave: true })
      for (const operand of operandsOf(top.e).toReversed()) stack.push({ e: operand, leave: false })
    }
  }
  return order
}

/** The tree rebuilt bottom-up; `replace` sees each node with its operands already rebuilt. */
export function rebuild(
  root: Expression,
  replace: (rebuilt: Expression, original: Expression) => Expression,
): Expression {
  const done = new Map<Expression, Expression>()
  for (const e of postorder(root)) {
    const operands = operandsOf(e).map((operand) => done.get(operand) ?? operand)
    done.set(e, replace(withOperands(e, operands), e))
  }
  return done.get(root) ?? root
}

function withOperands(e: Expression, operands: readonly Expression[]): Expression {
  if (operandsOf(e).every((operand, at) => operand === operands[at])) return e
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return { ...e, operand: operands[0] }
    case 'binary':
      return { ...e, left: operands[0], right: operands[1] }
    case 'comparison':
      return { ...e, operands }
    case 'conditional':
      return { ...e, condition: operands[0], consequent: operands[1], alternate: operands[2] }
    case 'call':
      return { ...e, callee: operands[0], arguments: e.arguments.map((argument, at) => ({ ...argument, value: operands[at + 1] })) } // prettier-ignore
    case 'array':
      return { ...e, elements: operands }
    case 'member':
      return { ...e, object: operands[0] }
    case 'reduction':
      return withinReduction(e, operands)
    case 'number':
    case 'name':
    case 'subscript':
      return e
  }
}

/** Its bounds first, as `operandsOf` has them, then the filter and what is added up. */
function withinReduction(e: Reduction, operands: readonly Expression[]): Reduction {
  let at = 0
  const moved = <B extends { readonly value: Expression } | undefined>(bound: B): B =>
    bound && { ...bound, value: operands[at++] }
  const binders = e.binders.map((binder) => ({ ...binder, lower: moved(binder.lower), upper: moved(binder.upper) })) // prettier-ignore
  const filter = e.filter && operands[at++]
  return { ...e, binders, filter, body: operands[at] }
}

const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && Number(e.text) === value

const isProduct = (e: Expression): e is Binary =>
  e.kind === 'binary' && (e.operator === '*' || e.operator === '/')

/** Whether a minus stands in front of all of it. */
function isOpposite(e: Expression): boolean {
  let first = e
  while (isProduct(first)) first = first.left
  return first.kind === 'unary' && first.operator === '-'
}

/** Trees for one place of the source. */
export class Trees {
  readonly algebra: Algebra<Expression>

  constructor(private readonly span: Span) {
    this.algebra = algebraOf<Expression>({
      apply: (operator, args) => this.apply(operator, args),
      number: (numerator, denominator = 1) =>
        denominator === 1
          ? this.number(numerator)
          : this.binary('/', this.number(numerator), this.number(denominator)),
      pi: this.name('pi'),
      infinity: this.name('inf'),
    })
  }

  name(name: string): Expression {
    return { kind: 'name', name, span: this.span }
  }

  number(value: number): Expression {
    const literal: Expression = { kind: 'number', text: String(Math.abs(value)), span: this.span }
    return value < 0 ? { kind: 'unary', operator: '-', operand: literal, span: this.span } : literal
  }

  binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    return { kind: 'binary', operator, left, right, span: this.span }
  }

  call(name: string, args: readonly Expression[]): Expression {
    return { kind: 'call', callee: this.name(name), arguments: args.map((value) => ({ value, span: this.span })), span: this.span } // prettier-ignore
  }

  /** The opposite: of products and quotients the minus stands in front, or goes from there. */
  negative(e: Expression): Expression {
    if (e.kind === 'unary' && e.operator === '-') return e.operand
    if (isNumber(e, 0)) return e
    if (!isProduct(e)) return { kind: 'unary', operator: '-', operand: e, span: this.span }
    const left = this.negative(e.left)
    return e.operator === '*' && isNumber(left, 1) ? e.right : { ...e, left }
  }

  private sum(left: Expression, right: Expression, sign: '+' | '-'): Expression {
    if (isNumber(right, 0)) return left
    if (isNumber(left, 0)) return sign === '+' ? right : this.negative(right)
    if (isOpposite(right)) return this.binary(sign === '+' ? '-' : '+', left, this.negative(right))
    return this.binary(sign, left, right)
  }

  times(left: Expression, right: Expression): Expression {
    if (isNumber(left, 0) || isNumber(right, 1)) return left
    if (isNumber(right, 0) || isNumber(left, 1)) return right
    if (isOpposite(right)) return this.negative(this.times(left, this.negative(right)))
    const size = left.kind === 'unary' && left.operator === '-' ? left.operand : left
    if (isNumber(size, 1)) return this.negative(right)
    if (left.kind === 'number') {
      const product = this.timesNumber(Number(left.text), right)
      if (product) return product
    }
    // A number stands in front without a sign, as it is written by hand.
    const implicit = size.kind === 'number' && right.kind !== 'number'
    return { kind: 'binary', operator: '*', left, right, span: this.span, ...(implicit && { implicit }) }
  }

  /** `2 (3x)` as `6x`, for whole numbers. */
  private timesNumber(factor: number, e: Expression): Expression | undefined {
    if (e.kind === 'number') {
      const product = factor * Number(e.text)
      return Number.isSafeInteger(product) ? this.number(product) : undefined
    }
    if (!isProduct(e)) return undefined
    const left = this.timesNumber(factor, e.left)
    return left && (isNumber(left, 1) && e.operator === '*' ? e.right : { ...e, left })
  }

  /** The square; of a power of a number it is another one. */
  squared(e: Expression): Expression {
    const isPower = e.kind === 'binary' && e.operator === '^' && e.right.kind === 'number'
    const exponent = isPower ? 2 * Number(e.right.text) : NaN
    return Number.isSafeInteger(exponent) && isPower
      ? { ...e, right: this.number(exponent) }
      : this.apply('pow', [e, this.number(2)])
  }

  private comparison(
    operator: '<' | '<=' | '>' | '>=' | '==' | '!=',
    operands: readonly Expression[],
  ): Expression {
    return { kind: 'comparison', operands, operators: [operator], span: this.span }
  }

  apply(operator: OperatorName, args: readonly Expression[]): Expression {
    const [a, b, c] = args
    switch (operator) {
      case 'add':
        return this.sum(a, b, '+')
      case 'sub':
        return this.sum(a, b, '-')
      case 'mul':
        return this.times(a, b)
      case 'div':
        return isNumber(a, 0) || isNumber(b, 1) ? a : this.binary('/', a, b)
      case 'neg':
        return this.negative(a)
      case 'pow':
        return isNumber(b, 1) ? a : isNumber(b, 0) ? this.number(1) : this.binary('^', a, b)
      case 'lt':
        return this.comparison('<', args)
      case 'le':
        return this.comparison('<=', args)
      case 'gt':
        return this.comparison('>', args)
      case 'ge':
        return this.comparison('>=', args)
      case 'eq':
        return this.comparison('==', args)
      case 'ne':
        return this.comparison('!=', args)
      case 'and':
      case 'or':
        return this.binary(operator, a, b)
      case 'not':
        return { kind: 'unary', operator: 'not', operand: a, span: this.span }
      case 'select':
        return { kind: 'conditional', condition: a, consequent: b, alternate: c, span: this.span }
      case 'idiv':
        return this.call('div', args)
      case 'gaussian':
        return this.call('exp', [this.negative(this.binary('^', a, this.number(2)))])
      default:
        return this.call(operator, args)
    }
  }
}
