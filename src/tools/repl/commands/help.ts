import { closest } from '../../../base/suggest.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import { textResult, type Result } from '../result.js'

const LANGUAGE: readonly (readonly [string, string])[] = [
  ['3x - x + 1', 'an expression, simplified; names are real numbers unless declared'],
  ['d/dx sin(x²)', 'a derivative; also d²/dx², ∂/∂w, ∂z/∂x, grad L wrt W, b'],
  ['f(x) = x^2 exp(-x)', "a function; then f'(x), f(2)"],
  ['u = x y', 'a name for an expression, wherever it stands'],
  ['W: [d, h]', 'a tensor; then x @ W, jacobian(softmax(z), z)'],
  ['assume x > 0, n integer', 'facts, for simplification'],
  ['x^2 at x=3', 'a value'],
]

export const helpCommand: Command = {
  name: 'help',
  summary: 'what can be typed; with the name of a command: examples',
  usage: '[COMMAND]',
  examples: [':help', ':help plot'],
  run(session, text): Result[] {
    const { commands } = session
    const wanted = text.replace(/^:/, '')
    if (wanted === '') {
      const own = commands.map(({ name, usage, summary }) => [`:${name} ${usage}`.trimEnd(), summary])
      return [{ kind: 'table', title: '', head: [], rows: [...LANGUAGE, ...own], notes: [] }]
    }
    const command = commands.find(({ name }) => name === wanted)
    if (!command) return session.fail(messages.unknownCommand(`:${wanted}`, closest(wanted, commands.map(({ name }) => name)))) // prettier-ignore
    const { name, usage, summary, examples, options } = command
    const lines = [
      `:${name} ${usage}`.trimEnd(),
      `  ${summary}`,
      ...Object.entries(options ?? {}).map(([option, doc]) => `  --${option}  ${doc}`),
      ...(examples.length > 0 ? ['', ...examples.map((example) => `  ${example}`)] : []),
    ]
    return [textResult(lines.join('\n'))]
  },
}

export const quitCommand: Command = {
  name: 'quit',
  summary: 'ends the session; so does Ctrl-D',
  usage: '',
  examples: [],
  run: () => [{ kind: 'quit' }],
}
