import { compileFunction, grad } from '../../../expression.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { scalarOf } from '../scalar.js'

/** Calls are repeated for about this long. */
const MILLISECONDS = 20
const CALLS = 100

export const timeCommand: Command = {
  name: 'time',
  summary: 'how long reading, simplifying and evaluating take',
  usage: 'EXPR',
  examples: [':time x exp(-x^2)'],
  run(session, text): Result[] {
    const { expressions } = session.read(timeCommand, text)
    const [typed] = expressions
    if (!typed) return session.fail(messages.noExpression('time', 'x exp(-x^2)'))
    const started = performance.now()
    const program = session.check(session.query([typed.syntax]))
    const checked = performance.now()
    const { simplified } = scalarOf(session, ':time', session.answers([typed.syntax])[0])
    const answered = performance.now()
    const { free } = simplified
    const gradient = grad(simplified, free)
    const derived = performance.now()
    const value = compileFunction(simplified, free)
    const slopes = compileFunction(gradient, free)
    const rows = [
      [`check (${program.entries[0].inputs.length} variables)`, milliseconds(checked - started)],
      ['check, derive, simplify', milliseconds(answered - checked)],
      ['gradient', milliseconds(derived - answered)],
      ['one value, compiled', nanoseconds(value, free.length)],
      ['one gradient, compiled', nanoseconds(slopes, free.length)],
    ]
    return [{ kind: 'table', title: typed.text, head: ['', 'time'], rows, notes: [] }]
  },
}

const milliseconds = (time: number): string => `${time.toFixed(1)} ms`

function nanoseconds(f: (...xs: number[]) => unknown, count: number): string {
  const xs = Array.from({ length: count }, (_, at) => 0.3 + 0.1 * at)
  const batches: number[] = []
  const until = performance.now() + MILLISECONDS
  for (let started = performance.now(); started < until;) {
    for (let n = 0; n < CALLS; n++) f(...xs)
    const ended = performance.now()
    batches.push(ended - started)
    started = ended
  }
  // The machine does other things as well: a batch in the middle tells more than all of them together.
  const median = batches.sort((a, b) => a - b)[batches.length >> 1]
  return `${((median / CALLS) * 1e6).toFixed(0)} ns`
}
