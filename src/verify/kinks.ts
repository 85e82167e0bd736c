/** How near a value is to a place where a derivative jumps: there the differences say nothing. */
import type { OperatorName } from '../ops/signatures.js'

/** Told each time a real value comes near such a place, with the relative distance. */
export type KinkMonitor = (gap: number) => void

/** Distance relative to the values themselves. */
export function relativeGap(a: number, b: number): number {
  if (a === b) return 0
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b))
}

const toWhole = (x: number): number => Math.abs(x - Math.round(x))

/** The distance of an operator's arguments from its kinks and jumps; infinite for smooth operators. */
export function kinkGap(operator: OperatorName, args: readonly number[]): number {
  const [x, y, z] = args
  switch (operator) {
    case 'abs':
    case 'sign':
    case 'relu':
    case 'sqrt':
    case 'cbrt':
      return relativeGap(x, 0)
    case 'floor':
    case 'ceil':
      return toWhole(x)
    case 'trunc':
      return Math.abs(x) < 0.5 ? Infinity : toWhole(x)
    case 'round':
      return toWhole(x - 0.5)
    case 'mod':
    case 'idiv':
      return toWhole(x / y)
    case 'min':
    case 'max':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
      return relativeGap(x, y)
    case 'clamp':
      return Math.min(relativeGap(x, y), relativeGap(x, z))
    case 'hypot':
      return Math.max(relativeGap(x, 0), relativeGap(y, 0))
    case 'atan2':
      // The cut along the negative half of the second argument, and the origin on it.
      return y <= 0 ? relativeGap(x, 0) : Infinity
    default:
      return Infinity
  }
}
