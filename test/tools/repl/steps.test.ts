/** Derivations that a student can follow: each line from the one before, and the reason named. */
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/tools/repl/commands.js'
import { Session } from '../../../src/tools/repl/session.js'

async function steps(text: string): Promise<readonly string[]> {
  const results = await new Session(COMMANDS).run(`:steps ${text}`)
  return results.flatMap((result) =>
    result.kind === 'table' ? result.rows.map((row) => row.join(' | ').trim()) : [],
  )
}

test.each([
  // The quotient stays one.
  ['d/dx sin(x)/x', '(x * cos(x) - sin(x)) / x^2 | simplified'],
  // How the last line comes of the one before it.
  ['d/dx (a x + b)/(c x + d)', 'a * (c * x + d) - c * (a * x + b) = a * d - b * c | multiplied out, like terms collected'], // prettier-ignore
  ['d/dx x^2/abs(x)', 'x / abs(x) = sign(x) | sign from a modulus'],
  ['d/dx sin(x)^2', '2sin(x) * cos(x) = sin(2x) | identities of sine and cosine'],
  // Slopes as a textbook prints them.
  ['d/dx tan(3x)^2', "2 * tan(3 * x) * ((1 + tan(3 * x)^2) * d(3 * x, x)) | chain rule, tan'(u) = 1 + tan(u)^2"], // prettier-ignore
  ['d/dx atan2(y, x)', '-(y / (x^2 + y^2)) | dx/dx = 1'],
  // What a simplification is by.
  ['cos(x)^2 + sin(x)^2', 'sin(x)^2 + cos(x)^2 | in order'],
  ['(x + 1)^2 - (x - 1)^2', '(x + 1)^2 - (x - 1)^2 = 4x | multiplied out, like terms collected'],
  ['((x + h)^2 - x^2) / h', '(h + x)^2 - x^2 = h * (h + 2x) | common factors'],
  ['(1/a - 1/b) / (b - a)', '(1 / a - 1 / b) / (b - a) = 1 / (a * b) | fraction in lowest terms'],
  ['1/x + 1/(x + 1)', '1 / x + 1 / (x + 1) | nothing is shorter'],
])('%s: %s', async (text, line) => {
  expect(await steps(text)).toContain(line)
})
