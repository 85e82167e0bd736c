import type { Builder } from '../builder.js'
import type { Add, Expr, Guard, Term } from '../expr.js'
import { byOrder } from '../order.js'
import { ONE, ZERO, type Rational } from '../rational.js'
import { postorder } from '../walk.js'

/**
 * Longer sums stay nested when they are operands: building `((a + b) + c) + …` from the left would otherwise be
 * quadratic, and shared prefixes would be listed again at every step. Whole-numbered sums are polynomials and always merge.
 */
export const FLATTEN_LIMIT = 8

/** `start + Σ coefficient · node`, like terms collected. A term that cancels stays as `0 · node` unless proven finite. */
export function normalAdd(b: Builder, items: readonly Term[], start: Rational = ZERO): Expr {
  let constant = start
  const coefficients = new Map<Expr, Rational>()
  let guards: Map<string, { conditions: readonly Expr[]; bodies: Expr[] }> | undefined
  let hasSums = false

  const collect = (node: Expr, coefficient: Rational): void => {
    if (node.kind === 'num') constant = constant.plus(node.value.times(coefficient))
    else if (node.kind === 'guard') collectGuard(node, coefficient)
    else {
      hasSums ||= node.kind === 'add'
      const present = coefficients.get(node)
      coefficients.set(node, present ? present.plus(coefficient) : coefficient)
    }
  }
  const collectGuard = (node: Guard, coefficient: Rational): void => {
    const key = conditionsKey(node)
    guards ??= new Map()
    const group = guards.get(key)
    const body = b.scale(coefficient, node.body)
    if (group) group.bodies.push(body)
    else guards.set(key, { conditions: node.conditions, bodies: [body] })
  }
  const collectItem = ({ node, coefficient }: Term): void => {
    if (node.kind !== 'add') return collect(node, coefficient)
    if (!merges(node, coefficient)) return collect(node, coefficient)
    constant = constant.plus(node.constant.times(coefficient))
    for (const term of node.terms) collect(term.node, term.coefficient.times(coefficient))
  }
  for (const item of items) collectItem(item)

  /** Coefficients that cancelled to one leave a sum that would have been merged at once: 3(a + b) - 2(a + b) + c. */
  const mergeSums = (): void => {
    for (let changed = hasSums; changed;) {
      changed = false
      for (const [node, coefficient] of coefficients) {
        if (node.kind !== 'add' || !merges(node, coefficient)) continue
        coefficients.delete(node)
        collectItem({ node, coefficient })
        changed = true
      }
    }
  }
  mergeSums()
  // What was merged may hold guards, and what was guarded may be a sum, or hold under the conditions of others.
  const settled = new Map<string, Guard>()
  while (guards) {
    const groups = guards
    guards = undefined
    for (const { conditions, bodies } of groups.values()) {
      const merged = b.guard(conditions, bodies.length === 1 ? bodies[0] : b.addAll(bodies))
      if (merged.kind !== 'guard') {
        collectItem({ node: merged, coefficient: ONE })
        continue
      }
      const key = conditionsKey(merged)
      const other = settled.get(key)
      if (!other) settled.set(key, merged)
      else {
        settled.delete(key)
        collectGuard(other, ONE)
        collectGuard(merged, ONE)
      }
    }
    mergeSums()
  }
  for (const guard of settled.values()) coefficients.set(guard, ONE)

  const terms: Term[] = []
  for (const [node, coefficient] of coefficients) {
    if (coefficient.isZero && isDefined(node)) continue
    terms.push({ node, coefficient })
  }
  if (terms.length === 0) return b.num(constant)
  if (terms.length === 1 && constant.isZero && terms[0].coefficient.isOne) return terms[0].node
  terms.sort((x, y) => byOrder(x.node, y.node))
  return b.internAdd(constant, terms)
}

const conditionsKey = ({ conditions }: Guard): string => conditions.map(({ id }) => id).join()

const merges = (node: Add, coefficient: Rational): boolean =>
  node.integer || node.terms.length === 1 || (node.terms.length <= FLATTEN_LIMIT && coefficient.abs().isOne)

/** Whole numbers are extents and subscripts, defined wherever the program is, unless they are roundings of what is not. */
const isDefined = (node: Expr): boolean =>
  node.facts.finite || (node.integer && postorder([node]).every((part) => part.integer || part.facts.finite))

/** `coefficient · node`. */
export function normalScale(b: Builder, coefficient: Rational, node: Expr): Expr {
  if (coefficient.isOne) return node
  if (node.kind === 'num') return b.num(node.value.times(coefficient))
  if (coefficient.isZero && isDefined(node)) return b.zero
  if (node.kind === 'guard' && !coefficient.isZero)
    return b.guard(node.conditions, b.scale(coefficient, node.body))
  const term = { node, coefficient }
  const isOneTerm = node.kind === 'add' ? !merges(node, coefficient) : node.kind !== 'guard'
  return isOneTerm ? b.internAdd(ZERO, [term]) : normalAdd(b, [term])
}
