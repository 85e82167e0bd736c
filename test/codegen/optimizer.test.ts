/** Optimizers: steps against the formulas written out, updates in place whatever they read, and mistakes of callers. */
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { analyse, compileModule } from '../../src/compile.js'
import { checkSource } from '../../src/verify/check-source.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, member, run } from './load.js'

/** One step of one number: the old value, its gradient, what is remembered, and which step it is. */
type Formula = (w: number, g: number, memory: number[], t: number) => number

const DECAY = 0.01

/** Each with its settings, the formula as the source of the library gives it, and what is remembered in order. */
const FORMULAS: readonly [name: string, settings: Readonly<Record<string, number>>, Formula][] = [
  ['sgd', { rate: 0.1 }, (w, g) => w - 0.1 * g],
  ['sgd', { rate: 0.1, decay: DECAY }, (w, g) => w - 0.1 * (g + DECAY * w)],
  [
    'momentum',
    { rate: 0.1, μ: 0.8 },
    (w, g, memory) => {
      memory[0] = 0.8 * memory[0] - 0.1 * g
      return w + memory[0]
    },
  ],
  [
    // The gradient is taken where the momentum alone would lead: φ = w + μv is what is stored.
    'nesterov',
    { rate: 0.1, μ: 0.8 },
    (w, g, memory) => {
      const before = memory[0]
      memory[0] = 0.8 * memory[0] - 0.1 * g
      return w - 0.8 * before + 1.8 * memory[0]
    },
  ],
  [
    'adagrad',
    { rate: 0.1 },
    (w, g, memory) => {
      memory[0] += g ** 2
      return w - (0.1 * g) / (Math.sqrt(memory[0]) + 1e-10)
    },
  ],
  [
    'rmsprop',
    { rate: 0.1, decay: DECAY },
    (w, g, memory) => {
      const h = g + DECAY * w
      memory[0] = 0.9 * memory[0] + 0.1 * h ** 2
      return w - (0.1 * h) / (Math.sqrt(memory[0]) + 1e-8)
    },
  ],
  [
    'adadelta',
    {},
    (w, g, memory) => {
      memory[0] = 0.95 * memory[0] + 0.05 * g ** 2
      const change = -(Math.sqrt(memory[1] + 1e-6) / Math.sqrt(memory[0] + 1e-6)) * g
      memory[1] = 0.95 * memory[1] + 0.05 * change ** 2
      return w + change
    },
  ],
  [
    'adam',
    {},
    (w, g, memory, t) => {
      memory[0] = 0.9 * memory[0] + 0.1 * g
      memory[1] = 0.999 * memory[1] + 0.001 * g ** 2
      const mean = memory[0] / (1 - 0.9 ** t)
      const square = memory[1] / (1 - 0.999 ** t)
      return w - (0.001 * mean) / (Math.sqrt(square) + 1e-8)
    },
  ],
  [
    'adamw',
    { rate: 0.05, decay: DECAY },
    (w, g, memory, t) => {
      memory[0] = 0.9 * memory[0] + 0.1 * g
      memory[1] = 0.999 * memory[1] + 0.001 * g ** 2
      const mean = memory[0] / (1 - 0.9 ** t)
      const square = memory[1] / (1 - 0.999 ** t)
      return w - 0.05 * (mean / (Math.sqrt(square) + 1e-8)) - 0.05 * DECAY * w
    },
  ],
]

const LIBRARY =
  'import { sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw } from "nnc/optimizers"'

/** Nested as parameters can be, with all numbers that they hold. */
const nested = (make: (count: number) => unknown, numbers: number) => ({
  l1: { W: make(5), b: numbers },
  layers: [{ W: make(2) }, { W: make(3) }, numbers],
})

function flat(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float32Array || value instanceof Float64Array) return Array.from(value)
  if (typeof value !== 'object' || value === null) throw new Error(`${String(value)} among parameters`)
  return Object.values(value).flatMap(flat)
}

const waves =
  (Type: Float32ArrayConstructor | Float64ArrayConstructor, phase: number) =>
  (count: number): unknown =>
    new Type(Array.from({ length: count }, (_, at) => Math.sin(phase + 1.7 * at)))

