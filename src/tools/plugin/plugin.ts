/** The plugin, once for all bundlers. What they differ in is said where it matters. */
import { sep } from 'node:path'
import { createUnplugin, type UnpluginContextMeta } from 'unplugin'
import { CommandFailure } from '../cli/failure.js'
import { type CompiledModule, ModuleCompiler, type SourceMap } from './compiler.js'
import { type HotApi, withHotReplacement } from './hot.js'
import { isCompiled, parseId } from './module-id.js'
import { checkOptions, fileFilter, type Options } from './options.js'
import { allFrames, BuildFailure, Report } from './report.js'
import { writeTypings } from './typings-file.js'

/** As far as the bundlers agree on the context of a hook. */
interface HookContext {
  addWatchFile(path: string): void
  error(error: Reported): void
  warn(warning: Reported): void
}

interface Reported {
  readonly message: string
  readonly loc?: { file?: string; line: number; column: number }
  readonly frame?: string
  readonly id?: string
  readonly stack?: string
  /** What esbuild gets as the detail of a message. */
  readonly meta?: Report
}

interface Loaded {
  code: string
  map?: SourceMap
  moduleSideEffects?: boolean
}

type Framework = UnpluginContextMeta['framework']

/** Rollup and its kin resolve names with a query only if told how; the others know files and queries apart. */
const resolveQuery = {
  filter: { id: /\.nn\?/ },
  async handler(
    this: { resolve(id: string, importer?: string, options?: object): Promise<{ id: string } | null> },
    specifier: string,
    importer: string | undefined,
  ): Promise<string | undefined> {
    if (!isCompiled(specifier)) return undefined
    const { path, query } = parseId(specifier)
    const resolved = await this.resolve(path, importer, { skipSelf: true })
    return resolved ? `${resolved.id}?${query}` : undefined
  },
}

export const unplugin = createUnplugin<Options | undefined, false>((given, { framework }) => {
  const options = checkOptions(given)
  const cwd = process.cwd()
  const compiler = new ModuleCompiler(options, cwd)
  /** Of each module, the files that it was made from. */
  const filesOf = new Map<string, readonly string[]>()
  let hot: HotApi | undefined
  /** Under webpack and Rspack a module with a mistake is still bundled: as it was before, so that the page stays as it is. */
  const lastGood = new Map<string, Loaded>()

  function load(this: HookContext, id: string): Loaded | undefined {
    if (!isCompiled(id)) return undefined
    const module = parseId(id)
    const compiled = compiler.compile(module)
    // Before any error: a build that failed must know what to wait for.
    for (const file of compiled.files) this.addWatchFile(file)
    filesOf.set(id, compiled.files)
    const reports = compiled.diagnostics.map((diagnostic) => new Report(diagnostic, cwd))
    const isError = ({ diagnostic }: Report) => diagnostic.severity === 'error'
    const errors = reports.filter(isError)
    for (const report of reports)
      if (!isError(report)) this.warn(reported(report, report.frame, framework, id))
    if (errors.length > 0) return fail(this, errors, framework, id, lastGood.get(id))
    const wrong =
      options.types === false || module.query !== '' ? undefined : typingsFailure(module.path, compiled, cwd)
    if (wrong !== undefined) this.warn({ message: wrong })
    const loaded: Loaded = {
      code: hot ? withHotReplacement(compiled.code, compiled.interface, hot) : compiled.code,
      ...(compiled.map ? { map: compiled.map } : {}),
      ...(isRollupLike(framework) ? { moduleSideEffects: false } : {}),
    }
    if (hot === 'webpack') lastGood.set(id, loaded)
    return loaded
  }

  function useHotReplacement({ options: { mode } }: { readonly options: { readonly mode?: unknown } }): void {
    if (mode === 'development') hot = 'webpack'
  }

  return {
    name: 'nnc',
    enforce: 'pre',
    load: { filter: { id: fileFilter(options) }, handler: load },
    esbuild: { onLoadFilter: /\.nn$/, loader: 'js' },
    rollup: { resolveId: resolveQuery },
    rolldown: { resolveId: resolveQuery },
    webpack: useHotReplacement,
    rspack: useHotReplacement,
    vite: {
      configResolved({ command, server }) {
        if (command === 'serve' && server.hmr !== false) hot = 'vite'
      },
      /** Vite forgets what a module is made from where loading it failed, or at its first load. */
      hotUpdate({ file, modules }) {
        const { moduleGraph, hot: channel } = this.environment
        const made = [...filesOf].filter(([, files]) => files.some((one) => normalizePath(one) === file))
        const others = made.flatMap(([id]) => moduleGraph.getModuleById(id) ?? [])
        // A module that has never been loaded has no importers yet to tell: the page starts again.
        if (others.some(({ isSelfAccepting }) => isSelfAccepting === undefined))
          channel.send({ type: 'full-reload' })
        return [...new Set([...modules, ...others])]
      },
    },
  }
})

/** Vite writes paths with slashes on every system. */
const normalizePath = (path: string): string => path.split(sep).join('/')

function typingsFailure(path: string, module: CompiledModule, cwd: string): string | undefined {
  if (path.split(sep).includes('node_modules')) return undefined
  try {
    writeTypings(path, module, cwd)
    return undefined
  } catch (failure) {
    if (failure instanceof CommandFailure) return `${failure.message}; { types: false } writes no typings`
    throw failure
  }
}

const isRollupLike = (framework: Framework): boolean =>
  framework === 'vite' || framework === 'rollup' || framework === 'rolldown'

/** Rollup and its kin show frames of their own accord, esbuild makes its own; elsewhere the message is all that is shown. */
function reported(report: Report, frame: string, framework: Framework, id: string): Reported {
  const { message, text } = report
  const loc = report.loc && { ...report.loc }
  // Vite prints the identifier before the line.
  if (isRollupLike(framework))
    return { message, id: loc?.file ?? id, frame, stack: '', ...(loc ? { loc } : {}) }
  return framework === 'esbuild' ? { message, meta: report } : { message: text }
}

function fail(
  context: HookContext,
  errors: readonly Report[],
  framework: Framework,
  id: string,
  lastGood: Loaded | undefined,
): Loaded {
  if (framework === 'webpack' || framework === 'rspack') {
    const message = errors.map(({ text }) => text).join('\n\n')
    if (lastGood === undefined) throw new BuildFailure(message)
    context.error({ message, stack: '' })
    return lastGood
  }
  if (isRollupLike(framework)) context.error(reported(errors[0], allFrames(errors), framework, id))
  // esbuild collects errors, each with its place; what is loaded beside them is not looked at.
  else for (const report of errors) context.error(reported(report, report.frame, framework, id))
  return { code: '' }
}
