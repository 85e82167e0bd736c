/** Which operands of a node change its value smoothly. */
import { OPERATORS } from '../ops/table.js'
import type { Expr } from './expr.js'

/**
 * The operands through which a derivative passes: not conditions, not subscripts, not what is stopped, not
 * piecewise constant operators.
 */
export function differentiableOperands(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
    case 'read':
    case 'test':
    case 'stop':
      return []
    case 'add':
    case 'mul':
      return e.operands
    case 'guard':
      return [e.body]
    case 'apply':
      if (e.operator === 'select') return [e.args[1], e.args[2]]
      return OPERATORS[e.operator].derivative.kind === 'zero' ? [] : e.args
  }
}

/** The same where what is stopped counts: it is stopped on purpose. */
export const smoothOperands = (e: Expr): readonly Expr[] =>
  e.kind === 'stop' ? e.operands : differentiableOperands(e)
