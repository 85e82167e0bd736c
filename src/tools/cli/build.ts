import { type Command, Option } from 'commander'
import type { Diagnostic } from '../../base/diagnostic.js'
import { basename } from 'node:path'
import type { CompileOptions, CompileResult } from '../../compile.js'
import { type Target, planTargets, typingsPath, wasmPath } from './destination.js'
import { CommandFailure, EXIT, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { type CompileFlags, addCodeOptions, addCommonOptions, refuseMathOfWasm } from './options.js'
import { displayName, importReader, readSourceFile, readStdin } from './read-source.js'
import { Reporter } from './reporter.js'
import { type SourcemapMode, attachSourceMap } from './source-map.js'
import { type Built, watch } from './watch.js'
import { writeOutputs } from './write-output.js'

interface BuildFlags extends CompileFlags {
  readonly out?: string
  readonly sourcemap?: SourcemapMode
  readonly watch?: boolean
  readonly wasmFile?: boolean
}

const EXAMPLES = `
Examples:
  nnc build model.nn                       writes model.js and model.d.ts beside it
  nnc build models/*.nn -o dist/           writes into a folder
  nnc build mlp.nn -D hidden=128           with another value for 'const hidden'
  nnc build mlp.nn --target wasm           with its loops in WebAssembly
  nnc build mlp.nn --sourcemap --watch     again at every change of it or of what it imports
  nnc build - < model.nn > model.js        from standard input to standard output`

export function addBuildCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('build')
    .summary('compile .nn files into JavaScript modules with gradients')
    .description(
      'Compiles each .nn file into a JavaScript module with its gradients, and its typings (.d.ts).\n' +
        "The file '-' is standard input; its module goes to standard output.",
    )
    .argument('<files...>', '.nn files')
    .option(
      '-o, --out <path>',
      "the output file; a folder, when it exists or ends with '/'; - for standard output",
    )
  addCodeOptions(addCommonOptions(command))
    .addOption(
      new Option('--sourcemap [mode]', 'write a source map; linked where no mode is given').choices([
        'linked',
        'inline',
        'external',
      ]),
    )
    .option('--wasm-file', 'with --target wasm or auto: the bytes go into a .wasm file beside the module')
    .option('-w, --watch', 'build again whenever a file changes')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: BuildFlags) => finish(await build(files, flags, io)))
}

async function build(files: readonly string[], flags: BuildFlags, io: Io): Promise<ExitCode> {
  const reporter = new Reporter(io, flags)
  const targets = planTargets(files, flags.out, io.cwd)
  if (flags.sourcemap && flags.sourcemap !== 'inline' && targets.some(({ output }) => output === undefined))
    throw new CommandFailure('usage', 'only --sourcemap=inline works on standard output')
  if (flags.watch && targets.some(({ input, output }) => input === undefined || output === undefined))
    throw new CommandFailure('usage', '--watch needs files, not standard input or output')

  refuseMathOfWasm(flags)
  if (flags.wasmFile) {
    if ((flags.target ?? 'js') === 'js')
      throw new CommandFailure('usage', '--wasm-file needs WebAssembly: add --target wasm or --target auto')
    if (targets.some(({ output }) => output === undefined))
      throw new CommandFailure('usage', '--wasm-file needs a file to stand beside, not standard output')
  }

  const buildOne = (target: Target) => buildTarget(target, flags, io, reporter)
  if (flags.watch) return watch(targets, buildOne, { io, reporter })
  let worst: ExitCode = EXIT.ok
  for (const target of targets) {
    const { code } = await buildOne(target)
    if (code > worst) worst = code
  }
  return worst
}

async function buildTarget(target: Target, flags: BuildFlags, io: Io, reporter: Reporter): Promise<Built> {
  const { compileModule } = await import('../../compile.js')
  const imports = importReader(io.cwd)
  const built = (code: ExitCode): Built => ({
    code,
    files: target.input === undefined ? [] : [target.input, ...imports.files],
  })
  try {
    const started = performance.now()
    const { filename, source } =
      target.input === undefined
        ? await readStdin(io, flags.filename ?? '<stdin>')
        : readSourceFile(target.input, io.cwd)
    const compiled = compileModule(source, {
      filename,
      dtype: flags.dtype,
      define: flags.define,
      checkpoint: flags.checkpoint ? 'sqrt' : undefined,
      math: flags.math,
      target: flags.target,
      wasmFile: flags.wasmFile && target.output !== undefined ? basename(wasmPath(target.output)) : undefined,
      sourcemap: flags.sourcemap !== undefined,
      read: imports.read,
    })
    const wrong = await wrongRulesIn(source, compiled.files, {
      filename,
      define: flags.define,
      read: imports.read,
    })
    if (reporter.diagnostics([...compiled.diagnostics, ...wrong])) return built(EXIT.diagnostics)
    const names = emit(target, compiled, flags, io)
    if (names) reporter.status(`built ${names} in ${Math.round(performance.now() - started)} ms`)
    return built(EXIT.ok)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    reporter.failure(error)
    return built(EXIT.usage)
  }
}

/** Compiling is pure; that the derivatives a file states are right is seen by numbers. */
async function wrongRulesIn(
  source: string,
  imported: readonly string[],
  options: CompileOptions,
): Promise<readonly Diagnostic[]> {
  if (imported.length === 0 && !/\bderivative\s+of\b/.test(source)) return []
  const { wrongRules } = await import('../../verify/check.js')
  return wrongRules(source, options)
}

function emit({ output }: Target, compiled: CompileResult, flags: BuildFlags, io: Io): string | undefined {
  const { code, map } =
    flags.sourcemap && compiled.map !== undefined
      ? attachSourceMap(compiled.code, compiled.map, { mode: flags.sourcemap, output, cwd: io.cwd })
      : { code: compiled.code, map: undefined }
  if (output === undefined) {
    io.stdout.write(code)
    return undefined
  }
  const outputs = [
    { path: output, text: code },
    { path: typingsPath(output), text: compiled.dts },
    ...(compiled.wasm ? [{ path: wasmPath(output), text: compiled.wasm }] : []),
    ...(map === undefined ? [] : [{ path: `${output}.map`, text: map }]),
  ]
  writeOutputs(outputs, io.cwd)
  return outputs.map(({ path }) => displayName(path, io.cwd)).join(', ')
}
