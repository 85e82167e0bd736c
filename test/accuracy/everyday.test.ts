/** Formulas that have lost digits somewhere, to the third derivative: within the bound of compositions (reference/everyday.json). */
import { describe, expect, test } from 'vitest'
import { EVERYDAY, ofExpression } from './measure.js'

describe.each(Object.keys(EVERYDAY))('%s', (text) => {
  test.each(['value', 'first', 'second', 'third'] as const)('%s', (order) => {
    const error = ofExpression(text, order, EVERYDAY)
    expect(error.bounds, JSON.stringify(error)).toBeLessThanOrEqual(1)
  })
})
