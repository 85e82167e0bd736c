import { describe, expect, test } from 'vitest'
import { NnError } from '../../src/base/nn-error.js'
import { compileFunction, diff, evaluate, grad, simplify, type Expr } from '../../src/expression.js'

const POINTS = [-1.7, -0.4, 0.3, 0.9, 2.2]

/** Both agree wherever both are defined, at several points of all variables. */
function expectEqual(actual: Expr, expected: string): void {
  const names = [...new Set([...actual.free, ...simplify(expected).free])]
  let compared = 0
  for (const [shift, first] of POINTS.entries()) {
    const at = Object.fromEntries(names.map((name, place) => [name, place === 0 ? first : POINTS[(place * 2 + shift) % 5]])) // prettier-ignore
    const [a, b] = [evaluate(actual, at), evaluate(expected, at)]
    if (Number.isNaN(b)) continue
    expect(Math.abs(a - b), `${String(actual)} and ${expected} at ${JSON.stringify(at)}`).toBeLessThan(1e-9 * (1 + Math.abs(b))) // prettier-ignore
    compared++
  }
  expect(compared).toBeGreaterThan(0)
}

describe('simplify', () => {
  test.each([
    ['3x - x + 2x + 1', '4x + 1'],
    ['(exp(x) - exp(-x)) / (exp(x) + exp(-x))', 'tanh(x)'],
    ['2sigmoid(2x) - 1', 'tanh(x)'],
    ['1 / (1 + exp(-x))', 'sigmoid(x)'],
    ['log(1 + exp(x))', 'softplus(x)'],
    ['x^2 * x^3', 'x^5'],
    ['(x + 1)^2 - x^2 - 2x - 1', '0'],
    ['sin(x)^2 + cos(x)^2', '1'],
    ['sqrt(x^2)', 'abs(x)'],
    ['0 * x', '0'],
    ['2 / (4x)', '1 / (2x)'],
    ['exp(x) * exp(y)', 'exp(x + y)'],
    ['-y * (1 - sigmoid(z)) + (1 - y) * sigmoid(z)', 'sigmoid(z) - y'],
    ['-y * sigmoid(-z) + (1 - y) * sigmoid(z)', 'sigmoid(z) - y'],
    ['0.5x * (1 + erf(x / sqrt(2)))', 'x * normal_cdf(x)'],
    ['p * (r + s) * (1 - a) + q * (r + s) * (1 - b)', '(r + s) * (p * (1 - a) + q * (1 - b))'],
    ['p * (x + 1) + q * (x + 1) * (1 - b)', '(q * (1 - b) + p) * (x + 1)'],
  ])('%s is %s', (given, expected) => {
    expect(String(simplify(given))).toBe(expected)
  })

  test.each([
    ['x / x', '1', ['x != 0']],
    ['(x^2 - 1) / (x - 1)', 'x + 1', ['x != 1']],
    ['log(x) - log(x)', '0', ['x > 0']],
    ['sqrt(x)^2', 'x', ['x >= 0']],
    ['exp(log(x))', 'x', ['x > 0']],
    ['(x^3 - y^3) / (x - y)', 'x * y + x^2 + y^2', ['x != y']],
    ['x / x^2', '1 / x', []],
    // What others imply, or the result demands, is not said again.
    ['exp(log(x) + log(y))', 'x * y', ['x > 0', 'y > 0']],
    ['log(x * y) - log(x)', 'log(y)', ['x > 0']],
    ['sqrt(x) / x', '1 / sqrt(x)', []],
    ['exp(log(x) / 2)', 'sqrt(x)', ['x > 0']],
    ['1 / (1 + exp(-log(p / (1 - p))))', 'p', ['p > 0', 'p < 1']],
    // Below 0 no powers but whole ones are real; their quotient may be one.
    ['x^a / x^b', 'x^(a - b)', ['a * b <= 0 or x != 0', 'floor(b) == b and floor(a) == a or x >= 0']],
    ['x^(n + 1) / x^n', 'x', ['n * (n + 1) <= 0 or x != 0', 'floor(n) == n or x >= 0']],
    ['(2x)^n / x^n', '2^n', ['floor(n) == n or x >= 0', 'x != 0']],
    ['sqrt(x)^2 + (1 / sqrt(x) < 2)', 'x + (1 / sqrt(x) < 2)', ['x >= 0']],
    // As short as the others, but one quotient.
    ['x / (1 + 1 / x)', 'x^2 / (x + 1)', ['x != 0']],
    ['(x - 1 / x) / (x + 1 / x)', '(x^2 - 1) / (x^2 + 1)', ['x != 0']],
    ['k * (k + 1) / 2 + (k + 1)', '(k + 1) * (k + 2) / 2', []],
    ['abs(-3x)', '3abs(x)', []],
    ['sqrt(x^2 * y^4)', 'y^2 * abs(x)', []],
    ['(x^3)^(1/3)', 'x', ['x >= 0']],
    ['sqrt(1 - x^2) - x^2 / sqrt(1 - x^2) + 1 / sqrt(1 - x^2)', '2sqrt(1 - x^2)', ['x^2 < 1']],
  ])('%s is %s under %j', (given, expected, conditions) => {
    const result = simplify(given)
    expect(String(result)).toBe(expected)
    expect(result.conditions).toEqual(conditions)
  })

  test('says which rules fired', () => {
    const { trace } = simplify('2 * sigmoid(2x) - 1')
    expect(trace).toEqual([
      { rule: 'tanh from sigmoid', before: '2sigmoid(2x) - 1', after: 'tanh(x)', conditions: [] },
    ])
  })

  test('what it prints can be read again', () => {
    for (const text of [
      '2x * y^2 + 2x / y^2',
      '-(x + 1)^2 / 3',
      'x^(1/3)',
      '2^-x',
      'sum[k < 3 if k != 1] k * x^k',
      'if x > 0 then x else -x',
      '1e-7x',
      '2 * e3',
      'min(x, y) - max(0, x)',
      '(x < 1) + 2(x > 0)',
      'not x > 0 or y > 1 and x < 3',
    ]) {
      // prettier-ignore
      const once = simplify(text)
      expectEqual(once, text)
      expectEqual(simplify(String(once)), text)
    }
  })
})

