/** Gradients of recurrences that keep about √T states: the same numbers, in less memory. */
import { readFileSync } from 'node:fs'
import { check } from 'prettier'
import { describe, expect, test } from 'vitest'
import { compileModule, type CompileOptions } from '../../src/compile.js'
import type { Expr } from '../../src/ir/expr.js'
import { evaluate as evaluateOperator } from '../../src/ops/apply.js'
import type { MethodName } from '../../src/schedule/loop-program.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { evaluate, load, member, run } from '../codegen/load.js'
import { methodOf } from './compile.js'
import { TARGET } from '../target.js'

const program = (name: string): string =>
  readFileSync(new URL(`../programs/${name}.nn`, import.meta.url), 'utf8')

/** Functions of `x: [T, 2]` and of a vector of six weights. */
const CASES: Readonly<Record<string, string>> = {
  'a plain network': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = w[4]; h[t] = tanh(w[0] * x[t, 0] + w[1] * x[t, 1] + w[2] * h[t-1] + w[3]) }
    return h[T-1] + w[5]
  }`,
  'an LSTM with peepholes': `export fn f(x: [T, 2], w: [6]) {
    recur t < T {
      h[-1] = w[4]; c[-1] = w[5]
      i = sigmoid(w[0] * x[t, 0] + w[1] * h[t-1] + w[2] * c[t-1])
      f = sigmoid(w[3] * x[t, 1] + w[0] * h[t-1] + w[1] * c[t-1])
      g = tanh(w[2] * x[t, 0] + w[3] * h[t-1])
      c[t] = f * c[t-1] + i * g
      o = sigmoid(w[4] * x[t, 1] + w[5] * h[t-1] + w[2] * c[t])
      h[t] = o * tanh(c[t])
    }
    return h[T-1]
  }`,
  'a GRU': `export fn f(x: [T, 2], w: [6]) {
    recur t < T {
      h[-1] = w[5]
      z = sigmoid(w[0] * x[t, 0] + w[1] * h[t-1])
      r = sigmoid(w[2] * x[t, 1] + w[3] * h[t-1])
      g = tanh(w[4] * x[t, 0] + w[0] * (r * h[t-1]))
      h[t] = z * h[t-1] + (1 - z) * g
    }
    return h[T-1]^2
  }`,
  'a differential equation': `fn rk4(f, y, u, s) {
    k1 = f(y, u)
    k2 = f(y + s/2 * k1, u)
    k3 = f(y + s/2 * k2, u)
    k4 = f(y + s * k3, u)
    return y + s/6 * (k1 + 2k2 + 2k3 + k4)
  }
  export fn f(x: [T, 2], w: [6]) {
    fn F(y, u) = w[0] * sin(y) + w[1] * u
    recur t < T { y[-1] = w[2]; y[t] = rk4(F, y[t-1], x[t, 0] * x[t, 1], 0.1) }
    return y[T-1]
  }`,
  'lag 2': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = w[3]; h[-2] = w[4]; h[t] = tanh(w[0] * h[t-1] + w[1] * h[t-2] * x[t, 0] + x[t, 1]) }
    return h[T-1]
  }`,
  'lag 3, and inputs of other steps': `export fn f(x: [T, 2], w: [6]) {
    recur t < T {
      h[-1] = w[3]; h[-2] = w[4]; h[-3] = w[5]
      h[t] = tanh(w[0] * h[t-1] + w[1] * h[t-3] * x[t, 0] + (if t >= 2 then exp(w[2] * x[t-2, 1]) else 0))
    }
    return h[T-1]
  }`,
  'different lags that need each other': `export fn f(x: [T, 2], w: [6]) {
    recur t < T {
      a[-1] = w[0]; a[-2] = w[1]
      b[-1] = w[2]
      a[t] = tanh(b[t-1] * x[t, 0] + w[3] * a[t-2])
      b[t] = sin(a[t] + w[4] * a[t-1] * b[t-1] * x[t, 1])
    }
    return sum[t < T] a[t] * b[t]
  }`,
  'a linear recurrence': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = w[0]; h[t] = w[1] * h[t-1] + w[2] * x[t, 0] * x[t, 1] }
    return h[T-1]
  }`,
  'a loss at every step': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = 0; h[t] = tanh(w[0] * x[t, 0] + w[1] * h[t-1]) }
    p[t < T] = w[2] * h[t] + w[3]
    return mean[t] (p[t] - x[t, 1])^2
  }`,
  'a loss over a total': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = 0; h[t] = tanh(w[0] * x[t, 0] + w[1] * h[t-1]) }
    e[t < T] = exp(w[2] * h[t])
    total = sum(e)
    return sum[t < T] (e[t] / total)^2
  }`,
  'one above another': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = 0; h[t] = tanh(w[0] * x[t, 0] + w[1] * h[t-1]) }
    recur t < T { g[-1] = w[5]; g[-2] = 0; g[t] = tanh(w[2] * h[t] + w[3] * g[t-1] + w[4] * g[t-2]) }
    return sum[t < T] g[t] * h[t] * x[t, 1]
  }`,
  'one after another': `export fn f(x: [T, 2], w: [6]) {
    recur t < T { h[-1] = 0; h[t] = tanh(w[0] * x[t, 0] + w[1] * h[t-1]) }
    recur t < T { g[-1] = h[T-1]; g[t] = tanh(w[2] + w[3] * g[t-1]) }
    return g[T-1] * w[4]
  }`,
}

