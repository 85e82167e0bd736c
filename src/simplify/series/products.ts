/**
 * Expressions of two leaves that are a function of their product, or quotient, but for a power of one: `(1 - e^(-x y)) / x` is `y f(x y)`. What
 * cancels in it is found in the function of one argument.
 */
import type { Expr, Mul, Read } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, ZERO, type Rational } from '../../ir/rational.js'
import { asTerm } from '../../ir/term.js'
import { postorder, readsIn, replaceNodes } from '../../ir/walk.js'
import { cancels, holdsQuotient, withoutCancellation, withoutCancellationAt } from './cancellation.js'
import { withPositiveBases } from './positive-bases.js'
import { Values } from './values.js'

/** Larger ones are left alone. */
const MOST_NODES = 60
/** Of the powers of products that functions are taken of. */
const HIGHEST = 4n

/** What functions are taken of, but for numbers in front: powers of the leaf. */
interface Argument {
  readonly leaf: Expr
  readonly powers: ReadonlyMap<Expr, Rational>
}

/** `kept^degree · expr`, which is one of the argument alone. */
interface Homogeneous {
  readonly degree: Rational
  readonly expr: Expr
}

/** The leaves that stand for numbers while what cancels is looked for. */
export interface Numbers {
  readonly product: () => Expr
  readonly logarithm: () => Expr
}

/**
 * With powers of numbers also as a function of an exponent and the logarithm of a base: `(y^x - 1) / x` is `(e^(x l) - 1) / x` for `l = log y`.
 */
export function inProduct(graph: Graph, e: Expr, { product, logarithm }: Numbers): Expr | undefined {
  const positive = withPositiveBases(graph, e)
  if (!positive) return asProduct(graph, e, product, e)
  // `x^y - 1` has a spelling of its own.
  if (!holdsQuotient(e)) return undefined
  const logs = new Set(postorder([positive.expr]).filter(isLogarithmOfRead))
  if (logs.size !== 1) return undefined
  const [log] = logs
  const inLogarithm = replaceNodes(graph, positive.expr, new Map([[log, logarithm()]]))
  const found = asProduct(graph, inLogarithm, product, e)
  return (
    found && graph.select(positive.condition, replaceNodes(graph, found, new Map([[logarithm(), log]])), e)
  )
}

const isLogarithmOfRead = (e: Expr): boolean =>
  e.kind === 'apply' && (e.operator === 'log' || e.operator === 'log1p') && e.args[0].kind === 'read'

/** `otherwise` stands where nothing cancels. */
function asProduct(graph: Graph, e: Expr, argument: () => Expr, otherwise: Expr): Expr | undefined {
  const nodes = postorder([e])
  if (nodes.length > MOST_NODES) return undefined
  const reads = [...new Set(readsIn(e))]
  const common = commonArgument(graph, nodes)
  if (reads.length !== 2 || !common) return undefined
  const { unit: product, powers } = common
  if (reads.some((read) => read.integer || !product.operands.includes(read))) return undefined
  const leaf = argument()
  const quotient = quotientOf(product, reads)
  for (const [solved, kept] of [reads, reads.toReversed()]) {
    const whole = homogeneous(graph, nodes, product, { leaf, powers }, solved, kept)
    if (!whole) continue
    // Powers below 0 are of what is not 0 next to a quotient of 1, or of what it is divided by.
    const near0 =
      whole.degree.isNegative && kept !== quotient?.[1]
        ? undefined
        : withoutCancellation(graph, whole.expr, leaf)
    const near1 = quotient && nearOne(graph, whole.expr, leaf, near0 ?? whole.expr)
    const stable = near1 ?? near0
    if (!stable) {
      if (whole.degree.isNegative) continue
      return undefined
    }
    // Where it is undefined it stays so: at a zero of either. A power of the product below 0 is undefined at both.
    const zeros = near0 && hasPole(near0, leaf) ? reads : reads.filter((read) => !isDefinedAt(graph, e, read, read === solved ? kept : solved)) // prettier-ignore
    const nonzero = zeros
      .map((read) => graph.apply('ne', [read, graph.zero]))
      .reduce((a, b) => graph.apply('and', [a, b]), graph.one)
    const plain = new Map([
      [graph.apply('ne', [leaf, graph.zero]), nonzero],
      [leaf, graph.stop(product)],
    ])
    const values = new Map(plain)
    if (near1) {
      const [above, below] = quotient
      // Next to each other the difference of the two is known, that of their quotient and 1 is not.
      values.set(graph.sub(leaf, graph.one), graph.stop(graph.div(graph.sub(above, below), below)))
      values.set(graph.apply('ne', [leaf, graph.one]), graph.apply('ne', [above, below]))
    }
    // The function itself takes both from the quotient.
    const written = (part: Expr): Expr => replaceNodes(graph, part, part === whole.expr ? plain : values)
    const scale = graph.power(kept, whole.degree)
    // Farther from 0 the expression stays as it is.
    const chosen = (part: Expr): Expr =>
      part.kind === 'apply' && part.operator === 'select' && part !== whole.expr
        ? graph.select(written(part.args[0]), graph.mul(scale, written(part.args[1])), chosen(part.args[2]))
        : otherwise
    return chosen(stable)
  }
  return undefined
}

