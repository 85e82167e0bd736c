import type { BinaryOperator, UnaryOperator } from './ast.js'

/** The one table of precedence, loosest first: the parser folds by it and the printers set parentheses by it. */
export const level = {
  conditional: 1,
  or: 2,
  and: 3,
  not: 4,
  comparison: 5,
  sum: 6,
  reduction: 7,
  product: 8,
  sign: 9,
  power: 10,
  postfix: 11,
} as const

export const binaryLevel: Record<BinaryOperator, number> = {
  or: level.or,
  and: level.and,
  '+': level.sum,
  '-': level.sum,
  '*': level.product,
  '@': level.product,
  '/': level.product,
  '^': level.power,
}

export const unaryLevel: Record<UnaryOperator, number> = {
  not: level.not,
  '-': level.sign,
  '+': level.sign,
}

/** `2^3^4` is `2^(3^4)`; everything else groups to the left. */
export function isRightAssociative(operator: BinaryOperator): boolean {
  return operator === '^'
}
