import type { CstNode } from 'chevrotain'
import type { Comparison, ComparisonOperator, Expression, Name, UnaryOperator } from './ast.js'
import type { Message } from '../src/base/messages.js'
import type { Source, Span } from '../src/base/source.js'
import { normaliseName, superscriptText } from './characters.js'
import { childNode, childNodes, childToken, childTokens } from './cst.js'
import { fold, type Operator, type Prefix, type Term } from './fold.js'
import { ItemRoles, missingName } from './item-roles.js'
import type { Item, Items } from './items.js'
import { messages } from './messages.js'
import { reductionOf } from './reductions.js'
import * as t from './tokens.js'

const BINARY = new Map<t.Token['tokenType'], Operator>([
  [t.ImplicitTimes, { kind: 'binary', operator: '*', implicit: true }],
  [t.Plus, { kind: 'binary', operator: '+', implicit: false }],
  [t.Minus, { kind: 'binary', operator: '-', implicit: false }],
  [t.Times, { kind: 'binary', operator: '*', implicit: false }],
  [t.MatrixTimes, { kind: 'binary', operator: '@', implicit: false }],
  [t.Divide, { kind: 'binary', operator: '/', implicit: false }],
  [t.Power, { kind: 'binary', operator: '^', implicit: false }],
  [t.And, { kind: 'binary', operator: 'and', implicit: false }],
  [t.Or, { kind: 'binary', operator: 'or', implicit: false }],
  [t.Less, { kind: 'comparison', operator: '<' }],
  [t.LessEqual, { kind: 'comparison', operator: '<=' }],
  [t.Greater, { kind: 'comparison', operator: '>' }],
  [t.GreaterEqual, { kind: 'comparison', operator: '>=' }],
  [t.EqualEqual, { kind: 'comparison', operator: '==' }],
  [t.NotEqual, { kind: 'comparison', operator: '!=' }],
])

const UNARY = new Map<t.Token['tokenType'], UnaryOperator>([
  [t.Minus, '-'],
  [t.Plus, '+'],
  [t.Not, 'not'],
])

/** Makes expressions from their CST. Recursion is bounded: brackets nested deeper come already parsed. */
export class ExpressionBuilder {
  readonly roles: ItemRoles

