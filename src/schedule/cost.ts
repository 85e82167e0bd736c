/**
 * The cost model: every constant that steers storing, inlining, hoisting and unrolling. Units are roughly the time of one
 * addition on current hardware; measured on V8 (Node 20).
 */
import { mentionedIn } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'

/** Recomputing is preferred to storing up to this cost: about a load and a store. */
export const CHEAP = 3
/** A chain of inlined definitions is cut here, so that walks through it stay shallow. */
export const INLINE_DEPTH = 16
/** Operations in one printed expression; beyond, parts become locals. */
export const EXPRESSION_SIZE = 32
/** Values of the reduction index held in locals in one pass over a row. */
export const ROW_UNROLL = 4
/** Sums of so many entries may grow in variables along the loop that makes what they add up. */
export const RUNNING_MOST = 4
/** Columns of a long row of sums that are made at a time: they take less memory than the row would, and stay in the cache. */
export const ROW_PART = 64
/** The same of a block of long rows. */
export const PANEL_PART = 128
/** Sums of few terms are written out, unless they are those of a product by a matrix of at least so many entries. */
export const SPELLED_MATRIX = 256
/** Reductions of a static extent below this are not unrolled with several accumulators. */
export const DOT_LEAST = 16
/** Products with fewer rows or summed values, or fewer multiplications, are plain loops. */
export const BLOCK_LEAST = { rows: 4, depth: 4, volume: 1024 }
/** Small results of which entries are held in variables: so many along each axis at a time; of longer rows few lines fit into the cache. */
export const HELD = { entries: 1024, columns: 256, side: 4 } as const
/** Statements of one function: V8 stops optimising past 61,440 bytes of bytecode. */
export const FUNCTION_STATEMENTS = 1000
/** Statements of a loop over blocks of samples, which stays in one function: of longer ones V8 optimises some, and not the next. */
export const LOOP_STATEMENTS = 600
/** Definitions that are computed in one loop: more, as those of many layers, would make it too long for V8 too. */
export const LOOP_DEFINITIONS = 24
/** Nests that are looked at, last first, for one to fuse with. */
export const FUSION_WINDOW = 48

const COSTS: Partial<Record<OperatorName, number>> = {
  div: 4,
  sqrt: 6,
  exp: 20,
  expm1: 20,
  log: 20,
  log1p: 20,
  log2: 20,
  log10: 20,
  sin: 20,
  cos: 20,
  tan: 30,
  tanh: 30,
  sinh: 30,
  cosh: 30,
  sigmoid: 25,
  softplus: 40,
  log_sigmoid: 40,
  pow: 60,
  atan2: 40,
  hypot: 10,
  floor: 1,
  mod: 6,
  idiv: 4,
  select: 2,
}

/** Operators that are not in the list and not arithmetic call a function. */
const PLAIN: ReadonlySet<OperatorName> = new Set<OperatorName>(['abs', 'min', 'max', 'relu', 'clamp', 'ceil', 'trunc', 'sign', 'lt', 'le', 'eq', 'ne', 'and', 'or', 'not']) // prettier-ignore

function costOfNode(node: Expr): number {
  switch (node.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
    case 'stop':
      return 0
    case 'read':
      return 1
    case 'add':
      return node.integer
        ? 0
        : node.terms.length -
            (node.constant.isZero ? 1 : 0) +
            node.terms.filter((t) => !t.coefficient.abs().isOne).length
    case 'mul':
      if (node.integer) return 0
      return (
        node.factors.reduce(
          (cost, { exponent }) =>
            cost +
            (exponent.isOne
              ? 1
              : exponent.isInteger && !exponent.isNegative
                ? 2
                : exponent.isMinusOne
                  ? 4
                  : 10),
          0,
        ) - (node.factors.every((factor) => factor.exponent.isOne) ? 1 : 0)
      )
    case 'apply':
      return COSTS[node.operator] ?? (PLAIN.has(node.operator) ? 1 : 40)
    case 'test':
      return 1
    case 'guard':
      return 2
  }
}

/** The cost of one evaluation; `costOf` says what a read of a definition adds beyond a load. */
export function costOfExpr(e: Expr, costOf: (def: Def) => number): number {
  let cost = ownCost(e)
  for (const { def } of mentionedIn(e).reads) cost += costOf(def)
  return cost
}

/** The same for all methods of an entry. */
const ownCosts = new WeakMap<Expr, number>()

/** Without reads. */
function ownCost(e: Expr): number {
  let cost = ownCosts.get(e)
  if (cost === undefined) {
    cost = 0
    for (const node of postorder([e])) if (node.kind !== 'read') cost += costOfNode(node)
    ownCosts.set(e, cost)
  }
  return cost
}
