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

/** More is not searched for powers. */
const LARGEST = 1_000_000n

/** `outside^degree · inside` is the number, and no such power is left inside: of 75 and 2 they are 5 and 3. */
export function powerOutside(
  n: bigint,
  degree: number,
): { readonly outside: bigint; readonly inside: bigint } {
  let [outside, inside] = [1n, n]
  if (n === 0n || n > LARGEST) return { outside, inside }
  for (let root = 2n, power = root ** BigInt(degree); power <= inside; root++, power = root ** BigInt(degree))
    for (; inside % power === 0n; inside /= power) outside *= root
  return { outside, inside }
}
