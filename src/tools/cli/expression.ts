/** The one-shot commands: `nnc diff 'x^2'` is a session of one line. */
import { type Command, InvalidArgumentError } from 'commander'
import { diagnosticRecord, Reporter } from './reporter.js'
import { CommandFailure, EXIT, type ExitCode } from './failure.js'
import { type Io, wantsColor } from './io.js'
import { readStdin } from './read-source.js'
import type { Written } from '../repl/diagnostics.js'
import type { Result } from '../repl/result.js'

interface Flags {
  readonly json?: boolean
  readonly color?: boolean
  readonly load?: readonly string[]
  readonly assume?: readonly string[]
  readonly order?: number
  readonly svg?: string
}

interface OneShot {
  readonly name: string
  readonly summary: string
  readonly rest: string
  readonly examples: readonly string[]
  /** The line of a session that does it. */
  readonly line: (expression: string, rest: readonly string[], flags: Flags) => string
}

const nested = (expression: string, variable: string | undefined, order: number): string => {
  let line = expression
  for (let n = 0; n < order; n++) line = variable === undefined ? `d(${line})` : `d(${line}, ${variable})`
  return line
}

export const ONE_SHOT: readonly OneShot[] = [
  {
    name: 'simplify',
    summary: 'the simplified expression, and where it equals the given one',
    rest: '',
    examples: ["nnc simplify '(x^2 - 1) / (x - 1)'"],
    line: (expression) => expression,
  },
  {
    name: 'diff',
    summary: 'a derivative; by the only variable unless one is named',
    rest: '[variable]',
    examples: ["nnc diff 'sin(x^2)'", "nnc diff 'x^r' x --assume 'r != 0'", "nnc diff 'x^5' x --order 3"],
    line: (expression, [variable], { order = 1 }) => nested(expression, variable, order),
  },
  {
    name: 'grad',
    summary: 'the partial derivatives; by all variables unless some are named',
    rest: '[variables...]',
    examples: ["nnc grad 'x exp(y)'", "nnc grad '(x + y)z' x z"],
    line: (expression, variables) => `grad(${[expression, ...variables].join(', ')})`,
  },
  {
    name: 'eval',
    summary: 'the value at a point',
    rest: '[values...]',
    examples: ["nnc eval 'x^2 y' x=3 y=1/2"],
    line: (expression, values) => `:eval ${expression} ${values.join(' ')}`,
  },
  {
    name: 'explain',
    summary: 'how the answer comes about, rule by rule',
    rest: '',
    examples: ["nnc explain 'd/dx sin(x^2)'"],
    line: (expression) => `:steps ${expression}`,
  },
  {
    name: 'latex',
    summary: 'the answer in LaTeX',
    rest: '',
    examples: ["nnc latex 'd/dx x / (1 + x^2)'"],
    line: (expression) => `:latex ${expression}`,
  },
  {
    name: 'plot',
    summary: 'a curve in the terminal, or in an SVG file',
    rest: '[ranges...]',
    examples: ["nnc plot 'sin(x), cos(x)' x=-3..3", "nnc plot 'x exp(-x^2)' --svg curve.svg"],
    line: (expression, ranges, { svg }) => `:plot ${expression} ${ranges.join(' ')}${svg === undefined ? '' : ` --svg ${svg}`}`, // prettier-ignore
  },
]

