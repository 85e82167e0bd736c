import { describe, expect, test } from 'vitest'
import type { Expression, Statement } from '../../grammar/ast.js'
import { sameSyntax } from '../../grammar/equal.js'
import { parseExpression, parseFile } from '../../grammar/parse.js'
import { printExpression, printFile, printStatement } from '../../grammar/print.js'
import { Diagnostics } from '../../src/base/diagnostic.js'

function expression(text: string): Expression {
  const diagnostics = new Diagnostics()
  const parsed = parseExpression({ filename: 'expression', text }, diagnostics)
  expect(diagnostics.list.map(({ message }) => message)).toEqual([])
  if (!parsed) throw new Error(`no expression: ${text}`)
  return parsed
}

function statements(text: string): readonly Statement[] {
  const diagnostics = new Diagnostics()
  const { statements: found } = parseFile({ filename: 'file.nn', text }, diagnostics)
  expect(diagnostics.list.map(({ message }) => message)).toEqual([])
  return found
}

describe('what an expression means', () => {
  test.each([
    ['2 * sum[i] a[i]*b[i] + c', '(2 * (sum[i] (a[i] * b[i]))) + c'],
    ['-sum[i] p[i]*log(p[i])', '-(sum[i] (p[i] * log(p[i])))'],
    ['mean[s] -log(p[s])', 'mean[s] (-log(p[s]))'],
    ['sum[i] x[i] - m[i]', '(sum[i] x[i]) - m[i]'],
    ['-x^2', '-(x^2)'],
    ['2^-x', '2^(-x)'],
    ['2^-x * y', '(2^(-x)) * y'],
    ['x^2^3', 'x^(2^3)'],
    ['a - b - c', '(a - b) - c'],
    ['a / b * c', '(a / b) * c'],
    ['not a < b and c', '(not (a < b)) and c'],
    ['a or b and c', 'a or (b and c)'],
    ['if a then b else c + d', 'if a then b else (c + d)'],
    ['1 + if a then b else c + d', '1 + (if a then b else (c + d))'],
    ['if a then b else if c then d else e', 'if a then b else (if c then d else e)'],
    ['1/2x', '(1/2) * x'],
    ['2^3x', '(2^3) * x'],
    ['x^2sin(x)', '(x^2) * sin(x)'],
    ['-3x', '(-3) * x'],
    ['2(x+1)', '2 * (x + 1)'],
    ['2sum[i] x[i]', '2 * sum[i] x[i]'],
    ['2e3x', '2e3 * x'],
    ['2exp(x)', '2 * exp(x)'],
    ['2e - 1', '2 * e - 1'],
    ['2π', '2 * pi'],
    ['x²', 'x^2'],
    ['-x²', '-(x^2)'],
    ['x²³', 'x^23'],
    ['A⁻¹', 'A^-1'],
    ['x²[0]', '(x^2)[0]'],
    ['wᵀ @ x', "w' @ x"],
    ['a · b × c ⊙ d ÷ e − f', 'a * b * c * d / e - f'],
    ['a ≤ b < c', 'a <= b < c'],
    ['a ≠ b', 'a != b'],
    ['∂(f, x)', 'd(f, x)'],
    ['∞ + 2∞', 'inf + 2 * inf'],
    ['Σ[i] ∏[j] x[i, j] + ∑(x)', 'sum[i] prod[j] x[i, j] + sum(x)'],
    ['x₁ + ϵ + µ', 'x1 + ε + μ'],
    ["x' @ A @ x", "((x') @ A) @ x"],
    ['x (y)', 'x(y)'],
    ['sum[n > i] i', 'sum[n > i] i'],
    ['sum[d >= j >= 1] j', 'sum[1 <= j <= d] j'],
    ['sum[0 <= i] i', 'sum[i >= 0] i'],
    ['(x\n+ y\n)', 'x + y'],
    ['x\n+ y', 'x + y'],
  ])('%s is %s', (text, same) => {
    expect(sameSyntax(expression(text), expression(same))).toBe(true)
  })

  test.each([
    ['0.5λ', '0.5λ'],
    ['2 * x', '2 * x'],
    ['2(a + b)', '2(a + b)'],
    ['1/2x', '1 / 2x'],
    ['(2^x) * y', '2^x * y'],
    ['((a + b) + c)', 'a + b + c'],
    ['a + (b + c)', 'a + (b + c)'],
    ['(-x)^2', '(-x)^2'],
    ['(sum[i] x[i]) * y', '(sum[i] x[i]) * y'],
    ['y * (sum[i] x[i])', 'y * sum[i] x[i]'],
    ['2 * (not a) + b', '2 * (not a) + b'],
    [
      'if (if a then b else c) then (if d then e else f) else (if g then h else i)',
      'if (if a then b else c) then (if d then e else f) else if g then h else i',
    ],
    ['x[ a:b , : , 2:, :k ]', 'x[a:b, :, 2:, :k]'],
    ['f( x , axis=0 )', 'f(x, axis = 0)'],
  ])('%s is printed %s', (text, printed) => expect(printExpression(expression(text))).toBe(printed))

  test('two primes are two derivatives of the callee', () => {
    const call = expression("f''(x)")
    expect(call.kind === 'call' && call.callee).toMatchObject({
      kind: 'transpose',
      operand: { kind: 'transpose', operand: { kind: 'name', name: 'f' } },
    })
  })

  test('a product does not merge with a name that looks like an exponent', () => {
    const [two, name] = [expression('2'), expression('e3')]
    const { span } = two
    const product: Expression = {
      kind: 'binary',
      operator: '*',
      implicit: true,
      left: two,
      right: name,
      span,
    }
    expect(printExpression(product)).toBe('2 * e3')
  })
})

