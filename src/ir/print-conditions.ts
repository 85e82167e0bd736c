/** Tests of whole numbers as the comparisons that people write: `i < n`, `0 <= p - u <= H - U`, `i == word[s]`. */
import { level } from '../../grammar/precedence.js'
import type { Expr, Term, Test } from './expr.js'
import {
  joined,
  numberPiece,
  productPiece,
  sumPiece,
  within,
  type FactorPiece,
  type Piece,
  type Style,
} from './print-pieces.js'
import type { OperandOrder } from './print-order.js'
import { ONE, ZERO, type Rational } from './rational.js'

/** What composing a piece needs of the printer. */
export interface Composing {
  readonly style: Style
  readonly order: OperandOrder
  /** The piece of an operand, composed before. */
  piece(e: Expr): Piece
  /** Printed under a name of its own: its parts stay out of sight. */
  isNamed(e: Expr): boolean
}

/** A polynomial as a list of terms, to be put on the sides of a comparison. */
interface Side {
  readonly terms: readonly Term[]
  readonly constant: Rational
}

export interface Comparison {
  readonly left: Piece
  readonly relation: '<' | '<=' | '=='
  readonly right: Piece
}

export function termPiece(c: Composing, { node, coefficient }: Term): Piece {
  const plain = (base: Piece): FactorPiece[] => [{ base, exponent: ONE, fixed: false }]
  const count = multipleOfConditions(c, node)
  if (count) return productPiece(c.style, coefficient.times(count.multiple).abs(), plain(count.conditions))
  if (node.kind !== 'mul' || c.isNamed(node))
    return productPiece(c.style, coefficient.abs(), plain(c.piece(node)))
  const factors = c.order.factors(node).map(({ base, exponent }) => ({
    base: c.piece(base),
    exponent,
    fixed: c.style === 'dump' && !exponent.isMinusOne && changesWhenRaised(base),
  }))
  return productPiece(c.style, coefficient.abs(), factors)
}

/** Raised to a positive power it takes another form, whose reciprocal is another node: a sum of whole numbers is expanded. */
const changesWhenRaised = (base: Expr): boolean =>
  base.kind === 'guard' || (base.kind === 'num' && base.value.isZero) || (base.kind === 'add' && base.integer)

/** For people, conditions are the number 0 or 1 and may be multiplied: `p[s, j] - (j == label[s])`. */
function multipleOfConditions(
  c: Composing,
  node: Expr,
): { readonly multiple: Rational; readonly conditions: Piece } | undefined {
  if (c.style === 'dump' || node.kind !== 'guard' || node.body.kind !== 'num') return undefined
  return { multiple: node.body.value, conditions: conjunctionPiece(c, c.order.conditions(node.conditions)) }
}

export const sumOfTerms = (c: Composing, { terms, constant }: Side): Piece =>
  sumPiece(
    terms.map((term) => {
      const multiple = multipleOfConditions(c, term.node)?.multiple ?? ONE
      return { negative: term.coefficient.times(multiple).isNegative, piece: termPiece(c, term) }
    }),
    constant,
  )

const negate = ({ terms, constant }: Side): Side => ({
  terms: terms.map(({ node, coefficient }) => ({ node, coefficient: coefficient.negate() })),
  constant: constant.negate(),
})

/** Positive terms first, as everywhere. */
const arranged = ({ terms, constant }: Side): Side => ({
  terms: terms.toSorted((a, b) => Number(a.coefficient.isNegative) - Number(b.coefficient.isNegative)),
  constant,
})

const sideOf = (c: Composing, e: Expr): Side => {
  if (e.kind === 'num') return { terms: [], constant: e.value }
  if (e.kind !== 'add' || c.isNamed(e)) return { terms: [{ node: e, coefficient: ONE }], constant: ZERO }
  return { terms: c.order.terms(e), constant: e.constant }
}

/** Depends on an index or on data, rather than on sizes alone. */
function varies(e: Expr): boolean {
  if (e.free.length > 0 || e.kind === 'read') return true
  if (e.kind === 'mul') return e.factors.some((factor) => varies(factor.base))
  return e.kind === 'apply' && e.args.some((arg) => arg.kind === 'read')
}

/** `operand = 0`, positive terms against negative ones; the simpler side stands on the left, a number on the right. */
function equation(c: Composing, operand: Expr): Comparison {
  const { terms, constant } = operand.kind === 'add' ? c.order.equation(operand) : sideOf(c, operand)
  const positive = terms.filter((term) => !term.coefficient.isNegative)
  const negative = terms.filter((term) => term.coefficient.isNegative)
  const { terms: opposite } = negate({ terms: negative, constant: ZERO })
  // The constant goes where it is positive, but not onto a side of its own if the other is empty.
  const onLeft = constant.isNegative ? ZERO : constant
  const onRight = constant.isNegative ? constant.negate() : ZERO
  const one = { terms: positive, constant: negative.length === 0 ? ZERO : onLeft }
  const two = { terms: opposite, constant: negative.length === 0 ? constant.negate() : onRight }
  const a = sumOfTerms(c, one)
  const b = sumOfTerms(c, two)
  const swap =
    two.terms.length > 0 &&
    (b.text.length < a.text.length || (b.text.length === a.text.length && b.text < a.text))
  return swap ? { left: b, relation: '==', right: a } : { left: a, relation: '==', right: b }
}

