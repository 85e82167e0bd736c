/** Arrays that are used in one step never lie in one place, and what is lent is given back in time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arraysByTurn, findPlaces } from '../../codegen/js/support/memory.js'

const STEPS = 8
const bytes = fc.integer({ min: 1, max: 200 })
const step = fc.integer({ min: 0, max: STEPS })
const methods = fc.array(
  fc.record({
    lent: fc.array(fc.record({ bytes, until: step }), { maxLength: 3 }),
    used: fc.array(fc.record({ bytes, one: step, other: step }), { maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 3 },
)

test('arrays of one step lie apart', () => {
  fc.assert(
    fc.property(methods, (all) => {
      const turns = arraysByTurn()
      const make = () =>
        all.map(({ lent, used }) => {
          turns.begin()
          for (const [owner, { bytes, until }] of lent.entries()) turns.lend(owner, bytes, until)
          return used.map(({ bytes, one, other }) => {
            const [from, until] = [Math.min(one, other), Math.max(one, other)]
            return { from, until, bytes, place: turns.next(bytes, from, until) }
          })
        })
      make()
      const size = findPlaces(turns.methods)
      turns.restart()
      for (const [number, arrays] of make().entries())
        for (const [at, mine] of arrays.entries()) {
          const { owner } = mine.place.room
          const room = owner === undefined ? { bytes: size, until: STEPS + 1 } : all[number].lent[owner]
          expect(mine.place.at % 16).toBe(0)
          expect(mine.place.at + mine.bytes).toBeLessThanOrEqual(room.bytes)
          expect(mine.until).toBeLessThan(room.until)
          for (const other of arrays.slice(at + 1)) {
            const isTogether =
              other.place.room === mine.place.room && other.from <= mine.until && mine.from <= other.until
            if (!isTogether) continue
            const isApart =
              mine.place.at + mine.bytes <= other.place.at || other.place.at + other.bytes <= mine.place.at
            expect(isApart).toBe(true)
          }
        }
    }),
  )
})

test('what is used one after the other takes as much as the largest', () => {
  const turns = arraysByTurn()
  turns.begin()
  for (const [at, bytes] of [64, 640, 16].entries()) turns.next(bytes, at, at)
  expect(findPlaces(turns.methods)).toBe(640)
})
