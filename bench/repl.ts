/**
 * How long a session takes to be there, and to answer. Needs `npm run build` and `script` (util-linux), which gives the
 * program a terminal.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median, printTable } from './harness.js'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const ROUNDS = 9
const INPUTS = [
  '3x - x + 2x + 1',
  'd/dx sin(x^2)',
  'd/dx x σ(βx)',
  '(exp x - exp(-x))/(exp x + exp(-x))',
  'jacobian(softmax(q), q)',
  "grad(v' @ A @ v, v)",
  ':steps d/dx x exp(-x)',
  ":type σ'(x)",
  ':trace 1/(exp(-(w x + b))+1) x=1 w=0 b=0',
  ':plot sin(x), cos(x)',
  ':errors exp(x) x=1',
  ':js x exp(-x)',
]

/** A program on a terminal: what it writes can be waited for. */
class OnTerminal {
  private output = ''
  private wake: () => void = () => {}
  private readonly child

  constructor(command: string) {
    const env = { ...process.env, NNC_HISTORY: '', NO_COLOR: '1' }
    this.child = spawn('script', ['-qfec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], env })
    this.child.stdout.on('data', (chunk) => {
      this.output += String(chunk)
      this.wake()
    })
  }

  async until(wanted: (output: string) => boolean): Promise<void> {
    while (!wanted(this.output)) await new Promise<void>((resolve) => (this.wake = resolve))
  }

  type(text: string): void {
    this.output = ''
    this.child.stdin.write(text)
  }

  close(): void {
    this.child.kill()
  }
}

async function startUp(): Promise<number> {
  const started = performance.now()
  const program = new OnTerminal(`${process.execPath} ${cli} repl`)
  await program.until((output) => output.includes('> '))
  const elapsed = performance.now() - started
  program.close()
  return elapsed
}

/** The shell that `script` starts and Node itself: what no program can be faster than. */
async function bareStart(): Promise<number> {
  const started = performance.now()
  const program = new OnTerminal(`${process.execPath} -p 1+1`)
  await program.until((output) => output.includes('2'))
  const elapsed = performance.now() - started
  program.close()
  return elapsed
}

/** From the key that ends the line to the next prompt. */
async function answers(): Promise<ReadonlyMap<string, readonly number[]>> {
  const program = new OnTerminal(`${process.execPath} ${cli} repl`)
  await program.until((output) => output.includes('> '))
  const times = new Map<string, number[]>()
  for (let round = 0; round <= ROUNDS; round++)
    for (const input of INPUTS) {
      program.type(input)
      await program.until((output) => output.endsWith(`${input}\r\u001b[${input.length + 2}C\u001b[?25h`))
      const started = performance.now()
      program.type('\r')
      // The empty line that waits for the next input.
      await program.until((output) => output.endsWith('> \r\u001b[2C\u001b[?25h'))
      times.set(input, [...(times.get(input) ?? []), performance.now() - started])
    }
  program.close()
  return times
}

/** The first answer of a session to somebody who types as fast as people do, 12 keys a second. */
async function firstAnswer(input: string): Promise<number> {
  const program = new OnTerminal(`${process.execPath} ${cli} repl`)
  await program.until((output) => output.includes('> '))
  for (const key of input) {
    await pause(1000 / 12)
    program.type(key)
  }
  await program.until((output) => output.endsWith(`\r\u001b[${input.length + 2}C\u001b[?25h`))
  const started = performance.now()
  program.type('\r')
  await program.until((output) => output.endsWith('> \r\u001b[2C\u001b[?25h'))
  const elapsed = performance.now() - started
  program.close()
  return elapsed
}

if (!existsSync(cli)) throw new Error('dist/cli.js is missing: npm run build')
const starts: number[] = []
const bare: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  starts.push(await startUp())
  bare.push(await bareStart())
}
const show = (time: number): string => `${time.toFixed(0)} ms`
printTable(['', 'median', 'worst'], [
  ['start-up to the first prompt', show(median(starts)), show(Math.max(...starts))],
  ['of that, Node alone', show(median(bare)), show(Math.max(...bare))],
]) // prettier-ignore
const typed: string[][] = []
for (const input of ['3x - x', 'd/dx sin(x^2)', 'jacobian(softmax(q), q)']) {
  const times: number[] = []
  for (let round = 0; round < 5; round++) times.push(await firstAnswer(input))
  typed.push([input, show(median(times)), show(Math.max(...times))])
}
printTable(['first answer, typed by a person', 'median', 'worst'], typed)
const measured = await answers()
printTable(
  ['answer, typed at once', 'first', 'median', 'worst but first'],
  [...measured].map(([input, [first, ...rest]]) => [
    input,
    show(first),
    show(median(rest)),
    show(Math.max(...rest)),
  ]),
)
