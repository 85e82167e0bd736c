/** Matrix notation: what index notation of rank two or less is written as where the indices allow it. */
import type { Expr } from '../ir/expr.js'
import { ONE, Rational } from '../ir/rational.js'

export type Matrix =
  /** A scalar expression: it has no axes. */
  | { readonly kind: 'scalar'; readonly expr: Expr }
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'identity'; readonly extent: Expr }
  | { readonly kind: 'transpose'; readonly of: Matrix }
  /** `A @ B @ …`; a vector is a column, its transpose a row. */
  | { readonly kind: 'product'; readonly factors: readonly Matrix[] }
  /** Entry by entry, or scaled: `above / below`. */
  | Times
  | { readonly kind: 'sum'; readonly terms: readonly MatrixTerm[] }
  | { readonly kind: 'power'; readonly base: Matrix; readonly exponent: Rational }
  /** A function of entries, or one of `diag`, `sum`, `trace`, `softmax`, `log_softmax`. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Matrix[] }
  | { readonly kind: 'compare'; readonly sign: Sign; readonly left: Matrix; readonly right: Matrix } // prettier-ignore

export interface Times {
  readonly kind: 'times'
  readonly above: readonly Matrix[]
  readonly below: readonly Matrix[]
}

export type Sign = '<' | '<=' | '>' | '>=' | '==' | '!='

export interface MatrixTerm {
  readonly negative: boolean
  readonly of: Matrix
}

const number = (value: Rational): Matrix => ({ kind: 'number', value })

export function transposed(of: Matrix): Matrix {
  if (of.kind === 'transpose') return of.of
  // `(A' @ u)'` is `u' @ A`.
  if (of.kind === 'product' && of.factors.some(({ kind }) => kind === 'transpose'))
    return { kind: 'product', factors: of.factors.toReversed().map(transposed) }
  return of.kind === 'identity' ? of : { kind: 'transpose', of }
}

export function call(name: string, ...args: readonly Matrix[]): Matrix {
  const [arg] = args
  if (name === 'exp' && arg.kind === 'call' && arg.name === 'log_softmax') return { ...arg, name: 'softmax' }
  if (name !== 'diag') return { kind: 'call', name, args }
  const { front, rest } = split([arg])
  const inner = rest.length === 0 ? arg : entrywise(rest, [])
  return rest.length === 0
    ? { kind: 'call', name, args }
    : behind(front, { kind: 'call', name, args: [inner] })
}

/** Entry by entry. A product of one factor is the factor. */
export function times(above: readonly Matrix[], below: readonly Matrix[] = []): Matrix {
  const { front, rest } = split(above)
  return behind(
    { ...front, below: [...front.below, ...below] },
    rest.length === 0 ? undefined : entrywise(rest, []),
  )
}

/** A chain of matrix products; scalars stand in front of it. */
export function product(factors: readonly Matrix[]): Matrix {
  const { front, rest } = split(factors)
  const flat = rest.flatMap((factor) => (factor.kind === 'product' ? factor.factors : [factor]))
  return behind(front, flat.length === 1 ? flat[0] : { kind: 'product', factors: flat })
}

/** A sum with the signs of its terms in front of them, a positive term first. */
export function sumOf(terms: readonly MatrixTerm[]): Matrix {
  const flat = terms.flatMap(({ negative, of }): readonly MatrixTerm[] =>
    of.kind === 'sum'
      ? of.terms.map((term) => ({ ...term, negative: term.negative !== negative }))
      : [{ negative, of }],
  )
  const shared = withSharedFront(flat) ?? withSharedFactor(flat)
  if (shared) return shared
  // `W @ x + b`, `1 - x`: what is computed before names, a positive term first.
  const isName = ({ of }: MatrixTerm): number => Number(RANKS[of.kind] <= RANKS.name && of.kind !== 'scalar')
  const sorted = flat.toSorted((a, b) => isName(a) - isName(b))
  const first = sorted.findIndex(({ negative }) => !negative)
  const ordered = first > 0 ? [sorted[first], ...sorted.filter((_, at) => at !== first)] : sorted
  return ordered.length === 1 && !ordered[0].negative ? ordered[0].of : { kind: 'sum', terms: ordered }
}

