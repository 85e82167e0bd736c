/** Derivations that a student can follow: each line from the one before, and the reason named. */
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/tools/repl/commands.js'
import { Session } from '../../../src/tools/repl/session.js'

async function steps(text: string): Promise<readonly string[]> {
  const session = new Session(COMMANDS)
  for (const known of ['assume q > 0', 'f(x) = x^2 + 1']) await session.run(known)
  const results = await session.run(`:steps ${text}`)
  return results.flatMap((result) =>
    result.kind === 'table' ? result.rows.map((row) => row.join(' | ').trim()) : [],
  )
}

test.each([
  // The quotient stays one.
  ['d/dx sin(x)/x', '(x * cos(x) - sin(x)) / x^2 | in order'],
  // How the last line comes of the one before it.
  ['d/dx (a x + b)/(c x + d)', 'a * (c * x + d) - c * (a * x + b) = a * d - b * c | multiplied out, like terms collected'], // prettier-ignore
  ['d/dx x^2/abs(x)', 'x / abs(x) = sign(x) | sign from a modulus, where x != 0'],
  ['d/dx sin(x)^2', '2sin(x) * cos(x) = sin(2x) | identities of sine and cosine'],
  // Slopes as a textbook prints them.
  ['d/dx tan(3x)^2', "2tan(3x) * ((1 + tan(3x)^2) * d(3x, x)) | chain rule, tan'(u) = 1 + tan(u)^2"],
  ['d/dx atan2(y, x)', '-y / (x^2 + y^2) | ∂atan2(u, v)/∂v = -u / (v^2 + u^2)'],
  ['d/dx sqrt(x)', "1 / (2sqrt(x)) | sqrt'(u) = 1 / (2sqrt(u))"],
  ['d/dx asin(x)', "1 / sqrt(1 - x^2) | asin'(u) = 1 / sqrt(1 - u^2)"],
  // Rules that a textbook has, with numbers carried out.
  ['d/dx x^(2k - 1)', '(2k - 1) * x^(2k - 2) | power rule'],
  ['d/dx 5/x^2', '-10 / x^3 | power rule'],
  ['d²/dx² x^3', '6x | power rule'],
  ['d/dx x^x', "x^x * d(x * log(x), x) | (u^v)' = u^v * (v * log(u))'"],
  ['d/dx exp(-a x)', '-a * exp(-a * x) | in order'],
  ['d/dx sin(x) cos(x)', "cos(x) * cos(x) - sin(x) * sin(x) | sin'(u) = cos(u); cos'(u) = -sin(u)"],
  // A tie of two variables is shared, as in the answer.
  ['d/dx max(x, y)', 'if x > y then 1 else if y > x then 0 else 1 / 2 | the larger one, shared at a tie'],
  ['d/dx max(x, y, 1)', 'if max(x, y) > 1 then d(max(x, y), x) else 0 | the larger one'],
  ['d/dx sum[k < n] a[k] exp(k x)', 'sum[k < n] a[k] * d(exp(k * x), x) | constant factor'],
  ['grad x^2 y', '2x * y | power rule'],
  ["f'(x)", 'd(x^2 + 1, x) | definitions written out'],
  // What a simplification is by.
  ['cos(x)^2 + sin(x)^2', 'sin(x)^2 + cos(x)^2 | in order'],
  ['(x + 1)^2 - (x - 1)^2', '(x + 1)^2 - (x - 1)^2 = 4x | multiplied out, like terms collected'],
  ['((x + h)^2 - x^2) / h', '(h + x)^2 - x^2 = h * (h + 2x) | common factors'],
  ['(1/a - 1/b) / (b - a)', '(1 / a - 1 / b) / (b - a) = 1 / (a * b) | fraction in lowest terms, where b != a'], // prettier-ignore
  // Where a step may be made, and what it rests upon.
  ['(x^2 - 1)/(x - 1)', '(x^2 - 1) / (x - 1) = x + 1 | divide polynomials, where x != 1'],
  ['x^a x^b', 'x^(a + b) | simplified, where (a * b >= 0 or x != 0) and (floor(b) == b and floor(a) == a or x >= 0)'], // prettier-ignore
  ['log(q^2)', '2log(q) | simplified, as q > 0'],
  ['q x + q x', '2q * x | like terms and factors collected'],
  ['sqrt(x)^2', 'sqrt(x)^2 = x | powers of one base, where x >= 0'],
  ['max(x, -x)', 'max(x, -x) = abs(x) | larger of several'],
  ['d/dx exp(-(x - m)^2/(2s^2))', '-exp(-(x - m)^2 / (2s^2)) * (x - m) / s^2 = exp(-(x - m)^2 / (2s^2)) * (m - x) / s^2 | sign into a difference'], // prettier-ignore
  ['1/x + 1/(x + 1)', '1 / x + 1 / (x + 1) | nothing is shorter'],
])('%s: %s', async (text, line) => {
  expect(await steps(text)).toContain(line)
})

test('no line says the same twice, or takes the one before back', async () => {
  for (const text of [
    'd²/dx² 1/(1 + x^2)',
    'd/dx max(0, 1 - x)^2',
    'd/dx x^2 sin(x) exp(x)',
    'd²/dx² log(1 + exp(x))',
  ]) {
    const lines = (await steps(text)).map((line) => line.split(' | ')[0])
    expect(new Set(lines).size, text).toBe(lines.length)
    const within = lines.flatMap((line) => (line.includes(' = ') ? [line.split(' = ')] : []))
    for (const [before, after] of within) {
      expect(before, text).not.toBe(after)
      expect(within.some(([other]) => other === after && within.some(([, last]) => last === before))).toBe(
        false,
      )
    }
  }
})

test('a derivative at a point ends with its value', async () => {
  const results = await new Session(COMMANDS).run(':steps d/dx x^2 at x=3')
  expect(results.at(-1)).toMatchObject({ kind: 'number', value: 6 })
})
