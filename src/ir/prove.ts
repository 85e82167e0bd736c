/**
 * Proofs about whole-numbered expressions: `e >= 0` for all sizes >= 1, all indices in their extents, all data in
 * their bounds. Sound and incomplete: `false` means "not proven".
 */
import type { Builder } from './builder.js'
import type { Expr, Read } from './expr.js'
import { conjuncts, isAboutData } from './normal/condition.js'
import { postorder, replaceNodes } from './walk.js'

export interface Prover extends Builder {
  readonly assumptions: readonly Expr[]
}

/** `e = coefficient · variable + rest`, with neither holding the variable. */
export interface Linear {
  readonly coefficient: Expr
  readonly rest: Expr
}

/** Splits `e` by a variable node in which it is linear. */
export function linearIn(b: Builder, e: Expr, variable: Expr): Linear | undefined {
  const terms = e.kind === 'add' ? e.terms : [{ node: e, coefficient: b.one.value }]
  const coefficients: Expr[] = []
  const rest: Expr[] = e.kind === 'add' ? [b.num(e.constant)] : []
  for (const { node, coefficient } of terms) {
    if (node === variable) coefficients.push(b.num(coefficient))
    else if (!contains(node, variable)) rest.push(b.scale(coefficient, node))
    else if (node.kind === 'mul') {
      const others: Expr[] = []
      let found = false
      for (const { base, exponent } of node.factors) {
        if (base === variable && exponent.isOne && !found) found = true
        else if (contains(base, variable)) return undefined
        else others.push(b.power(base, exponent))
      }
      if (!found) return undefined
      coefficients.push(b.scale(coefficient, b.mulAll(others)))
    } else return undefined
  }
  return { coefficient: b.addAll(coefficients), rest: b.addAll(rest) }
}

const contains = (e: Expr, node: Expr): boolean =>
  node.kind === 'index' ? e.free.includes(node) : postorder([e]).includes(node)

/** How many facts may be subtracted on the way to a proof. */
const DEPTH = 3
/** Expressions looked at for one proof: those that hold are found among the first few. */
const BUDGET = 100
/** Bounds put in for variables before giving up: expressions about extents are small. */
const STEPS = 24

const proven = new WeakMap<Prover, Map<string, boolean>>()

/** Whether `e >= 0` wherever the conditions (each 0 or 1) hold. */
export function isNonNegative(b: Prover, e: Expr, conditions: readonly Expr[] = []): boolean {
  if (e.facts.low >= 0) return true
  if (conditions.some((condition) => condition === b.zero)) return true
  if (e.facts.high < 0) return false
  let memo = proven.get(b)
  if (!memo) proven.set(b, (memo = new Map()))
  const key = `${e.id}|${conditions.map((condition) => condition.id).join()}|${b.assumptions.length}`
  let result = memo.get(key)
  if (result === undefined) {
    const stated = [...factsFrom(b, conditions), ...b.assumptions]
    const isKnown = (side: Expr) => boundBelow(b, side) || stated.includes(side)
    result = search(b, e, [
      ...inequalities(conditions).flatMap((each) => atLeastOne(b, each, isKnown)),
      ...stated,
    ])
    memo.set(key, result)
  }
  return result
}

/** Whether two whole-numbered expressions are equal, by normal form. */
export const isEqual = (b: Builder, x: Expr, y: Expr): boolean => x === y || b.sub(x, y) === b.zero

/** The inequalities `f >= 0` that conditions state. */
function factsFrom(b: Builder, conditions: readonly Expr[]): Expr[] {
  return conditions.flatMap(conjuncts).flatMap((condition) => {
    if (condition.kind !== 'test') return []
    const { operand } = condition
    if (condition.test === 'ge0') return [operand]
    return [operand, b.neg(operand), ...rangesOfTerms(b, operand)]
  })
}

/** What an equation says of other things through the range of an index in it: `i = word[s]` bounds `word[s]`. */
function rangesOfTerms(b: Builder, operand: Expr): Expr[] {
  const terms = operand.kind === 'add' ? operand.terms.map((term) => term.node) : [operand]
  return terms.flatMap((node) =>
    node.kind === 'index' ? [node, b.sub(b.sub(node.extent, b.one), node)] : [],
  )
}

/** The `e` of all conditions `e != 0`. */
function inequalities(conditions: readonly Expr[]): Expr[] {
  return conditions.flatMap(conjuncts).flatMap((condition) => {
    if (condition.kind !== 'apply') return []
    const [equation] = condition.args
    const isInequality = condition.operator === 'not' && equation.kind === 'test' && equation.test === 'eq0'
    return isInequality ? [equation.operand] : []
  })
}

/** `e != 0` says `e >= 1` where `e >= 0` is known. */
const atLeastOne = (b: Builder, e: Expr, isKnown: (side: Expr) => boolean): Expr[] =>
  [e, b.neg(e)].filter(isKnown).map((side) => b.sub(side, b.one))

