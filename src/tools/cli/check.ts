import { resolve } from 'node:path'
import type { Command } from 'commander'
import { CommandFailure, EXIT, type ExitCode } from './failure.js'
import { type Io, wantsColor } from './io.js'
import {
  type CompileFlags,
  addCodeOptions,
  addCommonOptions,
  parseSeed,
  parseSize,
  refuseMathOfWasm,
} from './options.js'
import { importReader, readSourceFile, readStdin } from './read-source.js'
import { Reporter } from './reporter.js'

interface CheckFlags extends CompileFlags {
  readonly size?: Readonly<Record<string, number>>
  readonly seed?: number
}

const EXAMPLES = `
Examples:
  nnc check model.nn                       is every gradient right?
  nnc check conv.nn --size n=7 --size m=3  with data of these sizes
  nnc check mlp.nn --target wasm           the same of the module in WebAssembly
  nnc check *.nn --diagnostics json        the report as JSON, one object per file`

export function addCheckCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .summary('compare compiled gradients with independent evidence')
    .description(
      'Compares the gradients of every function and model with reverse-mode differentiation on a tape, forward-mode\n' +
        'dual numbers and finite differences, and prints the worst errors. Exits with 1 where they disagree.',
    )
    .argument('<files...>', '.nn files')
  addCodeOptions(addCommonOptions(command))
    .option('--size <name=value>', 'draw data of this size; repeatable', parseSize)
    .option('--seed <number>', 'where the random data starts', parseSeed)
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: CheckFlags) => finish(await check(files, flags, io)))
}

async function check(files: readonly string[], flags: CheckFlags, io: Io): Promise<ExitCode> {
  const reporter = new Reporter(io, flags)
  refuseMathOfWasm(flags)
  let worst: ExitCode = EXIT.ok
  for (const file of new Set(files)) {
    const code = await checkFile(file, flags, io, reporter)
    if (code > worst) worst = code
  }
  return worst
}

async function checkFile(file: string, flags: CheckFlags, io: Io, reporter: Reporter): Promise<ExitCode> {
  const { checkGradients, formatReport } = await import('../../verify/check.js')
  try {
    const { filename, source } =
      file === '-'
        ? await readStdin(io, flags.filename ?? '<stdin>')
        : readSourceFile(resolve(io.cwd, file), io.cwd)
    const report = await checkGradients(source, {
      filename,
      dtype: flags.dtype,
      define: flags.define,
      checkpoint: flags.checkpoint ? 'sqrt' : undefined,
      math: flags.math,
      target: flags.target,
      sizes: flags.size,
      seed: flags.seed,
      read: importReader(io.cwd).read,
    })
    if (reporter.diagnostics(report.diagnostics)) return EXIT.diagnostics
    if (flags.diagnostics === 'json') {
      const { ok, entries, points, rows } = report
      io.stdout.write(`${JSON.stringify({ file: filename, ok, entries, points, rows })}\n`)
    } else if (!flags.quiet || !report.ok) {
      io.stdout.write(formatReport(report, { color: wantsColor(flags.color, io.stdout, io.env) }))
    }
    return report.ok ? EXIT.ok : EXIT.diagnostics
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    reporter.failure(error)
    return EXIT.usage
  }
}
