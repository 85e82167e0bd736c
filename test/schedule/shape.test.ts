/** What schedules must not do: allocate for gradients in a forward run, scan where they can scatter, grow without end. */
import { describe, expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import type { Expr } from '../../src/ir/expr.js'
import type { Entry } from '../../src/ir/program.js'
import type { Method, Statement } from '../../src/schedule/loop-program.js'
import { printMethod } from '../../src/schedule/print.js'
import { scheduleEntry } from '../../src/schedule/schedule.js'
import { touchedBy } from '../../src/schedule/split.js'
import { deepSource } from '../../bench/networks.js'
import { methodOf } from './compile.js'

const MODEL = `model Net(x: [n, 20], label: int[n]) {
  param W: [20, 30] ~ he
  param V: [30, 10] ~ he
  h = tanh(x @ W)
  out probs = softmax(h @ V)
  loss mean[s] -log(probs[s, label[s]])
}`

function countOf(statements: readonly Statement[]): number {
  return statements.reduce((sum, statement) => {
    if (statement.kind === 'loop') return sum + 1 + countOf(statement.body)
    if (statement.kind === 'branch')
      return sum + 1 + countOf(statement.consequent) + countOf(statement.alternate)
    return sum + 1
  }, 0)
}

const depthOf = (statements: readonly Statement[]): number =>
  statements.reduce((most, s) => Math.max(most, s.kind === 'loop' ? 1 + depthOf(s.body) : s.kind === 'branch' ? depthOf(s.consequent) : 0), 0) // prettier-ignore

const temporaries = (method: Method): string[] =>
  method.buffers
    .filter(({ role }) => role === 'temp')
    .map((buffer) => `${buffer.name}: ${buffer.extents.length}`)

describe('memory', () => {
  test('a forward run needs no more than its activations and rows', () => {
    const method = methodOf(MODEL, 'forward')
    expect(method.buffers.some(({ role, name }) => role === 'result' && name === 'probs')).toBe(true)
    const slabs = method.buffers.filter(
      ({ role, extents }) => role === 'temp' && extents.some((extent) => extent.kind === 'size'),
    )
    expect(slabs.length).toBeLessThanOrEqual(2)
  })

  test('what one step of a recurrence makes and uses has no slab', () => {
    const source = `export fn rnn(x: [T, d], U: [d, d]) {
      recur t < T { h[-1] = zeros(d); h[t] = tanh(x[t] + h[t-1] @ U) }
      return sum[i] h[T - 1, i]
    }`
    expect(temporaries(methodOf(source, 'value')).sort()).toEqual(['h: 2', 'sum: 1'])
  })

  test('a softmax over rows keeps two numbers', () => {
    const method = methodOf('export fn rows(z: [n, d]) = softmax(z)', 'value')
    expect(temporaries(method)).toEqual([])
    expect(method.body.filter(({ kind }) => kind === 'loop').length).toBe(1)
  })
})

describe('loops', () => {
  test('the gradient of an embedding is added where it belongs', () => {
    const source = `model Words(word: int[n]) {
      param E: [1000, 8] ~ normal(0, 1)
      loss sum[s, i] exp(E[word[s], i])
    }`
    const method = methodOf(source, 'backward')
    expect(printMethod(method)).not.toMatch(/\.\.< 1000/)
  })

  test('a sum inside of a scattered sum is computed first, as a product', () => {
    const source = `model Words(word: int[n]) {
      param E: [1000, 8] ~ normal(0, 1)
      param W: [8, 40] ~ glorot
      x[s, i] = E[word[s], i]
      z = tanh(x @ W)
      loss sum[s, j] z[s, j]^2
    }`
    const text = printMethod(methodOf(source, 'backward'))
    expect(text).toMatch(/product d_ETerms.* @ W from 0 by 1, 40: rows\d* rows, 40 deep, 8 columns/)
    expect(text).toMatch(/d_ESum\[.*\] \+= d_ETerms\[/)
  })

  test('a mask becomes the range of a loop', () => {
    const source = 'export fn f(x: [n]) { y[t < n] = sum[k if k <= t] x[k]; return y }'
    const text = printMethod(methodOf(source, 'value'))
    expect(text).toMatch(/for k1 in kEnd \.\.< \(t \+ 1\)/)
    expect(text).not.toMatch(/if|select/)
  })

  test('an empty range stays empty when it is unrolled', () => {
    const source =
      'export fn f(x: [n], w: [m]) { y[t < n + m - 1] = sum[k if 0 <= t - k < n] w[k] * x[t - k]; return y }'
    expect(printMethod(methodOf(source, 'value'))).toMatch(/max\(0, \(kTo - kFrom\)\)/)
  })

  test('gradients of data are computed only on demand', () => {
    const method = methodOf(MODEL, 'backward')
    expect(method.optional.map(({ input }) => input.name)).toEqual(['x'])
    const flags = method.optional.map(({ flag }) => flag)
    const isGuarded = (statement: Statement): boolean =>
      statement.kind === 'branch' && statement.condition.kind === 'local' && flags.includes(statement.condition.local) // prettier-ignore
    const inside = (body: readonly Statement[]): Statement[] =>
      body.flatMap((s) => (isGuarded(s) ? [] : s.kind === 'loop' ? [s, ...inside(s.body)] : [s]))
    const always = inside(method.body).filter(({ kind }) => kind !== 'loop')
    const result = method.results.find(({ flag }) => flag !== undefined)?.value
    if (result?.kind !== 'buffer') throw new Error('the gradient of x is an array')
    expect(touchedBy(method.body).buffers).toContain(result.buffer)
    expect(touchedBy(always).buffers).not.toContain(result.buffer)
  })

  test('a product of matrices runs through blocks of rows, the right operand row by row', () => {
    const method = methodOf('export fn product(A: [n, k], B: [k, m]) = A @ B', 'value')
    expect(depthOf(method.body)).toBe(3)
    expect(printMethod(method)).toMatch(/for iStart in 0 \.\.< n by 16/)
    expect(printMethod(method)).toMatch(/A from \(k \* iStart\) by k, 1 @ B from 0 by m/)
  })

  test('what divides the factor of an outer loop by a size is computed there', () => {
    const source = `export fn f(a: [n], b: [40]) {
      y[s, j] = a[s] * b[j] / n
      return y
    }`
    const text = printMethod(methodOf(source, 'value'))
    expect(text).toMatch(
      /const quotient = \(a\[s\] \/ n\)\n.*\n *for j in 0 \.\.< 40\n.* = \(quotient \* b\[j\]\)/,
    )
  })

  test('the other operand of a product is transposed once, outside of recurrences', () => {
    const source = `export fn rnn(x: [T, n, d], U: [d, d]) {
      recur t < T { h[-1] = zeros(n, d); h[t] = tanh(x[t] + h[t-1] @ U') }
      return sum[s, i] h[T - 1, s, i]
    }`
    const [first] = methodOf(source, 'value').body
    expect(first.kind === 'title' && first.name).toBe('UT')
  })
})

describe('size', () => {
  function chain(length: number): Method {
    const graph = new Graph()
    const [x, y] = ['x', 'y'].map((name) => graph.read(graph.input({ name, shape: [] }), []))
    let [a, b]: Expr[] = [x, y]
    for (let step = 0; step < length; step++)
      [a, b] = [graph.apply('sin', [graph.add(graph.mul(a, b), graph.num(step))]), a]
    const def = graph.define({ name: 'f', idx: [], body: a })
    const source = { filename: 'chain.nn', text: '' }
    const entry: Entry = {
      kind: 'function',
      name: 'f',
      exported: true,
      doc: undefined,
      span: { source, start: 0, end: 0 },
      sizes: [],
      params: [],
      inputs: [],
      outputs: [{ name: 'value', def, doc: undefined }],
      loss: undefined,
      checks: [],
      backward: undefined,
    }
    return scheduleEntry(graph, entry).methods[0]
  }

  test('20,000 nodes become parts of a size that is optimised', () => {
    const method = chain(7000)
    expect(method.parts.length).toBeGreaterThan(1)
    for (const { body } of method.parts) expect(countOf(body)).toBeLessThanOrEqual(1500)
    expect(method.state.size).toBeLessThan(3 * method.parts.length)
  })

  // A loop is in one function, whatever is in it.
  test.each([12, 100])('so do %i layers, which could all share the loop over samples', (layers) => {
    for (const name of ['forward', 'loss', 'backward'] as const) {
      const { body, parts } = methodOf(deepSource(layers), name, 'Deep')
      for (const own of parts.length > 0 ? parts.map((part) => part.body) : [body])
        expect(countOf(own), name).toBeLessThanOrEqual(1500)
    }
  })

  test('the same text twice', () => {
    expect(printMethod(methodOf(MODEL, 'backward'))).toBe(printMethod(methodOf(MODEL, 'backward')))
  })
})
