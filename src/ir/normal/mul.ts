import type { Builder } from '../builder.js'
import type { Expr, Factor } from '../expr.js'
import { isNonNegativeValue } from '../facts.js'
import { byOrder } from '../order.js'
import { rationalRoot } from '../integers.js'
import { ONE, Rational } from '../rational.js'
import { summandsOf } from '../term.js'
import { FLATTEN_LIMIT } from './add.js'

/** A product of whole-numbered sums is expanded up to this many terms; beyond, it stays a product. */
const EXPANSION_LIMIT = 64

/** Whether `base^a · base^b = base^(a+b)` wherever the left side is defined, and undefined where it is not. */
function mayMerge(base: Expr, a: Rational, b: Rational): boolean {
  const total = a.plus(b)
  const sameSign = a.isNegative === b.isNegative
  if (sameSign && ((a.isInteger && b.isInteger) || !total.isInteger)) return true
  const positiveOrZero = isNonNegativeValue(base.facts)
  if (sameSign) return positiveOrZero && base.facts.finite
  // A pole cancels only if it is proven not to be there; a root only if its domain is the whole range.
  return base.facts.nonzero && base.facts.finite && ((a.isInteger && b.isInteger) || positiveOrZero)
}

const compare = (x: Factor, y: Factor): number => byOrder(x.base, y.base) || x.exponent.compare(y.exponent)

function isSorted(factors: readonly Factor[]): boolean {
  for (let at = 1; at < factors.length; at++) if (compare(factors[at - 1], factors[at]) > 0) return false
  return true
}

class Product {
  coefficient: Rational = ONE
  readonly conditions: Expr[] = []
  /** Mostly one exponent to a base. */
  private readonly exponents = new Map<Expr, Rational | Rational[]>()

  multiply(base: Expr, exponent: Rational): void {
    const present = this.exponents.get(base)
    if (!present) {
      this.exponents.set(base, exponent)
      return
    }
    if (!Array.isArray(present)) {
      this.exponents.set(
        base,
        mayMerge(base, present, exponent) ? present.plus(exponent) : [present, exponent],
      )
      return
    }
    const at = present.findIndex((other) => mayMerge(base, other, exponent))
    if (at < 0) present.push(exponent)
    else present[at] = present[at].plus(exponent)
  }

  factors(): Factor[] {
    const factors: Factor[] = []
    this.exponents.forEach((exponents, base) => {
      if (!Array.isArray(exponents)) {
        if (!exponents.isZero) factors.push({ base, exponent: exponents })
      } else for (const exponent of exponents) if (!exponent.isZero) factors.push({ base, exponent })
    })
    return isSorted(factors) ? factors : factors.sort(compare)
  }
}

export function normalMul(b: Builder, items: readonly Expr[]): Expr {
  const product = new Product()
  const pending: Expr[] = items.toReversed()
  while (pending.length > 0) {
    const item = pending.pop()
    if (item === undefined) break
    if (item.kind === 'num') product.coefficient = product.coefficient.times(item.value)
    else if (item.kind === 'guard') {
      product.conditions.push(...item.conditions)
      pending.push(item.body)
    } else if (item.kind === 'add' && item.terms.length === 1 && item.constant.isZero) {
      product.coefficient = product.coefficient.times(item.terms[0].coefficient)
      pending.push(item.terms[0].node)
    } else if (item.kind === 'mul' && (item.integer || item.factors.length <= FLATTEN_LIMIT)) {
      for (const { base, exponent } of item.factors) product.multiply(base, exponent)
    } else product.multiply(item, ONE)
  }
  const body = assemble(b, product)
  return product.conditions.length > 0 ? b.guard(product.conditions, body) : body
}

