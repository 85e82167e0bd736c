/** Formulas of two numbers, by expressions and by derivatives of derivatives in modules: within the bound of compositions to the third (reference/nested.json). */
import { beforeAll, describe, expect, test } from 'vitest'
import { ALL_ORDERS, moduleOfAll, NESTED, ofExpression, type Worst } from './measure.js'

let ofModule: (text: string, order: (typeof ALL_ORDERS)[number]) => Worst
beforeAll(async () => {
  ofModule = await moduleOfAll(NESTED, ALL_ORDERS)
}, 60_000)

describe.each(Object.keys(NESTED))('%s', (text) => {
  test.each(ALL_ORDERS)('%s', (order) => {
    const errors = { expression: ofExpression(text, order, NESTED), module: ofModule(text, order) }
    expect(Math.max(errors.expression.bounds, errors.module.bounds), JSON.stringify(errors)).toBeLessThanOrEqual(1) // prettier-ignore
  })
})
