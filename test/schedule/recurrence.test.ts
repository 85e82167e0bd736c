/** Recurrences: what is computed, in what order, and how much of it is kept. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import type { Expr } from '../../src/ir/expr.js'
import type { MethodName } from '../../src/schedule/loop-program.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, member, run } from '../codegen/load.js'
import { methodOf } from './compile.js'
import { TARGET } from '../target.js'

const CASES: Readonly<Record<string, string>> = {
  'lag 3, positions from 0': `export fn f(a, b, c, y0, y1, y2, T) {
    recur 3 <= t < T { y[0] = y0; y[1] = y1; y[2] = y2; y[t] = a * y[t-1] + sin(b * y[t-2]) + c * y[t-3] }
    return sum[t < T] y[t]^2
  }`,
  'lag 3, positions below 0': `export fn f(x: [T, d], U: [d, d], V: [d, d], s: [3, d]) {
    recur t < T {
      h[-1] = s[0]; h[-2] = s[1]; h[-3] = s[2]
      h[t] = tanh(x[t] + h[t-1] @ U + 0.5 * (h[t-2] @ V) + h[t-3] * h[t-1])
    }
    return sum[t, i] h[t, i]^2
  }`,
  'lag 3, only the last step is read': `export fn f(x: [T], s: [3]) {
    recur t < T { y[-1] = s[0]; y[-2] = s[1]; y[-3] = s[2]; y[t] = tanh(x[t] * y[t-1]) + y[t-3] * sin(y[t-2]) }
    return y[T-1]
  }`,
  'mutual dependence, different lags': `export fn f(x: [T], p, q) {
    recur t < T {
      a[-1] = p; a[-2] = p * q
      b[-1] = q
      a[t] = tanh(b[t-1] * x[t] + a[t-2])
      b[t] = sin(a[t] + a[t-1] * b[t-1])
    }
    return sum[t < T] a[t] * b[t]
  }`,
  'backwards, lag 2': `export fn f(x: [T], p, q) {
    recur t < T { g[T] = p; g[T+1] = q; g[t] = sin(g[t+1] * x[t]) + 0.3 * g[t+2] }
    return g[0]^2
  }`,
  'backwards over forwards': `export fn f(x: [T], p) {
    recur t < T { f[-1] = p; f[t] = 0.5 * f[t-1] + sin(x[t]) }
    recur t < T { g[T] = f[T-1]; g[t] = tanh(g[t+1] * f[t]) }
    return sum[t < T] g[t]
  }`,
  'a recurrence in each step': `export fn f(x: [T, m], h0) {
    recur t < T {
      h[-1] = h0
      recur k < m { s[-1] = h[t-1]; s[k] = tanh(s[k-1] + x[t, k]) }
      h[t] = s[m-1] * 0.9
    }
    return h[T-1]
  }`,
  'a grid': `export fn f(x: [n, m], w) {
    recur i < n, j < m {
      a[-1, c < m] = 0.5
      a[r < n, -1] = 0.25
      a[i, j] = tanh(w * a[i-1, j] + x[i, j] * a[i, j-1] + a[i-1, j-1])
    }
    return a[n-1, m-1]
  }`,
  'a tree: each step reads an earlier one that the data name': `export fn f(x: [T], parent: int[T]) {
    recur t < T {
      h[-1] = 1
      h[t] = tanh(x[t]) + 0.5 * (if 0 <= parent[t] and parent[t] < t then h[parent[t]] else h[t-1])
    }
    return sum[t] h[t]^2
  }`,
  'read by a condition and as a whole number alone': `export fn f(x: [T]) {
    recur t < T { h[-1] = 1; h[t] = 0.5 * h[t-1] + sqrt(1 + x[t]^2) }
    return (if h[T-1] > 0 then x[0]^2 else x[0]) + floor(h[T-1]) * sin(x[0])
  }`,
  'a batch before the step': `model M[k = 5](x: [n, T, d], y: [n]) {
    param W: [d, k] ~ glorot
    param U: [k, k] ~ orthogonal
    param h0: [k] ~ normal(0, 0.3)
    recur t < T {
      h[-1, s < n] = h0
      h[t, s] = tanh(x[s, t] @ W + h[t-1, s] @ U)
    }
    out p[s] = sum[i] h[T-1, s, i]
    loss mean[s] (p[s] - y[s])^2
  }`,
  'sequences of different lengths': `model M[k = 4](x: [T, n, d], len: int[n], y: [n]) {
    param W: [d, k] ~ glorot
    param U: [k, k] ~ orthogonal
    recur t < T {
      h[-1] = zeros(n, k)
      c = tanh(x[t] @ W + h[t-1] @ U)
      h[t, s] = if t < len[s] then c[s] else h[t-1, s]
    }
    out p[s] = sum[i] h[T-1, s, i]
    loss mean[s] (p[s] - y[s])^2
  }`,
  'all earlier steps': `export fn f(x: [T]) {
    recur t < T { h[-1] = 1; h[t] = tanh(x[t]) + sum[k < t] h[k] * x[k] }
    return h[T-1]^2
  }`,
  'all later steps': `export fn f(x: [T]) {
    recur t < T { h[T] = 1; h[t] = sin(x[t]) + 0.1 * sum[k if t < k < T] h[k] * x[k] }
    return h[0]^2
  }`,
  'pairs of earlier steps': `export fn f(x, n: int) {
    recur 1 <= t < n { c[0] = x; c[t] = sum[k < t] c[k] * c[t-1-k] }
    return c[n-1]
  }`,
  'attention to earlier steps': `export fn f(x: [T, d], W: [d, d]) {
    recur t < T {
      h[-1] = zeros(d)
      w[u < T] = if u < t then exp(sum[i] h[u, i] * x[t, i]) else 0
      h[t] = tanh(W @ x[t] + sum[u < t] w[u] * h[u])
    }
    return sum(h[T-1])
  }`,
  'a derivative in each step': `model M(x: [T], y: [T]) {
    param w = 0.3
    recur t < 5 {
      a[-1] = w
      a[t] = a[t-1] - 0.1 * d(mean[s] (a[t-1] * x[s] - y[s])^2, a[t-1])
    }
    out a
    loss mean[s] (a[4] * x[s] - y[s])^2
  }`,
}

describe('values and gradients', () => {
  for (const [name, source] of Object.entries(CASES))
    test(
      name,
      async () => {
        // One step, fewer than the lag, and more.
        for (const T of source.includes('3 <= t')
          ? [undefined]
          : source.includes('T')
            ? [1, 2, 6, 9]
            : [undefined]) {
          const report = await checkGradients(source, {
            target: TARGET,
            ...(T !== undefined && { sizes: { T } }),
          })
          expect(report.diagnostics).toEqual([])
          expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
        }
      },
      300_000,
    )
})

test('lengths known at run time only', async () => {
  const module = await load(`export fn f(a, T: int) {
    recur 2 <= t < T { y[0] = 1; y[1] = a; y[t] = y[t-1] + a * y[t-2] }
    return y[T-1]
  }`)
  // y = 1, a, 2a, 2a + a², 2a + 3a²
  expect([2, 3, 4, 5].map((T) => run(module, 'f', 2, T))).toEqual([2, 4, 8, 16])
  expect([2, 3, 4, 5].map((T) => run(module, 'f.grad', 2, T))).toEqual([[1], [2], [6], [14]])
  expect(() => run(module, 'f', 2, 1)).toThrow("the range of 't' ends before it starts unless T - 2 >= 0")
})

test('10,000 steps, constant or not: derivatives of a geometric series to order two', async () => {
  for (const T of ['T', '10000']) {
    const module = await load(`fn series(a, x: [${T}]) {
        recur t < ${T} { h[-1] = 0; h[t] = a * h[t-1] + x[t] }
        return h[${T}-1]
      }
      export fn value(a, x: [${T}]) = series(a, x)
      export fn second(a, x: [${T}]) = d(d(series(a, x), a), a)`)
    const x = new Float64Array(10_000).fill(1)
    const gradient = run(module, 'value.grad', 0.9, x)
    expect(run(module, 'value', 0.9, x)).toBeCloseTo(10, 10)
    expect(member(gradient, '0')).toBeCloseTo(100, 8)
    for (const [at, expected] of [1, 0.9, 0.81].entries())
      expect(member(gradient, `1.${9999 - at}`)).toBeCloseTo(expected, 12)
    expect(run(module, 'second', 0.9, x)).toBeCloseTo(2000, 6)
  }
})

const program = (name: string): string =>
  readFileSync(new URL(`../programs/${name}.nn`, import.meta.url), 'utf8')

/** The intermediate results that grow with T, with the number of their axes. */
function keptPerStep(source: string, name: MethodName, entry?: string): string[] {
  // What is at most some number, as the rows of a panel, grows no further.
  const isBounded = (e: Expr): boolean =>
    e.kind === 'apply' && e.operator === 'min' && e.args.some(({ kind }) => kind === 'num')
  const mentionsT = (e: Expr): boolean =>
    e.kind === 'size' ? e.name === 'T' : !isBounded(e) && e.operands.some(mentionsT)
  return methodOf(source, name, entry)
    .buffers.filter(({ role, extents }) => role === 'temp' && extents.some(mentionsT))
    .map(({ name: buffer }) => buffer)
    .sort()
}