/** Breadth first: subtracts few facts before many. */
function search(b: Builder, start: Expr, facts: readonly Expr[]): boolean {
  const seen = new Set<Expr>([start])
  let level: readonly Expr[] = [start]
  for (let depth = 0; depth <= DEPTH; depth++) {
    const next: Expr[] = []
    for (const e of level) {
      if (boundBelow(b, e)) return true
      if (depth === DEPTH) continue
      // Facts about what a division divides, or about extents, apply once the division or the index has made way for its bound.
      for (const isReplaced of [isDivision, isBounded]) {
        const bounded = replaceOneVariable(b, withoutCommonFactor(b, e), isReplaced)
        if (!bounded || seen.has(bounded)) continue
        seen.add(bounded)
        next.push(bounded)
      }
      for (const fact of facts) {
        if (!sharesVariable(e, fact)) continue
        for (const multiple of multiples(b, e, fact)) {
          const rest = b.sub(e, multiple)
          if (seen.has(rest) || seen.size >= BUDGET) continue
          seen.add(rest)
          next.push(rest)
        }
      }
    }
    level = next
  }
  return false
}

function sharesVariable(e: Expr, fact: Expr): boolean {
  const mine = new Set(postorder([e]).filter(isVariable))
  return postorder([fact]).some((node) => mine.has(node))
}

const isVariable = (e: Expr): boolean =>
  e.kind === 'index' || e.kind === 'size' || e.kind === 'read' || isDivision(e)
const isDivision = (e: Expr): boolean => e.kind === 'apply' && (e.operator === 'idiv' || e.operator === 'mod')

/** The multiples of a fact that cancel a term of `e`. */
function multiples(b: Builder, e: Expr, fact: Expr): Expr[] {
  const found = new Set<Expr>([fact])
  const mine = e.kind === 'add' ? e.terms : [{ node: e, coefficient: b.one.value }]
  const theirs = fact.kind === 'add' ? fact.terms : [{ node: fact, coefficient: b.one.value }]
  for (const { node, coefficient } of mine)
    for (const other of theirs) {
      const ratio = coefficient.dividedBy(other.coefficient)
      if (ratio.isNegative || ratio.isOne || !ratio.isInteger) continue
      if (node === other.node) found.add(b.scale(ratio, fact))
    }
  // A fact times a size: stride · (what the fact says of one step).
  for (const { node } of mine) {
    if (node.kind !== 'mul') continue
    for (const other of theirs) {
      const factor = b.div(node, other.node)
      if (factor.integer && factor.facts.low >= 0 && factor.kind !== 'num') found.add(b.mul(factor, fact))
    }
  }
  return [...found]
}

/** Puts the least value of each variable for it; true if what is left is a sum of non-negative terms. */
function boundBelow(b: Builder, start: Expr): boolean {
  let e = start
  for (let step = 0; step < STEPS; step++) {
    if (e.facts.low >= 0) return true
    e = withoutCommonFactor(b, e)
    const next = replaceOneVariable(b, e)
    if (!next) return hasOnlyNonNegativeTerms(b, e)
    e = next
  }
  return false
}

/** `2x - 1 >= 0` is `x - 1 >= 0` for whole numbers: the bounds of divisions are exact only for a coefficient of one. */
function withoutCommonFactor(b: Builder, e: Expr): Expr {
  const test = b.ge0(e)
  return test.kind === 'test' ? test.operand : e
}

/** With `size = 1 + s`, `s >= 0`: every coefficient is non-negative. */
function hasOnlyNonNegativeTerms(b: Builder, e: Expr): boolean {
  const sizes = postorder([e]).filter((node) => node.kind === 'size')
  if (sizes.length === 0) return false
  const shifted = replaceNodes(b, e, new Map(sizes.map((size) => [size, b.add(size, b.one)])))
  if (shifted.kind !== 'add') return false
  return (
    !shifted.constant.isNegative &&
    shifted.terms.every(({ node, coefficient }) => node.facts.low >= 0 && !coefficient.isNegative)
  )
}

const isBounded = (e: Expr): boolean => e.kind === 'index' || e.kind === 'read' || isDivision(e)

/** A smaller expression: the last variable that occurs linearly and whose sign is known gets its bound. */
function replaceOneVariable(b: Builder, e: Expr, isReplaced = isBounded): Expr | undefined {
  const variables = postorder([e]).filter(isReplaced)
  for (const variable of variables.reverse()) {
    const linear = linearIn(b, e, variable)
    if (!linear) continue
    const { coefficient, rest } = linear
    const sign = signOf(b, coefficient)
    if (sign === 0) continue
    if (variable.kind === 'apply') {
      const [dividend, divisor] = variable.args
      if (!(divisor.facts.low > 0)) continue
      if (variable.operator === 'mod') {
        const bound = sign > 0 ? b.zero : b.sub(divisor, b.one)
        return b.add(b.mul(coefficient, bound), rest)
      }
      // q = idiv(a, c): rest + q >= 0 exactly if a + c·rest >= 0; rest - q >= 0 exactly if c·rest + c - 1 - a >= 0;
      // with other coefficients, c·q lies in a - c + 1 … a.
      const scaled = b.mul(divisor, rest)
      if (coefficient === b.one) return b.add(dividend, scaled)
      const slack = b.sub(divisor, b.one)
      if (b.neg(coefficient) === b.one) return b.add(scaled, slack, b.neg(dividend))
      const multiple = sign > 0 ? b.sub(dividend, slack) : dividend
      return b.add(b.mul(coefficient, multiple), scaled)
    }
    const bound = sign > 0 ? lowest(b, variable) : highest(b, variable)
    if (bound) return b.add(b.mul(coefficient, bound), rest)
  }
  return undefined
}

