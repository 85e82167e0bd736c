import type {
  Binary,
  BinaryOperator,
  Binder,
  Comparison,
  ComparisonOperator,
  Expression,
  ReductionName,
  UnaryOperator,
} from './ast.js'
import type { Span } from '../src/base/source.js'
import { binaryLevel, isRightAssociative, level, unaryLevel } from './precedence.js'

/** What may stand before an operand, with the offset at which it starts. */
export type Prefix =
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly start: number }
  | {
      readonly kind: 'reduction'
      readonly reduction: ReductionName
      readonly binders: readonly Binder[]
      readonly filter?: Expression
      readonly start: number
    }
  | {
      readonly kind: 'conditional'
      readonly condition: Expression
      readonly consequent: Expression
      readonly start: number
    }

export interface Term {
  readonly prefixes: readonly Prefix[]
  readonly operand: Expression
}

export type Operator =
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly implicit: boolean }
  | { readonly kind: 'comparison'; readonly operator: ComparisonOperator }

/** A construct that waits for what stands to its right. */
type Pending =
  | { readonly kind: 'prefix'; readonly prefix: Prefix; readonly level: number }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly implicit: boolean
      readonly left: Expression
      readonly level: number
    }
  | {
      readonly kind: 'comparison'
      readonly operands: Expression[]
      readonly operators: ComparisonOperator[]
      readonly level: number
    }

function prefixLevel(prefix: Prefix): number {
  switch (prefix.kind) {
    case 'unary':
      return unaryLevel[prefix.operator]
    case 'reduction':
      return level.reduction
    case 'conditional':
      return level.conditional
  }
}

/**
 * Folds a flat list of terms and operators by the table: a prefix takes everything to its right that binds
 * tighter than itself. `operators[i]` stands behind `terms[i]`.
 */
export function fold(
  terms: readonly Term[],
  operators: readonly Operator[],
  whenChain: (chain: Comparison) => void,
): Expression {
  const pending: Pending[] = []
  let value = terms[0].operand
  const close = (entry: Pending): void => {
    value = apply(entry, value)
    if (value.kind === 'comparison' && value.operators.length > 1) whenChain(value)
  }
  for (let i = 0; i < terms.length; i++) {
    for (const prefix of terms[i].prefixes)
      pending.push({ kind: 'prefix', prefix, level: prefixLevel(prefix) })
    value = terms[i].operand
    const next = operators[i]
    if (!next || i === terms.length - 1) break
    const limit = next.kind === 'comparison' ? level.comparison : binaryLevel[next.operator]
    const rightAssociative = next.kind === 'binary' && isRightAssociative(next.operator)
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      if (top.kind === 'comparison' && next.kind === 'comparison') break
      if (top.level < limit || (top.level === limit && rightAssociative)) break
      pending.pop()
      close(top)
    }
    const top = pending.at(-1)
    if (next.kind === 'binary') {
      const { operator, implicit } = next
      pending.push({ kind: 'binary', operator, implicit, left: value, level: limit })
    } else if (top?.kind === 'comparison') {
      top.operands.push(value)
      top.operators.push(next.operator)
    } else pending.push({ kind: 'comparison', operands: [value], operators: [next.operator], level: limit })
  }
  for (let top = pending.pop(); top; top = pending.pop()) close(top)
  return value
}

function between(start: number, last: Expression): Span {
  return { source: last.span.source, start, end: last.span.end }
}

function apply(entry: Pending, right: Expression): Expression {
  switch (entry.kind) {
    case 'prefix':
      return applyPrefix(entry.prefix, right)
    case 'binary': {
      const { operator, implicit, left } = entry
      const span = between(left.span.start, right)
      const product: Binary = { kind: 'binary', operator, left, right, span }
      return implicit ? { ...product, implicit } : product
    }
    case 'comparison': {
      const { operators } = entry
      const operands = [...entry.operands, right]
      return { kind: 'comparison', operands, operators, span: between(operands[0].span.start, right) }
    }
  }
}

function applyPrefix(prefix: Prefix, body: Expression): Expression {
  const span = between(prefix.start, body)
  switch (prefix.kind) {
    case 'unary':
      return { kind: 'unary', operator: prefix.operator, operand: body, span }
    case 'reduction': {
      const { reduction, binders, filter } = prefix
      return { kind: 'reduction', reduction, binders, ...(filter && { filter }), body, span }
    }
    case 'conditional': {
      const { condition, consequent } = prefix
      return { kind: 'conditional', condition, consequent, alternate: body, span }
    }
  }
}