describe('parts with names', () => {
  let tower = 'x'
  for (let level = 1; level < 14; level++)
    tower = `(if cos(${level} * x) > 0 then ${tower} else sin(${tower}) - 2)`

  test.each([tower, `-y * ${tower}`])('what is printed by parts is read again', (text) => {
    for (const printed of [String(simplify(text)), String(diff(text, 'x'))]) {
      expect(printed).toMatch(/^t1 = .*\nt2 = /)
      expect(String(simplify(printed))).toBe(String(simplify(String(simplify(printed)))))
    }
    const at = { x: 0.7, y: 1.3 }
    expect(evaluate(String(simplify(text)), at)).toBeCloseTo(evaluate(text, at), 12)
    expect(evaluate(String(diff(text, 'x')), at)).toBeCloseTo(evaluate(diff(text, 'x'), at), 12)
  })

  test('they may read those before them, and begin with a sign', () => {
    expect(String(simplify('a = x + 1\nb = a^2 // a square\n\n-a * b'))).toBe('-(x + 1)^3')
    expect(simplify('a = x\na + y').free).toEqual(['x', 'y'])
    expect(() => simplify('a = b\nb = x\na + b')).toThrow("'b' is not defined")
    expect(() => simplify('a = x +\na')).toThrow('an operand is missing')
    expect(() => simplify('a = x')).toThrow("'==' compares")
  })
})

