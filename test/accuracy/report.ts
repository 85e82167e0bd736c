/** The worst point of every composition: `npx tsx test/accuracy/report.ts`. */
import { COMPOSITIONS, moduleOfCompositions, ofExpression, ORDERS } from './measure.js'

const ofModule = await moduleOfCompositions()
for (const text of COMPOSITIONS) {
  console.log(text)
  for (const order of ORDERS)
    for (const [where, { bounds, ulps, at, found, exact }] of [
      ['expression', ofExpression(text, order)],
      ['module', ofModule(text, order)],
    ] as const)
      console.log(
        `  ${order.padEnd(7)} ${where.padEnd(11)} ${bounds.toPrecision(2).padStart(9)} of the bound, ` +
          `${ulps.toPrecision(2).padStart(9)} ulp at (${at.join(', ')}): ${found}, exactly ${exact}`,
      )
}
