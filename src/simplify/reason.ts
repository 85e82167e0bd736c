/** The name of a step for who follows it: what chooses among all spellings of a sum or product says which it took. */
import type { AppliedOperator, Expr } from '../ir/expr.js'
import { asTerm, isDivided } from '../ir/term.js'
import { postorder } from '../ir/walk.js'
import type { Step } from '../rewrite/trace.js'

const CHOOSING: ReadonlySet<string> = new Set(['like terms', 'multiply out'])
const CIRCULAR: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sin', 'cos', 'tan'])
const HYPERBOLIC: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sinh', 'cosh', 'tanh'])

export function reasonOf({ rule, before, after }: Step): string {
  if (!CHOOSING.has(rule)) return rule
  if (changes(CIRCULAR, before, after)) return 'identities of sine and cosine'
  if (changes(HYPERBOLIC, before, after)) return 'identities of hyperbolic functions'
  const [isSum, isProduct] = [before.kind === 'add' && before.operands.length > 1, isProductOfSums(after)]
  if (isQuotient(before) || (before.kind === 'add' && before.terms.some(({ node }) => isQuotient(node))))
    return isSum ? 'one fraction, in lowest terms' : 'fraction in lowest terms'
  if (isSum && isProduct) return 'common factors'
  return isProductOfSums(before) || (isSum && before.operands.some(isProductOfSums))
    ? 'multiplied out, like terms collected'
    : rule
}

/** Whether functions of a family are others afterwards, or of other angles. */
function changes(family: ReadonlySet<AppliedOperator>, before: Expr, after: Expr): boolean {
  const own = (e: Expr): Set<Expr> =>
    new Set(postorder([e]).filter((part) => part.kind === 'apply' && family.has(part.operator)))
  const [were, are] = [own(before), own(after)]
  if (were.size === 0) return false
  // What is left away says nothing, unless all is, as in sin² + cos².
  return [...are].some((part) => !were.has(part)) || (are.size === 0 && were.size > 1)
}

const isQuotient = (e: Expr): boolean => isDivided(asTerm(e).node)

function isProductOfSums(e: Expr): boolean {
  const { node } = asTerm(e)
  return (
    node.kind === 'mul' &&
    node.factors.some(({ base, exponent }) => base.kind === 'add' && !exponent.isNegative)
  )
}
