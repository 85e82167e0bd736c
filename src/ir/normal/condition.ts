import type { Builder } from '../builder.js'
import type { Add, Apply, Expr, Index } from '../expr.js'
import { asSet } from '../order.js'
import { MINUS_ONE, Rational } from '../rational.js'
import { postorder } from '../walk.js'

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))

/** The greatest common divisor of the coefficients of a whole-numbered sum, if they are whole. */
function content(e: Add): bigint {
  return e.terms.reduce(
    (divisor, term) => (term.coefficient.isInteger ? gcd(divisor, term.coefficient.n) : 1n),
    0n,
  )
}

/** `e >= 0` for whole numbers, common factors removed: `2i - 1 >= 0` is `i - 1 >= 0`. */
export function normalGe0(b: Builder, e: Expr): Expr {
  if (e.facts.low >= 0) return b.one
  if (e.facts.high < 0) return b.zero
  if (e.kind === 'add') {
    const divisor = content(e)
    if (divisor > 1n) {
      const scale = Rational.of(1, divisor)
      const terms = b.addAll(e.terms.map((term) => b.scale(term.coefficient.times(scale), term.node)))
      return b.internTest('ge0', b.add(terms, b.num(e.constant.times(scale).floor())))
    }
  }
  return b.internTest('ge0', e)
}

/** `e = 0` for whole numbers, with the first coefficient positive and common factors removed. */
export function normalEq0(b: Builder, e: Expr): Expr {
  if (e.kind === 'num') return e.value.isZero ? b.one : b.zero
  if (e.facts.low > 0 || e.facts.high < 0) return b.zero
  if (e.kind === 'guard') {
    if (e.body.facts.nonzero) return b.not(b.and(e.conditions))
    if (isLedByMinus(e.body)) return b.internTest('eq0', b.neg(e))
  }
  if (e.kind === 'add') {
    const divisor = content(e)
    const sign = isLedByMinus(e) ? MINUS_ONE : Rational.of(1)
    if (divisor > 1n && !e.constant.dividedBy(Rational.of(divisor)).isInteger) return b.zero
    if (divisor > 1n || sign.isNegative)
      return b.internTest('eq0', b.scale(sign.dividedBy(Rational.of(divisor || 1n)), e))
  }
  return b.internTest('eq0', e)
}

const isLedByMinus = (e: Expr): boolean => e.kind === 'add' && e.terms[0].coefficient.isNegative

export function normalNot(b: Builder, condition: Expr): Expr {
  if (condition.kind === 'num') return condition.value.isZero ? b.one : b.zero
  if (condition.kind === 'test' && condition.test === 'ge0')
    return b.ge0(b.add(b.neg(condition.operand), b.num(-1)))
  if (condition.kind === 'apply')
    switch (condition.operator) {
      case 'not':
        return condition.args[0]
      // Of NaN too one of both holds, unlike of inequalities.
      case 'eq':
        return b.apply('ne', condition.args)
      case 'ne':
        return b.apply('eq', condition.args)
      default:
    }
  return b.internApply('not', [condition])
}

/**
 * More conditions on data than this stand together as one, and are taken apart no more: a nest of choices has as many
 * conditions as it is deep, and each level of its derivative would list all of them.
 */
const LONG = 8

/** Inequalities and equations of whole numbers always stand alone: proofs are made of them. */
export function isAboutData(condition: Expr): boolean {
  const inner = condition.kind === 'apply' && condition.operator === 'not' ? condition.args[0] : condition
  return inner.kind !== 'test'
}

const sizes = new WeakMap<Expr, number>()
const isOr = (e: Expr): e is Apply => e.kind === 'apply' && e.operator === 'or'
const isAnd = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'and'

/** Whether an `and` holds so many conditions on data that it counts as one. */
function isClosed(condition: Expr): boolean {
  for (const node of postorder([condition], (e) => isAnd(e) && !sizes.has(e))) {
    let size = 0
    for (const operand of node.operands) {
      const theirs = sizes.get(operand) ?? Number(isAboutData(operand))
      size += theirs > LONG ? 1 : theirs
    }
    sizes.set(node, size)
  }
  return (sizes.get(condition) ?? 0) > LONG
}

