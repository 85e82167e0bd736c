/** Products that share factors compute what they share once, as a reverse sweep written by hand does. */
import { Dependencies } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { type Memo, NodeMap } from '../ir/node-map.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { ONE, type Rational } from '../ir/rational.js'
import { rewrite } from '../ir/walk.js'
import { redefine } from './inline.js'

/** Longer products are left alone: the number of their pairs is not theirs. */
const LONGEST = 12
/** There are fewer factors: pairs of their numbers are numbers. */
const LARGEST = 2 ** 26
/** Each round makes products of what the rounds before it made. */
const ROUNDS = 12

/** A number in front, a power, or the product of two factors that come together elsewhere too. */
type Factor =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'power'; readonly base: Expr; readonly exponent: Rational }
  | { readonly kind: 'pair'; readonly left: number; readonly right: number }

/** A product as a multiset of factors, by their numbers, with the sign left out. */
interface Product {
  factors: readonly number[]
}

/** Two factors, by their numbers, and the products that hold both. */
interface Pair {
  readonly left: number
  readonly right: number
  readonly of: Product[]
}

/**
 * The expressions with pairs of factors that two products have in common as values of their own. Products in arms of a selection count
 * only if they stand elsewhere as well: what need not be computed stays where it is.
 */
export function shareFactors(graph: Graph, roots: readonly Expr[]): readonly Expr[] {
  const products = new Products()
  collect(roots, products)
  if (!products.share()) return roots
  const memo = new NodeMap<Expr>()
  return roots.map(
    (root) =>
    rewrite(graph, root, (original, rebuilt) => products.rebuilt(graph, original, rebuilt, memo), undefined, memo), // prettier-ignore
  )
}

/** All products that are computed whatever arms are taken. */
function collect(roots: readonly Expr[], products: Products): void {
  const seen = new Set<Expr>(roots)
  const pending = [...roots]
  for (const root of roots) products.add(root, undefined)
  const visit = (e: Expr): void => {
    if (seen.has(e)) return
    seen.add(e)
    pending.push(e)
  }
  for (let e = pending.pop(); e; e = pending.pop()) {
    if (e.integer) continue
    switch (e.kind) {
      case 'add':
        for (const { node, coefficient } of e.terms) products.add(node, coefficient)
        e.operands.forEach(visit)
        break
      case 'apply':
        for (const operand of e.operator === 'select' ? [e.args[0]] : e.args) {
          products.add(operand, undefined)
          visit(operand)
        }
        break
      case 'guard':
        e.conditions.forEach(visit)
        break
      default:
        for (const operand of e.operands) {
          products.add(operand, undefined)
          visit(operand)
        }
    }
  }
}

class Products {
  private readonly factors: Factor[] = []
  /** Numbers of factors: of nodes in products and of those with no more than a number in front, of powers and numbers by their text, of pairs by the numbers of both. */
  private readonly nodes = new NodeMap<number>()
  private readonly terms = new NodeMap<number>()
  private readonly named = new Map<string, number>()
  private readonly pairs = new Map<number, number>()
  private readonly products: Product[] = []
  /** Products by their nodes, those with a number in front by that too. */
  private readonly plain = new NodeMap<Product>()
  private readonly scaled = new NodeMap<Map<string, Product>>()

  add(e: Expr, coefficient: Rational | undefined): void {
    const size = coefficient?.abs()
    const scale = size && !size.isOne ? size : undefined
    if (e.integer || (e.kind !== 'mul' && !scale)) return
    const own = e.kind === 'mul' ? e.factors : []
    if (own.length > LONGEST) return
    if (this.find(e, scale)) return
    const factors = own.map(({ base, exponent }) => this.power(base, exponent))
    if (scale) {
      if (own.length === 0) factors.push(this.node(this.terms, e))
      factors.push(this.number(this.named, `=${scale}`, { kind: 'number', value: scale }))
    }
    // `√x √x`, which is x only where that is not negative: a pair taken out of it would take both.
    if (new Set(factors).size < factors.length) return
    const product = { factors }
    this.products.push(product)
    if (!scale) this.plain.set(e, product)
    else this.scaled.set(e, (this.scaled.get(e) ?? new Map<string, Product>()).set(scale.toString(), product))
  }

  private find(e: Expr, scale: Rational | undefined): Product | undefined {
    return scale ? this.scaled.get(e)?.get(scale.toString()) : this.plain.get(e)
  }

  private power(base: Expr, exponent: Rational): number {
    if (exponent.isOne) return this.node(this.nodes, base)
    return this.number(this.named, `${base.id}^${exponent}`, { kind: 'power', base, exponent })
  }

  private node(numbers: NodeMap<number>, base: Expr): number {
    let number = numbers.get(base)
    if (number === undefined) numbers.set(base, (number = this.factors.push({ kind: 'power', base, exponent: ONE }) - 1)) // prettier-ignore
    return number
  }

