/** The six bundlers behind one face: build once, or watch. */
import { rspack, type RspackOptions, type Stats as RspackStats } from '@rspack/core'
import * as esbuild from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as rolldown from 'rolldown'
import * as rollup from 'rollup'
import { build as viteBuild, type InlineConfig } from 'vite'
import webpack, { type Configuration, type Stats } from 'webpack'
import esbuildPlugin from '../../src/tools/plugin/esbuild.js'
import rolldownPlugin from '../../src/tools/plugin/rolldown.js'
import rollupPlugin, { type Options } from '../../src/tools/plugin/rollup.js'
import rspackPlugin from '../../src/tools/plugin/rspack.js'
import vitePlugin from '../../src/tools/plugin/vite.js'
import webpackPlugin from '../../src/tools/plugin/webpack.js'

export interface Bundled {
  readonly file: string
  readonly code: string
  readonly map: string
}

/** One run of a watching bundler: what it said, where it failed. */
export interface Run {
  readonly error: string | undefined
}

export interface Bundler {
  readonly name: string
  /** Bundles `main.js` of a folder into an ES module with its map; rejects with what the bundler says. */
  build(folder: string, options?: Options): Promise<Bundled>
  /** Bundles again at every change, and says so; gives how to stop. */
  watch(folder: string, done: (run: Run) => void): Promise<() => Promise<void>>
}

const output = (folder: string): string => join(folder, 'out', 'main.mjs')

function bundled(folder: string): Bundled {
  const file = output(folder)
  return { file, code: readFileSync(file, 'utf8'), map: readFileSync(`${file}.map`, 'utf8') }
}

/** All that a user sees of an error. */
export function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const frame = 'frame' in error ? String(error.frame) : ''
  return `${error.message}\n${frame}`
}

type Watcher = {
  on(
    event: 'event',
    listener: (event: { code: string; error?: { readonly message?: string }; result?: unknown }) => unknown,
  ): unknown
  close(): Promise<void>
}

function watchLikeRollup(watcher: Watcher, done: (run: Run) => void): () => Promise<void> {
  watcher.on('event', async ({ code, error, result }) => {
    if (code === 'BUNDLE_END' || code === 'ERROR') {
      const close =
        typeof result === 'object' && result !== null && 'close' in result ? result.close : undefined
      if (typeof close === 'function') await Reflect.apply(close, result, [])
      done({ error: code === 'ERROR' ? shown(error) : undefined })
    }
  })
  return () => watcher.close()
}

const rollupBundler: Bundler = {
  name: 'rollup',
  async build(folder, options) {
    const bundle = await rollup.rollup({ input: join(folder, 'main.js'), plugins: [rollupPlugin(options)] })
    await bundle.write({ file: output(folder), sourcemap: true })
    return bundled(folder)
  },
  async watch(folder, done) {
    const watcher = rollup.watch({
      input: join(folder, 'main.js'),
      plugins: [rollupPlugin()],
      output: { file: output(folder), sourcemap: true },
    })
    return watchLikeRollup(watcher, done)
  },
}

const rolldownBundler: Bundler = {
  name: 'rolldown',
  async build(folder, options) {
    const bundle = await rolldown.rolldown({
      input: join(folder, 'main.js'),
      plugins: [rolldownPlugin(options)],
    })
    await bundle.write({ file: output(folder), sourcemap: true })
    await bundle.close()
    return bundled(folder)
  },
  async watch(folder, done) {
    const watcher = rolldown.watch({
      input: join(folder, 'main.js'),
      plugins: [rolldownPlugin()],
      output: { file: output(folder), sourcemap: true },
    })
    return watchLikeRollup(watcher, done)
  },
}

const esbuildOptions = (folder: string, options: Options | undefined): esbuild.BuildOptions => ({
  entryPoints: [join(folder, 'main.js')],
  outfile: output(folder),
  bundle: true,
  format: 'esm',
  sourcemap: true,
  logLevel: 'silent',
  plugins: [esbuildPlugin(options)],
})

const esbuildText = (messages: esbuild.Message[]): Promise<string[]> =>
  esbuild.formatMessages(messages, { kind: 'error', color: false })

