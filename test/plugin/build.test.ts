import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textOfBytes } from '../../codegen/js/byte-text.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { APP, write } from './app.js'
import { BUNDLERS, shown } from './bundlers.js'

describe.each(BUNDLERS)('$name', ({ build }) => {
  test('bundles an app that trains, with queries, and writes typings', async () => {
    const folder = temporaryFolder()
    write(folder, APP)
    const { file } = await build(folder)
    const { descent, weights, narrow }: Record<string, unknown> = await import(file)
    expect(descent).toBeGreaterThan(1e-4)
    expect(weights).toBeInstanceOf(Float32Array)
    expect(weights).toHaveLength(16)
    expect(narrow).toBeInstanceOf(Float64Array)
    expect(narrow).toHaveLength(6)
    expect(readFileSync(join(folder, 'mlp.d.nn.ts'), 'utf8')).toContain('export declare function initMlp(')
  })

  test('takes options, and leaves out what is not imported', async () => {
    const folder = temporaryFolder()
    const main = `import { initMlp, forwardMlp } from './mlp.nn'
export const params = initMlp()
export const { probs } = forwardMlp(params, { x: [[1, 2]] })
`
    write(folder, { ...APP, 'main.js': main })
    const { file, code } = await build(folder, { define: { hidden: 5 }, dtype: 'f64', types: false })
    const { params, probs }: Record<string, unknown> = await import(file)
    expect(params).toMatchObject({ l1: { W: { length: 10 } } })
    expect(probs).toBeInstanceOf(Float64Array)
    // Comments name the folder, which is random.
    expect(code.replace(/^\/\/.*$/gm, '').match(/backward|wrt|grads|loss|bump/gi)).toBeNull()
    expect(() => readFileSync(join(folder, 'mlp.d.nn.ts'))).toThrow('ENOENT')
  })

  test('WebAssembly by option, and another target by query', async () => {
    const folder = temporaryFolder()
    const main = `import { Mlp, lossMlp } from './mlp.nn'
import { Mlp as Plain } from './mlp.nn?target=js'
const params = Mlp.init()
const data = { x: [[1, 2], [3, 4], [5, 6]], label: [0, 1, 1] }
export const losses = [Mlp.bind({ n: 3 }).loss(params, data), lossMlp(params, data)]
export const expected = Plain.loss(params, data)
export const ready = Mlp.ready.then(() => [typeof Plain.ready])
`
    write(folder, { ...APP, 'main.js': main })
    const { file, code } = await build(folder, { target: 'wasm' })
    const { losses, expected, ready }: Record<string, unknown> = await import(file)
    // The magic number.
    expect(code).toContain(textOfBytes(Buffer.from('\0asm')))
    expect(await ready).toEqual(['undefined'])
    if (!Array.isArray(losses)) throw new Error('no losses')
    expect(losses[1]).toBe(losses[0])
    expect(losses[0]).toBeCloseTo(Number(expected), 6)
    expect(readFileSync(join(folder, 'mlp.d.nn.ts'), 'utf8')).toContain('readonly ready: Promise<void>;')
  })

  test('its map leads from loops to equations, also of imported files', async () => {
    const folder = temporaryFolder()
    write(folder, APP)
    const { code, map } = await build(folder)
    const traced = new TraceMap(map)
    const hit = new Set<string>()
    for (const [at, line] of code.split('\n').entries())
      for (const { index } of line.matchAll(/[\w$]+\(/g)) {
        const { source, line: original } = originalPositionFor(traced, { line: at + 1, column: index })
        if (source === null || original === null) continue
        const lines = sourceContentFor(traced, source)?.split('\n') ?? []
        hit.add(`${source.replace(/^.*\//, '')}: ${lines[original - 1]?.trim()}`)
      }
    expect([...hit]).toContain('mlp.nn: out certainty[s] = atan(probs[s, 0])')
    expect([...hit]).toContain('activations.nn: p[i] = exp(z[i] - total)')
    const names = traced.sources.map((source) => source?.replace(/^.*\//, ''))
    expect(names).toEqual(expect.arrayContaining(['mlp.nn', 'affine.nn']))
  })

  test('mistakes fail the build with their frames, all of them, and without a stack of the compiler', async () => {
    const folder = temporaryFolder()
    write(folder, { ...APP, 'mlp.nn': 'export fn f(x) = x + yy\n\nexport fn g(x) = if x than 1 else 0\n' })
    const error = await build(folder).then(String, shown)
    expect(error).toContain('export fn f(x) = x + yy')
    expect(error).toContain("'yy' is not defined")
    expect(error).toMatch(/mlp\.nn[ (:]+1:2[12]/)
    expect(error).toContain('export fn g(x) = if x than 1 else 0')
    expect(error).not.toMatch(/src\/(?:tools|check|compile)/)
  })

  test('a missing file, a folder and a missing import are said in one message', async () => {
    for (const [files, expected] of [
      [{ 'main.js': "import { f } from './gone.nn'\nconsole.log(f)\n" }, /gone\.nn/],
      [{ 'main.js': "import { f } from './x.nn'\nconsole.log(f)\n", 'x.nn/readme': '' }, /x\.nn/],
      [
        {
          'main.js': "import { f } from './a.nn'\nconsole.log(f)\n",
          'a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = g(x)\n',
        },
        /cannot import "\.\/b\.nn".*no such file/,
      ],
      [
        {
          'main.js': "import { f } from './a.nn?hiden=3'\nconsole.log(f)\n",
          'a.nn': 'const hidden = 1\nexport fn f(x) = hidden * x\n',
        },
        /'hiden'(?:.*\n)*.*did you mean 'hidden'/,
      ],
      [
        {
          'main.js': "import { f } from './a.nn?dtype=f16'\nconsole.log(f)\n",
          'a.nn': 'export fn f(x) = x\n',
        },
        /a dtype is f32 or f64/,
      ],
    ] as const) {
      const folder = temporaryFolder()
      write(folder, files)
      const error = await build(folder).then(String, shown)
      expect(error).toMatch(expected)
      expect(error).not.toMatch(/src\/(?:tools|check|compile)/)
    }
  })
})