const LENGTHS = [1, 2, 3, 10, 100]

/** The numbers of a result, in order. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(Object(value)).flatMap(numbersIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersIn)
  throw new Error('the result holds something else than numbers')
}

/** Of a function of `x` and `w`. */
const valueAndGradients = (result: unknown): number[][] =>
  ['value', 'grads.0', 'grads.1'].map((path) => numbersIn(member(result, path)))

const wave = (count: number, phase: number): Float64Array =>
  Float64Array.from({ length: count }, (_, at) => Math.sin(1.7 * at + phase))

const largest = (numbers: readonly number[]): number => Math.max(...numbers.map(Math.abs))

/** Sums over time are added in another order: √T parts of √T terms, from the last on. */
function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length)
  const difference = largest(found.map((each, at) => each - expected[at]))
  expect(difference).toBeLessThanOrEqual(1e-13 * largest(expected))
}

describe('gradients are those without', () => {
  for (const [name, source] of Object.entries(CASES))
    test(name, async () => {
      const plain = await load(source)
      const kept = await load(source, { checkpoint: 'sqrt' })
      for (const T of LENGTHS) {
        const args = [wave(2 * T, 1), wave(6, 2)]
        const [value, dx, dw] = valueAndGradients(run(plain, 'f.valueAndGrad', ...args))
        const [value2, dx2, dw2] = valueAndGradients(run(kept, 'f.valueAndGrad', ...args))
        expectClose(value2, value)
        expectClose(dw2, dw)
        // What belongs to one step is computed by the same operations in the same order, unless it needs a sum of all steps.
        if (name === 'a loss over a total') expectClose(dx2, dx)
        else expect(dx2).toEqual(dx)
      }
    })

  test.each([
    ['15-lstm', 'Lstm'],
    ['15-lstm', 'Lstm2'],
    ['16-gru', 'Gru'],
  ])('%s, %s: a batch of sequences, in 64 bits', async (file, model) => {
    const define: Record<string, number> = model === 'Lstm' ? { hidden: 3 } : { k: 3 }
    const options: CompileOptions = { dtype: 'f64', define }
    const plain = await load(program(file), options)
    const kept = await load(program(file), { ...options, checkpoint: 'sqrt' })
    const [n, d, k] = [2, 2, 3]
    const params = run(plain, `${model}.init`, { sizes: { d }, seed: 3 })
    for (const T of LENGTHS) {
      const outs = { h: wave(T * n * k, 2), c: wave(T * n * k, 3), last: wave(n * k, 4) }
      const names = model === 'Lstm' ? ['h', 'last'] : model === 'Lstm2' ? ['h', 'c'] : ['h']
      const cotangents = Object.fromEntries(Object.entries(outs).filter(([name]) => names.includes(name)))
      const settings = { sizes: { T, n, d }, wrt: ['x'], cotangents }
      const data = { x: wave(T * n * d, 5) }
      const expected = member(run(plain, `${model}.backward`, params, data, settings), 'grads')
      const found = member(run(kept, `${model}.backward`, params, data, settings), 'grads')
      expectClose(numbersIn(found), numbersIn(expected))
      expect(numbersIn(member(found, 'x'))).toEqual(numbersIn(member(expected, 'x')))
    }
  })
})

test('what a loop over segments adds up along another axis is no sum of a further one', async () => {
  const source = `export fn f(x: [T, 1], U: [1, 1]) {
    q = erf(x)
    p[t, i < 1] = prod[k < 1] q[t, i + k]
    recur t < T {
      h[-1] = zeros(1)
      h[t, i] = 0.5 * h[t-1, i] + p[t, i] * sigmoid(sum[j] U[i, j] * h[t-1, j])
    }
    return h[T-1, 0]
  }`
  const [plain, kept] = [await load(source), await load(source, { checkpoint: 'sqrt' })]
  const args = [wave(7, 1), [[0.4]]]
  expectClose(numbersIn(run(kept, 'f.grad', ...args)), numbersIn(run(plain, 'f.grad', ...args)))
})