describe('diff, as the textbook has it', () => {
  test.each([
    ['x^2 * log(x)^2', 'x', '2x * log(x) * (log(x) + 1)'],
    ['a * exp(-x / c) * cos(w * x)', 'x', '-a * exp(-x / c) * (w * sin(w * x) + cos(w * x) / c)'],
    ['x * y * z / (x + y + z)', 'x', 'y * z * (y + z) / (x + y + z)^2'],
    ['x^5', 'x', '5x^4'],
    ['exp(x)', 'x', 'exp(x)'],
    ['log(x)', 'x', '1 / x'],
    ['c', 'x', '0'],
    ['1 / (1 + exp(-x))', 'x', 'sigmoid(x) * (1 - sigmoid(x))'],
    ['tanh(x)', 'x', '1 - tanh(x)^2'],
    ['log(1 + exp(x))', 'x', 'sigmoid(x)'],
    ['max(0, x)', 'x', 'x > 0'],
    ['max(0, x) + γ * min(0, x)', 'γ', 'min(0, x)'],
    ['x * normal_cdf(x)', 'x', 'x * normal_pdf(x) + normal_cdf(x)'],
    ['(x * y)^2 + (x / y)^2', 'x', '2x * y^2 + 2x / y^2'],
    ['(x * y)^2 + (x / y)^2', 'y', '2x^2 * y - 2x^2 / y^3'],
    ['asin(x)', 'x', '1 / sqrt(1 - x^2)'],
    ['if x > 0 then x^2 else exp(x)', 'x', 'if x > 0 then 2x else exp(x)'],
    ['log(exp(x) + exp(y))', 'x', 'sigmoid(x - y)'],
    ['x / (1 + x)', 'x', '1 / (x + 1)^2'],
    ['x / (1 + abs(x))', 'x', '1 / (abs(x) + 1)^2'],
    ['x / (1 + x^2)', 'x', '(1 - x^2) / (x^2 + 1)^2'],
    ['x / sqrt(1 + x^2)', 'x', '1 / (x^2 + 1)^(3/2)'],
    ['x * y / (x + y)', 'x', 'y^2 / (x + y)^2'],
    ['x + x / (y + x)', 'x', 'y / (x + y)^2 + 1'],
    ['asin(x / 4)', 'x', '1 / sqrt(16 - x^2)'],
    ['atan(1 / x)', 'x', '-1 / (x^2 + 1)'],
    ['sqrt(x + sqrt(x))', 'x', '(1 / sqrt(x) + 2) / (4sqrt(x + sqrt(x)))'],
    ['abs(x - 1)^3', 'x', '3abs(x - 1) * (x - 1)'],
    ['x * tanh(x / 2)', 'x', 'x * (1 - tanh(x / 2)^2) / 2 + tanh(x / 2)'],
    ['x^x', 'x', 'x^x * (log(x) + 1)'],
    ['(x^2 + 1)^n', 'x', '2n * x * (x^2 + 1)^(n - 1)'],
    ['(1 + x / 12)^360', 'x', '30(x / 12 + 1)^359'],
    ['(1 + x / 2)^3', 'x', '3(x + 2)^2 / 8'],
  ])('d(%s, %s) is %s', (given, wrt, expected) => {
    const derivative = diff(given, wrt)
    expectEqual(derivative, expected)
    const sorted = (text: string): string => text.replaceAll(' ', '').split('').sort().join('')
    expect(sorted(String(derivative))).toBe(sorted(expected))
  })

  test('agrees with differences, in both modes', () => {
    const texts = ['x * sigmoid(y * x)', '0.5x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715x^3)))', 'sum[k < 5 if k != 2] k * x^k * y', 'x^y', 'logsumexp[k < 3] x * k * y', 'log(exp(x) + exp(y) + 1)', 'atan2(y, x) * hypot(x, y)', 'exp(-x^2) * erfc(x) / (1 + y^2)', 'prod[k < 3] (x + k)'] // prettier-ignore
    const [x, y, h] = [1.3, 0.7, 1e-5]
    for (const text of texts) {
      const difference = (evaluate(text, { x: x + h, y }) - evaluate(text, { x: x - h, y })) / (2 * h)
      const forward = evaluate(diff(text, 'x'), { x, y })
      const [reverse] = grad(text, ['x', 'y'])
      expect(Math.abs(forward - difference), text).toBeLessThan(1e-7 * (1 + Math.abs(difference)))
      expect(Math.abs(evaluate(reverse, { x, y }) - forward), text).toBeLessThan(
        1e-10 * (1 + Math.abs(forward)),
      )
    }
  })

  test.each([
    ['exp(x) / (exp(x) + exp(y))', { x: 800, y: 799 }, 0.19661193324148185],
    ['exp(x) / (exp(x) + exp(y) + exp(z))', { x: 800, y: 799, z: -800 }, 0.19661193324148185],
    ['1 / (exp(x) - 1)', { x: 800 }, 0],
    ['x / (1 - exp(-x))', { x: -800 }, 0],
    ['sqrt(x + 1) - sqrt(x)', { x: 1e15 }, -7.905694150420942e-24],
    ['0.5x * (1 + tanh(x))', { x: -20 }, -1.6568581595637197e-16],
    ['1 - tanh(x)', { x: 20 }, -1.6993417021166355e-17],
    ['log(normal_pdf(x))', { x: 100 }, -100],
    ['log((1 + x) / (1 - x))', { x: 1 - 2 ** -53 }, 9007199254740992],
  ])('the derivative of %s at %j neither overflows nor cancels', (text, at, expected) => {
    const derivative = evaluate(diff(text, 'x'), at)
    // Exponents are as exact as 800 is.
    expect(Math.abs(derivative - expected)).toBeLessThanOrEqual(2e-13 * Math.abs(expected))
  })

  test.each([
    ['exp(x) / (exp(x) + exp(y) + 1)', { x: 800, y: 799 }, 0.7310585786300049],
    ['1 / x - 1 / (x + 1)', { x: 1e10 }, 9.999999999e-21],
    ['cosh(x) - 1', { x: 1e-9 }, 5e-19],
    ['log((1 + x) / (1 - x))', { x: 1e-10 }, 2e-10],
  ])('%s at %j neither overflows nor cancels', (text, at, expected) => {
    expect(Math.abs(evaluate(text, at) - expected)).toBeLessThanOrEqual(2e-13 * Math.abs(expected))
  })

  test('f = (x + y) z at (-2, 5, -4)', () => {
    const at = { x: -2, y: 5, z: -4 }
    expect(evaluate('(x + y) * z', at)).toBe(-12)
    expect(grad('(x + y) * z', ['x', 'y', 'z']).map((part) => evaluate(part, at))).toEqual([-4, -4, 3])
  })

  test.each([
    ['ln(x) / x', '(1 - log(x)) / x^2'],
    ['sec(x)', 'tan(x) / cos(x)'],
    ['csc(x)', '-cos(x) / sin(x)^2'],
    ['arctan(x)', '1 / (x^2 + 1)'],
    ['erf(x / sqrt(2))', 'exp(-x^2 / 2) * sqrt(2 / pi)'],
    ['tanh(x / 2)', '(1 - tanh(x / 2)^2) / 2'],
    ['x^2 / 6 + x / 3', '(x + 1) / 3'],
    ['(x^2 + 1)^3 * (2x - 1)^4', '2(2x - 1)^3 * (x^2 + 1)^2 * (10x^2 - 3x + 4)'],
  ])('of %s reads as in a textbook', (text, derivative) => {
    expect(String(diff(text, 'x'))).toBe(derivative)
  })

  test('of higher order', () => {
    expect(String(diff('x^5', 'x', 3))).toBe('60x^2')
    expect(String(diff('x^5', 'x', 0))).toBe('x^5')
    expect(String(diff('x', 'q'))).toBe('0')
  })
})

