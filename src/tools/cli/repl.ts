import type { Command } from 'commander'
import { EXIT, type ExitCode } from './failure.js'
import { type Io, wantsColor } from './io.js'

interface Flags {
  readonly color?: boolean
}

const EXAMPLES = `
Examples:
  nnc repl                           a session; :help says what can be typed
  echo 'd/dx x^3' | nnc repl         only results
  nnc repl < session.txt             what :save wrote`

export function addReplCommand(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = program
    .command('repl')
    .summary('a session: simplify, differentiate, plot and explain what is typed')
    .description('Simplifies, differentiates, plots and explains what is typed.')
    .option('--color', 'colour the output (default: on a terminal, unless NO_COLOR is set)')
    .option('--no-color', 'do not colour the output')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { color }: Flags = command.opts()
      finish(await repl(io, color))
    })
}

/** On a terminal a session with line editing, otherwise one that reads lines and prints results. */
export async function repl(io: Io, color: boolean | undefined): Promise<ExitCode> {
  if (io.terminal && io.env.TERM !== 'dumb') {
    const { runTerminal } = await import('../repl/terminal.js')
    await runTerminal(io.terminal, { env: io.env, color: wantsColor(color, io.stdout, io.env) })
    return EXIT.ok
  }
  const [{ runPipe }, { COMMANDS, Session }, { nodeFiles }] = await Promise.all([
    import('../repl/pipe.js'),
    import('../repl/engine.js'),
    import('../repl/node-files.js'),
  ])
  return runPipe(io, new Session(COMMANDS, nodeFiles(io.cwd)), color)
}
