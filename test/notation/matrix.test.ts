/**
 * Derivatives in matrix notation: as the course prints them, and, compiled again from that text, equal in value to the
 * derivative they were printed from.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { printMatrixLatex } from '../../codegen/latex/print-matrix.js'
import { analyse, compileModule } from '../../src/compile.js'
import type { Def } from '../../src/ir/expr.js'
import { runPasses } from '../../src/ir/pass.js'
import type { Program } from '../../src/ir/program.js'
import type { Matrix } from '../../src/notation/matrix.js'
import { printMatrix } from '../../src/expression/print-matrix.js'
import { matrixNotation } from '../../src/notation/recognise.js'
import { pipeline } from '../../src/pipeline.js'
import { Random } from '../../src/verify/random.js'
import { evaluate, run } from '../codegen/load.js'
import { worstError } from '../cases/comparison.js'

/** The program as it is after `simplify`: the last pass is for the code. */
function simplified(source: string): Program {
  const { program, diagnostics } = analyse(source)
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const passes = pipeline()
  return runPasses(program, passes.slice(0, 1 + passes.findIndex(({ name }) => name === 'simplify')))
}

function notationOf({ graph }: Program, def: Def): Matrix | undefined {
  return matrixNotation(graph, graph.read(def, def.idx), def.idx)
}

function outputOf(program: Program, name: string, at = 0): Matrix | undefined {
  const entry = program.entries.find((each) => each.name === name)
  if (!entry) throw new Error(`no entry '${name}'`)
  return notationOf(program, entry.outputs[at].def)
}

const read = (file: string): string =>
  readFileSync(new URL(`../cases/textbook/${file}.nn`, import.meta.url), 'utf8')

/** Of each result of a file of the course: which output, and what is printed. */
const COURSE: Readonly<Record<string, readonly (readonly [name: string, text: string, output?: number])[]>> =
  {
    vectors: [
      ['M1_identity', 'eye(n)'],
      ['M1_linear', 'A'],
      ['M1_inner', 'a'],
      ['M2_inner', "B' @ (sin(C @ x) * (1 - tanh(B @ x)^2)) + C' @ (tanh(B @ x) * cos(C @ x))"],
      ['M3_pointwise', 'diag(x * cos(x) + sin(x))'],
      ['M3_logistic', 'diag(sigmoid(x) * (1 - sigmoid(x)))'],
      ['M4', "diag(softmax(z)) - softmax(z) @ softmax(z)'"],
      ['M5_sum', "2X @ (X' @ w - y)"],
      ['M5_mean', "2X @ (X' @ w - y) / n"],
      ['M6', "X @ (sigmoid(X' @ w) - y)"],
      ['M9', "V' @ (V @ tanh(W @ a + b) - t) * (1 - tanh(W @ a + b)^2) @ a'", 0],
      ['M9', "W' @ (V' @ (V @ tanh(W @ a + b) - t) * (1 - tanh(W @ a + b)^2))", 1],
      ['M9', "V' @ (V @ tanh(W @ a + b) - t) * (1 - tanh(W @ a + b)^2)", 2],
      ['M10_frobenius', 'λ * W'],
      ['M11_hinge', "-X @ (y * (1 - y * (X' @ w) > 0))"],
      ['M11_perceptron', "-X @ (y * (-y * (X' @ w) > 0))"],
    ],
    losses: [
      ['M17_squared', 'ŷ - y'],
      ['M17_l1', 'sign(w)'],
      ['M17_diag', 'diag(B)'],
      ['M17_trace', "B'", 0],
      ['M17_transpose', "B'"],
    ],
  }

describe.each(Object.keys(COURSE))('%s', (file) => {
  const program = simplified(read(file))
  test.each([...COURSE[file]].map(([name, text, output = 0]) => ({ name, text, output })))(
    '$name is $text',
    ({ name, text, output }) => {
      const matrix = outputOf(program, name, output)
      expect(matrix && printMatrix(matrix)).toBe(text)
    },
  )
})

/** Functions, and the gradient by each parameter. */
const FUNCTIONS: readonly (readonly [source: string, gradients: Readonly<Record<string, string>>])[] = [
  ["f(x: [n], A: [n, n]) = x' @ A @ x", { x: "(A + A') @ x", A: "x @ x'" }],
  ['f(W: [a, b], λ) = 0.5 * λ * sum(W^2)', { W: 'λ * W', λ: 'sum(W^2) / 2' }],
  [
    'f(W: [m, n], a: [n], b: [m]) = sum(tanh(W @ a + b))',
    {
      W: "(1 - tanh(W @ a + b)^2) @ a'",
      a: "W' @ (1 - tanh(W @ a + b)^2)",
      b: '1 - tanh(W @ a + b)^2',
    },
  ],
  [
    "f(X: [d, n], y: [n, c], W: [d, c]) = -(sum[s, k] y[s, k] * log_softmax(X' @ W)[s, k])",
    {
      W: "X @ (diag(y @ ones(c)) @ softmax(X' @ W) - y)",
      X: "W @ (diag(y @ ones(c)) @ softmax(X' @ W) - y)'",
      y: "-log_softmax(X' @ W)",
    },
  ],
  // Entries that are the same along an axis, or made along the first one.
  ['f(A: [n, m], c: [m]) = sum[i, j] A[i, j] * c[j]', { A: "ones(n) @ c'", c: "A' @ ones(n)" }],
  ['f(A: [n, m], b: [n]) = sum[i, j] A[i, j] * b[i]', { A: "b @ ones(m)'", b: 'A @ ones(m)' }],
  ['f(A: [n, m]) = sum[j] (sum[i] A[i, j])^2', { A: "2ones(n) @ ones(n)' @ A" }],
  ['f(A: [n, m]) = sum[j] logsumexp[i] A[i, j]', { A: "softmax(A')'" }],
  ['f(x: [n]) = sum(x)', { x: 'ones(n)' }],
  ["f(A: [n, n], B: [n, n]) = trace(A @ B @ A')", { A: "A @ (B + B')", B: "A' @ A" }],
  ['f(A: [n, m], B: [m, n]) = trace(A @ B)', { A: "B'", B: "A'" }],
  ["f(U: [n, k], V: [m, k], T: [n, m]) = sum((T - U @ V')^2)", { U: "2(U @ V' - T) @ V", V: "2(V @ U' - T') @ U", T: "2(T - U @ V')" }], // prettier-ignore
  [
    'f(x: [n], y: [n], s) = s * (sum[i] x[i] * y[i]) / n',
    { x: 's * y / n', y: 's * x / n', s: "x' @ y / n" },
  ],
  ['f(x: [n], w: [m], A: [n, m]) = sum[i, j] exp(x[i]) * A[i, j] * w[j]', { x: 'exp(x) * (A @ w)', w: "A' @ exp(x)", A: "exp(x) @ w'" }], // prettier-ignore
]

