import type { emit } from '../../../compile.js'
import type { Compiler } from '../../../verify/check-source.js'
import type { Expression } from '../../../../grammar/ast.js'
import { withFacts } from '../assumed-program.js'
import type { Command, SessionView } from '../command.js'
import { fileOfLoadedModel } from '../loaded-model.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'

export const checkCommand: Command = {
  name: 'check',
  summary: 'the gradient against a tape, dual numbers and finite differences at random points',
  usage: 'EXPR',
  examples: [':check x^2 sin(x y)', ':check sum[i] x[i]^3'],
  async run(session, text) {
    const { expressions, notes } = session.read(checkCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('check', 'x^2 sin(y)'))
    const [{ emit }, { checkGradients }, { checkSource }] = await Promise.all([
      import('../../../compile.js'),
      import('../../../verify/check.js'),
      import('../../../verify/check-source.js'),
    ])
    const results: Result[] = []
    const { seed, points } = session.settings
    for (const { text: typed, syntax } of expressions) {
      const loaded = fileOfLoadedModel(session.workspace, typed)
      const report = loaded
        ? await checkGradients(loaded.text, {
            filename: loaded.path,
            seed,
            points,
            read: (path) => session.files.read(path),
          })
        : await checkSource(compilerOf(session, syntax, emit), { seed, points })
      const mistakes = report.diagnostics.filter(({ severity }) => severity === 'error')
      if (mistakes.length > 0) session.problem(mistakes)
      const rows = report.rows.map(({ wrt, against, error, limit, verdict }) => [
        wrt,
        against,
        scientific(error),
        scientific(limit),
        verdict,
      ])
      results.push({
        kind: 'table',
        title: typed,
        head: ['by', 'against', 'worst error', 'limit', 'verdict'],
        rows,
        notes: [
          ...notes,
          ...report.diagnostics.map(({ message }) => message),
          report.ok ? 'all agree' : 'not confirmed',
        ],
      })
    }
    return results
  },
}

/** The interpreter gets a program of its own, which no pass has seen. */
function compilerOf(session: SessionView, syntax: Expression, emitted: typeof emit): Compiler {
  const query = session.query([syntax], { name: 'f' })
  // What is assumed guides the points, and what the compiler makes of it is checked at them.
  const program = () => withFacts(session.check(query), session.workspace.assumptions)
  return {
    analyse: () => ({ program: program(), diagnostics: [] }),
    emit: (dtype) => ({ code: emitted(program(), { dtype, exportAll: true }).code, diagnostics: [] }),
  }
}

const scientific = (x: number): string =>
  x === 0 ? '0' : Number.isFinite(x) ? x.toExponential(1) : String(x)
