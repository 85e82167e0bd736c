import { describe, expect, test } from 'vitest'
import type { KnownNames } from '../../../src/tools/repl/leibniz.js'
import { translate } from '../../../src/tools/repl/notation.js'

const FUNCTIONS = new Set([
  'sin', 'cos', 'asin', 'acos', 'atan', 'tanh', 'exp', 'log', 'sqrt', 'sigmoid', 'normal_cdf', 'softmax', 'f', 'max', 'min', 'grad', 'jacobian', 'd', 'sum',
]) // prettier-ignore
const VALUES = new Set(['z', 'L', 'width'])
const known: KnownNames = {
  isFunction: (name) => FUNCTIONS.has(name),
  isValue: (name) => VALUES.has(name),
}

const translated = (text: string): string => translate(text, known).text

describe('the notation of blackboards', () => {
  test.each([
    // What the language reads as it is stays as it is.
    ['3x - x + 2x + 1', '3x - x + 2x + 1'],
    ['jacobian(softmax(z), z)', 'jacobian(softmax(z), z)'],
    // Bars that come out even are absolute values.
    ['|x - 1| + |y|', 'abs(x - 1) + abs(y)'],
    ['||x| - 1|', 'abs(abs(x) - 1)'],
    ['2|x|²', '2 * abs(x)²'],
    ['|a|b|c|', 'abs(a) * b * abs(c)'],
    ['a | b', 'a | b'],
    ['(|x)|', '(|x)|'],
    ["f'(x)", "f'(x)"],
    ["W' @ x", "W' @ x"],
    ['sum[i<3] a[i]*b[i]', 'sum[i<3] a[i]*b[i]'],
    ['∂(f, x)', '∂(f, x)'],
    // A negative power of a function, and its inverse.
    ['cos^-2 x', 'cos(x)^(-2)'],
    ['sin^-1 2x + 1', 'asin(2x) + 1'],
    ['cos⁻¹(x)', 'acos(x)'],
    ['tan^(-1) x', 'atan(x)'],
    // Products.
    ['x y', 'x * y'],
    ['2 x', '2 * x'],
    ['(x+y)z', '(x+y) * z'],
    ['x²y', 'x² * y'],
    ['x(x+1)', 'x * (x+1)'],
    ['sum[i<3] a[i] b[i]', 'sum[i<3] a[i] * b[i]'],
    ['if x > 0 then x y else 2 x', 'if x > 0 then x * y else 2 * x'],
    ['width (x + 1)', 'width * (x + 1)'],
    ['βx', 'β * x'],
    ['wx+b', 'w * x+b'],
    ['2πr²', '2π * r²'],
    // Functions without parentheses.
    ['exp x', 'exp(x)'],
    ['exp x - exp(-x)', 'exp(x) - exp(-x)'],
    ['sin 2x', 'sin(2x)'],
    ['sin x^2', 'sin(x^2)'],
    ['sin x y', 'sin(x) * y'],
    ['log sin x', 'log(sin(x))'],
    ['sin² x + cos² x', 'sin(x)^2 + cos(x)^2'],
    ['√x y', 'sqrt(x) * y'],
    ['√(2/π)(x+1)', 'sqrt(2/π) * (x+1)'],
    // Other spellings.
    ["σ'(x)", "sigmoid'(x)"],
    ['2σ(2x) - 1', '2sigmoid(2x) - 1'],
    ['x Φ(x)', 'x * normal_cdf(x)'],
    ['xσ(1.702x)', 'x * sigmoid(1.702x)'],
    ['I(x > 0)', '(x > 0)'],
    // Derivatives.
    ['d/dx sin(x^2)', 'd(sin(x^2), x)'],
    ['d/dx x^2 + 3x', 'd(x^2 + 3x, x)'],
    ['(d/dx x^2) + 1', '(d(x^2, x)) + 1'],
    ['d²/dx² sin x', 'd(d(sin(x), x), x)'],
    ['d^2/dx^2 sin x', 'd(d(sin(x), x), x)'],
    ['d2/dx2 sin x', 'd(d(sin(x), x), x)'],
    ['∂/∂w (w x)²', 'd((w * x)², w)'],
    ['∂z/∂x', 'd(z, x)'],
    ['∂²z/∂x∂y', 'd(d(z, y), x)'],
    ['∂(x y)/∂x', 'd((x * y), x)'],
    ['dz/dx', 'd(z, x)'],
    ['df/dx', 'd(f(x), x)'],
    ['grad L wrt W, b', 'grad(L, W, b)'],
    ['grad (x+y)*z wrt x', 'grad((x+y)*z, x)'],
    // Names that are no more than names.
    ['d/width', 'd/width'],
    ['dx/dt', 'dx/dt'],
    ['e + i + D + N', 'e + i + D + N'],
    ['rate * lr', 'rate * lr'],
  ])('%s is %s', (given, expected) => {
    expect(translated(given)).toBe(expected)
  })

  test('a translation is its own translation', () => {
    for (const text of ['d(sin(x^2), x)', 'x * sigmoid(β * x)', 'sin(x)^2', 'grad(L, W, b)'])
      expect(translated(text)).toBe(text)
  })

  test.each([
    ['βx', /β \* x/],
    ['k(t + 1)', /k \* \(…\)/],
    ['e^x', /exp\(x\)/],
    ['sigmod x', /sigmod is read as a variable/],
    ['d/dx x^2 + 3x', /everything to its right/],
    ['dy/dx x^2', /read as a quotient, for there is no y/],
  ])('%s: what could be meant otherwise is said', (given, note) => {
    expect(translate(given, known).notes.join('\n')).toMatch(note)
  })

  test('what nobody can misread is not commented', () => {
    for (const text of ['3x + 1', 'x y', 'd/dx sin x', '0.5x(1 + x)', '(x + y)z'])
      expect(translate(text, known).notes).toEqual([])
  })

  test('offsets lead back to what was typed', () => {
    const given = 'd/dx  σ(x) y + sigmod(y)'
    const { text, offsets } = translate(given, known)
    expect(offsets).toHaveLength(text.length + 1)
    expect(given.slice(offsets[text.indexOf('sigmod')]).startsWith('sigmod')).toBe(true)
    for (const [at, offset] of offsets.entries()) {
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset).toBeLessThanOrEqual(given.length)
      if (at > 0 && text[at] === ')') continue
    }
  })

  test('hostile texts neither fail nor take long', () => {
    for (const text of [
      '('.repeat(20_000),
      'd/dx '.repeat(3_000),
      'sin '.repeat(2_000) + 'x',
      '∂'.repeat(5_000),
      'x '.repeat(5_000),
    ])
      expect(() => translated(text)).not.toThrow()
  })
})
