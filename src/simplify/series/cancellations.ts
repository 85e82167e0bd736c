/** Finds the parts of an expression that depend on one leaf and cancel near a zero of it. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { type Memo, NodeMap } from '../../ir/node-map.js'
import { everything, postorder, replaceNodes, rewrite } from '../../ir/walk.js'
import { FAR, withoutCancellation, withoutCancellationAt } from './cancellation.js'
import { centresOf } from './centres.js'
import { isSlopeOfTanh } from './expand.js'
import { withoutTailCancellation } from './tails.js'
import { withDivergences } from './divergences.js'
import { reducedFarOut } from './far-out.js'
import { logFarOut, smallLogFarOut, withoutLossFarOut } from './infinity.js'
import { reflectedOn, withReflected } from './reflect.js'
import { withPositiveBases } from './positive-bases.js'
import { inProduct, type Numbers } from './products.js'
import { withoutCancellationBeside } from './sided.js'
import { anyNumber, sizeOfLeaf, withoutOverflow } from './overflow.js'

/** Larger parts are not searched as wholes: by their nodes written out, and those that are different. */
const LARGEST = 4000
const MOST_NODES = 120

/** For all that its two spellings hold, `1 - tanh²` is this large. */
const SLOPE_OF_TANH = 5

/** What a part depends on: nothing, one read, or more than that. */
interface Support {
  readonly leaf: Expr | 'none' | 'several'
  /** The two reads, where there are no more. */
  readonly pair: readonly [Expr, Expr] | undefined
  /** Nodes, shared ones counted each time. */
  readonly size: number
}

/** Made when they are first needed. */
function numbersOf(graph: Graph): Numbers {
  const lazily = (name: string): (() => Expr) => {
    let known: Expr | undefined
    return () => (known ??= anyNumber(graph, name))
  }
  return { product: lazily('product'), logarithm: lazily('logarithm') }
}

const NOTHING: Support = { leaf: 'none', pair: undefined, size: 0 }

const isLogarithm = (e: Expr): boolean =>
  e.kind === 'apply' && (e.operator === 'log' || e.operator === 'log1p') && e.args[0].kind !== 'read'

/** Memoised: expressions that share parts share the search. */
export class Cancellations {
  private readonly supports: Memo<Support>
  private readonly searched: Memo<Expr>
  /** Groups of operands occur in many sums and products. */
  private readonly wholes: Memo<Expr>
  /** What stands for nodes of which all parts have been searched. */
  private readonly avoided: Memo<Expr>

  private known: Expr | undefined
  private readonly size = (): Expr => (this.known ??= sizeOfLeaf(this.graph))

  private readonly numbers: Numbers

  constructor(
    private readonly graph: Graph,
    /** Whether these are parts of one expression, and far from 0 something else stands for what is searched. */
    private readonly isFarDone = false,
  ) {
    this.numbers = numbersOf(graph)
    const memo = <V>(): Memo<V> => (isFarDone ? new Map<Expr, V>() : new NodeMap<V>())
    this.supports = memo()
    this.searched = memo()
    this.wholes = memo()
    this.avoided = memo()
  }

  /** The expression with polynomials where its parts cancel near 0. */
  avoid(root: Expr): Expr {
    const { graph, avoided } = this
    const replaced = new Map<Expr, Expr>()
    this.findSupports(root)
    let changed = false
    const searched = postorder([root], (node) => {
      const known = avoided.get(node)
      changed ||= known !== undefined && known !== node
      // Either spelling of it is used where it keeps its digits.
      if (known || (node.kind === 'apply' && isSlopeOfTanh(node))) return false
      const stable = this.search(node)
      if (stable !== node) replaced.set(node, stable)
      return stable === node
    })
    // Of what holds such a slope it depends on the whole what stands for it: a part of the slope is replaced where it also stands elsewhere.
    const memo: Memo<Expr> = {
      get: (node) => replaced.get(node) ?? avoided.get(node),
      has: (node) => replaced.has(node) || avoided.has(node),
      set: (node, result) => replaced.set(node, result),
    }
    const isSame = !changed && replaced.size === 0
    const result = isSame ? root : rewrite(graph, root, (_, rebuilt) => rebuilt, everything, memo)
    for (const node of searched)
      if (node.operands.every((operand) => avoided.has(operand))) avoided.set(node, memo.get(node) ?? node)
    return result
  }

  /** What stands for a part: itself, as a rule. */
  private search(e: Expr): Expr {
    if (e.kind !== 'add' && e.kind !== 'mul' && !isLogarithm(e)) return e
    let found = this.searched.get(e)
    if (!found)
      this.searched.set(
        e,
        (found = this.inWhole(e) ?? this.inGroups(e) ?? this.inProduct(e) ?? this.inDivergences(e) ?? e),
      )
    return found
  }

  private inWhole(e: Expr): Expr | undefined {
    const known = this.wholes.get(e)
    if (known) return known === e ? undefined : known
    const found = this.wholeSearched(e)
    this.wholes.set(e, found ?? e)
    return found
  }

  private wholeSearched(e: Expr): Expr | undefined {
    const { leaf, size } = this.supports.get(e) ?? NOTHING
    if (leaf === 'none' || leaf === 'several' || size > LARGEST || leaf.integer) return undefined
    if (size > MOST_NODES && postorder([e]).length > MOST_NODES) return undefined
    const { graph } = this
    if (this.isFarDone) return withoutCancellation(graph, e, leaf)
    const positive = withPositiveBases(graph, e)
    if (positive) {
      this.findSupports(positive.expr)
      const stable = this.inWhole(positive.expr)
      if (stable) return graph.select(positive.condition, stable, e)
    }
    const near0 = this.near0(e, leaf)
    let result = near0 ?? e
    if (e.kind !== 'apply')
      for (const centre of centresOf(e, leaf))
        result = withoutCancellationAt(graph, e, leaf, centre, result) ?? result
    if (e.kind !== 'apply') result = withoutCancellationBeside(graph, e, leaf, result) ?? result
    return result === e ? near0 : result
  }