  constructor(
    readonly source: Source,
    readonly report: (message: Message, span: Span) => void,
  ) {
    this.roles = new ItemRoles(report)
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end }
  }

  name(token: t.Token): Name {
    return {
      kind: 'name',
      name: normaliseName(token.image),
      span: this.span(token.startOffset, token.end),
    }
  }

  /** An `expression` or a `plain`; `at` is where it would stand if it is missing. */
  expression(node: CstNode | undefined, at: number): Expression {
    const termNodes = [...childNodes(node, 'term'), ...childNodes(node, 'plainTerm')]
    if (termNodes.length === 0) return missingName(this.source, at)
    const operatorTokens = childTokens(node, 'BinaryOperator')
    const operators: Operator[] = []
    for (const token of operatorTokens) {
      const operator = BINARY.get(token.tokenType)
      if (operator) operators.push(operator)
    }
    const terms: Term[] = []
    for (let i = 0; i < termNodes.length; i++) {
      terms.push(this.term(termNodes[i], i === 0 ? at : (operatorTokens[i - 1]?.end ?? at)))
    }
    // After an error an operator may stand without its right side.
    while (terms.length <= operators.length) {
      terms.push({ prefixes: [], operand: missingName(this.source, operatorTokens[terms.length - 1].end) })
    }
    return fold(terms, operators, (chain) => this.checkChain(chain))
  }

  expressions(node: CstNode | undefined, at: number): Expression[] {
    const found = childNodes(node, 'expression')
    if (found.length === 0) return [missingName(this.source, at)]
    const commas = childTokens(node, ',')
    return found.map((child, i) => this.expression(child, i === 0 ? at : (commas[i - 1]?.end ?? at)))
  }

  private checkChain({ operators, operands }: Comparison): void {
    const has = (...some: ComparisonOperator[]) => operators.some((operator) => some.includes(operator))
    const span = this.span(operands[0].span.start, operands[operands.length - 1].span.end)
    if (has('!=')) this.report(messages.notEqualChain(), span)
    else if (has('<', '<=') && has('>', '>=')) this.report(messages.comparisonDirection(), span)
  }

  private term(node: CstNode, at: number): Term {
    const prefixes: Prefix[] = []
    for (const child of [...childNodes(node, 'prefix'), ...childNodes(node, 'plainPrefix')]) {
      const prefix = this.prefix(child)
      if (prefix) prefixes.push(prefix)
    }
    return { prefixes, operand: this.operand(childNode(node, 'operand'), at) }
  }

  private prefix(node: CstNode): Prefix | undefined {
    const sign = childToken(node, 'PrefixOperator')
    if (sign) {
      const operator = UNARY.get(sign.tokenType)
      return operator && { kind: 'unary', operator, start: sign.startOffset }
    }
    const word = childToken(node, 'Reduction')
    if (word) {
      const reduction = reductionOf(word.image)
      const items = this.brackets(childNode(node, 'brackets'), word.end)
      if (!reduction) return undefined
      const binders = this.roles.binders(items)
      return { kind: 'reduction', reduction, binders, filter: items.filter, start: word.startOffset }
    }
    const start = childToken(node, 'if')
    if (!start) return undefined
    const arms = childNodes(node, 'plain')
    const condition = this.expression(arms[0], start.end)
    const consequent = this.expression(arms[1], childToken(node, 'then')?.end ?? condition.span.end)
    return { kind: 'conditional', condition, consequent, start: start.startOffset }
  }

  private operand(node: CstNode | undefined, at: number): Expression {
    let value = this.atom(node, at)
    for (const suffix of childNodes(node, 'suffix')) value = this.suffix(value, suffix)
    return value
  }

  private atom(node: CstNode | undefined, at: number): Expression {
    const number = childToken(node, 'Number')
    if (number) {
      return { kind: 'number', text: number.image, span: this.span(number.startOffset, number.end) }
    }
    const name = childToken(node, 'Name')
    if (name) return this.name(name)
    const reduction = childToken(node, 'ReductionCall')
    if (reduction) return { ...this.name(reduction), name: reductionOf(reduction.image) ?? reduction.image }
    const parens = childNode(node, 'parens')
    if (parens) {
      const items = this.parens(parens, at)
      return { ...this.roles.group(items), span: items.span }
    }
    const brackets = childNode(node, 'brackets')
    if (!brackets) return missingName(this.source, at)
    const items = this.brackets(brackets, at)
    return { kind: 'array', elements: this.roles.elements(items), span: items.span }
  }

  private suffix(value: Expression, node: CstNode): Expression {
    const { start, end } = value.span
    const transpose = childToken(node, 'Transpose')
    if (transpose) return { kind: 'transpose', operand: value, span: this.span(start, transpose.end) }
    const power = childToken(node, 'Superscript')
    if (power) return this.superscript(value, power)
    const parens = childNode(node, 'parens')
    if (parens) {
      const items = this.parens(parens, end)
      const span = this.span(start, items.span.end)
      return { kind: 'call', callee: value, arguments: this.roles.arguments(items), span }
    }
    const brackets = childNode(node, 'brackets')
    if (brackets) {
      const items = this.brackets(brackets, end)
      const span = this.span(start, items.span.end)
      return { kind: 'subscript', object: value, subscripts: this.roles.subscripts(items), span }
    }
    const name = childToken(node, 'Name')
    if (!name) return value
    return { kind: 'member', object: value, name: this.name(name), span: this.span(start, name.end) }
  }

  /** `x²` and `A⁻¹`. */
  private superscript(left: Expression, token: t.Token): Expression {
    const text = superscriptText(token.image)
    const span = this.span(token.startOffset, token.end)
    const digits: Expression = { kind: 'number', text: text.replace('-', ''), span }
    const right: Expression = text.startsWith('-')
      ? { kind: 'unary', operator: '-', operand: digits, span }
      : digits
    return { kind: 'binary', operator: '^', left, right, span: this.span(left.span.start, token.end) }
  }

  parens(node: CstNode | undefined, at: number): Items {
    const nested = childToken(node, 'NestedParens')
    return nested?.items ?? this.bracketed(node, '(', ')', at)
  }

  brackets(node: CstNode | undefined, at: number): Items {
    const nested = childToken(node, 'NestedBrackets')
    return nested?.items ?? this.bracketed(node, '[', ']', at)
  }

  private bracketed(node: CstNode | undefined, opener: string, closer: string, at: number): Items {
    const open = childToken(node, opener)
    const close = childToken(node, closer)
    const content = this.items(childNode(node, 'items'), open?.end ?? at)
    const span = this.span(open?.startOffset ?? at, close?.end ?? content.span.end)
    return { ...content, span }
  }

  items(node: CstNode | undefined, at: number): Items {
    const items: Item[] = []
    const commas = childTokens(node, ',')
    for (const child of childNodes(node, 'item')) {
      items.push(this.item(child, items.length === 0 ? at : (commas[items.length - 1]?.end ?? at)))
    }
    const filterNode = childNode(node, 'plain')
    const filter = filterNode && this.expression(filterNode, childToken(node, 'if')?.end ?? at)
    const start = items[0]?.span.start ?? at
    const end = filter?.span.end ?? items.at(-1)?.span.end ?? at
    return { items, ...(filter && { filter }), span: this.span(start, end) }
  }

  private item(node: CstNode, at: number): Item {
    const rest = childToken(node, '..')
    if (rest) return { kind: 'rest', span: this.span(rest.startOffset, rest.end) }
    const valueNode = childNode(node, 'expression')
    const equals = childToken(node, '=')
    const value = valueNode && this.expression(valueNode, equals?.end ?? at)
    const colon = childToken(node, ':')
    const nameToken = childToken(node, 'Name')
    if (colon) {
      const endNode = childNode(node, 'sliceEnd')
      const end = endNode && this.expression(endNode, colon.end)
      const start = nameToken?.startOffset ?? value?.span.start ?? colon.startOffset
      const span = this.span(start, end?.span.end ?? colon.end)
      if (nameToken) this.report(messages.sliceOutsideSubscript(), span)
      return { kind: 'slice', ...(value && { start: value }), ...(end && { end }), span }
    }
    const found = value ?? missingName(this.source, equals?.end ?? at)
    if (!nameToken) return { kind: 'plain', value: found, span: found.span }
    const span = this.span(nameToken.startOffset, found.span.end)
    return { kind: 'named', name: this.name(nameToken), value: found, span }
  }
}
