import { arms } from './arms.js'
import { derivatives } from './derivatives.js'
import { expressions } from './expressions.js'
import type { Kind } from './failure.js'
import { networks } from './networks.js'
import { simplified } from './simplify.js'

export const KINDS: readonly Kind[] = [arms, expressions, derivatives, simplified, networks]
