import { Command, CommanderError } from 'commander'
import manifest from '../../../package.json' with { type: 'json' }
import { addBuildCommand } from './build.js'
import { addCheckCommand } from './check.js'
import { addDumpCommand } from './dump.js'
import { addEquationsCommand } from './equations.js'
import { addExpressionCommands } from './expression.js'
import { CommandFailure, EXIT, type ExitCode, withoutModuleText } from './failure.js'
import { addFormatCommand } from './fmt.js'
import type { Io } from './io.js'
import { addLspCommand } from './lsp.js'
import { separateSourcemapMode } from './options.js'
import { addReplCommand } from './repl.js'
import { Reporter } from './reporter.js'
import { addTypesCommand } from './types.js'

const EXAMPLES = `
Examples:
  nnc build model.nn        compile it to model.js and model.d.ts
  nnc check model.nn        compare its gradients with independent evidence
  nnc equations model.nn    its equations and those of the gradient, as a textbook sets them
  nnc dump model.nn         look at what the compiler made of it
  nnc repl                  simplify and differentiate what is typed; also plain nnc on a terminal
  nnc diff 'sin(x^2)'       one answer

Exit codes: 0 all well, 1 errors in a program or a failed check, 2 wrong usage or unreadable files.`

/** Runs the command line `nnc argv…` and gives its exit code. Never throws, never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const program = createProgram(io, (result) => {
    code = result
  })
  try {
    await program.parseAsync(separateSourcemapMode(argv), { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    if (error instanceof CommandFailure) reportFailure(error, argv, io)
    else reportBug(error, io)
    return EXIT.usage
  }
}

function createProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('nnc')
    .description('Compiles .nn files, equations as a textbook prints them, into JavaScript with gradients.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'nnc: ')),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  addBuildCommand(program, io, finish)
  addCheckCommand(program, io, finish)
  addEquationsCommand(program, io, finish)
  addDumpCommand(program, io, finish)
  addReplCommand(program, io, finish)
  addExpressionCommands(program, io, finish)
  addTypesCommand(program, io, finish)
  addFormatCommand(program, io, finish)
  addLspCommand(program)
  return program
}

/** A failure that ends the whole command; its options are not at hand any more, so they are read off the words. */
function reportFailure(failure: CommandFailure, argv: readonly string[], io: Io): void {
  const json = argv.some(
    (word, at) => word === '--diagnostics=json' || (word === '--diagnostics' && argv[at + 1] === 'json'),
  )
  const color = argv.includes('--no-color') ? false : argv.includes('--color') ? true : undefined
  new Reporter(io, { diagnostics: json ? 'json' : 'pretty', color }).failure(failure)
}

function reportBug(error: unknown, io: Io): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(
    `nnc: internal error, which is a bug in nnc; please report it with the input\n${withoutModuleText(detail)}\n`,
  )
}
