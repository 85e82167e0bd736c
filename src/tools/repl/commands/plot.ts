import { compileFunction } from '../../../expression.js'
import type { Command, Input, SessionView } from '../command.js'
import { evaluateEntry } from '../evaluate-tensors.js'
import { givenValues, takesArrays } from '../given-values.js'
import { messages } from '../messages.js'
import { sampled, type Curve } from '../curve.js'
import { curvesAsSvg } from '../plot-svg.js'
import { constant } from '../point.js'
import type { Result } from '../result.js'
import { scalarOf } from '../scalar.js'
import { written } from '../written.js'

export const plotCommand: Command = {
  name: 'plot',
  summary: 'curves in the terminal, or in an SVG file',
  usage: "f, f' [x=-3..3] [--svg FILE]",
  options: { svg: 'FILE: writes the plot there' },
  examples: [
    ':plot sin(x), cos(x) x=-3..3',
    'f(x) = x exp(-x^2)',
    ":plot f, f' x=-2..2",
    ':plot a x^2 a=2',
    ':plot softmax(z), z z=[1, 3, 2, 0]',
  ],
  run(session, text): Result[] {
    const input = session.read(plotCommand, text)
    if (input.expressions.length === 0) return session.fail(messages.noExpression('plot', 'sin(x) x=-3..3'))
    const vectors = input.assignments.some(({ value }) => value.startsWith('['))
    if (vectors) return shown(session, input, 'index', ...vectorCurves(session, input))
    const answers = input.expressions.map(({ syntax }) =>
      scalarOf(session, ':plot', session.answers([syntax])[0]),
    )
    const names = [...new Set(answers.flatMap(({ given }) => given.free))]
    const ranged = input.assignments.find(({ upTo }) => upTo !== undefined)
    const fixed = input.assignments.filter(({ upTo }) => upTo === undefined)
    const values = new Map(fixed.map(({ name, value }) => [name, constant(session, value)]))
    const open = names.filter((name) => !values.has(name))
    const variable = ranged?.name ?? (open.includes('x') ? 'x' : (open[0] ?? 'x'))
    const missing = open.filter((name) => name !== variable)
    if (missing.length > 0) return session.fail(messages.noValue(missing, `:plot … ${variable}=-3..3 ${missing.map((name) => `${name}=1`).join(' ')}`)) // prettier-ignore
    const from = constant(session, ranged?.value ?? '-3')
    const to = constant(session, ranged?.upTo ?? '3')
    if (!(from < to))
      return session.fail(messages.badOption(`${from}..${to}`, 'a range goes upwards: x=-3..3'))
    const curves = answers.map(({ given }, at): Curve => {
      const others = given.free.filter((name) => name !== variable)
      const f = compileFunction(given, [variable, ...others])
      const rest = others.map((name) => values.get(name) ?? NaN)
      return sampled(input.expressions[at].text, (x) => f(x, ...rest), from, to)
    })
    return shown(session, input, variable, from, to, curves)
  },
}

function shown(
  session: SessionView,
  input: Input,
  variable: string,
  from: number,
  to: number,
  curves: readonly Curve[],
): Result[] {
  const file = input.options.get('svg')
  return file === undefined
    ? [{ kind: 'plot', variable, from, to, curves, notes: input.notes }]
    : [written(session, file, curvesAsSvg(variable, from, to, curves), input.notes)]
}

/** The entries of vectors, against their indices. */
function vectorCurves(session: SessionView, input: Input): [from: number, to: number, curves: Curve[]] {
  const vectors = input.expressions.map((typed) => {
    takesArrays(session, typed, input)
    const [entry] = session.check(session.query([typed.syntax])).entries
    const results = evaluateEntry(entry, givenValues(session, entry, input, 'plot'))
    if ('message' in results) return session.fail(results)
    const [{ shape, values }] = results
    if (shape.length !== 1) return session.fail(messages.noVector(typed.text, `[${shape.join(', ')}]`))
    return { label: typed.text, values }
  })
  const count = Math.max(...vectors.map(({ values }) => values.length))
  const shorter = vectors.find(({ values }) => values.length < count)
  if (shorter) session.fail(messages.otherLength(shorter.label, shorter.values.length, count))
  const to = Math.max(1, count - 1)
  return [0, to, vectors.map(({ label, values }) => sampled(label, (x) => between(values, x), 0, to))]
}

/** Entries are joined by straight lines. */
function between(values: readonly number[], x: number): number {
  const at = Math.min(Math.floor(x), values.length - 1)
  const next = values[Math.min(at + 1, values.length - 1)]
  return values[at] + (x - at) * (next - values[at])
}
