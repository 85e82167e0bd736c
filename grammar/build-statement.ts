import type { CstNode } from 'chevrotain'
import type {
  Definition,
  Expression,
  ImportDeclaration,
  Name,
  Parameter,
  Signature,
  Statement,
  Target,
  TypeExpression,
} from './ast.js'
import type { Span } from '../src/base/source.js'
import { ExpressionBuilder } from './build-expression.js'
import { childNode, childNodes, childToken, childTokens } from './cst.js'
import type { Token } from './tokens.js'

interface Common {
  readonly span: Span
  readonly doc?: string
}

/**
 * Makes statements from their CST. After an error a statement is kept if it is known what it defines;
 * what is missing inside is a name without letters.
 */
export class StatementBuilder extends ExpressionBuilder {
  /** `first` and `end` bound the statement in the text. */
  statement(node: CstNode, first: Token, end: number): Statement | undefined {
    const span = this.span(first.startOffset, end)
    const common: Common = first.doc === undefined ? { span } : { span, doc: first.doc }
    for (const [kind, children] of Object.entries(node.children)) {
      const [child] = children
      if (!child || !('children' in child)) continue
      switch (kind) {
        case 'definition':
          return this.definition(child, common)
        case 'declaration':
          return this.declaration(child, common)
        case 'importDeclaration':
          return this.importDeclaration(child, common)
        case 'derivativeRule':
          return this.derivative(child, common)
        case 'paramStatement':
          return this.param(child, common)
        case 'outStatement':
          return this.out(child, common)
        case 'lossStatement':
          return { kind: 'loss', value: this.expression(childNode(child, 'expression'), end), ...common }
        case 'recurStatement':
          return this.recur(child, common)
        case 'returnStatement':
          return { kind: 'return', values: this.values(child, end), ...common }
        case 'assumeStatement':
          return { kind: 'assume', conditions: this.values(child, end), ...common }
      }
    }
    return undefined
  }

  private values(node: CstNode, at: number): Expression[] {
    return this.expressions(childNode(node, 'expressions'), at)
  }

  private definition(node: CstNode, common: Common): Definition | undefined {
    const targets = this.targets(node)
    if (targets.length === 0) return undefined
    const values = this.values(node, childToken(node, '=')?.end ?? common.span.end)
    return { kind: 'definition', targets, values, ...common }
  }

  private targets(node: CstNode): Target[] {
    const targets: Target[] = []
    for (const child of childNodes(childNode(node, 'targets'), 'target')) {
      const target = this.target(child)
      if (target) targets.push(target)
    }
    return targets
  }

  private target(node: CstNode | undefined): Target | undefined {
    const nameToken = childToken(node, 'Name')
    if (!nameToken) return undefined
    const name = this.name(nameToken)
    const brackets = childNode(node, 'brackets')
    const items = brackets && this.brackets(brackets, name.span.end)
    const subscripts = items && this.roles.targetSubscripts(items)
    const type = this.type(childNode(node, 'type'))
    const end = type?.span.end ?? items?.span.end ?? name.span.end
    return {
      name,
      ...(subscripts && { subscripts }),
      ...(type && { type }),
      span: this.span(name.span.start, end),
    }
  }

  private type(node: CstNode | undefined): TypeExpression | undefined {
    const nameToken = childToken(node, 'Name')
    const name = nameToken && this.name(nameToken)
    const brackets = childNode(node, 'brackets')
    if (!brackets) return name && { name, span: name.span }
    const items = this.brackets(brackets, name?.span.end ?? 0)
    const span = this.span(name?.span.start ?? items.span.start, items.span.end)
    return { ...(name && { name }), dimensions: this.roles.dimensions(items), span }
  }

  private signature(node: CstNode | undefined): Signature | undefined {
    const nameToken = childToken(node, 'Name')
    if (!nameToken) return undefined
    const name = this.name(nameToken)
    const brackets = childNode(node, 'brackets')
    const sizes = brackets && this.roles.sizes(this.brackets(brackets, name.span.end))
    const parameters: Parameter[] = []
    for (const child of childNodes(node, 'parameter')) {
      const parameter = this.parameter(child)
      if (parameter) parameters.push(parameter)
    }
    const end = childToken(node, ')')?.end ?? parameters.at(-1)?.span.end ?? name.span.end
    return { name, ...(sizes && { sizes }), parameters, span: this.span(name.span.start, end) }
  }