interface Inequality {
  readonly shown: Comparison
  /** As a bound `low <= x` or `x < high`, of which two about the same `x` make a chain. */
  readonly bound: 'lower' | 'upper' | undefined
  /** Written with positive terms only, where that is plainer than a lower bound of a difference. */
  readonly alone: Comparison
}

function compare(c: Composing, left: Side, right: Side): Comparison {
  // x - 1 on the greater side is the strict comparison.
  const strict = right.constant.isMinusOne && (right.terms.length > 0 || left.terms.length > 0)
  const high = strict ? { terms: right.terms, constant: ZERO } : right
  return {
    left: sumOfTerms(c, arranged(left)),
    relation: strict ? '<' : '<=',
    right: sumOfTerms(c, arranged(high)),
  }
}

/** `operand >= 0`. */
function inequality(c: Composing, operand: Expr): Inequality {
  const { terms, constant } = sideOf(c, operand)
  const isSize = (term: Term): boolean => !varies(term.node)
  const subject = terms.filter((term) => !isSize(term))
  const sizes = terms.filter(isSize)
  const isPositive = (term: Term): boolean => !term.coefficient.isNegative
  const positive = terms.filter(isPositive)
  const negative = negate({ terms: terms.filter((term) => !isPositive(term)), constant: ZERO }).terms
  const balanced = compare(
    c,
    { terms: negative, constant: constant.isNegative && !constant.isMinusOne ? constant.negate() : ZERO },
    { terms: positive, constant: constant.isNegative && !constant.isMinusOne ? ZERO : constant },
  )
  if (subject.length === 0) return { shown: balanced, bound: undefined, alone: balanced }
  const bounded = { terms: subject, constant: ZERO }
  if (sizes.some(isPositive)) {
    const shown = compare(c, negate(bounded), { terms: sizes, constant })
    return { shown, bound: 'upper', alone: shown }
  }
  if (sizes.length === 0 && !subject.some(isPositive)) {
    const limit = numberPiece(constant.plus(ONE))
    const shown: Comparison = { left: sumOfTerms(c, arranged(negate(bounded))), relation: '<', right: limit }
    return { shown, bound: 'upper', alone: shown }
  }
  const shown: Comparison = {
    left: sumOfTerms(c, arranged(negate({ terms: sizes, constant }))),
    relation: '<=',
    right: sumOfTerms(c, arranged(bounded)),
  }
  const isDifference = sizes.length === 0 && positive.length === 1 && negative.length === 1
  return { shown, bound: 'lower', alone: isDifference ? balanced : shown }
}

export function comparisonPiece({ left, relation, right }: Comparison): Piece {
  const operand = (piece: Piece): string => within(piece, level.sum)
  return { text: `${operand(left)} ${relation} ${operand(right)}`, level: level.comparison }
}

export const testPiece = (c: Composing, { test, operand }: Test): Piece =>
  comparisonPiece(test === 'eq0' ? equation(c, operand) : inequality(c, operand).alone)

/** `not (a == b)` as `a != b`. */
export function differencePiece(c: Composing, operand: Expr): Piece {
  const { left, right } = equation(c, operand)
  return { text: `${within(left, level.sum)} != ${within(right, level.sum)}`, level: level.comparison }
}

/** Conditions joined by `and`; for people, two bounds of one expression are joined to a chain. */
export function conjunctionPiece(c: Composing, conditions: readonly Expr[]): Piece {
  const chains = c.style === 'display' ? chainsIn(c, conditions) : new Map<Expr, Piece | undefined>()
  const pieces: Piece[] = []
  for (const condition of conditions) {
    const piece = chains.has(condition) ? chains.get(condition) : c.piece(condition)
    if (piece) pieces.push(piece)
  }
  if (pieces.length === 1) return pieces[0]
  const texts = pieces.map((piece) => within(piece, level.and + 1))
  return { text: joined(texts, ' and '), level: level.and }
}

/** Lower bounds with the upper bound of the same expression; the condition that gave the upper bound has no piece. */
function chainsIn(c: Composing, conditions: readonly Expr[]): Map<Expr, Piece | undefined> {
  const chains = new Map<Expr, Piece | undefined>()
  const bounds = conditions.flatMap((condition) =>
    condition.kind === 'test' && condition.test === 'ge0'
      ? [{ condition, ...inequality(c, condition.operand) }]
      : [],
  )
  for (const low of bounds) {
    if (low.bound !== 'lower') continue
    const high = bounds.find(
      ({ condition, bound, shown }) =>
        bound === 'upper' && !chains.has(condition) && shown.left.text === low.shown.right.text,
    )
    if (!high) continue
    const { relation, right } = high.shown
    const text = `${comparisonPiece(low.shown).text} ${relation} ${within(right, level.sum)}`
    chains.set(low.condition, { text, level: level.comparison })
    chains.set(high.condition, undefined)
  }
  return chains
}