/** `P / n - Y / n` as `(P - Y) / n`: numbers and divisors that all terms have stand outside. */
function withSharedFront(terms: readonly MatrixTerm[]): Matrix | undefined {
  if (terms.length < 2) return undefined
  const parts = terms.map(({ negative, of }) => ({ negative, ...splitOne(of) }))
  const [{ front }] = parts
  const size = front.coefficient.abs()
  const isShared = parts.every(
    (part) =>
      part.rest.length > 0 &&
      part.front.coefficient.abs().equals(size) &&
      part.front.below.length === front.below.length &&
      part.front.below.every((each, at) => isSame(each, front.below[at])),
  )
  if (!isShared || (size.isOne && front.below.length === 0)) return undefined
  const left = parts.map(({ negative, front: { coefficient, above }, rest }): MatrixTerm => {
    const isOpposite = coefficient.isNegative !== negative
    return { negative: isOpposite, of: behind({ coefficient: ONE, above, below: [] }, entrywise(rest, [])) }
  })
  return behind({ coefficient: size, above: [], below: front.below }, sumOf(left))
}

/** `A @ x + A' @ x` as `(A + A') @ x`, and `X' @ X @ w - X' @ y` as `X' @ (X @ w - y)`: two terms with one first or last factor. */
function withSharedFactor(terms: readonly MatrixTerm[]): Matrix | undefined {
  for (const [at, { negative, of }] of terms.entries()) {
    const own = chainOf(of)
    for (const other of own ? terms.slice(at + 1) : []) {
      const also = chainOf(other.of)
      if (!own || !also || !isAlike(own.front, also.front)) continue
      const isOpposite = (own.front.coefficient.isNegative !== negative) !== (also.front.coefficient.isNegative !== other.negative) // prettier-ignore
      const whole = joined(own.factors, also.factors, isOpposite)
      if (!whole) continue
      const rest = terms.filter((_, position) => position !== at && terms[position] !== other)
      return sumOf([{ negative, of: behind(own.front, whole) }, ...rest])
    }
  }
  return undefined
}

interface Chain {
  readonly front: Front
  readonly factors: readonly Matrix[]
}

/** A product of matrices with what stands in front of it. */
function chainOf(of: Matrix): Chain | undefined {
  const { front, rest } = splitOne(of)
  const [main, ...more] = rest
  return main?.kind === 'product' && more.length === 0 ? { front, factors: main.factors } : undefined
}

const isAlike = (a: Front, b: Front): boolean =>
  a.coefficient.abs().equals(b.coefficient.abs()) && areEqual(a.above, b.above) && areEqual(a.below, b.below)

function joined(a: readonly Matrix[], b: readonly Matrix[], isOpposite: boolean): Matrix | undefined {
  const chained = (factors: readonly Matrix[]): Matrix => (factors.length === 1 ? factors[0] : { kind: 'product', factors }) // prettier-ignore
  const sum = (first: readonly Matrix[], second: readonly Matrix[]): Matrix => {
    const terms = [
      { negative: false, of: chained(first) },
      { negative: isOpposite, of: chained(second) },
    ]
    // `A + A'`
    return sumOf(terms[0].of.kind === 'transpose' && !isOpposite ? terms.toReversed() : terms)
  }
  if (areEqual(a.slice(-1), b.slice(-1)))
    return product([sum(a.slice(0, -1), b.slice(0, -1)), ...a.slice(-1)])
  if (areEqual(a.slice(0, 1), b.slice(0, 1))) return product([a[0], sum(a.slice(1), b.slice(1))])
  return undefined
}

const areEqual = (a: readonly Matrix[], b: readonly Matrix[]): boolean =>
  a.length === b.length && a.every((each, at) => isEqual(each, b[at]))

/** Whether both are written alike. */
function isEqual(a: Matrix, b: Matrix): boolean {
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name
  if (a.kind === 'transpose') return b.kind === 'transpose' && isEqual(a.of, b.of)
  if (a.kind === 'product') return b.kind === 'product' && areEqual(a.factors, b.factors)
  if (a.kind === 'call') return b.kind === 'call' && a.name === b.name && areEqual(a.args, b.args)
  return isSame(a, b)
}

const isSame = (a: Matrix, b: Matrix): boolean =>
  a.kind === 'scalar' ? b.kind === 'scalar' && a.expr === b.expr : a.kind === 'number' && b.kind === 'number' && a.value.equals(b.value) // prettier-ignore

export const scaled = (coefficient: Rational, of: Matrix): Matrix =>
  coefficient.isOne ? of : times([number(coefficient), of])

// ── Scalars in front ───────────────────────────────────────────────────────────────────────────────────────

interface Front {
  readonly coefficient: Rational
  readonly above: readonly Matrix[]
  readonly below: readonly Matrix[]
}

interface Split {
  readonly front: Front
  readonly rest: readonly Matrix[]
}

