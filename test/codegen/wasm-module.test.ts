/** Modules for the WebAssembly target: their interface, where results live, and how they are compiled. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { evaluate, load, member, run } from './load.js'

const SOURCE = `
model Net(x: [n, 3], label: int[n]) {
  param W: [3, 5] ~ normal(0, 1)
  param b: [5] = 0
  param scale = 2
  out y[s, j] = tanh(sum[i] x[s, i] * W[i, j] + b[j])
  out total = scale * sum[s, j] y[s, j]
  loss mean[s] (y[s, label[s]] - [1.5, 2.5, 3.5, 4.5, 5.5][label[s]])^2
}
export fn weigh(x: [n], a) = sum[i] x[i]^2 * a
export fn twist(x: [n, 3]) { y[i, j] = x[i, j] * (2j); z[i] = sum[j] x[i, j]; return y, z }
export fn small(a, b) = a * b + sin(a)
export fn solved(A: [n, n], b: [n]) = sum(solve(A, b))
export fn taken(x: [n], k: int) = 2 * x[:k]
export optimizer descent(θ, g, rate = 0.1) { return θ - rate * g }
`

/** Numbers that no formula of the tests has. */
const numbers = (length: number, seed = 1): Float32Array =>
  Float32Array.from({ length }, (_, at) => Math.sin(7.3 * at + seed))

const labels = (length: number): Int32Array => Int32Array.from({ length }, (_, at) => (3 * at) % 5)

let js: Record<string, unknown>
let wasm: Record<string, unknown>
beforeAll(async () => {
  js = await load(SOURCE)
  wasm = await load(SOURCE, { target: 'wasm' })
})

/** Equal but for rounding: kernels add in another order. */
function expectClose(found: unknown, expected: unknown, tolerance = 1e-5): void {
  if (typeof expected === 'number') {
    expect(Math.abs(Number(found) - expected)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected)))
    return
  }
  expect(Object.getPrototypeOf(found)).toBe(Object.getPrototypeOf(expected))
  const keys = Object.keys(Object(expected))
  expect(Object.keys(Object(found))).toEqual(keys)
  for (const key of keys) expectClose(member(found, key), member(expected, key), tolerance)
}

test('the interface is that of the module in JavaScript, but for the promises', () => {
  expect(Object.keys(wasm).sort()).toEqual(Object.keys(js).sort())
  const methods = (module: unknown) => Object.keys(Object(member(module, 'Net')))
  expect(methods(wasm)).toEqual([...methods(js), 'ready'])
})

test('the typings add the promises; optimizers have none', () => {
  const [plain, own] = (['js', 'wasm'] as const).map((target) => compileModule(SOURCE, { target }).dts)
  const added = own.split('\n').filter((line) => !plain.split('\n').includes(line))
  expect(added.filter((line) => /ready/.test(line)).length).toBe(6)
  expect(
    own
      .split('\n')
      .filter((line) => !/ready|WebAssembly|declare namespace/.test(line))
      .join('\n'),
  ).toContain('export declare const descent')
})

describe.each([1, 2, 3, 5, 17, 65, 131])('%i rows', (n) => {
  const data = { x: numbers(3 * n), label: labels(n) }

  test('outputs, losses and gradients are those of JavaScript', () => {
    const params = run(js, 'Net.init', { seed: 3 })
    expect(run(wasm, 'Net.init', { seed: 3 })).toEqual(params)
    for (const way of ['unbound', 'bound'] as const) {
      const [expected, found] = [js, wasm].map((module) =>
        way === 'bound' ? run(module, 'Net.bind', { n }) : member(module, 'Net'),
      )
      for (const method of ['forward', 'loss', 'backward'])
        expectClose(run(found, method, params, data), run(expected, method, params, data))
      const options = { wrt: ['x'] }
      expectClose(
        run(found, 'backward', params, data, options),
        run(expected, 'backward', params, data, options),
      )
    }
  })

  test('functions too', () => {
    const x = numbers(n, 2)
    for (const name of ['weigh', 'weigh.grad', 'weigh.valueAndGrad'])
      expectClose(run(wasm, name, x, 3), run(js, name, x, 3), 1e-12)
    const rows = numbers(3 * n, 4)
    expectClose(run(wasm, 'twist', rows), run(js, 'twist', rows), 1e-12)
    const cotangents = [numbers(3 * n, 5), numbers(n, 6)]
    expectClose(run(wasm, 'twist.vjp', [rows], cotangents), run(js, 'twist.vjp', [rows], cotangents), 1e-12)
    const A = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 3 : 1 / (1 + i + 2 * j)))) // prettier-ignore
    expectClose(run(wasm, 'solved.grad', A, x), run(js, 'solved.grad', A, x), 1e-9)
    expectClose(run(wasm, 'taken', x, n - 1), run(js, 'taken', x, n - 1))
  })
})