describe('memory', () => {
  test('a forward run keeps two steps of what only the next step needs', () => {
    // What is left are the products with the data, before the loop, and states that are results.
    expect(keptPerStep(program('14-srn'), 'forward', 'Srn')).toEqual(['sum'])
    expect(keptPerStep(program('14-srn'), 'loss', 'Srn')).toEqual(['sum'])
    expect(keptPerStep(program('15-lstm'), 'forward', 'Lstm')).toEqual(['h', 'sum', 'sum', 'sum', 'sum'])
    expect(keptPerStep(program('31-diagonal-lstm'), 'value', 'objective')).toEqual(['u', 'y', 'z'])
    expect(keptPerStep(CASES['lag 3, only the last step is read'], 'value')).toEqual([])
    expect(keptPerStep(CASES['backwards, lag 2'], 'value')).toEqual([])
    expect(keptPerStep(CASES['a recurrence in each step'], 'value')).toEqual([])
  })

  test('a gradient keeps the states, the gates, and the cotangents that weight gradients are contracted with', () => {
    expect(keptPerStep(program('14-srn'), 'backward', 'Srn')).toEqual(['d_sum', 'h', 'sum'])
    // The states; the four gates are written over the sums that they are of; cotangents of these sums, none of the gates.
    expect(keptPerStep(program('15-lstm'), 'vjp', 'Lstm').filter((name) => name !== 'sum')).toEqual(
      ['h', 'c', 'd_sum', 'd_sum', 'd_sum', 'd_sum'].sort(),
    )
    expect(keptPerStep(program('16-gru'), 'vjp', 'Gru').filter((name) => name !== 'sum')).toEqual(
      // Of r ⊙ h, an operand of a product that is computed, sixteen rows at a time.
      ['h', 'd_sum', 'd_sum', 'd_sum', 'd_UhLeft'].sort(),
    )
    expect(keptPerStep(program('17-bidirectional'), 'vjp', 'BiRnn')).toEqual(
      ['d_sum', 'd_sum', 'f', 'g', 'sum', 'sum', 'sum'].sort(),
    )
  })

  test('a grid keeps two rows', () => {
    const [buffer] = methodOf(CASES['a grid'], 'value').buffers.filter(({ role }) => role === 'temp')
    expect(buffer.extents.map((e) => (e.kind === 'num' ? e.value.toNumber() : 'm + 1'))).toEqual([2, 'm + 1'])
  })
})

