import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { CommandFailure, EXIT, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { type CompileFlags, addCommonOptions } from './options.js'
import { importReader, readSourceFile, readStdin } from './read-source.js'
import { Reporter } from './reporter.js'

interface DumpFlags extends CompileFlags {
  readonly after?: string
  readonly list?: boolean
}

const EXAMPLES = `
Examples:
  nnc dump model.nn                        the program as the last pass leaves it
  nnc dump model.nn --after=differentiate  the program with its gradients, before they are simplified
  nnc dump model.nn --target wasm          the text of the WebAssembly module that it becomes
  nnc dump --list                          the names of the passes, in order`

export function addDumpCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('dump')
    .summary('print the program as a pass of the compiler leaves it')
    .description('Prints the intermediate form of a program after a pass of the compiler.')
    .argument('[file]', 'a .nn file')
  addCommonOptions(command)
    .option('--after <pass>', 'stop after this pass (default: the last)')
    .option('--list', 'print the names of the passes')
    .addOption(new Option('--target <target>', 'print the code for a target').choices(['wasm']))
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: DumpFlags) => finish(await dump(file, flags, io)))
}

async function dump(file: string | undefined, flags: DumpFlags, io: Io): Promise<ExitCode> {
  const { PASS_NAMES, dumpPass, dumpWasm } = await import('../../compile.js')
  if (flags.list) {
    io.stdout.write(PASS_NAMES.map((name) => `${name}\n`).join(''))
    return EXIT.ok
  }
  if (file === undefined) throw new CommandFailure('usage', 'name a .nn file, or - for standard input')
  if (flags.target === 'wasm' && flags.after !== undefined)
    throw new CommandFailure('usage', '--target shows what all passes led to; leave out --after')
  if (flags.after !== undefined && !PASS_NAMES.includes(flags.after))
    throw new CommandFailure(
      'usage',
      `there is no pass '${flags.after}'; the passes are ${PASS_NAMES.join(', ')}`,
    )
  const { filename, source } =
    file === '-'
      ? await readStdin(io, flags.filename ?? '<stdin>')
      : readSourceFile(resolve(io.cwd, file), io.cwd)
  const options = { filename, dtype: flags.dtype, define: flags.define, read: importReader(io.cwd).read }
  const { text, diagnostics } =
    flags.target === 'wasm' ? dumpWasm(source, options) : dumpPass(source, options, flags.after)
  const failed = new Reporter(io, flags).diagnostics(diagnostics)
  if (text !== '') io.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return failed ? EXIT.diagnostics : EXIT.ok
}
