/** Where results are compared: away from kinks, and, for domains, where something may be undefined. */
const NAMES = ['x', 'y', 'z', 'a', 'b', 'c', 'e', 'i', 'D']

const atAll = (values: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(NAMES.map((name, at) => [name, values[at]]))

/** With both signs, and on both sides of 1. */
export const POINTS = [
  atAll([0.37, 1.21, 0.83, 1.7, 0.4, 2.3, 0.9, 1.3, 0.6]),
  atAll([1.63, 0.58, -1.4, 0.9, 2.2, 0.7, -1.1, 0.3, 1.9]),
  atAll([-0.74, 2.35, 1.1, -1.3, 0.6, 1.2, 0.7, -0.8, 1.4]),
  atAll([2.83, 1.49, -0.7, 2.1, -0.45, 0.8, 1.6, 0.2, -0.9]),
  atAll([-1.92, -0.31, 0.5, 1.4, 1.9, -1.6, -0.4, 1.1, 0.3]),
]

/** Zeros, ones and negative numbers: poles and the borders of domains. */
export const BORDERS = [
  ...[0, 1, -1, -2, -3].map((x) => ({ ...POINTS[0], x })),
  { ...POINTS[0], y: 0 },
  { ...POINTS[0], y: -1 },
  { ...POINTS[0], y: POINTS[0].x },
  { ...POINTS[0], x: -0.5, y: -0.5 },
  { ...POINTS[0], a: -POINTS[0].b },
]
