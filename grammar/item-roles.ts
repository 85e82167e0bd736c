import type {
  Argument,
  Binder,
  Comparison,
  Dimension,
  Expression,
  Name,
  SizeParameter,
  Slice,
} from './ast.js'
import type { Message } from '../src/base/messages.js'
import type { Source, Span } from '../src/base/source.js'
import type { Item, Items } from './items.js'
import { messages } from './messages.js'

type Report = (message: Message, span: Span) => void

/** Stands where an operand is missing; the mistake is reported, later layers pass over an empty name. */
export function missingName(source: Source, at: number): Name {
  return { kind: 'name', name: '', span: { source, start: at, end: at } }
}

/** Says what the items between brackets mean in their context, and which of them do not belong there. */
export class ItemRoles {
  constructor(private readonly report: Report) {}

  /** The arguments of a call. */
  arguments({ items, filter }: Items): Argument[] {
    this.refuseFilter(filter)
    const result: Argument[] = []
    for (const item of items) {
      const value = item.kind === 'named' ? item.value : this.expression(item)
      if (item.kind === 'named') result.push({ name: item.name, value, span: item.span })
      else {
        if (result.at(-1)?.name) this.report(messages.positionalAfterNamed(), item.span)
        result.push({ value, span: item.span })
      }
    }
    return result
  }

  /** The one expression in parentheses. */
  group({ items, filter, span }: Items): Expression {
    this.refuseFilter(filter)
    if (items.length > 1) this.report(messages.severalInParens(), items[1].span)
    const [item] = items
    if (item) return this.expression(item)
    this.report(messages.missingOperandAfter('('), { ...span, start: span.end - 1 })
    return missingName(span.source, span.end - 1)
  }

  /** The elements of an array literal. */
  elements({ items, filter, span }: Items): Expression[] {
    this.refuseFilter(filter)
    if (items.length === 0) this.report(messages.emptyBrackets('['), { ...span, start: span.end - 1 })
    return items.map((item) => this.expression(item))
  }

  /** The subscripts of a read. */
  subscripts({ items, filter, span }: Items): (Expression | Slice)[] {
    this.refuseFilter(filter)
    if (items.length === 0) this.report(messages.emptyBrackets('['), { ...span, start: span.end - 1 })
    return items.map((item) => (item.kind === 'slice' ? item : this.expression(item)))
  }

  /** The binders of a reduction or a recurrence; its filter is read by the caller. */
  binders({ items, span }: Items): Binder[] {
    if (items.length === 0) this.report(messages.emptyBrackets('['), { ...span, start: span.end })
    const result: Binder[] = []
    for (const item of items) {
      const value = this.expression(item)
      const binder = this.binder(value)
      if (binder) result.push(binder)
      else if (!isMissing(value)) this.report(messages.binderExpected(), item.span)
    }
    return result
  }

  /** The subscripts of what a definition defines: fresh indices and positions. */
  targetSubscripts({ items, filter, span }: Items): (Binder | Expression)[] {
    this.refuseFilter(filter)
    if (items.length === 0) this.report(messages.emptyBrackets('['), { ...span, start: span.end - 1 })
    return items.map((item) => {
      const value = this.expression(item)
      const binder = this.binder(value)
      if (!binder && value.kind === 'comparison') this.report(messages.binderExpected(), item.span)
      return binder ?? value
    })
  }

  /** The sizes in brackets behind the name of a function or model. */
  sizes({ items, filter }: Items): SizeParameter[] {
    this.refuseFilter(filter)
    const result: SizeParameter[] = []
    for (const item of items) {
      if (item.kind === 'named') result.push({ name: item.name, default: item.value, span: item.span })
      else if (item.kind === 'plain' && item.value.kind === 'name') {
        result.push({ name: item.value, span: item.span })
      } else this.report(messages.sizeExpected(), item.span)
    }
    return result
  }

  /** The dimensions of a type. */
  dimensions({ items, filter }: Items): Dimension[] {
    this.refuseFilter(filter)
    return items.map((item): Dimension => {
      switch (item.kind) {
        case 'rest':
          return { kind: 'rest', span: item.span }
        case 'named':
          return { kind: 'named', name: item.name, value: item.value, span: item.span }
        case 'slice':
        case 'plain':
          return { kind: 'extent', value: this.expression(item), span: item.span }
      }
    })
  }

  private refuseFilter(filter: Expression | undefined): void {
    if (filter) this.report(messages.filterOutsideBinders(), filter.span)
  }

  /** An item where only an expression may stand. */
  private expression(item: Item): Expression {
    switch (item.kind) {
      case 'plain':
        return item.value
      case 'named':
        this.report(messages.equalsCompares(), item.span)
        return {
          kind: 'comparison',
          operands: [item.name, item.value],
          operators: ['=='],
          span: item.span,
        }
      case 'slice':
        this.report(messages.sliceOutsideSubscript(), item.span)
        return item.start ?? item.end ?? missingName(item.span.source, item.span.start)
      case 'rest':
        this.report(messages.restOutsideType(), item.span)
        return missingName(item.span.source, item.span.start)
    }
  }

  private binder(value: Expression): Binder | undefined {
    if (value.kind === 'name') return { kind: 'binder', name: value, span: value.span }
    return value.kind === 'comparison' ? this.boundedBinder(value) : undefined
  }

  /** `i < n`, `i > m`, `0 <= i`, `1 <= i <= n` and the last one backwards. */
  private boundedBinder({ operands, operators, span }: Comparison): Binder | undefined {
    const directions = new Set(operators.map((operator) => operator[0]))
    if (directions.size !== 1 || operands.length > 3) return undefined
    const upwards = directions.has('<')
    if (!upwards && !directions.has('>')) return undefined
    const bound = (index: number, operator: number) => ({
      value: operands[index],
      inclusive: operators[operator].length === 2,
    })
    const [first, second] = operands
    if (operands.length === 2 && first.kind === 'name') {
      const side = upwards ? 'upper' : 'lower'
      return { kind: 'binder', name: first, [side]: bound(1, 0), span }
    }
    if (second.kind !== 'name') return undefined
    if (operands.length === 2) {
      const side = upwards ? 'lower' : 'upper'
      return { kind: 'binder', name: second, [side]: bound(0, 0), span }
    }
    const [lower, upper] = upwards ? [bound(0, 0), bound(2, 1)] : [bound(2, 1), bound(0, 0)]
    return { kind: 'binder', name: second, lower, upper, span }
  }
}

function isMissing(value: Expression): boolean {
  return value.kind === 'name' && value.name === ''
}
