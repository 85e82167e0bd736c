/** Linear factors of polynomials of one variable, of which the coefficients are listed. */
import { Rational } from '../ir/rational.js'

/** How often `1 - r x` divides the polynomial whose coefficients are listed from the lowest, and what that leaves. */
export function withoutFactor(
  coefficients: readonly Rational[],
  r: Rational,
): { readonly count: number; readonly rest: readonly Rational[] } {
  let rest = coefficients
  for (let count = 0; ; count++) {
    const quotient = divided(rest, r)
    if (!quotient) return { count, rest }
    rest = quotient
  }
}

/** The polynomial over `1 - r x`, if that leaves nothing: from the lowest coefficient up. */
function divided(coefficients: readonly Rational[], r: Rational): readonly Rational[] | undefined {
  if (coefficients.length < 2) return undefined
  const quotient: Rational[] = []
  let carried = Rational.zero
  for (const coefficient of coefficients) {
    carried = coefficient.plus(carried.times(r))
    quotient.push(carried)
  }
  return quotient.pop()?.isZero ? quotient : undefined
}