describe('gradients against independent evidence', () => {
  test.each(Object.keys(CASES))('%s', async (name) => {
    for (const T of [1, 2, 9]) {
      const report = await checkGradients(CASES[name], { checkpoint: 'sqrt', sizes: { T }, target: TARGET })
      expect(report.diagnostics).toEqual([])
      expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
    }
  })

  test.each([
    ['14-srn', { hidden: 3 }, { T: 7, n: 2, d: 2 }],
    ['15-lstm', { hidden: 2, k: 2 }, { T: 6, n: 2, d: 2 }],
    ['16-gru', { k: 2 }, { T: 6, n: 2, d: 2 }],
    ['26-ode', {}, {}],
  ])('program %s', async (name, define, sizes) => {
    const report = await checkGradients(program(name), { checkpoint: 'sqrt', define, sizes, target: TARGET })
    expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
  })
})

describe('memory', () => {
  /** The numbers that a method stores besides data and results, by the axes of their arrays. */
  function stored(
    source: string,
    method: MethodName,
    sizes: Readonly<Record<string, number>>,
    checkpoint?: 'sqrt',
    entry?: string,
  ) {
    const at = (e: Expr): number => {
      switch (e.kind) {
        case 'num':
          return e.value.toNumber()
        case 'size':
          return sizes[e.name] ?? NaN
        case 'add':
          return e.terms.reduce((sum, { node, coefficient }) => sum + coefficient.toNumber() * at(node), e.constant.toNumber()) // prettier-ignore
        case 'mul':
          return e.factors.reduce((product, { base, exponent }) => product * at(base) ** exponent.toNumber(), 1) // prettier-ignore
        case 'apply':
          return evaluateOperator(e.operator, e.args.map(at))
        default:
          throw new Error(`an extent of kind ${e.kind}`)
      }
    }
    return methodOf(source, method, entry, { checkpoint })
      .buffers.filter(({ role }) => role === 'temp')
      .map(({ name, extents }) => ({ name, count: extents.reduce((product, e) => product * at(e), 1) }))
  }

  const total = (buffers: readonly { readonly count: number }[]): number =>
    buffers.reduce((sum, { count }) => sum + count, 0)

  test('10,000 steps: every array holds about 100 of them', () => {
    const T = 10_000
    for (const [name, source] of Object.entries(CASES)) {
      const kept = stored(source, 'valueAndGrad', { T }, 'sqrt')
      // 101 segments of 101 steps, and a few steps more; two steps of lag 3.
      for (const buffer of kept) expect(buffer.count, `${name}: ${buffer.name}`).toBeLessThanOrEqual(3 * 102)
      expect(total(kept)).toBeLessThan(total(stored(source, 'valueAndGrad', { T })) / 10)
    }
  })

  test('10,000 steps of an LSTM in a batch: the states of 100 steps', () => {
    const sizes = { T: 10_000, n: 4, d: 8 }
    const states = sizes.n * 64
    const kept = stored(program('15-lstm'), 'vjp', sizes, 'sqrt', 'Lstm')
    const whole = stored(program('15-lstm'), 'vjp', sizes, undefined, 'Lstm')
    const weights = 2 * 64 * (64 + 64)
    for (const { name, count } of kept)
      expect(count, name).toBeLessThanOrEqual(Math.max(104 * states, weights))
    expect(total(kept) * 25).toBeLessThan(total(whole))
  })
})

