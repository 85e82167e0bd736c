import { parseArgs } from 'node:util'

const started = performance.now()

/** The lines that every script can say about itself. */
interface About {
  /** What is learned, and from what. */
  readonly about: string
  /** How the script is started, from the root of the repository. */
  readonly command: string
  /** What `--full` does more; a script without it has one mode. */
  readonly full?: string
}

/**
 * Reads the command line: `--help` prints what the script does and ends it. The result tells whether the long run is asked for;
 * the quick one is the rule.
 */
export function readCommand({ about, command, full }: About): { readonly full: boolean } {
  const lines = [
    about,
    '',
    `Usage: ${command}`,
    ...(full === undefined ? [] : [`       ${command} --full   ${full}`]),
    '',
    'The exit code is 1 where a result misses the bound that is printed with it.',
  ]
  const { help, full: long } = readOptions(full !== undefined)
  if (help) {
    console.log(lines.join('\n'))
    process.exit(0)
  }
  return { full: long }
}

function readOptions(hasFull: boolean): { readonly help: boolean; readonly full: boolean } {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { help, full } = parseArgs({ options: { help: { ...flag, short: 'h' }, full: flag } }).values
    if (!full || hasFull) return { help, full }
    console.error("this example has one mode: leave out '--full'")
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(error.message)
  }
  process.exit(2)
}

/** Prints a result with its bound. Where the result misses it, the script ends with exit code 1. */
function judge(holds: boolean, line: string): void {
  console.log(`${line}${holds ? '' : ': MISSED'}`)
  if (!holds) process.exitCode = 1
}

/** A part of 1, such as an accuracy, that must be reached. */
export function expectAtLeast(what: string, part: number, bound: number): void {
  judge(part >= bound, `${what} ${percent(part)} (at least ${percent(bound)})`)
}

/** An error that must not be exceeded; NaN is no error below any bound. */
export function expectAtMost(what: string, error: number, bound: number): void {
  judge(error <= bound, `${what} ${error.toPrecision(3)} (at most ${bound})`)
}

/** What must hold exactly. */
export function expectThat(what: string, holds: boolean): void {
  judge(holds, what)
}

export function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`
}

/** The time since the script started. */
export function elapsed(): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}
