/** Functions of a power have few coefficients among many that are 0: their polynomials reach no farther than those are known. */
import { expect, test } from 'vitest'
import { compileFunction } from '../../src/expression.js'

test.each([
  ['u - atan(u)', 'x^4'],
  ['u - sin(u)', 'x^6'],
  ['u - atan(u)', 'x^3'],
  ['u - tanh(u)', 'x^5'],
  ['exp(u) - 1 - u', 'x^4'],
  ['(log1p(u) - u) / u', 'x^8'],
])('%s of %s', (text, power) => {
  const plain = compileFunction(text, ['u'])
  const ofPower = compileFunction(text.replaceAll(/\bu\b/g, `(${power})`), ['x'])
  const exponent = Number(power.slice(2))
  for (let x = 0.05; x < 1.6; x += 0.01) {
    const expected = plain(x ** exponent)
    expect(Math.abs(ofPower(x) / expected - 1), `at ${x}`).toBeLessThan(2e-14)
  }
})