  /** Near 0 and far out. */
  private near0(e: Expr, leaf: Expr): Expr | undefined {
    const { graph } = this
    if (e.kind === 'apply') {
      const far =
        withoutOverflow(graph, this.size, e, leaf) ??
        logFarOut(graph, e, leaf) ??
        smallLogFarOut(graph, e, leaf)
      return withoutCancellation(graph, e, leaf, far ?? e) ?? far
    }
    const reduced = reducedFarOut(graph, e, leaf) ?? e
    const [below, above] = ([-1, 1] as const).map((side) => reflectedOn(graph, reduced, leaf, side))
    const farOut = (otherwise: Expr): Expr => {
      const reflected = withReflected(graph, leaf, below, above, otherwise)
      const far = withoutLossFarOut(graph, reduced, leaf, reflected) ?? reflected
      const farther = withoutOverflow(graph, this.size, reduced, leaf, far) ?? far
      return withoutTailCancellation(graph, e, leaf, farther) ?? farther
    }
    const far = farOut(reduced)
    const near = withoutCancellation(graph, reduced, leaf, far, [below?.from ?? FAR, above?.from ?? FAR])
    if (near !== undefined || far === e) return near
    // Nearer to 0 the parts may cancel by themselves.
    const parts = this.inParts(reduced)
    return parts === reduced ? far : farOut(parts)
  }

  private inParts(e: Expr): Expr {
    const parts = new Cancellations(this.graph, true)
    const replaced = new Map(e.operands.map((operand) => [operand, parts.avoid(operand)]))
    return replaceNodes(this.graph, e, replaced)
  }

  /** Operands of one sum or product that depend on the same leaf, as a sum or product of their own. */
  private inGroups(e: Expr): Expr | undefined {
    const { graph } = this
    if ((e.kind !== 'add' && e.kind !== 'mul') || this.supports.get(e)?.leaf !== 'several') return undefined
    if (!this.hasGroups(e)) return undefined
    const groups = new Map<Expr, Expr[]>()
    const rest: Expr[] = e.kind === 'add' ? [graph.num(e.constant)] : []
    const parts =
      e.kind === 'add'
        ? e.terms.map(({ node, coefficient }) => ({ node, whole: graph.scale(coefficient, node) }))
        : e.factors.map(({ base, exponent }) => ({ node: base, whole: graph.power(base, exponent) }))
    for (const { node, whole } of parts) {
      const { leaf } = this.supports.get(node) ?? NOTHING
      if (leaf === 'none' || leaf === 'several') rest.push(whole)
      else groups.set(leaf, [...(groups.get(leaf) ?? []), whole])
    }
    let changed = false
    const all = [...groups.values()].map((group) => {
      if (group.length < 2) return group[0]
      const together = e.kind === 'add' ? graph.addAll(group) : graph.mulAll(group)
      this.findSupports(together)
      const stable = this.inWhole(together)
      changed ||= stable !== undefined
      return stable ?? together
    })
    if (!changed) return undefined
    return e.kind === 'add' ? graph.addAll([...rest, ...all]) : graph.mulAll([...rest, ...all])
  }

  /** As a function of the product of two leaves. */
  private inProduct(e: Expr): Expr | undefined {
    const { pair, size } = this.supports.get(e) ?? NOTHING
    if (!pair || size > LARGEST || e.kind === 'apply') return undefined
    return inProduct(this.graph, e, this.numbers)
  }

  private inDivergences(e: Expr): Expr | undefined {
    if (this.supports.get(e)?.leaf !== 'several') return undefined
    return withDivergences(this.graph, e, this.numbers.product)
  }

  /** Whether two operands depend on the same leaf, and each on nothing else: in most they do not. */
  private hasGroups(e: Expr): boolean {
    const seen = new Set<Expr>()
    for (const operand of e.operands) {
      const { leaf } = this.supports.get(operand) ?? NOTHING
      if (leaf === 'none' || leaf === 'several') continue
      if (seen.has(leaf)) return true
      seen.add(leaf)
    }
    return false
  }

  private findSupports(root: Expr): void {
    const { supports } = this
    for (const node of postorder([root], (part) => !supports.has(part)))
      supports.set(node, this.supportOf(node))
  }

  private supportOf(e: Expr): Support {
    if (e.kind === 'read' || e.kind === 'index' || e.kind === 'size')
      return { leaf: e, pair: undefined, size: 1 }
    let [first, second]: (Expr | undefined)[] = []
    let [isMore, size] = [false, 1]
    const depend = (leaf: Expr): void => {
      if (!first) first = leaf
      else if (leaf !== first && !second) second = leaf
      else if (leaf !== first && leaf !== second) isMore = true
    }
    for (const operand of e.operands) {
      const own = this.supports.get(operand) ?? NOTHING
      size += own.size
      if (own.pair) own.pair.forEach(depend)
      else if (own.leaf === 'several') isMore = true
      else if (own.leaf !== 'none') depend(own.leaf)
    }
    const leaf = isMore || second ? 'several' : (first ?? 'none')
    const pair = first && second && !isMore ? ([first, second] as const) : undefined
    if (e.kind === 'apply' && isSlopeOfTanh(e)) return { leaf, pair, size: SLOPE_OF_TANH }
    return { leaf, pair, size: Math.min(size, LARGEST + 1) }
  }
}
