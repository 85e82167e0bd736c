/** Tensors as formulas of their positions, for tests. */
import { expect } from 'vitest'
import { at, type Numbers } from './functions.js'

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
export const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
export const sum = (count: number, term: (n: number) => number): number =>
  range(count).reduce((total, n) => total + term(n), 0)
/** Row-major entries of a tensor given by a formula. */
export const entries = (shape: readonly number[], f: (...positions: number[]) => number): number[] =>
  shape
    .reduce<number[][]>((rows, extent) => rows.flatMap((row) => range(extent).map((n) => [...row, n])), [[]])
    .map((positions) => f(...positions))

export function compare(found: ArrayLike<number> | number, expected: readonly number[]): void {
  const values = typeof found === 'number' ? [found] : Array.from(found)
  expect(values.length).toBe(expected.length)
  for (const [n, x] of expected.entries()) expect(values[n]).toBeCloseTo(x, 12)
}

/** An entry, 0 outside. */
export function padded(x: Numbers, ...positions: number[]): number {
  const value = positions.some((position) => position < 0) ? NaN : at(x, ...positions)
  return Number.isNaN(value) ? 0 : value
}

/** All positions of a shape, row by row. */
export const positionsOf = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>((rows, extent) => rows.flatMap((row) => range(extent).map((n) => [...row, n])), [[]]) // prettier-ignore