describe('the library', () => {
  test.each(FORMULAS)('%s %j', async (name, settings, formula) => {
    const module = await load(LIBRARY)
    for (const Type of [Float64Array, Float32Array]) {
      const params = nested(waves(Type, 0), 0.3)
      const state = run(module, `${name}.init`, params)
      const expected = flat(params)
      const memories = expected.map(() => [0, 0])
      for (let t = 1; t <= 5; t++) {
        const grads = nested(waves(Type, t), Math.cos(t))
        const slopes = flat(grads)
        for (const [at, w] of expected.entries()) expected[at] = formula(w, slopes[at], memories[at], t)
        expect(run(module, `${name}.step`, params, grads, state, settings)).toBe(params)
      }
      const digits = Type === Float64Array ? 13 : 5
      for (const [at, w] of flat(params).entries()) expect(w).toBeCloseTo(expected[at], digits)
    }
  })

  test('is one loop for each array, and updates arrays where they are', async () => {
    const { code } = compileModule(LIBRARY)
    const kernels = [...code.matchAll(/^function \w+_kernel[^]*?^}/gm)].map(([text]) => text)
    expect(kernels.map((text) => text.match(/\bfor \(/g)?.length)).toEqual(Array(8).fill(1))
    expect(kernels.join('\n')).not.toMatch(/\bnew\b/)
    const module = await load(LIBRARY)
    const params = { W: Float32Array.of(1, 2) }
    const { W } = params
    const state = run(module, 'adam.init', params)
    const m = member(state, 'W.m')
    run(module, 'adam.step', params, { W: Float32Array.of(1, -1) }, state)
    expect(params.W).toBe(W)
    expect(member(state, 'W.m')).toBe(m)
    expect(m).toBeInstanceOf(Float32Array)
    expect(member(state, 'W.t')).toBe(1)
  })

  test('one import, one name', async () => {
    const module = await load('import { adam as descend } from "nnc/optimizers"')
    expect(Object.keys(module).sort()).toEqual(['descend', 'descend_init', 'descend_step'])
  })

  test('another file, other mistakes', () => {
    const { diagnostics } = compileModule('import { adam } from "nnc/layers"')
    expect(diagnostics.map(({ suggestion }) => suggestion)).toEqual(['it is in "nnc/optimizers"'])
  })
})

/** What is new may depend on anything that is old. */
const ENTANGLED: readonly [what: string, source: string][] = [
  ['states that change places', 'optimizer o(w, g, a, b) = w - g, b, a'],
  ['states that move on', 'optimizer o(w, g, a, b, c) = w - c, g, a, b'],
  ['the old parameters in a state', 'optimizer o(w, g, old) = w - g, w'],
  ['the old parameters in two states', 'optimizer o(w, g, a, b) = w - g * a, a + w, b * w'],
  ['the new parameters in a state', 'optimizer o(w, g, total) { v = w - g; return v, total + v }'],
  ['one result twice', 'optimizer o(w, g, last) { v = w - g; return v, v }'],
  ['nothing changes', 'optimizer o(w, g, s, t: []) = w, s, t'],
  ['a state that is the parameters', 'optimizer o(w, g, s) = s, w'],
  ['norms of the old arrays', 'optimizer o(w, g, v) { r = sqrt(sum(w^2)); return w - r * g, v + r * w }'],
  ['norms of the new arrays', 'optimizer o(w, g, v) { v1 = v + g; return w - v1 / sum(v1), v1 * sum(w) }'],
  ['neighbours', 'optimizer o(w: [n], g, v) { s[i < n] = sum[j <= i] w[j]; return s - g, v - s }'],
  ['the array turned round', 'optimizer o(w: [k], g) { r[i < k] = w[k - 1 - i]; return r - g }'],
  [
    'two numbers',
    'optimizer o(w, g, t: [], c: []) { m = max[i] abs(g[i]); return w * t - g / m, t + m, c + w[0] }',
  ],
  ['a whole setting', 'optimizer o(w, g, power: int = 3) = w - g^power'],
  ['whole results', 'optimizer o(w, g, v) = w - sign(g), floor(v + w)'],
  ['all of it', 'optimizer o(w, g, a, b, t: []) = a + b * t, w - a, w + g[0] * a, t + sum(w)'],
]

test.each(ENTANGLED)('in place: %s', async (_, source) => {
  const report = await checkGradients(source, { points: 3, verify: true })
  expect(report.diagnostics).toEqual([])
  expect(formatReport(report)).toMatch(/PASS: all values agree\n$/)
  await load(`export ${source}`)
})

test('nnc check notices an old value that is overwritten before it is read', async () => {
  const source = 'optimizer o(w, g, v) = w - g, v + w'
  const { rows } = await checkSource({
    analyse: () => analyse(source),
    emit(dtype) {
      const { code, diagnostics } = compileModule(source, { dtype, exportAll: true })
      expect(code).toContain('w_i + v[i]')
      return { code: code.replace('w_i + v[i]', 'w[i] + v[i]'), diagnostics }
    },
  })
  expect(rows.map(({ wrt, verdict }) => [wrt, verdict])).toEqual([
    ['w1', 'pass'],
    ['v1', 'fail'],
  ])
})

