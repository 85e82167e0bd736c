/**
 * In which type vectors compute: what is stored as f32 is computed as f32, but where a rounding would change a decision (comparisons, floors, the
 * largest entry) in 64 bits, unless the operands are exact in 32.
 */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Accumulate, Local, Scalar, Store } from '../../src/schedule/loop-program.js'
import { fitsInWord, isNatural } from '../../src/schedule/scalars.js'
import type { LoopScope } from './affine.js'

/** The type that a value is computed in. */
export type Width = 'f32' | 'f64'

const COMPARISONS: ReadonlySet<OperatorName> = new Set<OperatorName>(['lt', 'le', 'gt', 'ge', 'eq', 'ne'])
/** A rounding error of an operand can change the result by more than a rounding error. */
const ABRUPT: ReadonlySet<OperatorName> = new Set<OperatorName>(['floor', 'ceil', 'round', 'trunc', 'sign', 'mod', 'idiv']) // prettier-ignore
const EXACT: ReadonlySet<OperatorName> = new Set<OperatorName>(['neg', 'abs', 'min', 'max', 'relu'])
const WHOLE: ReadonlySet<OperatorName> = new Set<OperatorName>(['add', 'sub', 'mul'])

export const isComparison = (operator: OperatorName): boolean => COMPARISONS.has(operator)

/** The type in which an operator is computed if its result is asked for in another. */
export function widthOf(
  node: Scalar & { readonly kind: 'apply' },
  asked: Width,
  lanes: 2 | 4,
  scope: LoopScope,
): Width {
  if (lanes === 2) return 'f64'
  const isAbrupt =
    COMPARISONS.has(node.operator) ||
    ABRUPT.has(node.operator) ||
    (node.type === 'integer' && !isWholeIn(node, scope))
  if (!isAbrupt) return asked
  return node.args.every((arg) => isExact(arg, scope)) ? 'f32' : 'f64'
}

/** The terms of a sum are rounded, the sum is not; the largest entry must be the very entry. */
export const widthOfSum = ({ operator, value }: Accumulate, lanes: 2 | 4, scope: LoopScope): Width =>
  lanes === 4 && (operator === 'add' || operator === 'mul' || isExact(value, scope)) ? 'f32' : 'f64'

/** Terms that are added to what is there are those of a sum. */
export const widthOfStore = ({ buffer, accumulate }: Store, lanes: 2 | 4): Width =>
  lanes === 4 && (accumulate || buffer.element === 'f32') ? 'f32' : 'f64'

/** Whether 32 bits hold it as it is. */
export function isExact(node: Scalar, scope: LoopScope, known: ReadonlySet<Local> = new Set()): boolean {
  switch (node.kind) {
    case 'number':
      return Math.fround(node.value) === node.value
    case 'load':
      return node.buffer.element === 'f32'
    case 'local': {
      if (known.has(node.local)) return true
      if (scope.sums.has(node.local)) return false
      const value = scope.constants.get(node.local)
      const values = value ? [value] : scope.settings.get(node.local)
      return values?.every((each) => isExact(each, scope, new Set(known).add(node.local))) ?? false
    }
    case 'apply':
      if (node.operator === 'select') return node.args.slice(1).every((arg) => isExact(arg, scope, known))
      return EXACT.has(node.operator) && node.args.every((arg) => isExact(arg, scope, known))
  }
}

function valuesOf(local: Local, { constants, settings }: LoopScope): readonly Scalar[] | undefined {
  const value = constants.get(local)
  return value ? [value] : settings.get(local)
}

/** Whether it is a whole number of 32 bits in each lane: positions, labels, sums of such. */
export function isWholeIn(node: Scalar, scope: LoopScope): boolean {
  if (node.type !== 'integer') return false
  switch (node.kind) {
    case 'number':
      return (node.value | 0) === node.value
    case 'load':
      return node.buffer.element === 'i32'
    case 'local': {
      if (node.local === scope.index) return true
      if (scope.sums.has(node.local)) return false
      const value = scope.constants.get(node.local)
      const settings = value ? [value] : scope.settings.get(node.local)
      return settings?.every((each) => isWholeIn(each, scope)) ?? node.local.natural === true
    }
    case 'apply':
      return (
        ((!scope.varies(node) && isNatural(node)) ||
          (WHOLE.has(node.operator) && node.args.every((arg) => isWholeIn(arg, scope)))) &&
        fitsInWord(node, (local) => (local === scope.index ? undefined : valuesOf(local, scope)))
      )
  }
}
