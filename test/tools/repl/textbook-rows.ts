import { expect } from 'vitest'
import { evaluate } from '../../../src/expression.js'

/** Results of the course with one line: the row, what is said before, what is typed, what is answered. */
export const TEXTBOOK_ROWS: readonly (readonly [string, readonly string[], string, string])[] = [
  ['S1', [], '3x - x + 2x + 1', '4x + 1'],
  ['S2', ['assume r != 0'], 'd/dx x^r', 'r * x^(r - 1)'],
  ['S2', [], 'd/dx exp x', 'exp(x)'],
  ['S2', [], 'd/dx log x', '1 / x'],
  ['S2', [], 'd/dx c', '0'],
  ['S3', [], "σ'(x)", 'sigmoid(x) * (1 - sigmoid(x))'],
  ['S3', [], 'd/dx 1/(1+exp(-x))', 'sigmoid(x) * (1 - sigmoid(x))'],
  ['S4', [], "tanh'(x)", '1 - tanh(x)^2'],
  ['S5', [], '(exp x - exp(-x))/(exp x + exp(-x))', 'tanh(x)'],
  ['S5', [], '2σ(2x) - 1', 'tanh(x)'],
  ['S6', [], "softplus'(x)", 'sigmoid(x)'],
  ['S6', [], 'd/dx log(1+exp x)', 'sigmoid(x)'],
  ['S7', [], 'd/dx max(0,x)', 'x > 0'],
  ['S8', [], 'd/dγ max(0,x)+γ min(0,x)', 'min(0, x)'],
  ['S10', [], 'd/dx x σ(βx)', 'sigmoid(x * β) + x * β * sigmoid(x * β) * (1 - sigmoid(x * β))'],
  ['S10', [], 'd/dβ x σ(βx)', 'x^2 * sigmoid(x * β) * (1 - sigmoid(x * β))'],
  ['S10', ['β = 0'], 'x σ(βx)', 'x / 2'],
  ['S11', [], 'd/dx x Φ(x)', 'normal_cdf(x) + x * normal_pdf(x)'],
  ['S11', [], 'd/dx xσ(1.702x)', 'sigmoid(1.702x) + 1.702x * sigmoid(1.702x) * (1 - sigmoid(1.702x))'],
  [
    'S9',
    ['assume γ > 0'],
    'd/dx max(0,x)+min(0,γ(exp x - 1))',
    '(if x < 0 then γ * exp(x) else 0) + (x > 0)',
  ],
  ['S10', [], 'x σ(βx) at β=0', 'x / 2'],
  ['S12', [], 'd/dx max(min(0.25x+0.5,1),0)', '0.25(-2 < x < 2)'],
  ['S12', [], 'd/dx max(min(x,1),-1)', '-1 < x < 1'],
  ['S12', [], 'd/dx step(x)', '0'],
  ['S12', [], 'd/dx sign(x)', '0'],
  ['S12', [], 'd/dx I(x > 0)', '0'],
  ['S12', [], 'd/dx x', '1'],
  ['S13', ['z = u²+v², u = xy, v = x/y'], '∂z/∂x', '2x * y^2 + 2x / y^2'],
  ['S13', ['z = u²+v², u = xy, v = x/y'], '∂z/∂y', '2x^2 * y - 2x^2 / y^3'],
  ['S14', ['f = (x+y)z'], 'f at (-2, 5, -4)', '-12'],
]

const sorted = (text: string): string => [...text.replaceAll(' ', '')].sort().join('')

/** The same terms and factors in any order, and equal numbers where both are defined. */
export function expectSame(actual: string, expected: string): void {
  expect(sorted(actual), `${actual}, expected ${expected}`).toBe(sorted(expected))
  expectSameValue(actual, expected)
}

export function expectSameValue(actual: string, expected: string): void {
  const at = { x: 0.7, y: 1.3, r: 2.4, c: 0.3, β: 0.9, γ: 0.6, w: 0.2, b: -0.4, z: 1.1 }
  expect(evaluate(actual, at)).toBeCloseTo(evaluate(expected, at), 12)
}
