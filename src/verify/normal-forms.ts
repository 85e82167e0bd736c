/** The values of the IR's sums and products over any field. */
import type { Field } from './field.js'

/** `constant + Σ coefficient · value`. */
export function linear<N>(
  field: Field<N>,
  constant: number,
  terms: readonly { readonly value: N; readonly coefficient: number }[],
): N {
  let total = constant === 0 ? undefined : field.constant(constant)
  for (const { value, coefficient } of terms) {
    const term = coefficient === 1 ? value : field.apply('mul', [field.constant(coefficient), value])
    total = total === undefined ? term : field.apply('add', [total, term])
  }
  return total ?? field.constant(0)
}

/** `Π base ^ exponent`, as one quotient. */
export function product<N>(
  field: Field<N>,
  factors: readonly { readonly base: N; readonly exponent: number }[],
): N {
  let above: N | undefined
  let below: N | undefined
  for (const { base, exponent } of factors) {
    const power = positivePower(field, base, Math.abs(exponent))
    if (exponent > 0) above = above === undefined ? power : field.apply('mul', [above, power])
    else below = below === undefined ? power : field.apply('mul', [below, power])
  }
  const numerator = above ?? field.constant(1)
  return below === undefined ? numerator : field.apply('div', [numerator, below])
}

function positivePower<N>(field: Field<N>, base: N, exponent: number): N {
  switch (exponent) {
    case 1:
      return base
    case 2:
      return field.apply('mul', [base, base])
    case 0.5:
      return field.apply('sqrt', [base])
    default:
      return field.apply('pow', [base, field.constant(exponent)])
  }
}