/** The conditions that must all hold; `and` is taken apart. */
export function conjuncts(condition: Expr): Expr[] {
  const found: Expr[] = []
  const pending = [condition]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'apply' && next.operator === 'and' && !isClosed(next))
      pending.push(next.args[1], next.args[0])
    else found.push(next)
  }
  return found
}

/** Those of one that is taken apart no more, with the ones that are so themselves. */
export const conjunctsOfClosed = (condition: Expr): Expr[] => condition.operands.flatMap(conjuncts)

/** The set of conditions to which all of these come. */
function conjunction(b: Builder, conditions: readonly Expr[]): readonly Expr[] {
  const all = asSet(conditions.flatMap(conjuncts)).filter((condition) => !isTrue(condition))
  // `p and (p or q)` is `p`.
  const set = all.filter((condition) => !(isOr(condition) && condition.args.some((arg) => all.includes(arg))))
  const data = set.filter(isAboutData)
  if (data.length <= LONG) return set
  return asSet([...set.filter((condition) => !isAboutData(condition)), chain(b, data)])
}

const chain = (b: Builder, conditions: readonly Expr[]): Expr =>
  conditions.reduce((all, condition) => b.internApply('and', [all, condition]))

export function normalAnd(b: Builder, conditions: readonly Expr[]): Expr {
  const set = conjunction(b, conditions)
  return set.some(isFalse) ? b.zero : set.length === 0 ? b.one : chain(b, set)
}

export const isTrue = (condition: Expr): boolean => condition.kind === 'num' && !condition.value.isZero
export const isFalse = (condition: Expr): boolean => condition.kind === 'num' && condition.value.isZero

/**
 * `body if all conditions hold, else 0`. An equation that renames an index (`i = j` of one extent) or fixes it
 * is substituted into the body, so that `δ_ij x_i` and `δ_ij x_j` are one node.
 */
export function normalGuard(
  b: Builder,
  conditions: readonly Expr[],
  body: Expr,
  substitute: (e: Expr, from: Index, to: Expr) => Expr,
): Expr {
  let all = conditions.flatMap(conjuncts)
  let inner = body
  while (inner.kind === 'guard') {
    all.push(...inner.conditions)
    inner = inner.body
  }
  const done = new Set<Index>()
  for (
    let equation = findRenaming(b, all, inner, done);
    equation;
    equation = findRenaming(b, all, inner, done)
  ) {
    const { index, value, condition } = equation
    done.add(index)
    inner = substitute(inner, index, value)
    all = all.map((other) => (other === condition ? other : substitute(other, index, value)))
    while (inner.kind === 'guard') {
      all.push(...inner.conditions)
      inner = inner.body
    }
  }
  const set = conjunction(b, all)
  if (set.some(isFalse)) return b.zero
  if (inner.kind === 'num' && inner.value.isZero) return b.zero
  return set.length === 0 ? inner : b.internGuard(set, inner)
}

interface Renaming {
  readonly condition: Expr
  readonly index: Index
  readonly value: Expr
}

function findRenaming(
  b: Builder,
  conditions: readonly Expr[],
  body: Expr,
  done: ReadonlySet<Index>,
): Renaming | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'test' || condition.test !== 'eq0') continue
    const found = renamingOf(b, condition.operand)
    if (!found || done.has(found.index)) continue
    const occurs = (e: Expr): boolean => e !== condition && e.free.includes(found.index)
    if (body.free.includes(found.index) || conditions.some(occurs)) return { condition, ...found }
  }
  return undefined
}

/** `j - i = 0` of one extent renames the later index; `i - e = 0` with `e` free of indices fixes it. */
function renamingOf(b: Builder, operand: Expr): { index: Index; value: Expr } | undefined {
  if (operand.kind === 'index') return { index: operand, value: b.zero }
  if (operand.kind !== 'add' || operand.free.length === 0 || operand.free.length > 2) return undefined
  const [first, second] = operand.free
  const term = operand.terms.find(({ node }) => node === (second ?? first))
  if (!term?.coefficient.abs().isOne || term.node.kind !== 'index') return undefined
  const value = term.coefficient.isOne ? b.sub(term.node, operand) : b.add(term.node, operand)
  if (second && (value !== first || first.extent !== term.node.extent)) return undefined
  if (value.free.includes(term.node)) return undefined
  return { index: term.node, value }
}