test.each(FUNCTIONS)('%s', async (source, gradients) => {
  const program = simplified(`export fn ${source}\n`)
  const [entry] = program.entries
  const printed = (entry.backward?.gradients ?? []).map(({ wrt, def }): readonly [string, string] => {
    const matrix = def && notationOf(program, def)
    return [wrt.name, matrix ? printMatrix(matrix) : 'index notation']
  })
  expect(Object.fromEntries(printed)).toEqual(gradients)
  await expectSameValues(source, printed)
})

/** The gradients as the compiler derives them, against functions compiled from the printed texts. */
async function expectSameValues(
  source: string,
  printed: readonly (readonly [string, string])[],
): Promise<void> {
  const signature = source.slice(0, source.indexOf(' ='))
  const again = printed.map(([name, text]) => `export fn d_${name}${signature.slice(1)} = ${text}\n`)
  const { code, diagnostics } = compileModule(`export fn ${source}\n${again.join('')}`, { dtype: 'f64' })
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  const module = await evaluate(code)
  const random = new Random(7)
  const sizes: Record<string, number> = {}
  const parameters = [...signature.matchAll(/(\S+?)(?:: \[([^\]]*)\])?(?:, |\))/g)].map(([, name, list]) => ({
    name: name.replace(/^f\(/, ''),
    shape: list?.split(', ').map((size) => (sizes[size] ??= 2 + Object.keys(sizes).length)),
  }))
  const draw = (shape: readonly number[]): unknown =>
    shape.length === 0 ? random.normal() : Array.from({ length: shape[0] }, () => draw(shape.slice(1)))
  const args = parameters.map(({ shape }) => draw(shape ?? []))
  const derived = run(module, 'f.grad', ...args)
  expect(Array.isArray(derived)).toBe(true)
  for (const [at, [name]] of printed.entries())
    expect(
      worstError(Reflect.get(Object(derived), at), run(module, `d_${name}`, ...args)),
      name,
    ).toBeLessThan(1e-12)
}

test('a delta within a factor makes a diagonal', () => {
  const program = simplified(
    'export fn f(p: [n]) { J[i, j] = p[i] * ((if i == j then 1 else 0) - p[j]); return J }',
  )
  const matrix = notationOf(program, program.entries[0].outputs[0].def)
  expect(matrix && printMatrix(matrix)).toBe("diag(p) - p @ p'")
})

describe('LaTeX', () => {
  test.each([
    ["f(X: [d, n], w: [d], y: [n]) = sum((X' @ w - y)^2)", 'w', '2 X \\left(X^\\top w - y\\right)'],
    [
      "f(X: [d, n], w: [d], y: [n]) = mean((X' @ w - y)^2)",
      'w',
      '\\frac{2 X \\left(X^\\top w - y\\right)}{n}',
    ],
    ['f(W: [m, n], a: [n], b: [m]) = sum(tanh(W @ a + b))', 'W', '\\left(1 - \\tanh^{2}\\left(W a + b\\right)\\right) a^\\top'], // prettier-ignore
    ['f(W: [a, b], λ) = 0.5 * λ * sum(W^2)', 'W', '\\lambda W'],
    ['f(x: [n], y: [n]) = sum[i] sin(x[i]) * y[i]', 'x', 'y \\odot \\cos\\left(x\\right)'],
  ])('%s by %s', (source, name, latex) => {
    const program = simplified(`export fn ${source}\n`)
    const gradient = program.entries[0].backward?.gradients.find(({ wrt }) => wrt.name === name)
    const matrix = gradient?.def && notationOf(program, gradient.def)
    expect(matrix && printMatrixLatex(matrix)).toBe(latex)
  })
})

test.each([
  ['three axes', 'f(T: [a, b, c]) = sum[i, j, k] T[i, j, k]^3', 'T'],
  ['shifted indices', 'f(x: [n], y: [n]) = sum[i] x[i] * (if i >= 1 then y[i - 1] else 0)', 'x'],
])('indices stay where there is no matrix notation: %s', (_, source, name) => {
  const program = simplified(`export fn ${source}\n`)
  const gradient = program.entries[0].backward?.gradients.find(({ wrt }) => wrt.name === name)
  expect(gradient?.def && notationOf(program, gradient.def)).toBeUndefined()
})