describe('values in the tails', () => {
  test.each([
    ['log(1 / (1 + exp(-x)))', -800, -800],
    ['log(1 + exp(x))', 800, 800],
    ['log(exp(x) + exp(799))', 800, 800.3132616875182],
    ['1 - tanh(x)^2', 20, 4 * Math.exp(-40)],
    ['1 - 1 / (1 + exp(-x))', 50, Math.exp(-50)],
    ['exp(x) - 1', 1e-12, Math.expm1(1e-12)],
    ['log(1 + x)', 1e-12, Math.log1p(1e-12)],
    ['1 - cos(x)', 1e-6, 5e-13],
    ['0.5x * (1 + erf(x / sqrt(2)))', -10, -7.61985302416052e-23],
    ['sqrt(x + 1) - sqrt(x)', 1e15, 1.5811388300841893e-8],
    ['log(x^2)', 1e200, 400 * Math.LN10],
    ['sqrt(x^2 + (x + 1)^2)', 1e200, Math.SQRT2 * 1e200],
    ['sqrt(x^2 + (x^3)^2)', 1e-200, 1e-200],
    ['sqrt(1 + x) - 1', 1e-20, 5e-21],
    ['sqrt(1 + x^2) - x', 1e9, 5e-10],
    ['log(1 - x^2)', 1e-9, -1e-18],
    ['log(cosh(x))', 1e-9, 5e-19],
  ])('%s at %d', (text, x, expected) => {
    const slack = Math.abs(expected) * 1e-12
    expect(Math.abs(evaluate(text, { x }) - expected)).toBeLessThanOrEqual(slack)
    expect(Math.abs(compileFunction(text, ['x'])(x) - expected)).toBeLessThanOrEqual(slack)
  })

  test.each([
    ['log(1 + exp(x))', 800, 1],
    ['1 / (1 + exp(-x))', -700, Math.exp(-700)],
    ['log(1 / (1 + exp(-x)))', -800, 1],
    ['tanh(x)', 20, 4 * Math.exp(-40)],
    ['log(exp(x) + exp(799))', 800, 0.7310585786300049],
    ['sqrt(x^2 + 0 * x)', 0, 0],
    ['sqrt(x^2 + (2x)^2)', 0, 0],
  ])('slope of %s at %d', (text, x, expected) => {
    const value = evaluate(diff(text, 'x'), { x })
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-12)
  })

  test('no untaken arm leaks', () => {
    const text = 'if x > 0 then sqrt(x) * log(x) else 0'
    for (const x of [-1, 0]) {
      expect(evaluate(diff(text, 'x'), { x })).toBe(0)
      expect(evaluate(diff(text, 'x', 2), { x })).toBe(0)
    }
    expect(evaluate(diff(text, 'x'), { x: 4 })).toBeCloseTo(0.8465735902799727, 12)
    for (const text of ['max(x, cbrt(y * x))', 'min(x, 2 + cbrt(y * x))', 'max(x + 1, sqrt(y * x))'])
      expect(evaluate(diff(text, 'x'), { x: 0.4, y: 0 })).toBe(1)
  })
})

