/** The name of a step for who follows it: what chooses among all spellings of a sum or product says which it took. */
import type { AppliedOperator, Expr } from '../ir/expr.js'
import { asTerm, isDivided } from '../ir/term.js'
import { postorder } from '../ir/walk.js'
import type { Step } from '../rewrite/trace.js'

const CHOOSING: ReadonlySet<string> = new Set(['like terms', 'multiply out'])
const CIRCULAR: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sin', 'cos', 'tan'])
const HYPERBOLIC: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sinh', 'cosh', 'tanh'])

/** Rules that are called after the function that they make of others. */
const WORDS: Readonly<Record<string, string>> = {
  sigmoid: 'sigmoid(x) = 1 / (1 + exp(-x))',
  softplus: 'softplus(x) = log(1 + exp(x))',
  'softplus from log1p': 'softplus(x) = log(1 + exp(x))',
  'tanh from sinh and cosh': 'tanh(x) = sinh(x) / cosh(x)',
  'tan from sin and cos': 'tan(x) = sin(x) / cos(x)',
  logit: 'logit(x) = log(x / (1 - x))',
  max: 'larger of several',
  min: 'smaller of several',
  choice: 'choice in fewer words',
  'choice or 0': 'choice in fewer words',
  'sin of right angles': 'right angles in the argument of sin',
  'cos of right angles': 'right angles in the argument of cos',
}

export function reasonOf({ rule, before, after }: Step): string {
  if (rule === 'cancel a factor' && !isQuotient(before)) return 'powers of one base'
  if (Object.hasOwn(WORDS, rule)) return WORDS[rule]
  if (!CHOOSING.has(rule)) return rule
  if (isQuotient(before) && movesSign(before, after)) return 'sign into a difference'
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

/** Whether a minus in front is gone while what is divided by stays. */
function movesSign(before: Expr, after: Expr): boolean {
  const [was, is] = [asTerm(before), asTerm(after)]
  if (!was.coefficient.isNegative || is.coefficient.isNegative) return false
  const divisors = ({ node }: typeof was): readonly Expr[] =>
    node.kind === 'mul' ? node.factors.flatMap(({ base, exponent }) => (exponent.isNegative ? base : [])) : []
  const [were, are] = [divisors(was), divisors(is)]
  return were.length === are.length && were.every((divisor) => are.includes(divisor))
}

function isProductOfSums(e: Expr): boolean {
  const { node } = asTerm(e)
  return (
    node.kind === 'mul' &&
    node.factors.some(({ base, exponent }) => base.kind === 'add' && !exponent.isNegative)
  )
}
