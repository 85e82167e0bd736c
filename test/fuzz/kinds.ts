import { arms } from './arms.js'
import { derivatives, tastedDerivatives } from './derivatives.js'
import { expressions, tasted } from './expressions.js'
import type { Kind } from './failure.js'
import { networks } from './networks.js'
import { assumed, simplified } from './simplify.js'

export const KINDS: readonly Kind[] = [
  arms,
  expressions,
  derivatives,
  simplified,
  assumed,
  tasted,
  tastedDerivatives,
  networks,
]
