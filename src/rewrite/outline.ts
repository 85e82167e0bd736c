import { algebraOf } from '../ops/number-algebra.js'
import type { OperatorName } from '../ops/signatures.js'
import { markOf } from './marks.js'
import { namedVariables, type Root, type Rule } from './rule.js'

/**
 * What shows of the left side of a rule before it is put into normal form. Most rules of a set never meet an
 * expression that could be an instance: their patterns need not be made.
 */
export interface Outline {
  /** Absent where only normal form can tell. */
  readonly root?: Root
  /** Marks of some of the operators that must stand directly below the root. */
  readonly marks: number
}

interface Part extends Outline {
  readonly number?: boolean
  /** Multiplied by a number, which is no part of a pattern but stands between it and an operator around it. */
  readonly scaled?: boolean
}

const NUMBER: Part = { number: true, marks: 0 }
const UNKNOWN: Part = { marks: 0 }

function markAtRoot({ root }: Part): number {
  if (root === 'add' || root === 'mul' || root === 'guard' || root === 'reduction') return 0
  return root === undefined ? 0 : markOf(root)
}

/** A sum or product: one with a part of its own kind. */
function joined(root: 'add' | 'mul', ...parts: readonly Part[]): Part {
  let marks = 0
  for (const part of parts) marks |= part.root === root ? part.marks : markAtRoot(part)
  return { root, marks }
}

function product(x: Part, y: Part): Part {
  if (x.number) return { ...y, scaled: true }
  return y.number ? { ...x, scaled: true } : joined('mul', x, y)
}

function power(x: Part): Part {
  if (x.number) return x
  return x.scaled ? { root: 'mul', marks: 0 } : joined('mul', x)
}

function apply(operator: OperatorName, args: readonly Part[]): Part {
  const [x, y] = args
  switch (operator) {
    case 'add':
    case 'sub':
      return joined('add', x, y)
    case 'neg':
      return { ...x, scaled: true }
    case 'mul':
      return product(x, y)
    case 'div':
      return product(x, power(y))
    case 'sqrt':
      return power(x)
    case 'pow':
      return y.number ? power(x) : UNKNOWN
    case 'gt':
      return apply('lt', args)
    case 'ge':
      return apply('le', args)
    case 'not':
    case 'and':
    case 'or':
    case 'select':
      return UNKNOWN
    default: {
      let marks = 0
      for (const arg of args) if (!arg.scaled) marks |= markAtRoot(arg)
      return { root: operator, marks }
    }
  }
}

// π is a factor of its own, and no coefficient.
const outlines = algebraOf<Part>({ apply, number: () => NUMBER, pi: UNKNOWN, infinity: NUMBER })

export function outlineOf(rule: Rule): Outline {
  const [left] = rule.of(
    outlines,
    namedVariables(() => UNKNOWN),
  )
  return left
}
