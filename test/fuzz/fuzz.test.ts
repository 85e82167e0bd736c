/** A few random cases of each kind, so that the tool works when it is wanted. */
import { expect, test } from 'vitest'
import { Random } from '../../src/verify/random.js'
import { KINDS } from './kinds.js'

test.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', async (_, kind) => {
  let compared = 0
  for (let seed = 1; seed <= kind.few; seed++) {
    const outcome = await kind.run(new Random(seed))
    expect(outcome.failure).toBeUndefined()
    compared += outcome.compared
  }
  expect(compared).toBeGreaterThan(10)
})
