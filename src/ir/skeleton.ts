/** Hashes of nodes in which an index counts as its extent: equal for expressions equal up to the names of indices. */
import type { Expr, Factor, Term } from './expr.js'
import { hashText, mix } from './interning.js'
import type { Rational } from './rational.js'

/** `seed` is a hash of what a node is beyond its operands, without ids. */
export function skeletonOf(seed: number, operands: readonly Expr[]): number {
  let skeleton = seed
  for (const operand of operands) skeleton = mix(skeleton, operand.skeleton)
  return skeleton
}

const COMMA = ','.charCodeAt(0)
const DIGIT_ONE = '1'.charCodeAt(0)

/** As the text of the numbers with commas between them, most of which are 1, and without making it. */
function hashNumbers(start: number, numbers: readonly Rational[]): number {
  let hash = start
  for (let at = 0; at < numbers.length; at++) {
    if (at > 0) hash = mix(hash, COMMA)
    hash = numbers[at].isOne ? mix(hash, DIGIT_ONE) : hashText(String(numbers[at]), hash)
  }
  return hash
}

const PRODUCT = hashText('*')

export const seedOfProduct = (factors: readonly Factor[]): number =>
  hashNumbers(
    PRODUCT,
    factors.map(({ exponent }) => exponent),
  )

export const seedOfSum = (constant: Rational, terms: readonly Term[]): number =>
  hashNumbers(
    hashText(constant.isZero ? '+0|' : `+${constant}|`),
    terms.map(({ coefficient }) => coefficient),
  )