describe('compiled functions', () => {
  test('take arguments in order and share what expressions have in common', () => {
    const [f, g] = grad('sin(x * y) * exp(x * y)', ['x', 'y'])
    const both = compileFunction([f, g, 'x - y'], ['x', 'y'])
    const alone = [f, g, 'x - y'].map((each) => compileFunction(each, ['x', 'y'])(0.3, 0.7))
    // What they share is multiplied once, so in another order: one rounding.
    for (const [at, value] of both(0.3, 0.7).entries())
      expect(Math.abs(value - alone[at])).toBeLessThanOrEqual(Math.abs(alone[at]) * Number.EPSILON)
    expect(compileFunction('x - y', ['y', 'x'])(1, 3)).toBe(2)
  })

  test('what terms have in common is taken out of them as they stand', () => {
    const [u] = grad('(p * tanh(a * u) + q * tanh(b * u))^2', ['u'])
    expect(String(u)).toBe(
      '2(p * tanh(a * u) + q * tanh(b * u)) * (a * p * (1 - tanh(a * u)^2) + b * q * (1 - tanh(b * u)^2))',
    )
  })

  test('toJs stands alone', async () => {
    const text = simplify('log(1 / (1 + exp(-x))) * x^3 + sum[k < 3] k * x^k').toJs()
    const module: unknown = await import(
      `data:text/javascript,${encodeURIComponent(`${text}
export default f;`)}`
    )
    const f =
      typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
    if (typeof f !== 'function') throw new Error('no function')
    expect(f(0.5)).toBeCloseTo(evaluate('log(1 / (1 + exp(-x))) * x^3 + sum[k < 3] k * x^k', { x: 0.5 }), 12)
  })

  test('LaTeX', () => {
    expect(diff('(x * y)^2 + (x / y)^2', 'x').toLatex()).toBe('2 x y^{2} + \\frac{2 x}{y^{2}}')
    expect(simplify('sqrt(alpha) / (3 x1)'.replace('3 x1', '3x1')).toLatex()).toBe(
      '\\frac{\\sqrt{\\alpha}}{3 x_{1}}',
    )
  })

  test.each([
    ['(x / y)^n', '\\left(\\frac{x}{y}\\right)^{n}'],
    ['exp(x)^y', '\\left(e^{x}\\right)^{y}'],
    ['x / 10^7', '10^{-7} x'],
    ['2x / 10^7', '2 \\cdot 10^{-7} x'],
    ['exp(-x^2 / 2)', 'e^{-\\frac{x^{2}}{2}}'],
    ['sin(x)^2 * y', 'y \\sin^{2}\\left(x\\right)'],
    ['max(x, 0)^(3/2)', '\\max\\left(x, 0\\right)^{3/2}'],
    ['x_1 + sigma_max * Sigma', '\\Sigma \\sigma_{\\mathrm{max}} + x_{1}'],
    ['-2x * y / 3', '-\\frac{2 x y}{3}'],
    ['mod(x + 1, y + 1)', '\\left(x + 1\\right) \\bmod \\left(y + 1\\right)'],
    ['x * (0 < y and y < 1)', 'x \\mathbf{1}_{0 < y < 1}'],
    [
      '(if x > 1 then y else y^2) + z',
      'z + \\left(\\begin{cases} y & \\text{if } x > 1 \\\\ y^{2} & \\text{otherwise} \\end{cases}\\right)',
    ],
    [
      'if x > 1 then y else if x > 0 then z else 3',
      '\\begin{cases} y & \\text{if } x > 1 \\\\ z & \\text{if } x > 0 \\\\ 3 & \\text{otherwise} \\end{cases}',
    ],
    // Greek letters are commands, powers of variables stand before exponentials, logarithms need no brackets.
    ['exp(-λ) * λ^(k - 1) / β_max', '\\frac{\\lambda^{k - 1} e^{-\\lambda}}{\\beta_{\\mathrm{max}}}'],
    [
      '-log_sigmoid(ω) - lgamma(μ1)',
      '-\\log \\Gamma\\left(\\mu_{1}\\right) - \\log \\sigma\\left(\\omega\\right)',
    ],
  ])('of %s', (text, latex) => {
    expect(simplify(text).toLatex()).toBe(latex)
  })
})