function assemble(b: Builder, product: Product): Expr {
  const factors: Factor[] = []
  let coefficient = product.coefficient
  for (const factor of product.factors()) {
    // Merging may have made a number's fractional power whole again: √2 · √2.
    if (factor.base.kind === 'num' && factor.exponent.isInteger) {
      const value = b.power(factor.base, factor.exponent)
      if (value.kind === 'num') {
        coefficient = coefficient.times(value.value)
        continue
      }
    }
    factors.push(factor)
  }
  if (factors.length === 0) return b.num(coefficient)
  const expanded = expand(b, factors)
  const node =
    expanded ?? (factors.length === 1 && factors[0].exponent.isOne ? factors[0].base : b.internMul(factors))
  return b.scale(coefficient, node)
}

/** Whole-numbered polynomials have one normal form, so that equality of extents is identity. */
function expand(b: Builder, factors: readonly Factor[]): Expr | undefined {
  let terms = 1
  let sums = 0
  for (const { base, exponent } of factors) {
    if (!base.integer || !exponent.isInteger || exponent.isNegative) return undefined
    if (base.kind !== 'add') continue
    const size = base.terms.length + (base.constant.isZero ? 0 : 1)
    if (exponent.n > 6n) return undefined
    sums++
    terms *= size ** Number(exponent.n)
  }
  if (sums === 0 || terms > EXPANSION_LIMIT) return undefined
  let partial: Expr[] = [b.one]
  for (const { base, exponent } of factors) {
    if (base.kind !== 'add') {
      const factor = b.power(base, exponent)
      partial = partial.map((term) => b.mul(term, factor))
      continue
    }
    const summands = summandsOf(b, base)
    for (let count = exponent.n; count > 0n; count--)
      partial = partial.flatMap((term) => summands.map((summand) => b.mul(term, summand)))
  }
  return b.addAll(partial)
}

export function normalPower(b: Builder, base: Expr, exponent: Rational): Expr {
  if (exponent.isZero) return b.one
  if (exponent.isOne) return base
  if (base.kind === 'num') return powerOfNumber(b, base.value, exponent)
  if (base.kind === 'guard' && !exponent.isNegative)
    return b.guard(base.conditions, b.power(base.body, exponent))
  if (exponent.isInteger) {
    if (
      base.kind === 'add' &&
      base.terms.length === 1 &&
      base.constant.isZero &&
      !base.terms[0].coefficient.isZero
    ) {
      const { node, coefficient } = base.terms[0]
      return b.mul(b.power(b.num(coefficient), exponent), b.power(node, exponent))
    }
    if (base.kind === 'mul' && base.factors.every((factor) => isExactPower(factor, exponent)))
      return b.mulAll(base.factors.map((factor) => b.power(factor.base, factor.exponent.times(exponent))))
  }
  return b.mulAll([b.internMul([{ base, exponent }])])
}

/** `(base^e)^exponent = base^(e · exponent)`, with the same domain; `1/(1/0)` is 0 as IEEE arithmetic has it. */
function isExactPower({ base, exponent: inner }: Factor, exponent: Rational): boolean {
  return (
    inner.isInteger ||
    !inner.times(exponent).isInteger ||
    (isNonNegativeValue(base.facts) && base.facts.finite)
  )
}

function powerOfNumber(b: Builder, value: Rational, exponent: Rational): Expr {
  if (value.isOne) return b.one
  if (value.isZero && !exponent.isNegative) return b.zero
  if (exponent.isInteger && !value.isZero && exponent.abs().compare(Rational.of(4096)) <= 0) {
    const magnitude = exponent.isMinusOne ? value : integerPower(value, exponent.abs().n)
    if (magnitude) return b.num(exponent.isNegative ? magnitude.inverse() : magnitude)
  }
  const root = exponent.d === 2n ? rationalRoot(value, 2) : undefined
  if (root && !(root.isZero && exponent.isNegative)) return b.power(b.num(root), Rational.of(exponent.n))
  return b.internMul([{ base: b.num(value), exponent }])
}

function integerPower(value: Rational, exponent: bigint): Rational | undefined {
  let result = ONE
  for (let square = value; ; square = square.times(square)) {
    if (exponent % 2n === 1n) result = result.times(square)
    if (!result.isSmall) return undefined
    exponent /= 2n
    if (exponent === 0n) return result
    if (!square.isSmall) return undefined
  }
}
