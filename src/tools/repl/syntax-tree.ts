/** Syntax trees made by derivations: constructors that leave out what says nothing, and rebuilding. */
import type { BinaryOperator, Expression } from '../../../grammar/ast.js'
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
    case 'number':
    case 'name':
    case 'reduction':
    case 'subscript':
      return e
  }
}

const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && Number(e.text) === value

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

  negative(e: Expression): Expression {
    if (e.kind === 'unary' && e.operator === '-') return e.operand
    return isNumber(e, 0) ? e : { kind: 'unary', operator: '-', operand: e, span: this.span }
  }

  private sum(left: Expression, right: Expression, sign: '+' | '-'): Expression {
    if (isNumber(right, 0)) return left
    if (isNumber(left, 0)) return sign === '+' ? right : this.negative(right)
    return this.binary(sign, left, right)
  }

  times(left: Expression, right: Expression): Expression {
    if (isNumber(left, 0) || isNumber(right, 1)) return left
    if (isNumber(right, 0) || isNumber(left, 1)) return right
    return this.binary('*', left, right)
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