describe('generated code', () => {
  const { code } = compileModule(program('14-srn'), { checkpoint: 'sqrt' })

  test('a line above each loop over segments says what it does', async () => {
    expect(await check(code, { parser: 'babel' })).toBe(true)
    expect(code).toMatch(/\/\/ segments of .* steps: what the next one starts from is kept\n.*\n(.*\n)*? {2}for \(let segment = 0; segment < segments; segment\+\+\) \{/) // prettier-ignore
    expect(code).toMatch(/\/\/ segments of .* steps, the last first: each is computed again from what was kept before it\n(.*\n)*? {2}for \(let segment = segments - 1; segment >= 0; segment--\) \{/) // prettier-ignore
  })

  test('arrays have as many segments as loops: both take the same root', () => {
    expect(code).toMatch(/hKept = memory\.array\(\s*Float32Array,[^;]*Math\.sqrt\(T \+ 2\)/)
    expect(code).not.toMatch(/Math\.pow/)
  })

  test('forward runs and programs without recurrences are as they were', () => {
    const text = 'export fn f(x: [n], y: [n]) = sum[i] (x[i] - y[i])^2\n'
    expect(compileModule(text, { checkpoint: 'sqrt' }).code).toBe(compileModule(text).code)
    const forward = (all: string): string => /function forwardSrnKernel[^]*?\n\}/.exec(all)?.[0] ?? ''
    expect(forward(code)).not.toBe('')
    expect(forward(code)).toBe(forward(compileModule(program('14-srn')).code))
  })

  test('a length known when compiling: the segments are numbers', async () => {
    const source = `export fn f(a, x: [100]) {
      recur t < 100 { h[-1] = a; h[t] = tanh(a * h[t-1] + x[t]) }
      return h[99]
    }`
    const [plain, kept] = [compileModule(source).code, compileModule(source, { checkpoint: 'sqrt' }).code]
    expect(kept).not.toMatch(/Math\.sqrt|Math\.ceil/)
    const x = wave(100, 1)
    const [expected, found] = [await evaluate(plain), await evaluate(kept)].map((module) => numbersIn(run(module, 'f.grad', 0.7, x))) // prettier-ignore
    expectClose(found, expected)
  })
})

describe('what is left as it is, with a warning', () => {
  test.each([
    [
      'a grid',
      `recur i < T, j < 2 { a[-1, c < 2] = 0.5; a[r < T, -1] = w[0]; a[i, j] = tanh(w[1] * a[i-1, j] + x[i, j] * a[i, j-1]) }; return a[T-1, 1]`,
      "the gradient keeps all steps of 'a': it is nested, or reads steps at no fixed distance",
    ],
    [
      'all earlier steps',
      `recur t < T { h[-1] = w[0]; h[t] = tanh(x[t, 0]) + 0.1 * sum[k < t] h[k] * x[k, 1] }; return h[T-1]`,
      "the gradient keeps all steps of 'h': it is nested, or reads steps at no fixed distance",
    ],
    [
      'the largest of all steps',
      `recur t < T { h[-1] = w[0]; h[t] = sin(w[1] * h[t-1] + x[t, 0]) }; return max[t] h[t]`,
      "the gradient keeps all steps of 'h': something reads its steps all at once",
    ],
    [
      'from the last step on',
      `recur t < T { h[T] = w[0]; h[t] = sin(w[1] * h[t+1] + x[t, 0]) }; return h[0]`,
      "the gradient keeps all steps of 'h': it runs from the last step to the first",
    ],
  ])('%s', async (_, body, message) => {
    const source = `export fn f(x: [T, 2], w: [6]) { ${body} }`
    const { diagnostics, code } = compileModule(source, { checkpoint: 'sqrt' })
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'not-checkpointed', message }])
    expect(code).toBe(compileModule(source).code)
    const report = await checkGradients(source, { checkpoint: 'sqrt', sizes: { T: 5 }, target: TARGET })
    expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
  })

  test('a sum of all steps between a total of them and the gradient', () => {
    const source = `export fn f(x: [T], w) {
      recur t < T { h[-1] = 0; h[t] = tanh(w * h[t-1] + x[t]) }
      e[t < T] = exp(h[t])
      total = sum(e)
      return sum[t < T] (e[t] / total - x[t])^2
    }`
    expect(compileModule(source, { checkpoint: 'sqrt' }).diagnostics.map(({ message }) => message)).toEqual([
      "the gradient keeps all steps of 'h': something reads its steps all at once",
    ])
  })

  test('two directions that are read together', () => {
    const source = `export fn f(x: [T], w) {
      recur t < T { f[-1] = 0; f[t] = tanh(w * f[t-1] + x[t]) }
      recur t < T { g[T] = 0; g[t] = tanh(w * g[t+1] + x[t]) }
      return sum[t < T] f[t] * g[t]
    }`
    expect(compileModule(source, { checkpoint: 'sqrt' }).diagnostics.map(({ message }) => message)).toEqual([
      "the gradient keeps all steps of 'f': something reads its steps all at once",
      "the gradient keeps all steps of 'g': it runs from the last step to the first",
    ])
  })
})

test('a gradient whose rows do not lie side by side is whole', async () => {
  const source = `model Net(x: [n, 3]) {
    param W: [3, 6]
    h = x @ W
    p[s] = prod[k < 6] h[s, k]
    loss mean[s] p[s]^2
  }`
  const params = { W: Array.from({ length: 18 }, (_, at) => Math.cos(at)) }
  const data = { x: [0.9, 1.2, -0.7, 1.5, 0.3, 0.8] }
  const gradient = async (options: CompileOptions): Promise<number[]> =>
    Array.from(Object(run(await load(source, { dtype: 'f64', ...options }), 'Net.backward', params, data)).grads.W) // prettier-ignore
  const [plain, segmented] = await Promise.all([gradient({}), gradient({ checkpoint: 'sqrt' })])
  for (const [at, value] of plain.entries()) expect(segmented[at]).toBeCloseTo(value, 12)
})
