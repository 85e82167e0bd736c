import { resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, CommandFailure, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { addReporterOptions } from './options.js'
import { readSourceFile, readStdin } from './read-source.js'
import { Reporter, type ReporterOptions } from './reporter.js'

interface FormatFlags extends ReporterOptions {
  readonly check?: boolean
}

const EXAMPLES = `
Examples:
  nnc fmt models/*.nn                      writes the files in their standard form
  nnc fmt --check models/*.nn              only names those that are not in it, and exits with 1
  nnc fmt - < model.nn                     from standard input to standard output`

export function addFormatCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('fmt')
    .summary('write .nn files in their standard form')
    .description('Writes .nn files in their standard form; comments and blank lines stay.')
    .argument('<files...>', '.nn files')
  addReporterOptions(command)
    .option('--check', 'write nothing; exit with 1 where a file is not in its standard form')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: FormatFlags) => finish(await format(files, flags, io)))
}

async function format(files: readonly string[], flags: FormatFlags, io: Io): Promise<ExitCode> {
  const { formatSource } = await import('../../../grammar/format.js')
  const { writeOutputs } = await import('./write-output.js')
  const reporter = new Reporter(io, flags)
  let worst: ExitCode = EXIT.ok
  for (const file of new Set(files)) {
    const path = resolve(io.cwd, file)
    const { filename, source: text } =
      file === '-' ? await readStdin(io, '<stdin>') : readSourceFile(path, io.cwd)
    const formatted = formatSource({ filename, text })
    reporter.diagnostics(formatted.diagnostics)
    if (formatted.text === undefined) worst = EXIT.diagnostics
    else if (flags.check) {
      if (formatted.text === text) continue
      reporter.failure(new CommandFailure('io', `'${filename}' is not in its standard form`, filename))
      worst = EXIT.diagnostics
    } else if (file === '-') io.stdout.write(formatted.text)
    else if (formatted.text !== text) {
      writeOutputs([{ path, text: formatted.text }], io.cwd)
      reporter.status(`wrote ${filename}`)
    }
  }
  return worst
}
