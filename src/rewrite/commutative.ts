import type { OperatorName } from '../ops/signatures.js'

/** Operators of two arguments whose order does not matter and is not part of the normal form. */
export const COMMUTATIVE: ReadonlySet<OperatorName> = new Set<OperatorName>([
  'min',
  'max',
  'hypot',
  'eq',
  'ne',
  'and',
  'or',
])
