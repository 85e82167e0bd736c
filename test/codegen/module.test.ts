/** Generated modules as users call them. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { evaluate as evaluateExpression } from '../../src/expression.js'
import { evaluate, load, member, run } from './load.js'

const MODEL = `
/// A classifier.
model Net(x: [n, 3], label: int[n]) {
  param W: [3, 4] ~ he
  param b: [4]
  out probs = softmax(x @ W + b)
  loss mean[s] -log(probs[s, label[s]])
}
`
const x = Float32Array.of(1, 2, 3, -1, 0, 1)
const label = Int32Array.of(0, 3)

test('a layer may be applied first where the range of an index is asked for', async () => {
  const module = await load(`model Layer[m](x: [.., k]) { param W: [k, m] = 1; out y = x @ W }
    model M(x: [n, 2]) { param a: Layer[1]; u[s] = a(x)[s, 0]; out u }`)
  expect(run(module, 'M.forward', { a: { W: [2, 3] } }, { x: [[1, 1]] })).toEqual({ u: Float32Array.of(5) })
})

test('models in f64 say so in their typings, and their zeros are f64', () => {
  const source =
    'model M(x: [n], unused: [n]) { param w: [n]; param idle: [3]; out y = w * x; loss sum(y^2) }'
  const { code, dts } = compileModule(source, { dtype: 'f64' })
  expect(dts).toContain('w: Float64Array')
  expect(code + dts).not.toContain('Float32Array')
})

describe('functions', () => {
  test('scalars are numbers; gradients stand in the order of the real parameters', async () => {
    const module = await load('export fn f(x, y = 2) = x^2 * y + sin(y)')
    expect(run(module, 'f', 3, 2)).toBeCloseTo(18 + Math.sin(2), 12)
    expect(run(module, 'f', 3)).toBe(run(module, 'f', 3, 2))
    expect(run(module, 'f.grad', 3, 2)).toEqual(run(module, 'f_grad', 3, 2))
    expect(run(module, 'f.grad', 3, 2)).toEqual([12, expect.closeTo(9 + Math.cos(2), 12)])
    expect(run(module, 'f.valueAndGrad', 3, 2)).toEqual({
      value: run(module, 'f', 3, 2),
      grads: run(module, 'f.grad', 3, 2),
    })
    expect(() => run(module, 'f')).toThrow('x is missing')
    expect(() => run(module, 'f', '1', 2)).toThrow('x: expected a number, got "1"')
  })

  test('the deviation of equal entries has slope 0', async () => {
    const module = await load(
      'export fn f(x: [n]) {\n  m = mean[j] x[j]\n  return sqrt(mean[i] (x[i] - m)^2)\n}',
    )
    expect(run(module, 'f.grad', [3, 3, 3])).toEqual([Float64Array.of(0, 0, 0)])
    expect(run(module, 'f.grad', [1, 3])).toEqual([Float64Array.of(-0.5, 0.5)])
  })

  test('cross-entropy of a probability spelled with tanh keeps its tails', async () => {
    const module = await load(
      'fn p(x) = (tanh(x / 2) + 1) / 2\nexport fn f(x, y) = -(y * log(p(x)) + (1 - y) * log(1 - p(x)))',
    )
    expect(run(module, 'f', -100, 1)).toBeCloseTo(100, 10)
    expect(run(module, 'f', 1000, 0)).toBeCloseTo(1000, 10)
    expect(run(module, 'f.grad', -1000, 1)).toEqual([-1, 1000])
  })

  test('a derivative by a name is not taken past it', async () => {
    const module = await load(`
export fn f(x: [n]) { p = softmax(x); return grad(sum[i] log(p[i]), p) }
export fn g(x) { p = 1 / (1 + exp(-x)); return d(log(p), p) }
export fn h(x: [n]) {
  p[i] = 1 / (1 + exp(-x[i]))
  recur t < n { s[-1] = 0; s[t] = s[t-1] + log(p[t]) }
  return grad(s[n-1], p)
}`)
    expect(run(module, 'f', [0, 0])).toEqual(Float64Array.of(2, 2))
    expect(run(module, 'g', 0)).toBe(2)
    expect(run(module, 'h', [0, 0])).toEqual(Float64Array.of(2, 2))
  })

  test('derivatives written in the language are as stable as gradients', async () => {
    const module = await load(
      'fn f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))\nexport fn g(x) = d(f(x), x)\nexport fn h(x) = d(d(f(x), x), x)',
    )
    expect(run(module, 'g', 800)).toBe(0)
    expect(run(module, 'h', -800)).toBeCloseTo(0, 12)
    expect(Number(run(module, 'g', 40)) / 7.219405551381661e-35).toBeCloseTo(1, 13)
    expect(Number(run(module, 'h', 40)) / -1.4438811102763322e-34).toBeCloseTo(1, 13)
  })

  test('gradients are real, also where they are whole numbers', async () => {
    const module = await load(
      'export fn f(x: [n]) = sum[i] i * x[i]\nexport fn g(x: [n]) = grad(f(x), x)\nexport fn h(x) = d(3x, x)',
    )
    expect(run(module, 'f.grad', [5, 5, 5])).toEqual([Float64Array.of(0, 1, 2)])
    expect(run(module, 'g', [5, 5, 5])).toEqual(Float64Array.of(0, 1, 2))
    expect(run(module, 'g.vjp', [[5, 5]], [1, 1])).toEqual([Float64Array.of(0, 0)])
    expect(run(module, 'h', 5)).toBe(3)
    expect(run(module, 'h.grad', 5)).toEqual([0])
  })

  test('a constant needs none of its arguments', async () => {
    expect(run(await load('export fn f(x) = 0x'), 'f', 3)).toBe(0)
  })

  test('choices may be nested deeply, and code grows in proportion', async () => {
    const nest = (depth: number, arm: (rest: string, k: number) => string): string =>
      Array.from({ length: depth }, (_, k) => k).reduce(arm, 'x')
    const nests = [
      (rest: string, k: number) => `(if x > ${k} / 1000 then sin(${rest}) * x else exp(y) + ${k})`,
      (rest: string, k: number) => `(if x < ${k} / 1000 then y * ${k} else ${rest})`,
    ]
    for (const arm of nests) {
      const source = (depth: number): string => `export fn f(x, y) = ${nest(depth, arm)}`
      expect(compileModule(source(600)).code.length).toBeLessThan(
        2.3 * compileModule(source(300)).code.length,
      )
      const module = await evaluate(compileModule(source(500)).code)
      for (const x of [-1, 0.5, 2])
        expect(run(module, 'f', x, 0.3)).toBe(evaluateExpression(nest(500, arm), { x, y: 0.3 }))
    }
  })

  test('long chains of choices over arrays are flat, and so are their derivatives', async () => {
    const chain = (depth: number, arm: (rest: string, k: number) => string): string =>
      `export fn f(x: [n]) = sum[i] (${Array.from({ length: depth }, (_, k) => k).reduce(arm, '-x[i]')})\n`
    const chains = [
      (rest: string, k: number) => `if x[i] < ${200 - k} / 100 then ${200 - k}x[i]^2 else (${rest})`,
      (rest: string, k: number) => `if x[i] >= ${200 - k} / 100 then (${rest}) else ${200 - k}x[i]^2`,
    ]
    for (const arm of chains) {
      const lengthOf = (depth: number): number => compileModule(chain(depth, arm)).code.length
      expect(lengthOf(200) / lengthOf(100)).toBeLessThan(2.1)
      expect(lengthOf(200)).toBeLessThan(70_000)
      const { code } = compileModule(chain(200, arm))
      const deepest = code.split('\n').map((line) => line.length - line.trimStart().length)
      expect(Math.max(...deepest)).toBeLessThan(100)
      const module = await evaluate(code)
      const at = [-1, 0.005, 0.505, 1.995, 2, 7]
      const factorAt = (x: number): number | undefined =>
        x < 2 ? Math.max(1, Math.ceil(x * 100)) : undefined
      for (const x of at) {
        const factor = factorAt(x)
        expect(run(module, 'f', [x])).toBeCloseTo(factor ? factor * x * x : -x, 9)
        expect(run(module, 'f.grad', [x])).toEqual([Float64Array.of(factor ? 2 * factor * x : -1)])
      }
    }
  })

  test('tensors are flat arrays or nested ones', async () => {
    const module = await load('export fn f(A: [n, m], v: [m]) = sum[i] (sum[j] A[i, j] * v[j])^2')
    const nested = run(module, 'f', [[1, 2], [3, 4]], [1, 1]) // prettier-ignore
    expect(nested).toBe(9 + 49)
    expect(run(module, 'f', Float64Array.of(1, 2, 3, 4), [1, 1])).toBe(nested)
    expect(run(module, 'f.grad', [1, 2, 3, 4], [1, 1])).toEqual([
      Float64Array.of(6, 6, 14, 14),
      Float64Array.of(6 + 42, 12 + 56),
    ])
    expect(() => run(module, 'f', [1, 2, 3], [1, 1])).toThrow('A: expected a multiple of 2 numbers, got 3')
    expect(() => run(module, 'f', [[1, 2], [3]], [1, 1])).toThrow('A[1]: expected 2 numbers')
    expect(() => run(module, 'f', [[1, 2]], [1, 1, 1])).toThrow('v says m = 3, A says m = 2')
  })

  test('a result may be the first entries of what is computed', async () => {
    const module = await load(`
export fn first(x: [n]) {
  y = tanh(x)
  return y[:n - 1]
}
export fn backwards(x: [T], last) {
  recur t < T {
    h[T] = last
    h[t] = h[t + 1] * x[t] + 1
  }
  return h
}`)
    expect(run(module, 'first', [0, 0, 0])).toEqual(new Float64Array(2))
    expect(run(module, 'backwards', [2, 3], 5)).toEqual(Float64Array.of(33, 16))
    expect(run(module, 'backwards', [2], 5)).toEqual(Float64Array.of(11))
  })

  test('cotangents need not determine the sizes', async () => {
    const module = await load(`
export fn inner(x: [n, n]) = x[1:, 1:] + x[:n - 1, :n - 1]
export fn every(x: [n]) { y[i] = x[n - 1 - 2i]; return y }`)
    expect(run(module, 'inner.vjp', [[[1, 2], [3, 4]]], [[1]])).toEqual([Float64Array.of(1, 0, 0, 1)]) // prettier-ignore
    expect(run(module, 'every.vjp', [[1, 2, 3]], [1, 2])).toEqual([Float64Array.of(2, 0, 1)])
    expect(run(module, 'every.vjp', [[1, 2, 3, 4]], [1, 2])).toEqual([Float64Array.of(0, 2, 0, 1)])
    expect(() => run(module, 'inner.vjp', [[[1, 2], [3, 4]]], [1, 2, 3])).toThrow('cotangents') // prettier-ignore
  })

  test('an argmax is a position, and a number may be read at it', async () => {
    const module = await load(`
export fn chosen(x: [n, m], w: [m]) {
  k[i] = argmax[j] x[i, j]
  y[i] = w[k[i]] * x[i, k[i]]
  return y
}
export fn other(x: [n], y: [n]) = y[argmin[j if x[j] > 0] x[j]]`)
    expect(run(module, 'chosen', [[1, 5, 5], [2, 1, 0]], [10, 20, 30])).toEqual(Float64Array.of(100, 20)) // prettier-ignore
    expect(run(module, 'other', [-1, 2, 3], [4, 5, 6])).toBe(5)
    const { diagnostics } = compileModule('export fn f(x: [n], y: [m]) = y[argmax[j] x[j]]')
    expect(diagnostics.map(({ code }) => code)).toEqual(['range-not-proven'])
  })

  test('names that JavaScript reserves, or the module has', async () => {
    const module = await load(`
export fn delete(x) = x
export fn sigmoid2(Math, var) = sigmoid(Math) + var
export fn horner(x) = digamma(x)
`)
    expect(run(module, 'delete_', 3)).toBe(3)
    expect(run(module, 'sigmoid2', 0, 1)).toBe(1.5)
    expect(run(module, 'horner', 1)).toBeCloseTo(-0.5772156649015329, 12)
  })
})

describe('models', () => {
  test('data may be called as an option of init is', async () => {
    const module = await load('model M(x: [n], sizes, seed) { param w = 1; loss sum(x) * w * sizes * seed }')
    expect(run(module, 'M.init', { seed: 2 })).toEqual({ w: 1 })
    expect(run(module, 'M.loss', { w: 1 }, { x: [1, 2], sizes: 3, seed: 4 })).toBe(36)
  })

  test('first values are made of numbers, sizes and positions', async () => {
    const module = await load(`
fn counted(n, k) {
  y[i < n, j < k, l < 2] = i + 10j + 100l
  return y
}
model M[h = 2](x: [n, d]) {
  param g: [3] = 2 * [1, 2, 3]
  param e: [2, 2] = eye(2)
  param s: [d] = 1 / h
  param c: [2, d, 2] = counted(2, d)
  out y = x * s * sum(g) * sum(e) * sum(c)
}`)
    expect(run(module, 'M.init', { sizes: { d: 3 } })).toEqual({
      g: Float32Array.of(2, 4, 6),
      e: Float32Array.of(1, 0, 0, 1),
      s: Float32Array.of(0.5, 0.5, 0.5),
      c: Float32Array.of(0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121),
    })
  })

  test('init is a function of the seed', async () => {
    const module = await load(MODEL)
    const params = run(module, 'Net.init', { seed: 1 })
    expect(params).toEqual(run(module, 'initNet', { seed: 1 }))
    expect(params).not.toEqual(run(module, 'initNet'))
    expect(member(params, 'W')).toBeInstanceOf(Float32Array)
    expect(member(params, 'b')).toEqual(new Float32Array(4))
    expect(() => run(module, 'Net.init', { sed: 1 })).toThrow("there is no 'sed'; did you mean 'seed'?")
  })

  test('bind returns the same arrays each time, unbound calls fresh ones', async () => {
    const module = await load(MODEL)
    const params = run(module, 'Net.init')
    const bound = run(module, 'Net.bind', { n: 2 })
    const first = run(bound, 'forward', params, { x })
    expect(run(bound, 'forward', params, { x })).toBe(first)
    const fresh = run(module, 'Net.forward', params, { x })
    expect(fresh).toEqual(first)
    expect(member(fresh, 'probs')).not.toBe(member(first, 'probs'))
    const result = run(bound, 'backward', params, { x, label })
    expect(run(bound, 'backward', params, { x, label })).toBe(result)
    expect(member(result, 'loss')).toBe(run(module, 'lossNet', params, { x, label }))
    expect(Object.keys(Object(member(result, 'grads')))).toEqual(['W', 'b'])
    const more = run(bound, 'backward', params, { x, label }, { wrt: ['x'] })
    expect(member(more, 'grads.x')).toHaveLength(6)
    expect(Object.keys(Object(member(result, 'grads')))).toEqual(['W', 'b'])
  })

  test('a model without loss takes cotangents', async () => {
    const module = await load('export model Line(x: [n]) {\n  param a: []\n  out y[i] = a * x[i]\n}\n')
    const data = { x: [1, 2, 3] }
    const result = run(module, 'Line.backward', { a: 2 }, data, { cotangents: { y: [1, 1, 1] }, wrt: ['x'] })
    expect(member(result, 'grads.a')).toBe(6)
    expect(member(result, 'grads.x')).toEqual(Float32Array.of(2, 2, 2))
    expect(() => run(module, 'Line.backward', { a: 2 }, data, {})).toThrow('cotangents.y is missing')
  })

  test('each gradient by data may be asked for alone', async () => {
    const module = await load(`
model Pair(x: [n], y: [n], z: [n]) {
  param w
  out p = w * tanh(x)
  loss sum[i] (p[i] * y[i] + p[i] * z[i])
}`)
    const data = { x: [1, 2], y: [3, 4], z: [5, 6] }
    const p = [1, 2].map((x) => Math.fround(2 * Math.tanh(x)))
    const both = run(module, 'Pair.backward', { w: 2 }, data, { wrt: ['x', 'y', 'z'] })
    expect(member(both, 'grads.y')).toEqual(Float32Array.from(p))
    for (const name of ['x', 'y', 'z']) {
      const alone = run(module, 'Pair.backward', { w: 2 }, data, { wrt: [name] })
      expect(member(alone, `grads.${name}`)).toEqual(member(both, `grads.${name}`))
      expect(member(alone, 'grads.w')).toBe(member(both, 'grads.w'))
    }
  })

  test('mistakes are named', async () => {
    const module = await load(MODEL)
    const params = run(module, 'Net.init')
    const forward = (data: unknown) => () => run(module, 'forwardNet', params, data)
    const loss = (data: unknown) => () => run(module, 'lossNet', params, data)
    expect(forward({})).toThrow('x is missing')
    expect(forward({ x: 'ab' })).toThrow('x')
    expect(forward({ x: [1, 2] })).toThrow('x: expected a multiple of 3 numbers, got 2')
    expect(forward({ x: [] })).toThrow('x is empty')
    expect(forward({ x, y: 1 })).toThrow("data: there is no 'y'")
    expect(forward(undefined)).toThrow('data: expected an object { x, label }')
    expect(loss({ x, label: [0, 1, 2] })).toThrow('label says n = 3, x says n = 2')
    expect(loss({ x, label: [0, 4] })).toThrow('label[1] = 4 is outside 0 … 3')
    expect(loss({ x, label: [0, -1] })).toThrow('label[1] = -1 is outside 0 … 3')
    expect(loss({ x, label: [0, 1.5] })).toThrow('label[1] = 1.5 is not a whole number')
    expect(loss({ x })).toThrow('label is missing')
    expect(() => run(module, 'forwardNet', { b: [1] }, { x })).toThrow('W is missing')
    const bound = run(module, 'bindNet', { n: 4 })
    expect(() => run(bound, 'forward', params, { x })).toThrow(
      'x: expected 12 numbers ([n, 3] with n = 4), got 6',
    )
    expect(() => run(module, 'bindNet', {})).toThrow('the size n is missing')
    expect(() => run(module, 'bindNet', { n: 0 })).toThrow('must be a whole number above 0, not 0')
    expect(() => run(bound, 'backward', params, { x }, { wrt: ['z'] })).toThrow("wrt: there is no 'z'")
    const slip = { size: { n: 2 } }
    for (const method of ['forward', 'loss', 'backward'])
      expect(() => run(bound, method, params, { x, label }, slip)).toThrow("options: there is no 'size'; did you mean 'sizes'?") // prettier-ignore
  })

  test('an object that was taken before is looked at again', async () => {
    const module = await load(MODEL)
    const bound = run(module, 'bindNet', { n: 2 })
    const params: Record<string, unknown> = { ...Object(run(module, 'Net.init')) }
    const data: Record<string, unknown> = { x, label: [0, 1] }
    const loss = () => run(bound, 'loss', params, data)
    const first = loss()
    const { label } = data
    data.label = [0, 4]
    expect(loss).toThrow('label[1] = 4 is outside 0 … 3')
    data.label = label
    data.x = new Float32Array(3)
    expect(loss).toThrow('x: expected 6 numbers')
    delete data.x
    expect(loss).toThrow('x is missing')
    data.x = x // now the last of its names
    expect(loss()).toBe(first)
    data.labels = label
    expect(loss).toThrow("data: there is no 'labels'; did you mean 'label'?")
    delete data.labels
    params.extra = 1
    expect(loss).toThrow("params: there is no 'extra'")
    delete params.extra
    expect(loss()).toBe(first)
  })

  test('parameters whose shapes the data say', async () => {
    const module = await load(
      'export model Linear(x: [n, d], y: [n]) {\n  param w: [d] ~ normal(0, 1)\n  loss mean[i] ((sum[j] x[i, j] * w[j]) - y[i])^2\n}\n',
    )
    expect(() => run(module, 'Linear.init')).toThrow('x is missing')
    const params = run(module, 'Linear.init', { sizes: { d: 3 } })
    expect(member(params, 'w')).toHaveLength(3)
    expect(run(module, 'Linear.init', { x: [[1, 2, 3]] })).toEqual(params)
    const data = { x: [1, 2, 3, 4, 5, 6], y: [1, 2] }
    expect(run(module, 'Linear.loss', params, data)).toBeTypeOf('number')
  })
})

describe('the module as text', () => {
  test('is the same each time, needs no eval, and says where it comes from', async () => {
    const emit = () => compileModule(MODEL, { filename: 'dir/net.nn', sourcemap: true })
    const { code, map } = emit()
    expect(emit()).toEqual(emit())
    expect(code.startsWith('// Generated by nnc from net.nn. Do not edit.\n')).toBe(true)
    expect(code).not.toMatch(/\beval\b|new Function/)
    const { sources, sourcesContent, mappings } = JSON.parse(map ?? '{}')
    expect(sources).toEqual(expect.arrayContaining(['dir/net.nn']))
    expect(sourcesContent).toContain(MODEL)
    expect(mappings).not.toBe('')
    await evaluate(code.replace(/\/\/# source.*/, ''))
  })

  test('a long body is split, and computes the same', async () => {
    const terms = Array.from({ length: 1500 }, (_, k) => `  t${k + 1} = sin(t${k}) + x * ${k}\n`)
    const source = `export fn f(x) {\n  t0 = x\n${terms.join('')}  return t1500\n}\n`
    const module = await load(source)
    let value = 0.5
    for (let k = 0; k < 1500; k++) value = Math.sin(value) + 0.5 * k
    expect(run(module, 'f', 0.5)).toBeCloseTo(value, 9)
  })

  test('a nest of choices has code in proportion to its depth, and the right derivatives', async () => {
    const nest = (depth: number): string => {
      let e = 'x'
      for (let k = 0; k < depth; k++) e = `max(${e} * y, ${k % 7} - 3)`
      return `export fn f(x, y) = ${e}\n`
    }
    const lengthOf = (depth: number): number => compileModule(nest(depth)).code.length
    expect(lengthOf(400) / lengthOf(200)).toBeLessThan(2.1)
    const module = await load(nest(200))
    for (const [x, y] of [
      [5, 0.9],
      [5, -1.01],
      [-3, 1.2],
      [0.1, 0.5],
    ] as const) {
      // Forward mode by hand: the constant wins where it is larger.
      let [value, dx, dy] = [x as number, 1, 0]
      for (let k = 0; k < 200; k++) {
        const product = value * y
        const [byX, byY] = [dx * y, dy * y + value]
        const stays = product > (k % 7) - 3
        value = stays ? product : (k % 7) - 3
        dx = stays ? byX : 0
        dy = stays ? byY : 0
      }
      const scale = (derivative: number): number => derivative || 1
      expect(run(module, 'f', x, y)).toBeCloseTo(value, 9)
      expect(run(module, 'f.grad', x, y)).toEqual([
        expect.closeTo(dx, 9 - Math.log10(Math.abs(scale(dx)))),
        expect.closeTo(dy, 9 - Math.log10(Math.abs(scale(dy)))),
      ])
    }
  })
})

test('results as long as a scalar input says are made by each call, of models too', async () => {
  const module = await load(
    'model M(x: [n], k: int) {\n  param w = 1\n  out y = w * x[:k]\n  out total = sum(y)\n}',
  )
  const params = run(module, 'M.init')
  const bound = run(module, 'M.bind', { n: 3 })
  const first = run(bound, 'forward', params, { x: [1, 2, 3], k: 2 })
  expect(first).toEqual({ y: Float32Array.of(1, 2), total: 3 })
  expect(run(bound, 'forward', params, { x: [4, 5, 6], k: 1 })).toEqual({ y: Float32Array.of(4), total: 4 })
  expect(first).toEqual({ y: Float32Array.of(1, 2), total: 3 })
  const options = { cotangents: { y: [1, 1, 1], total: 0 } }
  expect(run(module, 'M.backward', params, { x: [1, 2, 3], k: 3 }, options)).toMatchObject({
    grads: { w: 6 },
  })
})
