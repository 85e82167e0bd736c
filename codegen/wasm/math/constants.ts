/** Operands that are known. */
import type { Code } from '../code.js'

/** The number that a constant, or all lanes of one, hold. */
export function constantOf(code: Code): number | undefined {
  if (code.kind === 'constant') return code.value
  if (code.kind !== 'vector') return undefined
  return code.lanes.every((lane) => Object.is(lane, code.lanes[0])) ? code.lanes[0] : undefined
}
