import { rspack, type RspackOptions } from '@rspack/core'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import webpack, { type Configuration } from 'webpack'
import rspackPlugin from '../../src/tools/plugin/rspack.js'
import webpackPlugin from '../../src/tools/plugin/webpack.js'
import { member, run } from '../codegen/load.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { write } from './app.js'

type Result = { hasErrors(): boolean; toString(options: object): string }
type Watching = { close(done: () => void): void }
type Watch = (folder: string, done: (error: Error | null, result?: Result) => void) => Watching | undefined

const shared = (folder: string) => ({
  mode: 'development' as const,
  context: folder,
  entry: './main.js',
  devtool: false as const,
  target: 'async-node' as const,
  output: { path: join(folder, 'out'), filename: 'main.cjs' },
})
const SOON = { aggregateTimeout: 20 }

const BUNDLERS: readonly { readonly name: string; readonly watch: Watch }[] = [
  {
    name: 'webpack',
    watch(folder, done) {
      const plugins = [new webpack.HotModuleReplacementPlugin(), webpackPlugin()]
      const configuration: Configuration = { ...shared(folder), plugins }
      return webpack(configuration)?.watch(SOON, done)
    },
  },
  {
    name: 'rspack',
    watch(folder, done) {
      const plugins = [new rspack.HotModuleReplacementPlugin(), rspackPlugin()]
      const configuration: RspackOptions = { ...shared(folder), plugins }
      return rspack(configuration)?.watch(SOON, done)
    },
  },
]

const model = (equation: string, shape = '[2]') => `model Line(x: [n, 2]) {
  param w: ${shape} = 1
  out y[s] = ${equation}
  loss sum[s] y[s]^2
}
`

/** The app as a page with the client of a development server has it, which asks for updates when it is told of one. */
const main = (name: string) => `import { Line, forwardLine } from './line.nn'
const params = Line.init()
const bound = Line.bind({ n: 1 })
globalThis.${name} = {
  starts: (globalThis.${name}?.starts ?? 0) + 1,
  params,
  forward: (data) => [Line.forward(params, data).y[0], forwardLine(params, data).y[0], bound.forward(params, data).y[0]],
  update: async () => { while (await import.meta.webpackHot.check(true)); },
}
import.meta.webpackHot.accept()
`

describe.each(BUNDLERS)('$name', ({ name, watch }) => {
  test('keeps what was trained while shapes stay, and starts again where they have changed', async () => {
    const folder = temporaryFolder()
    const app = `hotUnder${name}`
    write(folder, { 'main.js': main(app), 'line.nn': model('sum[i] w[i] * x[s, i]') })
    let told: (error: string | undefined) => void = () => {}
    const next = () => new Promise<string | undefined>((resolve) => (told = resolve))
    const bundled = next()
    const watching = watch(folder, (error, result) => {
      told(
        error?.message ?? (result?.hasErrors() ? result.toString({ all: false, errors: true }) : undefined),
      )
    })
    const change = async (text: string): Promise<string | undefined> => {
      await pause(250)
      const done = next()
      write(folder, { 'line.nn': text })
      return done
    }
    const results = () => run(globalThis, `${app}.forward`, { x: [[3, 4]] })
    const update = () => run(globalThis, `${app}.update`)
    try {
      expect(await bundled).toBeUndefined()
      createRequire(import.meta.url)(join(folder, 'out', 'main.cjs'))
      Object.assign(Object(member(globalThis, `${app}.params.w`)), { 0: 10, 1: 100 })
      expect(results()).toEqual([430, 430, 430])

      // More than once: whoever imported the first module still has the newest functions.
      for (const factor of [2, 3]) {
        expect(await change(model(`${factor} * sum[i] w[i] * x[s, i]`))).toBeUndefined()
        await update()
        expect(results()).toEqual([430 * factor, 430 * factor, 430 * factor])
      }

      // A mistake leaves everything as it was; when it is fixed, the update leads over the bundle that had it.
      expect(await change(model('4 * sum[i] w[i] * xx[s, i]'))).toContain("'xx' is not defined")
      expect(results()).toEqual([1290, 1290, 1290])
      expect(await change(model('5 * sum[i] w[i] * x[s, i]'))).toBeUndefined()
      await update()
      expect(results()).toEqual([2150, 2150, 2150])
      expect(member(globalThis, `${app}.starts`)).toBe(1)

      expect(await change(model('sum[i] w[i, 0] * x[s, i]', '[2, 3]'))).toBeUndefined()
      await update()
      expect(member(globalThis, `${app}.starts`)).toBe(2)
      expect(member(globalThis, `${app}.params.w.length`)).toBe(6)
      expect(results()).toEqual([7, 7, 7])
      expect(await change(model('2 * sum[i] w[i, 0] * x[s, i]', '[2, 3]'))).toBeUndefined()
      await update()
      expect(results()).toEqual([14, 14, 14])
      expect(member(globalThis, `${app}.starts`)).toBe(2)
    } finally {
      await new Promise<void>((resolve) => (watching ? watching.close(resolve) : resolve()))
    }
  })
})
