import { describe, expect, test } from 'vitest'
import { Asking } from './asking.js'

async function asked(...lines: string[]): Promise<string> {
  const asking = new Asking()
  for (const line of lines.slice(0, -1)) expect(await asking.text(line)).not.toMatch(/error/)
  return asking.text(lines[lines.length - 1])
}

async function table(line: string): Promise<string[][]> {
  const results = await new Asking().results(line)
  return results.flatMap((result) => (result.kind === 'table' ? result.rows.map((row) => [...row]) : []))
}

describe('values', () => {
  test.each([
    ['A @ v at A=[[1, 2], [3, 4]] v=[1, -1]', '[-1, -1]'],
    ['x^2 at x=[1, 2, 3]', '[1, 4, 9]'],
    ['sum[i] x[i]^2 at x=[1, 2, 3]', '14'],
    ["x' @ y at ([1, 2], [3, 4])", '11'],
    ['jacobian(softmax(q), q) at q=[0, 0]', '[[0.25, -0.25],\n [-0.25, 0.25]]'],
    ["grad(v' @ A @ v, v) at A=[[1, 2], [3, 4]] v=[1, 0]", '[2, 5]'],
    ['solve(A, b) at A=[[2, 0], [0, 4]] b=[1, 1]', '[0.5, 0.25]'],
    ['x[j] at x=[1, 2, 3] j=1', '2'],
    ['sum((w x - y)^2) at w=2 x=[1, 2] y=[2, 3]', '1'],
    [':eval A @ v + c A=[[1, 2], [3, 4]] v=[1, -1] c=[pi, 1/2]', '[2.14159265359, -0.5]'],
  ])('%s is %s', async (typed, expected) => {
    expect(await asked(typed)).toBe(expected)
  })

  test.each([
    ['grad sum((X@w - y)^2) wrt w', "2X' @ (X @ w - y)"],
    ['grad sum(softplus(X@w) - y*(X@w)) wrt w', "X' @ (sigmoid(X @ w) - y)"],
    [
      'grad mean((sigmoid(X@w) - y)^2) wrt w',
      "2X' @ (sigmoid(X @ w) * (1 - sigmoid(X @ w)) * (sigmoid(X @ w) - y)) / m",
    ],
    ['grad y @ tanh(X@w) wrt w', "X' @ (y * (1 - tanh(X @ w)^2))"],
    ['grad y @ tanh(X@w) wrt X', "y * (1 - tanh(X @ w)^2) @ w'"],
    ['hessian(sum((X@w - y)^2), w)', "2X' @ X"],
    ['grad logdet(A) wrt A', "inv(A)'"],
    ['grad w @ solve(A, w) wrt A', "-solve(A', w) @ solve(A, w)'"],
    ['inv(A)@A@w', 'inv(A) @ A @ w'],
    // The sum of all differences from the mean is 0.
    ['grad variance(w) wrt w', '2(w - sum(w) / n) / n'],
    ['grad sum(w*log(w/v)) wrt w', 'log(w / v) + 1'],
    // A norm has its formula, and numbers that all terms share stand outside.
    ['grad sqrt(sum(w^2)) wrt w', 'w / sqrt(sum(w^2))'],
    ["grad w' @ A @ w / 2 wrt w", "(A + A') @ w / 2"],
  ])('%s is %s in matrix notation, which has its values', async (typed, expected) => {
    const asking = new Asking()
    await asking.text('X: [m, n], w: [n], v: [n], y: [m], A: [n, n]')
    const [found] = await asking.results(typed)
    expect(found.kind === 'expression' && found.matrix).toBe(expected)
    const values = [
      'X=[[1, 2], [3, 4], [0, 1]]',
      'w=[0.5, -1]',
      'v=[2, -3]',
      'y=[1, 0, 2]',
      'A=[[2, 1], [0.5, 3]]',
    ]
    const at = (text: string): string =>
      `${text} at ${values.filter(([name]) => new RegExp(`\\b${name}\\b`).test(text)).join(' ')}`
    expect(await asking.text(at(expected.replace('/ m', '/ 3').replaceAll('/ n', '/ 2')))).toBe(
      await asking.text(at(typed)),
    )
  })

  test.each([
    ['sum[i] x[i] y[i] at x=[1, 2] y=[3, 4]', '11'],
    ['sum[i, j] A[i, j] x[i] x[j] at A=[[1, 2], [3, 4]] x=[1, -1]', '0'],
    ['sum[i] y[i] (A @ x)[i] at A=[[1, 2], [3, 4], [5, 6]] x=[1, 1] y=[1, 0, 1]', '14'],
    ["sum[i] A'[i, 0] x[i] at A=[[1, 2], [3, 4]] x=[1, 1]", '3'],
    ['sum[i] (y[i] - sum[j] X[i, j] w[j])^2 at X=[[1, 2], [3, 4], [5, 6]] w=[1, 0] y=[0, 0, 0]', '35'],
  ])('axes that one index runs along are one: %s', async (typed, expected) => {
    expect(await asked(typed)).toBe(expected)
  })

  test('declared shapes hold, and what is inferred follows from them', async () => {
    const lines = ['W: [d, h]', "W' @ x at W=[[1, 2], [3, 4], [5, 6]] x=[1, 1, 1]"]
    expect(await asked(...lines)).toBe('[9, 12]')
    expect(await asked('W: [d, h]', "W' @ x at W=[[1, 2], [3, 4], [5, 6]] x=[1, 1]")).toMatch(
      /'x' has the shape \[d\], and is given an array of shape \[2\]/,
    )
  })

  test('what is shown can be typed in again', async () => {
    const shown = await asked("v @ v' at v=[1, 2, 3]")
    expect(await asked(`B = ${shown}`, 'trace(B)')).toBe('14')
  })

  test.each([
    ['A @ v at A=[[1, 2], [3]] v=[1, 2]', /arrays of equally long rows/],
    ['x[j] at x=[1, 2, 3] j=5', /'x\[5\]' is read, whose shape is \[3\]/],
    ['softmax(z)  at z=1', /'z' has the shape \[n\], and is given a number/],
    ['A @ v at A=[[1, 2], [3, 4]]', /no value for 'v'(?:.|\n)*v=\[1, 2\]/],
    ['A @ v at A=[[1, 2], [3, 4]] v=[1, 2, 3]', /shape/],
  ])('%s is a mistake', async (typed, message) => {
    expect(await asked(typed)).toMatch(message)
  })
})