describe('large expressions', () => {
  test('deep nests', () => {
    const depth = 2000
    const text = `${'sin('.repeat(depth)}x${')'.repeat(depth)}`
    const f = compileFunction(text, ['x'])
    expect(f(1)).toBe(evaluate(text, { x: 1 }))
    expect(Number.isFinite(evaluate(diff(text, 'x'), { x: 1 }))).toBe(true)
  })

  test('nests of quotients, whose conditions are as many as their levels', () => {
    let text = 'x'
    for (let level = 0; level < 300; level++) text = `x / (${level + 2} + ${text})`
    const slope = diff(text, 'x')
    const value = (x: number): number => evaluate(text, { x })
    expect(evaluate(slope, { x: 1 })).toBeCloseTo((value(1 + 1e-5) - value(1 - 1e-5)) / 2e-5, 8)
  })

  test('products of many factors do not swell', () => {
    const text = Array.from({ length: 300 }, (_, at) => `(x + ${at + 1} / 300)`).join(' * ')
    const slope = evaluate(diff(text, 'x'), { x: 0.9 })
    const h = 1e-6
    const difference = (evaluate(text, { x: 0.9 + h }) - evaluate(text, { x: 0.9 - h })) / (2 * h)
    expect(Math.abs(slope / difference - 1)).toBeLessThan(1e-6)
  })
})