const esbuildBundler: Bundler = {
  name: 'esbuild',
  async build(folder, options) {
    const result = await esbuild
      .build(esbuildOptions(folder, options))
      .catch((error: esbuild.BuildFailure) => error)
    if (result.errors.length > 0) throw new Error((await esbuildText(result.errors)).join('\n'))
    return bundled(folder)
  },
  async watch(folder, done) {
    const options = esbuildOptions(folder, undefined)
    const context = await esbuild.context({
      ...options,
      plugins: [
        ...(options.plugins ?? []),
        {
          name: 'end',
          setup: (build) =>
            build.onEnd(async ({ errors }) =>
              done({ error: errors.length > 0 ? (await esbuildText(errors)).join('\n') : undefined }),
            ),
        },
      ],
    })
    await context.watch()
    return () => context.dispose()
  },
}

const viteConfig = (folder: string, options: Options | undefined): InlineConfig => ({
  root: folder,
  configFile: false,
  logLevel: 'silent',
  plugins: [vitePlugin(options)],
  build: {
    minify: false,
    sourcemap: true,
    outDir: 'out',
    lib: { entry: 'main.js', formats: ['es'], fileName: () => 'main.mjs' },
  },
})

const viteBundler: Bundler = {
  name: 'vite',
  async build(folder, options) {
    await viteBuild(viteConfig(folder, options))
    return bundled(folder)
  },
  async watch(folder, done) {
    const config = viteConfig(folder, undefined)
    const watcher = await viteBuild({ ...config, build: { ...config.build, watch: {} } })
    if (!('on' in watcher)) throw new Error('Vite does not watch')
    return watchLikeRollup(watcher, done)
  },
}

/** What webpack and rspack share of their configurations. */
const packed = (folder: string) => ({
  mode: 'production' as const,
  context: folder,
  entry: './main.js',
  devtool: 'source-map' as const,
  output: {
    path: join(folder, 'out'),
    filename: 'main.mjs',
    module: true,
    library: { type: 'module' as const },
  },
})

type Compiler<Result> = {
  run(done: (error: Error | null, stats?: Result) => void): void
  watch(options: object, done: (error: Error | null, stats?: Result) => void): unknown
  close(done: (error?: Error | null) => void): void
}

function pack<Result extends { toString(options: object): string; hasErrors(): boolean }>(
  name: string,
  make: (folder: string, options: Options | undefined) => Compiler<Result> | null,
): Bundler {
  const compilerOf = (folder: string, options?: Options): Compiler<Result> => {
    const compiler = make(folder, options)
    if (!compiler) throw new Error(`${name} has no compiler`)
    return compiler
  }
  const errorOf = (error: Error | null, stats: Result | undefined): string | undefined => {
    if (error) return shown(error)
    if (!stats?.hasErrors()) return undefined
    return stats.toString({ all: false, errors: true, colors: false })
  }
  const close = (compiler: Compiler<Result>) =>
    new Promise<void>((resolve) => compiler.close(() => resolve()))
  return {
    name,
    async build(folder, options) {
      const compiler = compilerOf(folder, options)
      const failure = await new Promise<string | undefined>((resolve) =>
        compiler.run((error, stats) => resolve(errorOf(error, stats))),
      )
      await close(compiler)
      if (failure !== undefined) throw new Error(failure)
      return bundled(folder)
    },
    async watch(folder, done) {
      const compiler = compilerOf(folder)
      compiler.watch({ aggregateTimeout: 20 }, (error, stats) => done({ error: errorOf(error, stats) }))
      return () => close(compiler)
    },
  }
}

const webpackBundler = pack<Stats>('webpack', (folder, options) => {
  const configuration: Configuration = {
    ...packed(folder),
    experiments: { outputModule: true },
    plugins: [webpackPlugin(options)],
  }
  return webpack(configuration)
})

const rspackBundler = pack<RspackStats>('rspack', (folder, options) => {
  const configuration: RspackOptions = { ...packed(folder), plugins: [rspackPlugin(options)] }
  return rspack(configuration)
})

export const BUNDLERS: readonly Bundler[] = [
  viteBundler,
  rollupBundler,
  rolldownBundler,
  esbuildBundler,
  webpackBundler,
  rspackBundler,
]
