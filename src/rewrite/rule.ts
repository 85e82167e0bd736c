/**
 * Rewrite rules: true statements as data, written once over an algebra and read as patterns, as expressions and, by
 * the tests, as numbers. When and where a rule is applied is said elsewhere (strategy.ts).
 */
import type { Algebra } from '../ops/operator.js'
import type { AppliedOperator, Expr } from '../ir/expr.js'
import { isNegative, isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import type { View } from './view.js'

/** The names of variables in rules. */
export type VariableName = 'a' | 'b' | 'c' | 'x' | 'y'
export type Variables<E> = { readonly [K in VariableName]: E }

export function namedVariables<E>(value: (name: VariableName) => E): Variables<E> {
  return { a: value('a'), b: value('b'), c: value('c'), x: value('x'), y: value('y') }
}

/** What must be proven of an expression before a variable stands for it. */
export type VariableFact =
  'any' | 'positive' | 'nonnegative' | 'negative' | 'nonzero' | 'finite' | 'real' | 'unit'

export function satisfies(fact: VariableFact, e: Expr): boolean {
  const { facts } = e
  switch (fact) {
    case 'any':
      return true
    case 'positive':
      return isPositive(facts)
    case 'nonnegative':
      return facts.low >= 0
    case 'negative':
      return isNegative(facts)
    case 'nonzero':
      return facts.nonzero
    case 'finite':
      return facts.finite
    // Rounding is exact for whole numbers: spellings that avoid it gain nothing.
    case 'real':
      return !e.integer
    case 'unit':
      return facts.low >= -1 && facts.high <= 1
  }
}

/** What a rewrite starts at: the operator, or the kind of node; of reads those of sums, products and the like. */
export type Root = 'add' | 'mul' | 'guard' | 'reduction' | AppliedOperator

/** `exact`: also in binary64, special values included. `real`: over the reals, wherever the left side is defined. */
export type Soundness = 'exact' | 'real'

export interface RuleSpec {
  readonly name: string
  readonly sound: Soundness
  /** Facts that variables need; `any` where absent. */
  readonly vars?: Partial<Variables<VariableFact>>
  /** The left and the right side. */
  readonly of: <E>(m: Algebra<E>, v: Variables<E>) => readonly [E, E]
  /** Whether parts of the left side are looked for behind reads of pointwise definitions. */
  readonly looksThrough?: boolean
}

export interface Rule extends RuleSpec {
  readonly kind: 'rule'
}

/** A rule of scalar algebra. */
export const rule = (spec: RuleSpec): Rule => ({ kind: 'rule', ...spec })

export interface RewriteContext {
  readonly graph: Graph
  /** The body behind a read of a pointwise definition. */
  readonly view: View
  /** The result of the first rewrite that fires at this node, if one does; operands are left as they are. */
  readonly fire: (e: Expr) => Expr | undefined
}

/** A rewrite that is not an identity between scalar terms: it looks at reductions or at sums and products as a whole. */
export interface Procedure {
  readonly kind: 'procedure'
  readonly name: string
  readonly sound: Soundness
  readonly root: Root
  /** An operator that stands among the operands, or there is nothing to do: nodes without it are not asked. */
  readonly among?: AppliedOperator
  readonly apply: (e: Expr, context: RewriteContext) => Expr | undefined
}

export const procedure = (spec: Omit<Procedure, 'kind'>): Procedure => ({ kind: 'procedure', ...spec })

export type Rewrite = Rule | Procedure

export function rootOf(e: Expr): Root | undefined {
  switch (e.kind) {
    case 'add':
    case 'mul':
    case 'guard':
      return e.kind
    case 'apply':
      return e.operator
    case 'read':
      return e.def.kind === 'computed' && e.def.reduction ? 'reduction' : undefined
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
    case 'test':
    case 'stop':
      return undefined
  }
}
