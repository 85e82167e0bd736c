/** Conditions on sizes: proven now, refuted now, or tested when the sizes are bound. */
import type { Span } from '../base/source.js'
import type { Message } from '../base/messages.js'
import type { Expr } from '../ir/expr.js'
import { isNonNegative } from '../ir/prove.js'
import { extreme } from './bounds.js'
import { conditionsOf, type Env, report } from './env.js'

/** `e >= 0` must hold for all sizes that occur; false if it cannot. The condition is over sizes alone. */
export function requireNonNegative(env: Env, e: Expr, message: Message, span: Span | undefined): boolean {
  const { graph, checks, probing } = env.context
  if (isNonNegative(graph, e, conditionsOf(env.path))) return true
  const least = extreme(graph, e, 'least', () => false)
  if (!least) {
    report(env, message, span)
    return false
  }
  if (isNonNegative(graph, graph.sub(graph.num(-1), least))) {
    report(env, message, span)
    return false
  }
  if (probing) return true
  checks.push({ expr: least, message: message.message, span })
  graph.assume(least)
  return true
}