describe('mistakes of callers', () => {
  const params = () => ({ W: new Float64Array(3), b: 1 })
  const state = { W: { m: new Float64Array(3), t: 0 }, b: { m: new Float64Array(1), t: 0 } }
  const source = 'export optimizer o(w, g, m, t: [], rate = 0.1) = w - rate * g, m + g, t + 1'
  test.each([
    ['a gradient is missing', [params(), { W: [1, 2, 3] }, state], 'grads.b is missing'],
    ['no gradients', [params(), undefined, state], 'grads.W is missing'],
    [
      'another length',
      [params(), { W: [1, 2], b: 1 }, state],
      'grads.W: expected 3 numbers like params.W, got 2',
    ],
    [
      'a number for an array',
      [params(), { W: 1, b: 1 }, state],
      'grads.W: expected an array of numbers, got 1',
    ],
    [
      'an array for a number',
      [params(), { W: [1, 2, 3], b: [1] }, state],
      'grads.b: expected a number, got an array',
    ],
    ['no states', [params(), params()], 'state.W.m is missing: `init` makes the states'],
    [
      'states of other parameters',
      [{ W: new Float64Array(2) }, { W: [1, 2] }, state],
      'state.W.m: expected 2 numbers like params.W, got 3',
    ],
    [
      'an unknown setting',
      [params(), params(), state, { rte: 1 }],
      "settings: there is no 'rte'; did you mean 'rate'?",
    ],
    [
      'a setting that is no number',
      [params(), params(), state, { rate: '1' }],
      'settings.rate: expected a number, got "1"',
    ],
    ['a rate alone', [params(), params(), state, 0.1], 'settings: expected an object { rate }, got 0.1'],
    [
      'parameters that cannot be updated',
      [{ W: new Int32Array(3) }, params(), state],
      'params.W: expected a number, a Float32Array, a Float64Array or an object of such, got an object',
    ],
  ])('%s', async (_, args, message) => {
    // prettier-ignore
    const module = await load(source)
    expect(() => run(module, 'o.step', ...args)).toThrow(message)
  })
})

test('positions and sizes are tested for each array', async () => {
  const module = await load('export optimizer o(w, g, t: int, k: int = 1) = w - g[k] * g[t], t + 1')
  const step = (k: number, t: number) => () =>
    run(module, 'o.step', Float64Array.of(0, 0), [1, 5], { t }, { k })
  expect(step(1, 0)()).toEqual(Float64Array.of(-5, -5))
  expect(step(2, 0)).toThrow('settings.k = 2 is outside 0 … 1')
  expect(step(1.5, 0)).toThrow('settings.k = 1.5 is not a whole number')
  expect(step(1, 2)).toThrow('state.t = 2 is outside 0 … 1')
  const { code } = compileModule('export optimizer o(w, g) = w - g[1]')
  expect(code).toContain('n - 2 >= 0')
})

test('names that mean something in the module', async () => {
  const source =
    'optimizer delete(n, update, own, settings, class: [], state = 0.1, scalars = 1/100, new_ = 2) = n - state * update * scalars - own * new_, own + settings, settings + n, class + 1'
  const report = await checkGradients(source)
  expect(formatReport(report)).toMatch(/PASS: all values agree\n$/)
  expect(Object.keys(await load(`export ${source}`))).toContain('delete_step')
})

test('the typings fit models, lists and numbers, and nothing else', () => {
  const { dts } = compileModule(
    `import { adam } from "nnc/optimizers"
     export optimizer plain(w, g, /// How far.
       rate = 0.1) = w - rate * g
     model M(x: [n, 3]) { param inner: L; param b; y = inner(x) + b; loss sum(y^2) }
     model L(x: [.., 3]) { param w: [3]; out y = x @ w }`,
    { filename: 'm.nn' },
  )
  expect(dts).toContain('  /** How far. 0.1 by default. */\n  rate?: number;')
  const use = `import { M, adam, plain, adam_step } from './m.js'
const params = M.init()
const state = adam.init(params)
const { grads } = M.backward(params, { x: [[1, 2, 3]] }, { wrt: ['x'] })
adam.step(params, grads, state, { rate: 0.1 }).inner.w.length
adam_step(params, grads, state)
const t: number = state.inner.w.t + state.b.t
const list = [1, { a: new Float32Array(2) }] as [number, { a: Float32Array }]
plain.step(list, [2, { a: [1, 2] }], plain.init(list))
const next: number = plain.step(1, 2, {})
// @ts-expect-error the gradient of inner is missing
adam.step(params, { b: 1 }, state)
// @ts-expect-error there is no such setting
plain.step(1, 2, {}, { speed: 1 })
// @ts-expect-error states of other parameters
adam.step(params, grads, adam.init({ b: 1 }))
export const used = [t, next]
`
  const texts = new Map([
    ['/m.d.ts', dts],
    ['/use.ts', use],
  ])
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler } // prettier-ignore
  const host = ts.createCompilerHost(options)
  const program = ts.createProgram(['/use.ts'], options, {
    ...host,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    readFile: (name) => texts.get(name) ?? host.readFile(name),
    getSourceFile: (name, version) => {
      const text = texts.get(name) ?? host.readFile(name)
      return text === undefined ? undefined : ts.createSourceFile(name, text, version)
    },
  })
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)
  expect(problems).toEqual([])
})