test(':trace shows values and cotangents of arrays, those of the language', async () => {
  const rows = await table(':trace sum((A @ v - y)^2) A=[[1, 2], [3, 4]] v=[1, -1] y=[1, 0]')
  expect(rows).toEqual([
    ['A', '[[1, 2], [3, 4]]'],
    ['v', '[1, -1]'],
    ['y', '[1, 0]'],
    ['h1 = A @ v', '[-1, -1]'],
    ['h2 = h1 - y', '[-2, -1]'],
    ['h3 = h2^2', '[4, 1]'],
    ['h4 = sum(h3)', '5'],
    ['h4', '1'],
    ['h3', '[1, 1]'],
    ['h2', '[-4, -2]'],
    ['h1', '[-4, -2]'],
    // δ vᵀ and Aᵀ δ for δ = [-4, -2].
    ['A', '[[-4, 4], [-2, 2]]'],
    ['v', '[-10, -16]'],
    ['y', '[4, 2]'],
  ])
  // Whole numbers, such as conditions, have no cotangents.
  const names = (await table(':trace sum((x > 0) * x) + floor(x[0]) x=[1.5, -2]')).map(([name]) => name)
  expect(names.slice(-5)).toEqual(['h6', 'h4', 'h3', 'h2', 'x'])
  expect(await asked(':trace A @ v A=[[1, 2], [3, 4]] v=[1, -1]')).toMatch(/take one entry of it, or a sum/)
})

test(':cost counts in sizes', async () => {
  const rows = await table(':cost A @ v')
  expect(rows.slice(0, 2)).toEqual([
    ['additions', 'm * n', '2 * m * n'],
    ['products', 'm * n', '3 * m * n'],
  ])
  // n²/3 of n rows, and n² for the column, forwards and back.
  expect((await table(':cost solve(A, b)'))[1][1]).toBe('n^3 / 3 + n^2')
})

test(':latex and :mathml of tensors: matrix notation where it reads, else indices', async () => {
  expect(await asked(":latex grad(v' @ A @ v, v)")).toBe('d_{v} = \\left(A + A^\\top\\right) v')
  expect(await asked(':latex jacobian(softmax(q), q)')).toBe(
    [
      '\\begin{aligned}',
      '  J &= \\operatorname{diag}\\left(p\\right) - p p^\\top \\\\',
      '  \\mathrm{total} &= \\operatorname*{logsumexp}_{j} q_{j} \\\\',
      '  p_{i} &= e^{q_{i} - \\mathrm{total}}',
      '\\end{aligned}',
    ].join('\n'),
  )
  expect(await asked(':latex sum[i if i != 2] x[i] / (1 + x[i]^2)')).toBe(
    '\\sum_{\\substack{i < n \\\\ i \\ne 2}} \\frac{x_{i}}{x_{i}^{2} + 1}',
  )
  expect(await asked(':mathml sum[i if i != 2] x[i]')).toContain('<mi>i</mi><mo>≠</mo><mn>2</mn>')
  expect(await asked(':mathml A @ v')).toContain('<mo>=</mo>')
  expect(await asked(':mathml (x/y)^n')).toContain('<mo>(</mo><mfrac>')
  expect(await asked(':mathml (if x > 1 then y else y^2) + z')).toContain('<mo>(</mo><mrow><mo>{</mo>')
  expect((await asked(':mathml if x > 1 then y else if x > 0 then z else 3')).match(/<mtr>/g)).toHaveLength(3)
})

test(':plot draws vectors against their index', async () => {
  const [plot] = await new Asking().results(':plot z, 2z z=[0, 4, 2]')
  if (plot.kind !== 'plot') throw new Error('no plot')
  expect(plot).toMatchObject({ variable: 'index', from: 0, to: 2 })
  const [first, second] = plot.curves
  expect([first.ys[0], first.ys[200], first.ys[400], first.ys[800]]).toEqual([0, 2, 4, 2])
  expect(second.ys[400]).toBe(8)
  expect(await asked(':plot A A=[[1, 2], [3, 4]]')).toMatch(/take one row of it/)
})