describe('time and size', () => {
  const rnn = (T: string): string => `export fn f(x: [${T}, d], W: [d, k], U: [k, k]) {
    recur t < ${T} { h[-1] = zeros(k); h[t] = tanh(x[t] @ W + h[t-1] @ U) }
    return sum(h[${T}-1])
  }`

  test('code does not depend on T, also where it is a constant', () => {
    const lines = (T: string): number => compileModule(rnn(T)).code.split('\n').length
    expect(Math.abs(lines('10000') - lines('100'))).toBeLessThanOrEqual(2)
    expect(Math.abs(lines('10000') - lines('T'))).toBeLessThan(60)
  })

  test('what does not depend on the carry leaves the loop', () => {
    const { body } = methodOf(rnn('T'), 'valueAndGrad')
    const titles = (from: typeof body): string[] =>
      from.flatMap((s) =>
        s.kind === 'title'
          ? [s.name]
          : s.kind === 'loop'
            ? titles(s.body)
            : s.kind === 'branch'
              ? titles(s.consequent)
              : [],
      )
    const sequential = body.findIndex((s) => s.kind === 'loop' && titles([s]).includes('h'))
    const reversed = body.findIndex((s) => s.kind === 'loop' && s.descending)
    expect(titles(body.slice(0, sequential))).toEqual(['sum'])
    expect(titles(body.slice(reversed + 1)).filter((name) => name.startsWith('d_'))).toEqual([
      'd_x',
      'd_W',
      'd_U',
    ])
  })
})

describe('mistakes', () => {
  const errors = (source: string): string[] =>
    compileModule(source).diagnostics.flatMap(({ severity, message }) =>
      severity === 'error' ? [message] : [],
    )

  const forwards = "this position of 'h' is not computed yet: the recurrence runs forwards"
  const backwards = "this position of 'h' is not computed yet: the recurrence runs backwards"
  test.each([
    ['h[t] = h[t+1] + h[t-1]', 'h[-1] = 0', forwards],
    ['h[t] = h[t+1] + h[t-1]', 'h[-1] = 0; h[T] = 0', backwards],
    ['h[t] = h[t+1]', 'h[-1] = 0', forwards],
    ['h[t] = h[t-1]', 'h[T] = 0', backwards],
    ['h[t] = h[2t]', 'h[-1] = 0', forwards],
    ['h[t] = h[T-1-t]', 'h[-1] = 0', forwards],
    ['h[t] = h[t-1] + h[0]', 'h[-1] = 0', forwards],
    ['h[t] = h[t-1] + sum[k <= t] h[k]', 'h[-1] = 0', forwards],
    ['h[t] = h[t] + 1', 'h[-1] = 0', "'h' is not computed yet in this step"],
    [
      'h[t] = g[t+1] + h[t-1]; g[t] = h[t-1]',
      'h[-1] = 0; g[T] = 0',
      "'h' runs forwards and 'g' backwards, but each needs the other",
    ],
  ])('%s is no recurrence: one message', (step, initial, message) => {
    expect(errors(`export fn f(T: int) { recur t < T { ${initial}; ${step} }; return h[0] }`)).toEqual([
      message,
    ])
  })
})
