/** Programs as a textbook sets them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyse, derivativesOf, equations } from '../../src/compile.js'

const program = (name: string): string =>
  readFileSync(new URL(`../programs/${name}.nn`, import.meta.url), 'utf8')

test('a network and its gradient by the chain rule', () => {
  const { entries, diagnostics } = equations(program('07-mlp'))
  expect(diagnostics).toEqual([])
  expect(entries[0]).toEqual({
    name: 'Mlp',
    value: [
      'y = x @ l1.W + l1.b',
      'h1 = relu(y)',
      'y2 = h1 @ l2.W + l2.b',
      'h2 = relu(y2)',
      'logits = h2 @ l3.W + l3.b',
      'total[i] = logsumexp[j] logits[i, j]',
      'probs = softmax(logits)',
      'loss = -(sum[s] (logits[s, label[s]] - total[s])) / n',
    ],
    gradient: [
      'd_logits[i, j] = (probs[i, j] - (j == label[i])) / n',
      "d_y2 = d_logits @ l3.W' * (y2 > 0)",
      "d_y = d_y2 @ l2.W' * (y > 0)",
      "d_l1.W = x' @ d_y",
      "d_l1.b = d_y' @ ones(n)",
      "d_l2.W = h1' @ d_y2",
      "d_l2.b = d_y2' @ ones(n)",
      "d_l3.W = h2' @ d_logits",
      "d_l3.b = d_logits' @ ones(n)",
      "d_x = d_y @ l1.W'",
    ],
  })
})

test('recurrences keep their indices', () => {
  const { entries } = equations(program('14-srn'))
  const ar2 = entries.find(({ name }) => name === 'ar2')
  expect(ar2?.value).toEqual([
    'y[t] = if 2 <= t then y[t - 1] * a + y[t - 2] * b else if t == 0 then y0 else y1',
  ])
  expect(ar2?.gradient).toContain('d_a = sum[t] d_y[t + 2] * y[t + 1]')
})

test('a part of an axis is written with its index', () => {
  const { entries } = equations(
    'fn f(x: [n, d], u) {\n  recur t < n {\n    h[-1] = zeros(d)\n    h[t] = x[t] + u * h[t-1]\n  }\n  return sum(h[n-1])\n}',
  )
  // h has n + 1 rows, of which the first n are multiplied.
  expect(entries[0].gradient.at(-1)).toMatch(/^d_u = sum\[t, j\] .*h\[t, j\]/)
})

test('one partial derivative, with what it needs', () => {
  const source =
    'model Fit(x: [n, d], y: [n]) {\n  param w: [d]\n  param b\n  out z = x @ w + b\n  loss mean[i] (z[i] - y[i])^2\n}'
  const { program } = analyse(source)
  if (!program) throw new Error('it is sound')
  const found = derivativesOf(program, program.entries[0]).map(({ wrt, equations: lines }) => [
    wrt.name,
    ...lines,
  ])
  expect(found).toEqual([
    ['w', 'd_z = 2(z - y) / n', "∂loss/∂w = x' @ d_z"],
    ['b', 'd_z = 2(z - y) / n', '∂loss/∂b = sum(d_z)'],
    ['x', 'd_z = 2(z - y) / n', "∂loss/∂x = d_z @ w'"],
    ['y', 'd_z = 2(z - y) / n', '∂loss/∂y = -d_z'],
  ])
})

test('LaTeX', () => {
  const { entries } = equations("fn f(X: [d, n], w: [d], y: [n]) = 1e-12 * sum((X' @ w - y)^2)", {
    latex: true,
  })
  expect(entries[0].value).toEqual([
    'f = 10^{-12} \\operatorname{sum}\\left(\\left(X^\\top w - y\\right)^{2}\\right)',
  ])
})

const NORMALISED = `fn normalised(v: [d], eps = 1e-5) {
  μ = mean[i] v[i]
  var = mean[i] (v[i] - μ)^2
  return (v - μ) / sqrt(var + eps)
}`

test('numbers that have equations of their own stand under their names', () => {
  const [{ value, gradient }] = equations(NORMALISED).entries
  expect(value).toEqual([
    'μ = sum(v) / d',
    'var = sum((v - μ)^2) / d',
    'normalised = (v - μ) / sqrt(eps + var)',
  ])
  expect(gradient.join('\n')).toMatch(/d_v = .*d_sum.* \* \(v - μ\)/)
  expect(gradient.join('\n')).not.toContain('sum[')
})

test('LaTeX of fractions and names with numbers', () => {
  const latex = (source: string): readonly string[] => {
    const [{ value, gradient }] = equations(source, { latex: true }).entries
    return [...value, ...gradient]
  }
  const lines = latex(NORMALISED)
  expect(lines).toContain('\\mathrm{normalised} = \\frac{v - \\mu}{\\sqrt{\\mathrm{eps} + \\mathrm{var}}}')
  expect(lines.join('\n')).not.toMatch(/\\frac\{\\left\(|\\frac\{\\frac/)
  expect(latex('fn bell(x: [n], w) = exp(-x^2 / (2w^2))')).toContain(
    '\\mathrm{bell} = e^{-\\frac{x^{2}}{2 w^{2}}}',
  )
  expect(latex('fn loss(p: [n, k], label: int[n]) = -mean[s] log(p[s, label[s]])')[0]).toBe(
    '\\mathrm{loss} = -\\frac{\\sum_{s} \\log\\left(p_{s, \\mathrm{label}_{s}}\\right)}{n}',
  )
  // One subscript: two are an error in LaTeX.
  const indexed = latex('fn f(h2: [n, k], at: int[n]) { y[i] = h2[i, at[i]]; return y }')
  expect(indexed.join('\n')).toContain('h_{2, i, \\mathrm{at}_{i}}')
})

test('an exponent that may be 0 is told so', () => {
  const [{ gradient }] = equations('fn norm(w: [d], p) = (sum[i] abs(w[i])^p)^(1/p)').entries
  expect(gradient.join('\n')).toContain('if abs(w[i]) != 0 or p != 0 then')
})

test('mistakes are diagnostics', () => {
  const { entries, diagnostics } = equations('fn f(x) = y')
  expect(entries).toEqual([])
  expect(diagnostics).toHaveLength(1)
})
