/** Innermost loops over entries that lie side by side, four or two at a time. */
import type { Loop } from '../../src/schedule/loop-program.js'
import type { Body } from './body.js'
import type { Places, ScalarLowering } from './scalar.js'

/** What a loop is written into. */
export interface LoopContext extends Places {
  readonly body: Body
  readonly scalars: ScalarLowering
}

export function vectorise(_context: LoopContext, _loop: Loop): boolean {
  return false
}
