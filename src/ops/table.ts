import { arith } from './arith.js'
import { compare } from './compare.js'
import { explog } from './explog.js'
import type { Operator } from './operator.js'
import { rounding } from './rounding.js'
import type { OperatorName } from './signatures.js'
import { special } from './special.js'
import { trig } from './trig.js'

/** Every scalar operator. A name of `SIGNATURES` without a record does not compile. */
export const OPERATORS: { readonly [K in OperatorName]: Operator<K> } = {
  ...arith,
  ...rounding,
  ...explog,
  ...trig,
  ...special,
  ...compare,
}

export function isOperator(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name)
}