  private parameter(node: CstNode): Parameter | undefined {
    const nameToken = childToken(node, 'Name')
    if (!nameToken) return undefined
    const name = this.name(nameToken)
    const type = this.type(childNode(node, 'type'))
    const equals = childToken(node, '=')
    const valueNode = childNode(node, 'expression')
    const value = valueNode && this.expression(valueNode, equals?.end ?? name.span.end)
    const end = value?.span.end ?? type?.span.end ?? name.span.end
    return {
      name,
      ...(type && { type }),
      ...(value && { default: value }),
      ...(nameToken.doc !== undefined && { doc: nameToken.doc }),
      span: this.span(name.span.start, end),
    }
  }

  private declaration(node: CstNode, common: Common): Statement | undefined {
    const exported = childToken(node, 'export') !== undefined
    const definitionNode = childNode(node, 'definition')
    if (definitionNode) {
      const found = this.definition(definitionNode, { span: common.span })
      if (!found) return undefined
      const definition = { ...found, span: this.span(found.targets[0].span.start, common.span.end) }
      return { kind: 'const', exported, definition, ...common }
    }
    const signature = this.signature(childNode(node, 'signature'))
    if (!signature) return undefined
    if (childToken(node, 'model')) {
      const body = childToken(node, 'Block')?.statements ?? []
      return { kind: 'model', exported, signature, body, ...common }
    }
    const word = childToken(node, 'optimizer') ? 'optimizer' : 'fn'
    const bodyNode = childNode(node, 'functionBody')
    const block = childToken(bodyNode, 'Block')
    const body = block?.statements ?? this.shortBody(bodyNode, common.span.end)
    return { kind: 'function', word, exported, signature, body, short: !block, ...common }
  }

  /** `= e` as the `return` it stands for. */
  private shortBody(node: CstNode | undefined, at: number): Statement[] {
    const values = this.expressions(childNode(node, 'expressions'), at)
    const span = this.span(values[0].span.start, values[values.length - 1].span.end)
    return [{ kind: 'return', values, span }]
  }

  private importDeclaration(node: CstNode, common: Common): ImportDeclaration | undefined {
    const names: { name: Name; as?: Name }[] = []
    for (const child of childNodes(node, 'imported')) {
      const [name, as] = childTokens(child, 'Name')
      if (name) names.push({ name: this.name(name), ...(as && { as: this.name(as) }) })
    }
    const path = childToken(node, 'String')
    const { end } = common.span
    const from = path
      ? { text: path.image.replace(/^["']|["']$/g, ''), span: this.span(path.startOffset, path.end) }
      : { text: '', span: this.span(end, end) }
    return { kind: 'import', names, from, ...common }
  }

  private derivative(node: CstNode, common: Common): Statement | undefined {
    const signature = this.signature(childNode(node, 'signature'))
    if (!signature) return undefined
    const by = childToken(node, 'byName')
    const given = childToken(node, 'givenName')
    const values = this.values(node, common.span.end)
    return {
      kind: 'derivative',
      signature,
      ...(by && { by: this.name(by) }),
      ...(given && { given: this.name(given) }),
      values,
      ...common,
    }
  }

  private param(node: CstNode, common: Common): Statement | undefined {
    const target = this.target(childNode(node, 'target'))
    if (!target) return undefined
    const valueNode = childNode(node, 'expression')
    const sign = childToken(node, '=') ?? childToken(node, '~')
    if (!valueNode || !sign) return { kind: 'param', target, ...common }
    const value = this.expression(valueNode, sign.end)
    const kind = sign.tokenType.name === '~' ? 'draw' : 'value'
    return { kind: 'param', target, initial: { kind, value }, ...common }
  }

  private out(node: CstNode, common: Common): Statement | undefined {
    const targets = this.targets(node)
    if (targets.length === 0) return undefined
    const equals = childToken(node, '=')
    if (!equals && !childNode(node, 'expressions')) return { kind: 'out', targets, ...common }
    return { kind: 'out', targets, values: this.values(node, equals?.end ?? common.span.end), ...common }
  }

  private recur(node: CstNode, common: Common): Statement {
    const items = this.items(childNode(node, 'items'), common.span.start)
    const binders = this.roles.binders(items)
    const body = childToken(node, 'Block')?.statements ?? []
    return { kind: 'recur', binders, ...(items.filter && { filter: items.filter }), body, ...common }
  }
}