describe('views and copies', () => {
  const params = () => run(js, 'Net.init', { seed: 3 })
  const of = (n: number, seed: number) => ({ x: numbers(3 * n, seed), label: labels(n) })
  const copy = (value: unknown): unknown => structuredClone(value)

  test('what unbound calls return stays as it was after larger calls, which need more memory', () => {
    const first = run(wasm, 'Net.forward', params(), of(4, 1))
    const before = copy(first)
    const y = run(wasm, 'twist', numbers(9))
    const twisted = copy(y)
    run(wasm, 'Net.backward', params(), of(40_000, 2))
    run(wasm, 'twist', numbers(3 * 60_000))
    expect(first).toEqual(before)
    expect(y).toEqual(twisted)
  })

  test('what a binding returns is overwritten by its next call and by nothing else', () => {
    const [one, two] = [1, 2].map(() => run(wasm, 'Net.bind', { n: 4 }))
    const first = run(one, 'forward', params(), of(4, 1))
    const before = copy(first)
    run(two, 'forward', params(), of(4, 2))
    run(one, 'backward', params(), of(4, 3))
    run(one, 'loss', params(), of(4, 3))
    run(wasm, 'Net.backward', params(), of(50_000, 2))
    expect(first).toEqual(before)
    expect(run(one, 'forward', params(), of(4, 2))).toBe(first)
    expect(first).toEqual(run(two, 'forward', params(), of(4, 2)))
    expect(first).not.toEqual(before)
  })

  test('a binding has memory for its own arrays, which never grows', () => {
    const bound = run(wasm, 'Net.bind', { n: 4 })
    const y = member(run(bound, 'forward', params(), of(4, 1)), 'y')
    if (!(y instanceof Float32Array)) throw new Error('no array')
    const { buffer } = y
    expect(buffer.byteLength).toBeLessThanOrEqual(3 * 65536)
    for (let call = 0; call < 20; call++) run(bound, 'backward', params(), of(4, call), { wrt: ['x'] })
    expect(y.buffer).toBe(buffer)
    expect(y.length).toBe(20)
  })

  test('results may be arguments of the next call', () => {
    const [a, b] = [js, wasm].map((module) => {
      const { total: _, ...rest } = Object(run(module, 'Net.init', { seed: 3 }))
      const bound = run(module, 'Net.bind', { n: 4 })
      let x = numbers(12)
      for (let call = 0; call < 3; call++) {
        const grads = member(run(bound, 'backward', rest, { x, label: labels(4) }, { wrt: ['x'] }), 'grads.x')
        if (!(grads instanceof Float32Array)) throw new Error('no array')
        x = grads
      }
      return x
    })
    expectClose(b, a)
  })

  test('arguments of any kind are taken: parts of buffers, nested arrays, other types', () => {
    const n = 5
    const whole = numbers(3 * n + 3)
    const part = new Float32Array(whole.buffer, 4, 3 * n)
    const nested = Array.from({ length: n }, (_, row) => [...part.subarray(3 * row, 3 * row + 3)])
    const label = labels(n)
    const [expected, ...found] = [part, nested, Float64Array.from(part)].map((x) =>
      copy(run(wasm, 'Net.backward', params(), { x, label: x === nested ? [...label] : label })),
    )
    expectClose(expected, run(js, 'Net.backward', params(), { x: part, label }))
    for (const each of found) expect(each).toEqual(expected)
  })

  test('arguments that call the module as they are read spoil nothing', () => {
    const hidden = of(4, 1)
    const calling = {
      get x() {
        run(wasm, 'Net.forward', params(), of(2000, 5))
        return hidden.x
      },
      label: hidden.label,
    }
    expect(run(wasm, 'Net.forward', params(), calling)).toEqual(run(wasm, 'Net.forward', params(), hidden))
  })
})

describe('mistakes say the same', () => {
  const CASES: readonly (readonly [string, readonly unknown[]])[] = [
    ['Net.bind', [{ n: 0 }]],
    ['Net.bind', [{}]],
    ['Net.forward', [{}, { x: [] }]],
    ['Net.forward', [{ W: 1 }, { x: [[1, 2, 3]] }]],
    [
      'Net.loss',
      [
        { W: numbers(15), b: numbers(5), scale: 1 },
        { x: [[1, 2, 3]], label: [5] },
      ],
    ],
    ['Net.backward', [{}, { y: 1 }]],
    ['weigh', [[], 1]],
    ['weigh', [[1, '2'], 1]],
    ['taken', [[1, 2], 3]],
    ['solved', [[[1, 1], [1, 1]], [1, 2]]], // prettier-ignore
  ]
  const messageOf = (module: unknown, name: string, args: readonly unknown[]): unknown => {
    try {
      return run(module, name, ...args)
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : error
    }
  }
  test.each(CASES)('%s(%j)', (name, args) => {
    const message = messageOf(js, name, args)
    expect(message).toMatch(/Error: /)
    expect(messageOf(wasm, name, args)).toBe(message)
  })

  test('and the next call is as any', () => {
    expect(run(wasm, 'weigh', [1, 2], 3)).toBe(15)
  })
})

