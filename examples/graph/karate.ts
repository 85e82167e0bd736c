/**
 * The friendships in a karate club that split in two (Zachary 1977, An information flow model for conflict and fission in small
 * groups): for each of the 34 members, from 1, the friends with a smaller number. Each is the edge of a graph, 78 in all.
 */
const FRIENDS: Readonly<Record<number, readonly number[]>> = {
  2: [1],
  3: [1, 2],
  4: [1, 2, 3],
  5: [1],
  6: [1],
  7: [1, 5, 6],
  8: [1, 2, 3, 4],
  9: [1, 3],
  10: [3],
  11: [1, 5, 6],
  12: [1],
  13: [1, 4],
  14: [1, 2, 3, 4],
  17: [6, 7],
  18: [1, 2],
  20: [1, 2],
  22: [1, 2],
  26: [24, 25],
  28: [3, 24, 25],
  29: [3],
  30: [24, 27],
  31: [2, 9],
  32: [1, 25, 26, 29],
  33: [3, 9, 15, 16, 19, 21, 23, 24, 30, 31, 32],
  34: [9, 10, 14, 15, 16, 19, 20, 21, 23, 24, 27, 28, 29, 30, 31, 32, 33],
}

export const MEMBERS = 34

/** Edges between the members 0 … 33, each once. */
export const FRIENDSHIPS: readonly (readonly [number, number])[] = Object.entries(FRIENDS).flatMap(
  ([member, friends]) => friends.map((friend) => [Number(member) - 1, friend - 1] as const),
)

const WITH_INSTRUCTOR = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22]

/** 0 for those who went with the instructor (member 0), 1 for those who stayed with the president (member 33). */
export const SIDES = Int32Array.from({ length: MEMBERS }, (_, i) => (WITH_INSTRUCTOR.includes(i + 1) ? 0 : 1))