/** The numbers and scalars of factors, and the factors without them. */
function split(factors: readonly Matrix[]): Split {
  const parts = factors.map(splitOne)
  return {
    front: {
      coefficient: parts.reduce((all, { front }) => all.times(front.coefficient), ONE),
      above: parts.flatMap(({ front }) => front.above),
      below: parts.flatMap(({ front }) => front.below),
    },
    rest: parts.flatMap(({ rest }) => rest),
  }
}

function splitOne(factor: Matrix): Split {
  const none = { coefficient: ONE, above: [], below: [] }
  switch (factor.kind) {
    case 'number':
      return { front: { ...none, coefficient: factor.value }, rest: [] }
    case 'scalar':
      return { front: { ...none, above: [factor] }, rest: [] }
    case 'transpose': {
      const { front, rest } = splitOne(factor.of)
      return rest.length === 1 ? { front, rest: [transposed(rest[0])] } : { front: none, rest: [factor] }
    }
    case 'sum': {
      if (factor.terms.length > 1) return { front: none, rest: [factor] }
      const [{ negative, of }] = factor.terms
      const { front, rest } = splitOne(of)
      return { front: negative ? { ...front, coefficient: front.coefficient.negate() } : front, rest }
    }
    case 'times': {
      const { front, rest } = split(factor.above)
      const below = factor.below.filter((each) => !isScalar(each))
      const scalars = factor.below.filter(isScalar)
      const whole = rest.length === 0 && below.length === 0 ? [] : [entrywise(rest, below)]
      return { front: { ...front, below: [...front.below, ...scalars] }, rest: whole }
    }
    case 'name':
    case 'identity':
    case 'product':
    case 'power':
    case 'call':
    case 'compare':
      return { front: none, rest: [factor] }
  }
}

const isScalar = ({ kind }: Matrix): boolean => kind === 'scalar' || kind === 'number'

/** Names before what is computed. */
const RANKS: Readonly<Record<Matrix['kind'], number>> = {
  number: 0,
  scalar: 1,
  name: 2,
  transpose: 2,
  product: 3,
  times: 3,
  power: 3,
  call: 3,
  compare: 4,
  sum: 4,
  identity: 5,
}

/** A rational number in front is spread over the fraction: `0.5 * x` is `x / 2`. */
export function spread({ above, below }: Times): Pick<Times, 'above' | 'below'> {
  const [first, ...rest] = above
  if (first?.kind !== 'number' || first.value.isInteger || first.value.d >= 10n) return { above, below }
  const { n, d } = first.value
  return {
    above: n === 1n ? rest : [number(Rational.of(n)), ...rest],
    below: [number(Rational.of(d)), ...below],
  }
}

/** Factors that hold no scalars. */
function entrywise(factors: readonly Matrix[], below: readonly Matrix[]): Matrix {
  const flat = factors.flatMap((each) =>
    each.kind === 'times' && each.below.length === 0 ? each.above : [each],
  )
  if (flat.length === 1 && below.length === 0) return flat[0]
  return { kind: 'times', above: flat.toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind]), below }
}

/** `of` with scalars in front; a negative sign turns a difference round. */
function behind({ coefficient, above, below }: Front, of: Matrix | undefined): Matrix {
  const turned = coefficient.isNegative && of ? turnedRound(of) : undefined
  const main = turned ?? of
  const size = coefficient.abs()
  const inner = main?.kind === 'times' ? main.above : main ? [main] : []
  const factors = [...(size.isOne ? [] : [number(size)]), ...above, ...inner]
  const divisors = [...below, ...(main?.kind === 'times' ? main.below : [])]
  const plain: Matrix =
    divisors.length > 0 || factors.length > 1
      ? { kind: 'times', above: factors, below: divisors }
      : (factors[0] ?? number(ONE))
  return coefficient.isNegative && !turned ? sumOf([{ negative: true, of: plain }]) : plain
}

/** `-(a - b)` is `b - a`, also as the last factor of a product. */
function turnedRound(of: Matrix): Matrix | undefined {
  if (of.kind === 'sum' && of.terms.some(({ negative }) => negative)) return sumOf([{ negative: true, of }])
  if (of.kind !== 'product' && !(of.kind === 'times' && of.below.length === 0)) return undefined
  const factors = of.kind === 'product' ? of.factors : of.above
  for (const [at, factor] of factors.entries()) {
    const isTransposed = factor.kind === 'transpose'
    const inner = turnedRound(isTransposed ? factor.of : factor)
    if (!inner) continue
    const others = factors.with(at, isTransposed ? transposed(inner) : inner)
    return of.kind === 'product' ? { ...of, factors: others } : { ...of, above: others }
  }
  return undefined
}
