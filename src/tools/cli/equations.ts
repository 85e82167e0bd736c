import { resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { type CompileFlags, addCommonOptions } from './options.js'
import { importReader, readSourceFile, readStdin } from './read-source.js'
import { Reporter } from './reporter.js'

interface EquationsFlags extends CompileFlags {
  readonly latex?: boolean
}

const EXAMPLES = `
Examples:
  nnc equations model.nn           each model and function, then its gradient by the chain rule
  nnc equations model.nn --latex   the same as LaTeX`

export function addEquationsCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('equations')
    .summary('print a program and its gradients as a textbook sets them')
    .description(
      'Prints each model and function as equations, and those of its gradient: in matrix notation where the indices allow it.',
    )
    .argument('<file>', 'a .nn file, or - for standard input')
  addCommonOptions(command)
    .option('--latex', 'print LaTeX')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: EquationsFlags) => finish(await printEquations(file, flags, io)))
}

async function printEquations(file: string, flags: EquationsFlags, io: Io): Promise<ExitCode> {
  const { equations } = await import('../../compile.js')
  const { filename, source } =
    file === '-'
      ? await readStdin(io, flags.filename ?? '<stdin>')
      : readSourceFile(resolve(io.cwd, file), io.cwd)
  const { define } = flags
  const { entries, diagnostics } = equations(source, {
    filename,
    define,
    read: importReader(io.cwd).read,
    latex: flags.latex,
  })
  const failed = new Reporter(io, flags).diagnostics(diagnostics)
  const lines = entries.flatMap(({ name, value, gradient }) => [
    name,
    ...value.map((line) => `  ${line}`),
    ...(gradient.length > 0 ? ['  gradient', ...gradient.map((line) => `    ${line}`)] : []),
    '',
  ])
  if (!failed) io.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return failed ? EXIT.diagnostics : EXIT.ok
}
