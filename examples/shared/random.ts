/** Numbers in [0, 1), the same ones in every run. */
export type Random = () => number

/** mulberry32 (Tommy Ettinger): small, and random enough to shuffle and to draw data. */
export function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A draw from the standard normal distribution (Box and Muller 1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** 0 … count - 1. */
export function range(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, s) => s)
}

/** Fisher and Yates: every order is as likely as any other. */
export function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const taken = order[i]
    order[i] = order[j]
    order[j] = taken
  }
}