test('NaN and infinities come through', () => {
  for (const x of [
    [NaN, 1],
    [Infinity, 1],
    [-Infinity, Infinity],
    [0, -0],
  ])
    // prettier-ignore
    for (const name of ['weigh', 'weigh.grad', 'twist'])
      expect(run(wasm, name, name === 'twist' ? [[...x, 1]] : x, 2)).toEqual(
        run(js, name, name === 'twist' ? [[...x, 1]] : x, 2),
      )
})

describe('how it is compiled', () => {
  const { code } = compileModule(SOURCE, { target: 'wasm' })

  test('the same text each time, without eval', () => {
    expect(compileModule(SOURCE, { target: 'wasm' }).code).toBe(code)
    expect(code).not.toMatch(/\beval\b|new Function/)
  })

  test('nothing is compiled before it is needed; ready resolves', async () => {
    const own = await evaluate(`${code}\n// another module`)
    run(own, 'Net.init')
    await expect(member(own, 'Net.ready')).resolves.toBeUndefined()
    await expect(member(own, 'small.ready')).resolves.toBeUndefined()
    expect(run(own, 'small', 2, 3)).toBeCloseTo(6 + Math.sin(2), 14)
  })

  /** The module where the platform is another. */
  const where = (platform: string, text = code) => evaluate(`const WebAssembly = ${platform};\n${text}`)
  const REAL = 'globalThis.WebAssembly'

  test('without vectors there is a clear error, or JavaScript', async () => {
    for (const platform of [`undefined`, `{ ...${REAL}, validate: () => false }`]) {
      const none = await where(platform)
      expect(() => run(none, 'weigh', [1], 2)).toThrow(/^this platform has no WebAssembly with SIMD: compile for the target 'auto' or 'js'$/) // prettier-ignore
      await expect(member(none, 'Net.ready')).rejects.toThrow('no WebAssembly with SIMD')
      const auto = await where(platform, compileModule(SOURCE, { target: 'auto' }).code)
      await expect(member(auto, 'Net.ready')).resolves.toBeUndefined()
      const args = [run(js, 'Net.init', { seed: 3 }), { x: numbers(12), label: labels(4) }]
      expect(run(auto, 'Net.backward', ...args)).toEqual(run(js, 'Net.backward', ...args))
      expect(run(run(auto, 'Net.bind', { n: 4 }), 'forward', ...args)).toEqual(
        run(js, 'Net.forward', ...args),
      )
      expect(run(auto, 'twist', numbers(6))).toEqual(run(js, 'twist', numbers(6)))
    }
  })

  test('where modules are compiled in the background alone, ready is waited for', async () => {
    const platform = `{
      validate: (bytes) => ${REAL}.validate(bytes), compile: (bytes) => ${REAL}.compile(bytes),
      Memory: ${REAL}.Memory, Instance: ${REAL}.Instance,
      Module: class { constructor() { throw new RangeError('too large for this thread') } },
    }`
    const slow = await where(platform)
    expect(() => run(slow, 'Net.bind', { n: 1 })).toThrow(/^the WebAssembly of this module is not compiled yet: first await the 'ready'/) // prettier-ignore
    await member(slow, 'Net.ready')
    expect(run(slow, 'weigh', [1, 2], 3)).toBe(15)
  })

  test('auto leaves functions of numbers in JavaScript', () => {
    const auto = compileModule(SOURCE, { target: 'auto' })
    expect(auto.code).toMatch(/function small_kernel\(b, a\)/)
    expect(auto.code).toContain('function forwardNetKernelInJavaScript')
    expect(auto.dts).toMatch(/weigh: [^}]*ready/)
    expect(auto.dts).not.toMatch(/small: [^}]*ready/)
    const scalar = compileModule('export fn f(x) = x^2', { target: 'auto' })
    expect(scalar.code).toBe(compileModule('export fn f(x) = x^2').code)
  })

  test('a file of its own is read when it is waited for', async () => {
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const { join } = await import('node:path')
    const compiled = compileModule(SOURCE, { target: 'wasm', wasmFile: 'net ä.wasm' })
    expect(compiled.code).toContain('new URL("./net%20%C3%A4.wasm", import.meta.url)')
    expect(compiled.code.length).toBeLessThan(code.length)
    if (!compiled.wasm) throw new Error('no bytes')
    const folder = mkdtempSync(join(tmpdir(), 'nnc-'))
    try {
      writeFileSync(join(folder, 'net.mjs'), compiled.code)
      writeFileSync(join(folder, 'net ä.wasm'), compiled.wasm)
      const module: unknown = await import(join(folder, 'net.mjs'))
      expect(() => run(module, 'weigh', [1, 2], 3)).toThrow("first await the 'ready'")
      await member(module, 'weigh.ready')
      expect(run(module, 'weigh', [1, 2], 3)).toBe(15)
      expect(readFileSync(join(folder, 'net ä.wasm')).length).toBe(compiled.wasm.length)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