export function addExpressionCommands(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  for (const command of ONE_SHOT) {
    const added = program
      .command(command.name)
      .summary(command.summary)
      .description(`Prints ${command.summary}.`)
      .argument('<expression>', 'an expression; - reads standard input')
      .option('--json', 'print results as JSON, one object per line')
      .option('--load <file>', 'functions of a .nn file; repeatable', collect)
      .option('--assume <condition>', 'a fact such as x > 0; repeatable', collect)
      .option('--color', 'colour the output (default: on a terminal, unless NO_COLOR is set)')
      .option('--no-color', 'do not colour the output')
      // `-x` is an expression.
      .allowUnknownOption()
      .allowExcessArguments()
      .addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`)
    if (command.rest !== '') added.argument(command.rest)
    if (command.name === 'diff') added.option('--order <number>', 'the order of the derivative', parseOrder)
    if (command.name === 'plot') added.option('--svg <file>', 'write the plot there')
    added.action(async () => {
      const [expression, ...rest] = added.args
      const wrong = added.args.find((word) => /^--[a-z]{3,}/.test(word))
      if (wrong !== undefined) throw new CommandFailure('usage', `unknown option '${wrong}'`)
      const most = command.rest === '' ? 0 : command.rest.endsWith('...]') ? Infinity : 1
      if (rest.length > most) throw new CommandFailure('usage', `'${rest[most]}' is one word too many: quote the expression`) // prettier-ignore
      finish(await oneShot(command, expression, rest, added.opts(), io))
    })
  }
}

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value]

function parseOrder(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('An order is a whole number.')
  return Number(text)
}

async function oneShot(
  command: OneShot,
  expression: string,
  rest: readonly string[],
  flags: Flags,
  io: Io,
): Promise<ExitCode> {
  const { COMMANDS, Session } = await import('../repl/engine.js')
  const { nodeFiles } = await import('../repl/node-files.js')
  const session = new Session(COMMANDS, nodeFiles(io.cwd))
  for (const file of flags.load ?? [])
    if (fails(await session.run(`:load ${file}`), flags, io)) return EXIT.diagnostics
  for (const fact of flags.assume ?? []) if (fails(await session.run(`assume ${fact}`), flags, io)) return EXIT.diagnostics // prettier-ignore
  const text = expression === '-' ? (await readStdin(io, 'standard input')).source.trim() : expression
  const results = await typedResults(session, command.line(text, rest, flags), text, rest)
  const { printResult } = await import('../repl/print-result.js')
  const printing = { color: wantsColor(flags.color, io.stdout, io.env), columns: io.stdout.columns ?? 80 }
  for (const result of results)
    if (result.kind !== 'problem')
      io.stdout.write(`${flags.json ? JSON.stringify(result) : printResult(result, printing)}\n`)
  return fails(results, flags, io) ? EXIT.diagnostics : EXIT.ok
}

/** The results of a line; mistakes of the expression itself are those that it has alone. */
async function typedResults(
  session: { run(text: string, written?: Written): Promise<readonly Result[]> },
  line: string,
  expression: string,
  rest: readonly string[],
): Promise<readonly Result[]> {
  const isProblem = (result: Result): boolean => result.kind === 'problem'
  const results = await session.run(line, line === expression ? undefined : writtenIn(line, expression, rest))
  if (line === expression || !results.some(isProblem)) return results
  const alone = await session.run(expression)
  return alone.some(isProblem) ? alone.filter(isProblem) : results.map(inWordsOfCommands)
}

/** The words that a line was made of. */
function writtenIn(line: string, expression: string, rest: readonly string[]): Written {
  const offsets: number[] = []
  let length = 0
  for (const word of [expression, ...rest]) {
    const from = Math.max(line.indexOf(word, offsets.length), offsets.length)
    // What stands between words is shown where the next one begins.
    while (offsets.length < from) offsets.push(length)
    for (let at = 0; at < word.length; at++) offsets.push(length + at)
    length += word.length + 1
  }
  while (offsets.length <= line.length) offsets.push(length - 1)
  return { text: [expression, ...rest].join(' '), offsets }
}

/** `:eval …` is `nnc eval '…'` on the command line. */
function inWordsOfCommands(result: Result): Result {
  if (result.kind !== 'problem') return result
  const diagnostics = result.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    suggestion: diagnostic.suggestion?.replace(/:(\w+) …/u, "nnc $1 '…'"),
  }))
  return { ...result, diagnostics }
}

/** Prints the mistakes among results, and says whether there are any. */
function fails(results: readonly Result[], { json, color }: Flags, io: Io): boolean {
  const diagnostics = results.flatMap((result) => (result.kind === 'problem' ? result.diagnostics : []))
  if (json) {
    if (diagnostics.length > 0) io.stdout.write(`${JSON.stringify({ kind: 'problem', diagnostics: diagnostics.map(diagnosticRecord) })}\n`) // prettier-ignore
    return diagnostics.length > 0
  }
  return new Reporter(io, { diagnostics: 'pretty', color }).diagnostics(diagnostics)
}
