/**
 * Which whole numbers are stored in 32 bits: positions, labels, counts, decisions, and what stays small with them. Others may be as large
 * as any real number (`floor(x)`, `i³`, sums of data), and an array of 32-bit integers would keep the lowest bits of them.
 */
import type { Def, Expr } from '../ir/expr.js'
import { readsIn, postorder } from '../ir/walk.js'
import type { ElementType } from './loop-program.js'
import { POSITION_BITS, resultBits, WORD_BITS } from './scalars.js'

/** What an array of the values of a definition is made of, where real numbers are stored as `real`. */
export function elementOf(def: Def, real: ElementType): ElementType {
  if (!def.integer) return real
  return bitsOf(def) <= WORD_BITS ? 'i32' : 'f64'
}

const known = new WeakMap<Def, number>()

/** The largest magnitude that the values can have, as a power of 2. */
function bitsOf(root: Def): number {
  const pending = [root]
  const begun = new Set<Def>()
  for (let def = pending.at(-1); def; def = pending.at(-1)) {
    const inner =
      known.has(def) || begun.has(def)
        ? []
        : rootsOf(def)
            .flatMap(readsIn)
            .map((read) => read.def)
    begun.add(def)
    const missing = inner.filter((read) => !known.has(read) && !begun.has(read))
    if (missing.length > 0) {
      pending.push(...missing)
      continue
    }
    pending.pop()
    // What a recurrence is computed of is computed of it, and grows.
    if (!known.has(def)) known.set(def, bitsOfDefinition(def))
  }
  return known.get(root) ?? Infinity
}

const rootsOf = (def: Def): readonly Expr[] => (def.kind === 'computed' && def.body ? [def.body] : [])

function bitsOfDefinition(def: Def): number {
  switch (def.kind) {
    case 'input':
    case 'param':
      return def.integer ? WORD_BITS : Infinity
    case 'table':
      return Math.max(0, ...def.values.map(bitsOfNumber))
    case 'matrix':
    case 'derivative':
      return Infinity
    case 'computed': {
      if (!def.body || def.routine) return Infinity
      const { reduction } = def
      if (!reduction) return bitsOfExpression(def.body)
      switch (reduction.kind) {
        case 'argmax':
        case 'argmin':
          return POSITION_BITS
        case 'sum':
          return reduction.idx.reduce(
            (bits, { extent }) => bits + bitsOfExpression(extent),
            bitsOfExpression(def.body),
          )
        case 'max':
        case 'min':
        case 'prod':
        case 'logsumexp':
          // Over nothing a maximum is infinite.
          return Infinity
      }
    }
  }
}

const bitsOfNumber = (value: number): number =>
  Number.isInteger(value) ? Math.log2(Math.max(1, Math.abs(value))) : Infinity

function bitsOfExpression(root: Expr): number {
  const bits = new Map<Expr, number>()
  const of = (e: Expr): number => (e.kind === 'read' ? known.get(e.def) : bits.get(e)) ?? Infinity
  for (const node of postorder([root], (e) => !bits.has(e) && e.kind !== 'read'))
    bits.set(node, bitsOfNode(node, of))
  return of(root)
}

function bitsOfNode(node: Expr, of: (e: Expr) => number): number {
  switch (node.kind) {
    case 'num':
      return bitsOfNumber(node.value.toNumber())
    case 'size':
    case 'index':
      return node.kind === 'index' && node.extent.kind === 'num'
        ? bitsOfNumber(node.extent.value.toNumber())
        : POSITION_BITS
    case 'constant':
    case 'read':
      return Infinity
    case 'test':
      return 0
    case 'stop':
      return of(node.operand)
    case 'guard':
      return of(node.body)
    case 'add':
      return Math.log2(
        node.terms.reduce(
          (sum, term) => sum + Math.abs(term.coefficient.toNumber()) * 2 ** of(term.node),
          Math.abs(node.constant.toNumber()) + 1,
        ),
      )
    case 'mul':
      return node.factors.reduce((sum, { base, exponent }) => sum + of(base) * exponent.toNumber(), 0)
    case 'apply': {
      const { low, high } = node.facts
      if (node.integer && Number.isFinite(low) && Number.isFinite(high))
        return bitsOfNumber(Math.max(Math.abs(low), Math.abs(high)))
      const [a, b, c] = node.args.map(of)
      return resultBits(node.operator, a, b, c)
    }
  }
}
