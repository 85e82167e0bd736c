import { diff, evaluate } from '../../../expression.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { scalarOf } from '../scalar.js'
import { showNumber } from '../settings.js'

const EXPONENTS = Array.from({ length: 15 }, (_, at) => -1 - at)

export const errorsCommand: Command = {
  name: 'errors',
  summary: 'the error of finite differences against their step, down to the rounding floor',
  usage: 'EXPR x=1',
  examples: [':errors exp(x) x=1', ':errors x^2 y at x=3 y=1'],
  run(session, text): Result[] {
    const input = session.read(errorsCommand, text)
    const [typed] = input.expressions
    if (!typed) return session.fail(messages.noExpression('errors', 'sin(x) x=1'))
    const { given } = scalarOf(session, ':errors', session.answers([typed.syntax])[0])
    const { variables } = session.query([typed.syntax])
    const { values } = session.point(errorsCommand, variables, input)
    const [variable] = input.assignments.map(({ name }) => name).filter((name) => variables.includes(name)).concat(variables) // prettier-ignore
    if (variable === undefined) return session.fail(messages.noExpression('errors', 'sin(x) x=1'))
    const exact = evaluate(diff(given, variable), values)
    const f = (x: number): number => evaluate(given, { ...values, [variable]: x })
    const x = values[variable]
    const errors = EXPONENTS.map((exponent) => {
      const h = 10 ** exponent
      const forward = Math.abs((f(x + h) - f(x)) / h - exact)
      const central = Math.abs((f(x + h) - f(x - h)) / (2 * h) - exact)
      return { exponent, forward, central }
    })
    const best = (kind: 'forward' | 'central') => errors.reduce((a, b) => (b[kind] < a[kind] ? b : a))
    const summary = (kind: 'forward' | 'central'): string => {
      const { exponent, [kind]: least } = best(kind)
      return `${kind} is best at h = 1e${exponent}, with an error of ${scientific(least)}; below, rounding takes over`
    }
    return [
      {
        kind: 'table',
        title: `∂/∂${variable} at ${variables.map((name) => `${name} = ${showNumber(values[name], 6)}`).join(', ')} is ${showNumber(exact, session.settings.digits)}`, // prettier-ignore
        head: ['h', 'forward (f(x+h)-f(x))/h', 'central (f(x+h)-f(x-h))/2h'],
        rows: errors.map(({ exponent, forward, central }) => [
          `1e${exponent}`,
          scientific(forward),
          scientific(central),
        ]),
        notes: [
          ...input.notes,
          `order of the error: forward ${order(errors[1].forward, errors[2].forward)}, central ${order(errors[0].central, errors[1].central)}`,
          summary('forward'),
          summary('central'),
        ],
      },
    ]
  },
}

const scientific = (x: number): string => (x === 0 ? '0' : x.toExponential(1))

/** How many digits are gained for one digit of the step. */
function order(coarse: number, fine: number): string {
  if (coarse === 0 || fine === 0 || !Number.isFinite(coarse) || !Number.isFinite(fine)) return 'not observed'
  return `h^${Math.log10(coarse / fine).toFixed(2)}`
}
