import { Rational } from './rational.js'

/** The root of a degree, if it is a whole number that binary64 has. */
export function wholeRoot(n: bigint, degree = 2): bigint | undefined {
  const nearest = Math.round(Number(n) ** (1 / degree))
  if (n < 0n || !Number.isSafeInteger(nearest)) return undefined
  const root = BigInt(nearest)
  return root ** BigInt(degree) === n ? root : undefined
}

export function rationalRoot({ n, d }: Rational, degree: number): Rational | undefined {
  const [above, below] = [wholeRoot(n, degree), wholeRoot(d, degree)]
  return above === undefined || below === undefined ? undefined : Rational.of(above, below)
}
