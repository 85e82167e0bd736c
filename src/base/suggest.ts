/**
 * The number of insertions, deletions, replacements and swaps of neighbours between two words,
 * or `limit + 1` as soon as it is known to be more than `limit`.
 */
export function editDistance(from: string, to: string, limit = Infinity): number {
  const a = [...from]
  const b = [...to]
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = b.map((_, column) => column)
  last.push(b.length)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let least = row
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1)
      let distance = Math.min(last[column] + 1, current[column - 1] + 1, replaced)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        distance = Math.min(distance, beforeLast[column - 2] + 1)
      current.push(distance)
      least = Math.min(least, distance)
    }
    if (least > limit) return limit + 1
    beforeLast = last
    last = current
  }
  return Math.min(last[b.length], limit + 1)
}

/** How many edits a word of this length may be away from what was meant. */
function tolerance(length: number): number {
  if (length <= 2) return 0
  return length <= 4 ? 1 : length <= 8 ? 2 : 3
}

/**
 * The candidate that was probably meant by a misspelt word: the nearest one; of several one with the same letters, which
 * were doubled, dropped or swapped, before one with others; else the first.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const letters = lettersOf(word)
  let best: string | undefined
  let limit = tolerance([...word].length)
  for (const candidate of candidates) {
    if (candidate === word) continue
    if (candidate.toLowerCase() === word.toLowerCase()) return candidate
    if (limit === 0) continue
    const distance = editDistance(word, candidate, limit)
    if (distance > limit || distance >= [...candidate].length) continue
    const isNearer = best === undefined || distance < limit
    if (!isNearer && (lettersOf(candidate) !== letters || (best && lettersOf(best) === letters))) continue
    best = candidate
    limit = distance
  }
  return best
}

const lettersOf = (word: string): string => [...new Set(word)].sort().join('')
