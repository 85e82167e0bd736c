import { SIGNATURES, type OperatorName } from '../ops/signatures.js'

/** Multiplicative hash of small integers into 31 bits. */
export const mix = (hash: number, value: number): number =>
  (Math.imul(hash ^ value, 0x9e3779b1) ^ (hash >>> 15)) & 0x7fffffff

export function hashText(text: string, start = 7): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at))
  return hash
}

const OPERATOR_HASHES = new Map<string, number>(Object.keys(SIGNATURES).map((name) => [name, hashText(name)]))

/** Nodes are interned far more often than there are operators. */
export const hashOperator = (operator: OperatorName): number => OPERATOR_HASHES.get(operator) ?? 0

/** At first: the graph of a pattern of a rule has few nodes. */
const SLOTS = 64

/** A hash table with open addressing: values are found by hash and a comparison, so that no key need be made. */
export class InternTable<T extends object> {
  private hashes = new Int32Array(SLOTS)
  private values: (T | undefined)[] = emptySlots(SLOTS)
  private count = 0

  find(hash: number, isSame: (value: T) => boolean): T | undefined {
    const { hashes, values } = this
    const mask = hashes.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const value = values[slot]
      if (value === undefined) return undefined
      if (hashes[slot] === hash && isSame(value)) return value
    }
  }

  /** The value must not be there yet. */
  add(hash: number, value: T): void {
    if (2 * ++this.count > this.hashes.length) this.grow()
    this.put(hash, value)
  }

  private put(hash: number, value: T): void {
    const mask = this.hashes.length - 1
    let slot = hash & mask
    while (this.values[slot] !== undefined) slot = (slot + 1) & mask
    this.hashes[slot] = hash
    this.values[slot] = value
  }

  private grow(): void {
    const { hashes, values } = this
    this.hashes = new Int32Array(2 * hashes.length)
    this.values = emptySlots(2 * hashes.length)
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot]
      if (value !== undefined) this.put(hashes[slot], value)
    }
  }
}

const emptySlots = <T>(length: number): (T | undefined)[] => Array<T | undefined>(length).fill(undefined)
