import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Target, TARGETS } from '../../../codegen/target.js'
import { CommandFailure } from './failure.js'
import type { ReporterOptions } from './reporter.js'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u

type Assignments = Readonly<Record<string, number>>

/** `-D name=value`: the value replaces that of `const name`, or of a size with a default. */
export function parseDefine(text: string, previous: Assignments = {}): Assignments {
  const { name, value } = splitAssignment(text, 'hidden=128')
  const number = Number(value)
  if (!NUMBER.test(value) || !Number.isFinite(number))
    throw new InvalidArgumentError(`'${value}' is not a ${NUMBER.test(value) ? 'finite ' : ''}number.`)
  return extend(previous, name, number)
}

/** `--size n=3`: the size that the check draws data of. */
export function parseSize(text: string, previous: Assignments = {}): Assignments {
  const { name, value } = splitAssignment(text, 'n=3')
  const size = Number(value)
  if (!/^\d+$/.test(value) || size < 1 || !Number.isSafeInteger(size))
    throw new InvalidArgumentError(`A size is a whole number from 1 on, not '${value}'.`)
  return extend(previous, name, size)
}

export function parseSeed(text: string): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed > 0xffffffff)
    throw new InvalidArgumentError(`A seed is a whole number from 0 to 4294967295, not '${text}'.`)
  return seed
}

function splitAssignment(text: string, example: string): { name: string; value: string } {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(at, 0)).trim().normalize('NFKC')
  const value = text.slice(at + 1).trim()
  if (at < 0 || value === '') throw new InvalidArgumentError(`Write name=value, for example ${example}.`)
  if (!NAME.test(name)) throw new InvalidArgumentError(`'${name}' is not a name.`)
  return { name, value }
}

/** Built from entries: a name such as `__proto__` stays an ordinary key. */
function extend(previous: Assignments, name: string, value: number): Assignments {
  return Object.fromEntries([...Object.entries(previous).filter(([key]) => key !== name), [name, value]])
}

/** Options that say what is compiled. */
export interface CompileFlags extends ReporterOptions {
  readonly dtype?: 'f32' | 'f64'
  readonly define?: Assignments
  readonly filename?: string
  readonly checkpoint?: boolean
  readonly math?: 'libm' | 'fast'
  readonly target?: Target
}

/** The options of every command that compiles. */
export function addCommonOptions(command: Command): Command {
  const compiling = command
    .addOption(
      new Option(
        '--dtype <type>',
        'element type of tensors; otherwise f32 in models, f64 in functions',
      ).choices(['f32', 'f64']),
    )
    .option('-D, --define <name=value>', 'override a constant or a size; repeatable', parseDefine)
    .option('--filename <name>', 'the name of standard input in messages and for imports')
  return addReporterOptions(compiling)
}

/** How a command speaks. */
export function addReporterOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--diagnostics <format>', 'how to print errors and warnings; json is one object per line')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .option('--color', 'colour the output (default: on a terminal, unless NO_COLOR is set)')
    .option('--no-color', 'do not colour the output')
    .option('-q, --quiet', 'print errors only')
}

/** Of the commands whose product depends on it. */
export function addTargetOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--target <target>',
      'what computes: JavaScript (default), WebAssembly with SIMD, or auto: WebAssembly for what has arrays, JavaScript where it is missing',
    ).choices(TARGETS),
  )
}

/** Where the option holds: `dump` shows what comes before it. */
export function addCodeOptions(command: Command): Command {
  return addTargetOption(command)
    .option('--checkpoint', 'gradients of recurrences keep about √T of T states and compute the others again')
    .addOption(
      new Option(
        '--math <kind>',
        'exp, tanh and their kin in loops: libm calls Math, fast (default) own functions within 2.5 ulp',
      ).choices(['libm', 'fast']),
    )
}

/** Kernels in WebAssembly have functions of their own. */
export function refuseMathOfWasm({ target, math }: CompileFlags): void {
  if (target === 'wasm' && math !== undefined)
    throw new CommandFailure('usage', '--math is about JavaScript; it does nothing with --target wasm')
}

/**
 * `--sourcemap` takes its mode optionally; a file name that follows it is not its mode. (commander would take
 * any next word.)
 */
export function separateSourcemapMode(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.flatMap((word, at) => {
    if (word !== '--sourcemap' || (end >= 0 && at > end)) return [word]
    return [/^(?:linked|inline|external)$/.test(argv[at + 1] ?? '') ? word : '--sourcemap=linked']
  })
}