test('mistakes are reported with their diagnostics', () => {
  expect(() => simplify('x +')).toThrow(NnError)
  expect(() => evaluate('x + y', { x: 1 })).toThrow(/'y'/)
  expect(() => compileFunction('x + y', ['x'])).toThrow(/'y'/)
  expect(() => diff('x', 'x', -1)).toThrow(NnError)
  try {
    simplify('sigmod(x)')
  } catch (error) {
    if (!(error instanceof NnError)) throw error
    expect(error.diagnostics[0].span).toBeDefined()
  }
})

test('names and size', () => {
  const e = simplify('a * b + sum[k < 2] c * k')
  expect(e.free).toEqual(['a', 'b', 'c'])
  expect(simplify('3x - x + 2x + 1').nodeCount).toBe(5)
})

describe('size', () => {
  const product = (n: number): string => Array.from({ length: n }, (_, k) => `(x + ${k + 1})`).join(' * ')
  const nest = (n: number): string => 'sigmoid('.repeat(n) + 'x' + ')'.repeat(n)

  test.each([
    ['products', product],
    ['nests', nest],
  ])('derivatives of long %s are printed in proportion to their length', (_, of) => {
    const lengthOf = (n: number): number => String(diff(of(n), 'x')).length
    expect(lengthOf(800) / lengthOf(400)).toBeLessThan(2.3)
  })
})

test('many conditions are printed', () => {
  const conditions = Array.from({ length: 40 }, (_, k) => `x${k} > ${k}`)
  const shown = simplify(conditions.join(' and ')).toString()
  expect(shown.split(' and ').sort()).toEqual(conditions.sort())
})

test.each([
  '0 / 0 + x',
  '0 * log(-1)',
  '(x - x) / (y - y)',
  'acos(2) * 0',
  'exp(log(-2))',
  '2log(-1) + log(y)',
  'sin(asin(3))',
  'sqrt(y) / (1 / sqrt(-1))',
])('%s is defined nowhere, and stays so', (given) => {
  expect(evaluate(simplify(given).toString(), { x: 0.5, y: 2 })).toBeNaN()
})

describe('comparisons that stand together', () => {
  test.each([
    ['x > 0 and x > 1', 'x > 1'],
    ['x >= 1 and x > 1 and y > 0', 'y > 0 and x > 1'],
    ['x > 0 and x < 0', '0'],
    ['x >= 0 and x <= 0', 'x == 0'],
    ['x != 0 and x >= 0', 'x > 0'],
    ['x != 3 and x < 2', 'x < 2'],
    ['x == 3 and x < 2', '0'],
    ['x > 0 or x > 1', 'x > 0'],
    ['x > 0 or x <= 0', '1'],
    ['x > 0 or x < 0', 'x != 0'],
    ['x > 0 or x == 0', 'x >= 0'],
    ['log(x) > 0 or log(x) <= 0', 'log(x) > 0 or log(x) <= 0'],
    ['not x < y', 'x >= y'],
    ['not log(x) < y', 'not log(x) < y'],
  ])('%s', (given, short) => {
    const result = simplify(given).toString()
    expect(result === short || result === simplify(short).toString(), result).toBe(true)
    // What is said of one number must hold of the other, at the ends too; a logarithm of less than 0 is no number.
    for (const x of [-1, 0, 1, 2, 3, 4])
      expect(evaluate(result, { x, y: 1 }), `x = ${x}`).toBe(evaluate(given, { x, y: 1 }))
  })
})