/** The reads that `product` divides: what is above, and below. */
function quotientOf(product: Mul, reads: readonly Read[]): readonly [Read, Read] | undefined {
  const exponentOf = (read: Read): Rational =>
    product.factors.find(({ base }) => base === read)?.exponent ?? ZERO
  const [above, below] = exponentOf(reads[0]).isNegative ? reads.toReversed() : reads
  return exponentOf(above).isOne && exponentOf(below).isNegative ? [above, below] : undefined
}

/** Where the leaf is near 1, and terms cancel: `(x - y) / log(x / y)` is `y (z - 1) / log(z)` there, where both take the rounding of the quotient. */
function nearOne(graph: Graph, e: Expr, leaf: Expr, otherwise: Expr): Expr | undefined {
  const isLost = [1 + NEAR, 1 - NEAR].some((z) => cancels(e, leaf, z))
  if (!isLost) return undefined
  const distance = graph.apply('abs', [graph.sub(leaf, graph.one)])
  // Two equal arms would be one.
  const consistent = graph.select(graph.apply('lt', [distance, graph.num(HALF)]), e, otherwise === e ? graph.stop(e) : otherwise) // prettier-ignore
  return withoutCancellationAt(graph, e, leaf, ONE, consistent) ?? consistent
}

const NEAR = 2 ** -14

/** What all functions are taken of powers of, but for numbers in front: `x / y` of `erf(x / y)` and `e^(-(x / y)²)`. */
function commonArgument(
  graph: Graph,
  nodes: readonly Expr[],
): { readonly unit: Mul; readonly powers: ReadonlyMap<Expr, Rational> } | undefined {
  let unit: Expr | undefined
  const powers = new Map<Expr, Rational>()
  for (const node of nodes) {
    if (node.kind !== 'apply') continue
    const argument = asTerm(node.args[0]).node
    if (node.args.length > 1 || argument.kind !== 'mul' || argument.factors.length !== 2) return undefined
    const power = argument.factors[0].exponent.abs()
    if (!power.isInteger || power.n > HIGHEST) return undefined
    const own = power.isOne ? argument : graph.mulAll(argument.factors.map(({ base, exponent }) => graph.power(base, exponent.dividedBy(power)))) // prettier-ignore
    if (unit && own !== unit) return undefined
    unit = own
    powers.set(argument, power)
  }
  if (unit?.kind !== 'mul' || !unit.factors.every(({ exponent }) => exponent.abs().isOne)) return undefined
  return { unit, powers }
}

function homogeneous(
  graph: Graph,
  nodes: readonly Expr[],
  product: Expr,
  argument: Argument,
  solved: Read,
  kept: Read,
): Homogeneous | undefined {
  if (product.kind !== 'mul') return undefined
  const [own, other] = [solved, kept].map((read) => product.factors.find(({ base }) => base === read)?.exponent ?? ZERO) // prettier-ignore
  const found = new Map<Expr, Homogeneous>([
    [solved, { degree: own.times(other).negate(), expr: graph.power(argument.leaf, own) }],
    [kept, { degree: ONE, expr: graph.one }],
  ])
  for (const node of nodes) {
    if (found.has(node)) continue
    const parts = node.operands.map((operand) => found.get(operand))
    const own = ofNode(graph, node, parts, argument)
    if (own) found.set(node, own)
  }
  return found.get(nodes[nodes.length - 1])
}

function ofNode(
  graph: Graph,
  e: Expr,
  parts: readonly (Homogeneous | undefined)[],
  { leaf, powers }: Argument,
): Homogeneous | undefined {
  switch (e.kind) {
    case 'num':
    case 'constant':
      return { degree: ZERO, expr: e }
    case 'add': {
      const terms: Expr[] = [graph.num(e.constant)]
      let degree = e.constant.isZero ? undefined : ZERO
      for (const [at, { coefficient }] of e.terms.entries()) {
        const part = parts[at]
        if (!part || (degree && !part.degree.equals(degree))) return undefined
        degree = part.degree
        terms.push(graph.scale(coefficient, part.expr))
      }
      return degree && { degree, expr: graph.addAll(terms) }
    }
    case 'mul': {
      let degree = ZERO
      const factors: Expr[] = []
      for (const [at, { exponent }] of e.factors.entries()) {
        const part = parts[at]
        if (!part || (!exponent.isInteger && e.operands[at].kind !== 'constant')) return undefined
        degree = degree.plus(part.degree.times(exponent))
        factors.push(graph.power(part.expr, exponent))
      }
      return { degree, expr: graph.mulAll(factors) }
    }
    case 'apply': {
      const { node, coefficient } = asTerm(e.args[0])
      const argument = graph.scale(coefficient, graph.power(leaf, powers.get(node) ?? ONE))
      return { degree: ZERO, expr: graph.apply(e.operator, [argument]) }
    }
    default:
      return undefined
  }
}

/** Whether the polynomial that is chosen next to 0 is divided by a power of the leaf. */
const hasPole = (e: Expr, leaf: Expr): boolean =>
  e.kind === 'apply' && e.operator === 'select' && !Number.isFinite(Values.of(e.args[1], leaf).at(0))

const isDefinedAt = (graph: Graph, e: Expr, zero: Expr, other: Expr): boolean =>
  Number.isFinite(Values.of(replaceNodes(graph, e, new Map([[other, graph.one]])), zero).at(0))
