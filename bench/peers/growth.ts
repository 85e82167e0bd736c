/** Expressions that grow, with the value of their derivatives by plain loops. */
export interface GrowthCase {
  readonly family: string
  readonly size: number
  readonly expression: string
  /** The derivative by `x` at `x`. */
  readonly slope: (x: number) => number
}

const SIZES = [10, 30, 100, 300, 1000, 2000]
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k + 1)

const FAMILIES = [
  {
    family: 'nests',
    expression: (size: number) => `${'sin('.repeat(size)}x${')'.repeat(size)}`,
    slope: (size: number) => (x: number) => {
      let [value, slope] = [x, 1]
      for (let k = 0; k < size; k++) [value, slope] = [Math.sin(value), slope * Math.cos(value)]
      return slope
    },
  },
  {
    family: 'products',
    expression: (size: number) => upTo(size).map((k) => `(1 + x/${k * k})`).join('*'), // prettier-ignore
    slope: (size: number) => (x: number) => {
      const product = upTo(size).reduce((all, k) => all * (1 + x / (k * k)), 1)
      return upTo(size).reduce((sum, k) => sum + product / (k * k + x), 0)
    },
  },
  {
    family: 'sums',
    expression: (size: number) => upTo(size).map((k) => `sin(${k}*x)`).join(' + '), // prettier-ignore
    slope: (size: number) => (x: number) => upTo(size).reduce((sum, k) => sum + k * Math.cos(k * x), 0),
  },
]

export const GROWTH: readonly GrowthCase[] = FAMILIES.flatMap(({ family, expression, slope }) =>
  SIZES.map((size) => ({ family, size, expression: expression(size), slope: slope(size) })),
)