describe('comparisons of one function, of sums, and extremes', () => {
  test.each([
    ['exp(x) > 1', 'x > 0'],
    ['sigmoid(x) > sigmoid(y)', 'y < x'],
    ['erfc(x) < 1', 'x > 0'],
    ['x^3 > 8', 'x > 2'],
    ['abs(x)^3 < 8', 'abs(x) < 2'],
    ['exp(x) == 1', 'x == 0'],
    // Beyond the domain a comparison does not hold: these demand nothing less.
    ['log(x) > 0', 'x > 1'],
    ['sqrt(x) > 2', 'x > 4'],
    ['log(x) < 0', 'log(x) < 0'],
    ['acos(x) > 0', 'acos(x) > 0'],
    ['log(x) < log(y)', 'log(x) < log(y)'],
    // Even powers and roundings do not grow everywhere.
    ['x^2 < y^2', 'x^2 < y^2'],
    ['floor(x) < floor(y)', 'floor(x) < floor(y)'],
    ['x + z < y + z', 'x < y'],
    ['x - y < y - x', 'x < y'],
    ['x < -x', 'x < 0'],
    ['2x/2 == x', '1'],
    ['x != x', '0'],
    ['3x + 1 < 2x', 'x < -1'],
    ['max(exp(x), exp(y))', 'exp(max(x, y))'],
    ['max(erfc(x), erfc(y))', 'erfc(min(x, y))'],
    ['max(x^3, y^3)', 'max(x, y)^3'],
    ['if exp(x) > 1 then x else 0', 'relu(x)'],
    ['sign(1 - exp(x))', '-sign(x)'],
    ['sign(2sinh(x) - 2sinh(y))', 'sign(x - y)'],
    ['sign(x^3)', 'sign(x)'],
    ['sign(x^3 - 8)', 'sign(x - 2)'],
    ['sign(x^2 - 4)', 'sign(x^2 - 4)'],
  ])('%s is %s', (given, short) => {
    const result = simplify(given)
    expect(String(result)).toBe(short)
    expect(result.conditions).toEqual([])
    for (const x of [-1.5, -1, 0, 0.5, 1, 2, 4, 5])
      for (const y of [-1, 0.5, 2])
        expect(evaluate(result, { x, y, z: 3 })).toBeCloseTo(evaluate(given, { x, y, z: 3 }), 12)
  })

  test('of functions that are not defined everywhere, extremes say where', () => {
    const result = simplify('min(log(x), log(y))')
    expect(String(result)).toBe('log(min(x, y))')
    expect(result.conditions).toEqual(['x > 0', 'y > 0'])
  })
})

describe('functions of numbers', () => {
  test.each([
    ['tan(pi / 4)', '1'],
    ['tan(2pi / 3)', '-sqrt(3)'],
    ['sin(5pi / 4)', '-1 / sqrt(2)'],
    ['cos(pi / 6)', 'sqrt(3) / 2'],
    ['asin(-1)', '-pi / 2'],
    ['asin(sqrt(3) / 2)', 'pi / 3'],
    ['acos(-1 / 2)', '2pi / 3'],
    ['atan(-1)', '-pi / 4'],
    ['atan(sqrt(3))', 'pi / 3'],
    ['atan2(1, -1)', '3pi / 4'],
    ['atan2(-1, -1)', '-3pi / 4'],
    ['atan2(-2, 0)', '-pi / 2'],
    ['atan2(0, -1)', 'pi'],
    ['cbrt(-27)', '-3'],
    ['(8 / 27)^(2/3)', '4 / 9'],
    ['hypot(-3, 4)', '5'],
    ['lgamma(2)', '0'],
    ['softplus(0)', 'log(2)'],
  ])('%s', (given, named) => {
    const result = simplify(given)
    expect(result.toString()).toBe(named)
    expect(evaluate(named, {})).toBeCloseTo(evaluate(given, {}), 14)
  })
})

describe('comparisons are solved for what is compared', () => {
  test.each([
    ['2*x + 1 > 3', 'x > 1'],
    ['3 - x/2 <= 1', 'x >= 4'],
    ['min(x, 1) > 0', 'x > 0'],
    ['max(x, 1) > 0', '1'],
    ['min(x, 1) >= 2', '0'],
    ['max(2*x, -1) < 3', 'x < 1.5'],
    ['min(x, 1) < 0', 'x < 0'],
    ['0 < x and y < 2 and x <= 1', 'y < 2 and 0 < x <= 1'],
    ['(x < 1 and x > -1) or y > 2', '-1 < x < 1 or y > 2'],
  ])('%s is %s', (given, expected) => {
    const simplified = simplify(given)
    expect(simplified.toString()).toBe(expected)
    for (const x of [-Infinity, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 4, 5, Infinity])
      for (const y of [1, 2, 3])
        expect(evaluate(expected, { x, y }), `x = ${x}, y = ${y}`).toBe(evaluate(given, { x, y }))
  })
})