describe('lines', () => {
  test.each([
    ['an operator at the end or the start continues', 'a = b +\nc\nd = e\n - f\n@ g', 2],
    ['a comma, `=` and `:` continue', 'a, b =\nc,\nd\nx:\n[n] = 3', 2],
    ['a semicolon ends', 'a = 1; b = 2;', 2],
    ['brackets continue', 'a = f(\nb = c,\nd = e,\n)', 1],
    ['words at the start continue', 'a = if b\nthen c\nelse d\nand e', 1],
    ['a brace may stand on its own line', 'fn f(x)\n{\nreturn x\n}', 1],
    ['blocks may stand in one line', 'fn f(x) { y = x; return y }', 1],
  ])('%s', (_, text, count) => expect(statements(text)).toHaveLength(count))

  test('a line that surely begins a statement ends the one before', () => {
    const diagnostics = new Diagnostics()
    const text = 'a = b +\nc = d\ne = f(x\nout y\nz[i] = 3'
    const file = parseFile({ filename: 'file.nn', text }, diagnostics)
    expect(file.statements.map(({ kind }) => kind)).toEqual([
      'definition',
      'definition',
      'definition',
      'out',
      'definition',
    ])
    expect(diagnostics.list.map(({ code }) => code)).toEqual(['missing-operand', 'unclosed-bracket'])
  })
})

describe('words', () => {
  test.each([
    ['out = W @ h', 'definition'],
    ['out y', 'out'],
    ['loss = a', 'definition'],
    ['loss -a', 'loss'],
    ['loss (a)', 'loss'],
    ['return [a, b]', 'return'],
    ['return [a, b], c', 'return'],
    ['return[i] = a', 'definition'],
    ['return[i], b = f(x)', 'definition'],
    ['param: [n] = 3', 'definition'],
    ['recur, y = f(x)', 'definition'],
    ['recur[t] = 3', 'definition'],
    ['const of = 3', 'const'],
    ['fn by(of, from) = of', 'function'],
    ['derivative of by(by, given) by by given given = by', 'derivative'],
    ['import { as as as } from "from"', 'import'],
    ['optimizer model(fn) = fn', 'function'],
  ])('%s is a %s', (text, kind) =>
    expect(statements(text).map((statement) => statement.kind)).toEqual([kind]),
  )
})

test('comments, documentation and blank lines are kept', () => {
  const text = `// head

/// What f does,
/// in two lines.
fn f(
  /// the mean
  μ: [n],
  k = 2,
) {
  // inside
  y = μ * k // behind

  /* before */
  return y
  // last
}
const a = 3 // at the end

// tail
/// of nothing
`
  const diagnostics = new Diagnostics()
  const file = parseFile({ filename: 'file.nn', text }, diagnostics)
  expect(diagnostics.list).toEqual([])
  expect(printFile(file)).toBe(text)
})

test('one statement is printed with its documentation and its block', () => {
  const text = '/// Doubles.\nfn f(x) {\n  y = 2x\n  return y\n}'
  expect(printStatement(statements(text)[0])).toBe(text)
})

test('spans cover what they name', () => {
  const text = 'y[i] = (a + b) * sum[j < 3] x[i, j]²'
  const [statement] = statements(text)
  if (statement.kind !== 'definition' || statement.values[0].kind !== 'binary')
    throw new Error('not a product')
  const { left, right } = statement.values[0]
  const spanned = [statement, statement.targets[0], statement.values[0], left, right].map(({ span }) =>
    text.slice(span.start, span.end),
  )
  expect(spanned).toEqual([text, 'y[i]', '(a + b) * sum[j < 3] x[i, j]²', '(a + b)', 'sum[j < 3] x[i, j]²'])
})