  private number<K>(numbers: Map<K, number>, key: K, factor: Factor): number {
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, (number = this.factors.push(factor) - 1))
    return number
  }

  /** Makes pairs until no two products have one in common; whether there was any. */
  share(): boolean {
    let changed = false
    // After a round no two products have a pair in common that they had before: the next ones hold a pair that it made.
    let fresh: ReadonlySet<number> | undefined
    for (let round = 0; round < ROUNDS; round++) {
      const pairs = this.sharedPairs(fresh)
      if (pairs.length === 0) break
      const made = new Set<number>()
      pairs.sort((a, b) => b.of.length - a.of.length)
      for (const { left, right, of } of pairs) {
        const holding = of.filter(({ factors }) => factors.includes(left) && factors.includes(right))
        if (holding.length < 2) continue
        changed = true
        const pair = this.number(this.pairs, left * LARGEST + right, { kind: 'pair', left, right })
        made.add(pair)
        for (const product of holding) {
          const rest = product.factors.filter((factor) => factor !== left && factor !== right)
          rest.push(pair)
          product.factors = rest
        }
      }
      fresh = made
    }
    return changed
  }

  /** What is divided by stays where it is. */
  private isShareable(factor: Factor): boolean {
    return factor.kind !== 'power' || !factor.exponent.isNegative
  }

  /** The pairs of factors that several products hold, at least one of the two `among` the given factors. */
  private sharedPairs(among?: ReadonlySet<number>): Pair[] {
    /** The first product that holds a pair, then the pair. */
    const found = new Map<number, Product | Pair>()
    const count = this.factors.length
    for (const product of this.products) {
      if (product.factors.length < 2 || (among && !product.factors.some((factor) => among.has(factor))))
        continue
      const numbers = product.factors.filter((number) => this.isShareable(this.factors[number]))
      numbers.sort((a, b) => a - b)
      for (let first = 0; first < numbers.length; first++)
        for (let second = first + 1; second < numbers.length; second++) {
          const left = numbers[first]
          const right = numbers[second]
          if (among && !among.has(left) && !among.has(right)) continue
          const key = left * count + right
          const known = found.get(key)
          if (known === undefined) found.set(key, product)
          else if ('of' in known) known.of.push(product)
          else found.set(key, { left, right, of: [known, product] })
        }
    }
    const shared: Pair[] = []
    for (const each of found.values()) if ('of' in each) shared.push(each)
    return shared
  }

  /** What a node becomes, given those below it. */
  rebuilt(graph: Graph, original: Expr, rebuilt: Expr, memo: Memo<Expr>): Expr {
    if (original.kind === 'mul') return this.product(graph, original, undefined, memo) ?? rebuilt
    if (original.kind !== 'add' || original.integer) return rebuilt
    const terms = original.terms.map(({ node, coefficient }) => {
      const size = coefficient.abs()
      const product = size.isOne ? undefined : this.product(graph, node, size, memo)
      if (!product) return graph.scale(coefficient, memo.get(node) ?? node)
      return coefficient.isNegative ? graph.neg(product) : product
    })
    return graph.addAll([graph.num(original.constant), ...terms])
  }

  private product(graph: Graph, e: Expr, scale: Rational | undefined, memo: Memo<Expr>): Expr | undefined {
    const factors = this.find(e, scale)?.factors
    if (!factors?.some((factor) => this.factors[factor].kind === 'pair')) return undefined
    return graph.mulAll(factors.map((factor) => this.expr(graph, factor, memo)))
  }

  private expr(graph: Graph, number: number, memo: Memo<Expr>): Expr {
    const factor = this.factors[number]
    switch (factor.kind) {
      case 'number':
        return graph.num(factor.value)
      case 'power':
        return graph.power(memo.get(factor.base) ?? factor.base, factor.exponent)
      case 'pair':
        return graph.stop(
          graph.mul(this.expr(graph, factor.left, memo), this.expr(graph, factor.right, memo)),
        )
    }
  }
}

/** The same in the definitions of numbers of each entry; in loops the scheduler decides what is computed where. */
export function shareFactorsOfNumbers(): Pass {
  return {
    name: 'share-factors',
    doc: 'What products of numbers have in common is computed once',
    run: (program) => ({
      ...program,
      entries: program.entries.flatMap((entry) => sharedIn({ ...program, entries: [entry] }).entries),
    }),
  }
}

function sharedIn(program: Program): Program {
  const { graph } = program
  const roots = program.entries.flatMap(rootsOf)
  const bodies = new Dependencies().components(roots).flatMap((component) =>
    component.flatMap((def) => {
      const body = bodyOfNumber(def)
      return body ? [body] : []
    }),
  )
  const products = new Products()
  collect(bodies, products)
  if (!products.share()) return program
  const memo = new NodeMap<Expr>()
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      const body = bodyOfNumber(def)
      if (!body || def.kind !== 'computed') return undefined
      const shared = rewrite(
        graph,
        body,
        (original, made) =>
          original.kind === 'read' ? rebuilt.expr(original) : products.rebuilt(graph, original, made, memo),
        undefined,
        memo,
      )
      return shared === body ? def : redefine(graph, def, shared, [])
    },
  })
}

/** What is computed for a definition of one number, if it is that and no recurrence. */
export function bodyOfNumber(def: Def): Expr | undefined {
  if (def.kind !== 'computed' || def.idx.length > 0 || def.reduction || def.nominal) return undefined
  return def.body
}
