import type { Command } from 'commander'

const EXAMPLES = `
It speaks the Language Server Protocol over standard input and output: diagnostics, hover with shapes and derivatives, definition,
references, rename, completion, signatures, formatting, quick fixes, outline, folding and colours. docs/editors.md
says how editors start it.`

export function addLspCommand(program: Command): void {
  program
    .command('lsp')
    .summary('the language server, for editors')
    .description('Runs the language server for .nn files, which an editor starts.')
    .option('--stdio', 'over standard input and output, as always')
    .option('--clientProcessId <id>', 'end with this process, which started the server')
    .addHelpText('after', EXAMPLES)
    .action(async () => (await import('../lsp/main.js')).start())
}
