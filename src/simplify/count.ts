import type { Expr } from '../ir/expr.js'
import { HALF, type Rational } from '../ir/rational.js'
import { shortNumber } from '../ir/print-pieces.js'
import { operandsOf, postorder } from '../ir/walk.js'

/** Reductions within each other that are looked into. */
const DEEPEST = 40

/** Numbers, names and operators of expressions written out as trees. */
export class NodeCounts {
  private readonly memo = new Map<Expr, number>()
  private depth = 0

  of(root: Expr): number {
    for (const node of postorder([root], (e) => !this.memo.has(e))) {
      let count = own(node) + this.reduction(node)
      for (const operand of operandsOf(node)) count += this.memo.get(operand) ?? 0
      this.memo.set(node, count)
    }
    return this.memo.get(root) ?? 0
  }

  /** What a reduction is made of: `sum[k < 3] k * x` says it once, whatever it is used for. */
  private reduction(e: Expr): number {
    if (e.kind !== 'read' || e.def.kind !== 'computed' || !e.def.reduction || !e.def.body) return 0
    if (e.def.nominal || this.depth > DEEPEST) return 0
    const { idx, filter } = e.def.reduction
    this.depth++
    const parts = [e.def.body, ...idx.map(({ extent }) => extent), ...filter]
    const count = parts.reduce((sum, part) => sum + this.of(part), 0)
    this.depth--
    return count + 2 * idx.length + filter.length
  }
}

function own(e: Expr): number {
  switch (e.kind) {
    case 'num':
      return ofNumber(e.value.abs()) + (e.value.isNegative ? 1 : 0)
    case 'constant':
    case 'size':
    case 'index':
    case 'read':
      return 1
    case 'add': {
      let scales = 0
      for (const { node, coefficient } of e.terms) scales += ofScale(coefficient.abs(), node)
      const constant = e.constant.isZero ? 0 : 1 + ofNumber(e.constant.abs())
      // A leading minus is an operator.
      const negated = e.terms.every(({ coefficient }) => coefficient.isNegative) && e.constant.isZero
      return e.terms.length - 1 + scales + constant + (negated ? 1 : 0)
    }
    case 'mul': {
      // A root is one operator, another power has an exponent to be counted.
      let powers = 0
      for (const { exponent } of e.factors) {
        const magnitude = exponent.abs()
        if (!magnitude.isOne) powers += magnitude.equals(HALF) ? 1 : magnitude.isInteger ? 2 : 4
      }
      return e.factors.length - 1 + powers + (standsBelow(e) ? 2 : 0)
    }
    case 'apply':
    case 'test':
    case 'stop':
      return 1
    case 'guard':
      // A condition is a number itself: 1 where it holds.
      return isUnit(e.body) ? e.conditions.length - 2 : e.conditions.length + 1
  }
}

const isUnit = (e: Expr): boolean => e.kind === 'num' && e.value.abs().isOne

const standsBelow = (e: Expr): boolean =>
  e.kind === 'mul' && e.factors.every(({ exponent }) => exponent.isNegative)

/** `2/3` is two numbers and a sign; `0.125` is one. */
const ofNumber = (value: Rational): number => (isDecimal(value) ? 1 : 3) + unreadable(value)

/** Continued fractions as one would have numbers of hundreds of digits, which in the end no binary64 number is: nothing is won by these. */
const DIGITS = 10n ** 30n
const UNREADABLE = 100

function unreadable(value: Rational): number {
  let n = value.abs().n
  while (n >= DIGITS && n % 10n === 0n) n /= 10n
  return n < DIGITS && (value.d < DIGITS || isDecimal(value)) ? 0 : UNREADABLE
}

/** A numerator and a denominator of one digit are a fraction, `x / 4`, longer ones a decimal where that ends soon. */
const isOneNumber = (value: Rational): boolean => value.isInteger || shortNumber(value) !== undefined

function isDecimal({ d }: Rational): boolean {
  let rest = d
  for (; rest % 10n === 0n; rest /= 10n);
  for (; rest % 2n === 0n; rest /= 2n);
  for (; rest % 5n === 0n; rest /= 5n);
  return rest === 1n
}

/** What a number in front adds: `2x`, `x / 3`, `2x / 3`; in `2 / x` it takes the place of a 1. */
function ofScale(coefficient: Rational, node: Expr): number {
  if (coefficient.isOne) return 0
  const multiplies = isOneNumber(coefficient) || coefficient.n !== 1n
  const divides = !isOneNumber(coefficient)
  return (multiplies && !standsBelow(node) ? 2 : 0) + (divides ? 2 : 0) + unreadable(coefficient)
}
