/** Expressions on one line: nearly all statements fit, and need no document to be laid out. */
import { WIDTH } from './document.js'
import { needsParentheses, numberText, propertyName, repeatsSign } from './print-syntax.js'
import type { BinaryOperator, Js, Property } from './syntax.js'

/** Stands for what has more items than a line has room for. */
const TOO_LONG = ' '.repeat(WIDTH + 1)
/** An item and the comma and space behind it. */
const LEAST_ITEM = 3

/** What `expressionDoc` prints where there is room for all of it; longer than any line where there is not. */
export function flatText(e: Js): string {
  switch (e.kind) {
    case 'name':
      return e.name
    case 'number':
      return numberText(e.value)
    case 'string':
      return JSON.stringify(e.value)
    case 'unary': {
      const { operator, operand } = e
      const inner = flatText(operand)
      const isApart = operand.kind === 'binary' || operand.kind === 'conditional' || repeatsSign(e)
      return isApart ? `${operator}(${inner})` : operator + inner
    }
    case 'binary':
      return `${operandText(e.left, e.operator, 'left')} ${e.operator} ${operandText(e.right, e.operator, 'right')}`
    case 'conditional':
      return `${choiceText(e.test)} ? ${choiceText(e.yes)} : ${flatText(e.no)}`
    case 'call':
      return `${e.prefix}${flatText(e.callee)}(${listText(e.args)})`
    case 'member':
      return `${flatText(e.object)}${e.optional ? '?.' : '.'}${e.property}`
    case 'element':
      return `${flatText(e.object)}[${flatText(e.at)}]`
    case 'array':
      return `[${listText(e.items)}]`
    case 'object':
      return objectText(e.properties)
    case 'arrow':
      return `(${e.parameter}) => ${choiceText(e.body)}`
  }
}

function operandText(e: Js, parent: BinaryOperator, side: 'left' | 'right'): string {
  const text = flatText(e)
  return needsParentheses(e, parent, side) ? `(${text})` : text
}

/** Where a choice stands in parentheses. */
const choiceText = (e: Js): string => (e.kind === 'conditional' ? `(${flatText(e)})` : flatText(e))

function listText(items: readonly Js[]): string {
  if (LEAST_ITEM * items.length > WIDTH) return TOO_LONG
  let text = ''
  for (let at = 0; at < items.length; at++)
    text += at === 0 ? flatText(items[at]) : `, ${flatText(items[at])}`
  return text
}

function objectText(properties: readonly Property[]): string {
  if (properties.length === 0) return '{}'
  if (LEAST_ITEM * properties.length > WIDTH) return TOO_LONG
  const texts = properties.map(({ key, value }) =>
    value.kind === 'name' && value.name === key ? key : `${propertyName(key)}: ${flatText(value)}`,
  )
  return `{ ${texts.join(', ')} }`
}
