/** Random expressions as recipes, evaluated without the IR and built with it. */
import fc from 'fast-check'
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Expr } from '../../src/ir/expr.js'
import type { Graph } from '../../src/ir/graph.js'
import { Rational } from '../../src/ir/rational.js'
import { applied } from './evaluate.js'

export type Recipe =
  | { readonly kind: 'number'; readonly n: number; readonly d: number }
  | { readonly kind: 'variable'; readonly at: number }
  | { readonly kind: 'apply'; readonly operator: OperatorName; readonly args: readonly Recipe[] }
  | { readonly kind: 'power'; readonly base: Recipe; readonly n: number; readonly d: number }

const number = (denominators: readonly number[]): fc.Arbitrary<Recipe> =>
  fc.record({ kind: fc.constant('number' as const), n: fc.integer({ min: -4, max: 4 }), d: fc.constantFrom(...denominators) }) // prettier-ignore
const variable = (count: number): fc.Arbitrary<Recipe> =>
  fc.record({ kind: fc.constant('variable' as const), at: fc.nat({ max: count - 1 }) })
const apply = (operators: readonly OperatorName[], ...args: fc.Arbitrary<Recipe>[]): fc.Arbitrary<Recipe> =>
  fc.record({
    kind: fc.constant('apply' as const),
    operator: fc.constantFrom(...operators),
    args: fc.tuple(...args),
  })

/** Polynomials with whole coefficients. */
export const polynomial = (variables: number, depth: number): fc.Arbitrary<Recipe> => {
  const leaf = fc.oneof(number([1]), variable(variables))
  let tree = leaf
  for (let level = 0; level < depth; level++)
    tree = fc.oneof(leaf, apply(['add', 'sub', 'mul'], tree, tree), apply(['neg'], tree))
  return tree
}

/** Sums of scaled sums, some terms under conditions. */
export const linear = (variables: number, depth: number): fc.Arbitrary<Recipe> => {
  const zero: Recipe = { kind: 'number', n: 0, d: 1 }
  // Few, so that they often make one.
  const scale = fc.constantFrom<Recipe>(...[[2, 1], [1, 2], [-1, 1]].map(([n, d]) => ({ kind: 'number' as const, n, d }))) // prettier-ignore
  const term = variable(variables)
  const guarded = apply(['select'], apply(['lt'], term, term), term, fc.constant(zero))
  let tree = fc.oneof(term, guarded)
  for (let level = 0; level < depth; level++)
    tree = fc.oneof(guarded, apply(['add', 'sub'], tree, tree), apply(['mul'], scale, tree))
  return tree
}

/** Real expressions with quotients, roots, functions and conditions. */
export const real = (variables: number, depth: number): fc.Arbitrary<Recipe> => {
  const leaf = fc.oneof(number([1, 1, 2, 3]), variable(variables))
  let tree = leaf
  for (let level = 0; level < depth; level++) {
    const below = tree
    const relation = apply(['lt', 'le', 'gt', 'ge', 'eq', 'ne'], below, below)
    const condition = fc.oneof(relation, apply(['and', 'or'], relation, relation), apply(['not'], relation))
    tree = fc.oneof(
      leaf,
      apply(['add', 'sub', 'mul', 'mul', 'div', 'min', 'max'], below, below),
      apply(['neg', 'exp', 'sin', 'abs', 'sqrt', 'log', 'tanh', 'relu', 'sign'], below),
      fc.record({ kind: fc.constant('power' as const), base: below, n: fc.integer({ min: -3, max: 3 }), d: fc.constantFrom(1, 1, 2, 3) }), // prettier-ignore
      apply(['select'], condition, below, below),
      apply(['select'], condition, below, fc.constant({ kind: 'number', n: 0, d: 1 })),
    )
  }
  return tree
}

export function build(g: Graph, recipe: Recipe, variables: readonly Expr[]): Expr {
  switch (recipe.kind) {
    case 'number':
      return g.num(Rational.of(recipe.n, recipe.d))
    case 'variable':
      return variables[recipe.at]
    case 'apply':
      return g.apply(
        recipe.operator,
        recipe.args.map((arg) => build(g, arg, variables)),
      )
    case 'power':
      return g.power(build(g, recipe.base, variables), Rational.of(recipe.n, recipe.d))
  }
}

/**
 * NaN where nothing is claimed: where an intermediate value is not finite (a guard is 0 outside, whatever its body would be
 * there), and where a computed value hits a jump or the edge of a domain, on either side of which rounding may put it.
 */
export function valueOf(recipe: Recipe, variables: readonly number[]): number {
  switch (recipe.kind) {
    case 'number':
      return recipe.n / recipe.d
    case 'variable':
      return variables[recipe.at]
    case 'apply': {
      const { operator } = recipe
      const args = recipe.args.map((arg) => valueOf(arg, variables))
      if (operator === 'select') return Number.isFinite(args[0]) ? args[args[0] === 0 ? 2 : 1] : NaN
      return args.every(Number.isFinite) && !isAtEdge(recipe, args) ? applied(operator, args) : NaN
    }
    case 'power': {
      const base = valueOf(recipe.base, variables)
      const isExact = isLeaf(recipe.base) || (recipe.d === 1 && recipe.n > 0)
      return isExact || Math.abs(base) > CLOSE ? base ** (recipe.n / recipe.d) : NaN
    }
  }
}

const CLOSE = 1e-9
const EDGES: ReadonlySet<OperatorName> = new Set([
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  'sign',
  'sqrt',
  'log',
  'div',
])

const isLeaf = ({ kind }: Recipe): boolean => kind === 'number' || kind === 'variable'

function isAtEdge(recipe: Recipe, [x, y = 0]: readonly number[]): boolean {
  if (recipe.kind !== 'apply' || !EDGES.has(recipe.operator) || recipe.args.every(isLeaf)) return false
  return Math.abs(recipe.operator === 'div' ? y : x - y) <= CLOSE
}

/** The same polynomial with operands of sums and products turned round. */
export function turned(recipe: Recipe): Recipe {
  if (recipe.kind !== 'apply') return recipe
  const args = recipe.args.map(turned)
  if (recipe.operator === 'add' || recipe.operator === 'mul') return { ...recipe, args: args.toReversed() }
  if (recipe.operator !== 'sub') return { ...recipe, args }
  const negative: Recipe = { kind: 'apply', operator: 'neg', args: [args[1]] }
  return { kind: 'apply', operator: 'add', args: [negative, args[0]] }
}
