/** The exponent that the power rule leaves: `2k - 2` of `2k - 1`, `-2/3` of `1/3`. */
import type { Expression } from '../../../grammar/ast.js'
import { parseExpression } from '../../../grammar/parse.js'
import { printExpression } from '../../../grammar/print-expression.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { NnError } from '../../base/nn-error.js'
import { Expression as Expr } from '../../expression/expression.js'
import type { Trees } from './syntax-tree.js'

export function shiftedExponent(exponent: Expression, by: 1 | -1, trees: Trees): Expression {
  const one = trees.number(1)
  const written = by > 0 ? trees.algebra.add(exponent, one) : trees.algebra.sub(exponent, one)
  if (exponent.kind === 'name') return written
  try {
    const text = Expr.parse(printExpression(written)).toString()
    return parseExpression({ filename: 'exponent', text }, new Diagnostics()) ?? written
  } catch (thrown) {
    // What holds arrays or names of a session is no expression by itself.
    if (!(thrown instanceof NnError)) throw thrown
    return written
  }
}
