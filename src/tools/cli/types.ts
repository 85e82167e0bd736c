import { resolve } from 'node:path'
import type { Command } from 'commander'
import { CommandFailure, EXIT, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { type CompileFlags, addCommonOptions, addTargetOption } from './options.js'
import { displayName } from './read-source.js'
import { Reporter } from './reporter.js'

interface TypesFlags extends CompileFlags {
  readonly check?: boolean
}

const EXAMPLES = `
Examples:
  nnc types src/*.nn                       writes src/mlp.d.nn.ts and its map beside src/mlp.nn
  nnc types --check src/*.nn               only looks whether they are there and fit; for continuous integration

TypeScript reads them with "allowArbitraryExtensions": true. The plugins write them on every build.`

export function addTypesCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('types')
    .summary('write the typings of .nn files that TypeScript imports')
    .description(
      'Writes the typings of each .nn file beside it, for imports through a bundler, with a map that leads to its lines.',
    )
    .argument('<files...>', '.nn files')
  addTargetOption(addCommonOptions(command))
    .option('--check', 'write nothing; exit with 1 where typings are missing or out of date')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: TypesFlags) => finish(await types(files, flags, io)))
}

async function types(files: readonly string[], flags: TypesFlags, io: Io): Promise<ExitCode> {
  const { ModuleCompiler } = await import('../plugin/compiler.js')
  const { isStale, typingsOf } = await import('../plugin/typings-file.js')
  const { writeOutputs } = await import('./write-output.js')
  const reporter = new Reporter(io, flags)
  const compiler = new ModuleCompiler(
    { dtype: flags.dtype, define: flags.define, target: flags.target },
    io.cwd,
  )
  let worst: ExitCode = EXIT.ok
  for (const file of new Set(files)) {
    const path = resolve(io.cwd, file)
    if (!path.endsWith('.nn'))
      throw new CommandFailure('usage', `typings stand beside .nn files, and '${file}' is none`)
    const module = compiler.compile({ path, query: '' })
    if (reporter.diagnostics(module.diagnostics)) {
      worst = EXIT.diagnostics
      continue
    }
    const stale = typingsOf(path, module).filter(isStale)
    const names = stale.map((output) => displayName(output.path, io.cwd)).join(', ')
    if (stale.length === 0) continue
    if (flags.check) {
      const message = `${names}: missing or out of date; write: nnc types ${displayName(path, io.cwd)}`
      reporter.failure(new CommandFailure('io', message, displayName(path, io.cwd)))
      worst = EXIT.diagnostics
    } else {
      writeOutputs(stale, io.cwd)
      reporter.status(`wrote ${names}`)
    }
  }
  return worst
}
