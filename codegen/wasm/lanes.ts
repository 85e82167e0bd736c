/** Vectors of one element type: how they are loaded from arrays of this or the other type, and stored whole or in part. */
import type { Body } from './body.js'
import { type Code, i32, op, opAt, shuffle } from './code.js'

export type Element = 'f32' | 'f64'

/** Bytes of a vector. */
export const VECTOR = 16

export const sizeOf = (element: Element): number => (element === 'f32' ? 4 : 8)

/** The entries of `element` that a vector holds. */
export const lanesOf = (element: Element): number => VECTOR / sizeOf(element)

export const addVectors = (element: Element, a: Code, b: Code): Code =>
  element === 'f32' ? op('f32x4.add', a, b) : op('f64x2.add', a, b)

export const mulVectors = (element: Element, a: Code, b: Code): Code =>
  element === 'f32' ? op('f32x4.mul', a, b) : op('f64x2.mul', a, b)

/** Neighbours in an array of type `from`, as a vector of `to`. */
export function loadVector(from: Element, to: Element, at: Code, offset = 0): Code {
  if (from === to) return opAt({ offset }, 'v128.load', at)
  if (from === 'f32') return op('f64x2.promote_low_f32x4', opAt({ offset }, 'v128.load64_zero', at))
  const low = op('f32x4.demote_f64x2_zero', opAt({ offset }, 'v128.load', at))
  const high = op('f32x4.demote_f64x2_zero', opAt({ offset: offset + VECTOR }, 'v128.load', at))
  return shuffle(low, high, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])
}

/** One entry of an array of type `from`, in all lanes of a vector of `to`. */
export function loadSplat(from: Element, to: Element, at: Code, offset = 0): Code {
  if (from === 'f32')
    return to === 'f32'
      ? opAt({ offset }, 'v128.load32_splat', at)
      : op('f64x2.splat', op('f64.promote_f32', opAt({ offset }, 'f32.load', at)))
  return to === 'f64'
    ? opAt({ offset }, 'v128.load64_splat', at)
    : op('f32x4.splat', op('f32.demote_f64', opAt({ offset }, 'f64.load', at)))
}

/** Stores the first `count` lanes, at least one and not all. */
export function storePart(
  body: Body,
  element: Element,
  at: Code,
  offset: number,
  value: Code,
  count: Code,
): void {
  if (element === 'f64') {
    body.store('v128.store64_lane', { offset, lane: 0 }, at, value)
    return
  }
  body.if(
    op('i32.eq', count, i32(1)),
    () => body.store('v128.store32_lane', { offset, lane: 0 }, at, value),
    () => {
      body.store('v128.store64_lane', { offset, lane: 0 }, at, value)
      body.if(op('i32.eq', count, i32(3)), () =>
        body.store('v128.store32_lane', { offset: offset + 8, lane: 2 }, at, value),
      )
    },
  )
}