function signOf(b: Builder, e: Expr): number {
  if (e.facts.low >= 0 || hasOnlyNonNegativeTerms(b, e)) return 1
  if (e.facts.high <= 0 || hasOnlyNonNegativeTerms(b, b.neg(e))) return -1
  return 0
}

function lowest(b: Builder, variable: Expr): Expr | undefined {
  if (Number.isFinite(variable.facts.low)) return b.num(variable.facts.low)
  if (variable.kind === 'read' && variable.def.kind === 'input' && variable.def.bounds.length > 0)
    return b.zero
  return undefined
}

/** How many entries an `argmax` or `argmin` chooses from: its value is below. */
function choices(b: Builder, { def }: Read): Expr | undefined {
  if (def.kind !== 'computed' || !def.reduction) return undefined
  const { kind, idx } = def.reduction
  return kind === 'argmax' || kind === 'argmin' ? b.mulAll(idx.map((index) => index.extent)) : undefined
}

function highest(b: Builder, variable: Expr): Expr | undefined {
  if (variable.kind === 'index') return b.sub(variable.extent, b.one)
  if (Number.isFinite(variable.facts.high)) return b.num(variable.facts.high)
  if (variable.kind === 'read' && variable.def.kind === 'input' && variable.def.bounds.length > 0)
    return b.sub(variable.def.bounds[0], b.one)
  const count = variable.kind === 'read' ? choices(b, variable) : undefined
  return count && b.sub(count, b.one)
}

/** Whether `0 <= e < extent` wherever the conditions hold. */
export function isInRange(b: Prover, e: Expr, extent: Expr, conditions: readonly Expr[] = []): boolean {
  if (e.kind === 'index' && e.extent === extent) return true
  // Data that several axes bound: the boundary checks each.
  if (e.kind === 'read' && e.def.kind === 'input' && e.def.bounds.includes(extent)) return true
  return isNonNegative(b, e, conditions) && isNonNegative(b, b.sub(b.sub(extent, b.one), e), conditions)
}

/**
 * The first read of `e` that is not proven in range, guards inside `e` and the given conditions considered.
 * Guards protect their body, and the arms of a `select` are protected by its condition.
 */
export function findUnsafeRead(b: Prover, e: Expr, conditions: readonly Expr[] = []): Expr | undefined {
  const stack: { node: Expr; conditions: readonly Expr[] }[] = [{ node: e, conditions }]
  const seen = new Map<Expr, Set<string>>()
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node } = next
    const context = next.conditions
    const key = context.map((condition) => condition.id).join()
    let contexts = seen.get(node)
    if (!contexts) seen.set(node, (contexts = new Set()))
    // What is safe without conditions is safe under any.
    if (contexts.has(key) || contexts.has('')) continue
    contexts.add(key)
    if (!readsElements(node)) continue
    if (node.kind === 'guard') {
      let inner = context
      for (const condition of node.conditions) {
        stack.push({ node: condition, conditions: inner })
        inner = within(inner, condition)
      }
      stack.push({ node: node.body, conditions: inner })
      continue
    }
    if (node.kind === 'apply' && node.operator === 'select') {
      const [condition, consequent, alternate] = node.args
      stack.push({ node: condition, conditions: context })
      stack.push({ node: consequent, conditions: within(context, condition) })
      stack.push({ node: alternate, conditions: within(context, b.not(condition)) })
      continue
    }
    if (node.kind === 'read')
      for (const [axis, arg] of node.args.entries())
        if (!isInRange(b, arg, node.def.idx[axis].extent, context)) return node
    for (const operand of node.operands) stack.push({ node: operand, conditions: context })
  }
  return undefined
}

/** What is known under one condition more: those on data prove nothing of subscripts. */
function within(context: readonly Expr[], condition: Expr): readonly Expr[] {
  const added = conjuncts(condition).filter((each) => !isAboutData(each) && !context.includes(each))
  return added.length === 0 ? context : [...context, ...added]
}

const reading = new WeakMap<Expr, boolean>()

/** Whether there is a read with subscripts. */
function readsElements(e: Expr): boolean {
  const own = (node: Expr): boolean => node.kind === 'read' && node.args.length > 0
  for (const node of postorder([e], (below) => !reading.has(below)))
    reading.set(node, own(node) || node.operands.some((operand) => reading.get(operand) === true))
  return reading.get(e) === true
}
