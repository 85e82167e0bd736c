/** Numbers that compiled code returned, against numbers that were computed in another way. */
import { expect } from 'vitest'

/** The entries of a number, a typed array or nested arrays, in row-major order. */
export function entries(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float64Array || value instanceof Int32Array) return [...value]
  if (Array.isArray(value)) return value.flatMap((inner: unknown) => entries(inner))
  throw new Error(`neither a number nor an array: ${String(value)}`)
}

/** The largest difference, relative to the largest component of what is expected. */
export function worstError(found: unknown, expected: unknown): number {
  const [a, b] = [entries(found), entries(expected)]
  expect(a.length).toBe(b.length)
  const scale = Math.max(...b.map(Math.abs))
  const worst = Math.max(...a.map((x, at) => (Object.is(x, b[at]) ? 0 : Math.abs(x - b[at]))))
  return worst === 0 ? 0 : worst / scale
}
