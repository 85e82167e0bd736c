import type { Command } from '../command.js'
import { fileOfLoadedModel } from '../loaded-model.js'
import { messages } from '../messages.js'
import { textResult } from '../result.js'
import { compilation } from '../settings.js'

export const jsCommand: Command = {
  name: 'js',
  summary: 'the JavaScript of value and gradient that the compiler writes',
  usage: 'EXPR',
  examples: [':js x exp(-x)', ':js sum[i] x[i]^2'],
  async run(session, text) {
    const { expressions, notes } = session.read(jsCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('js', 'x^2 * y'))
    // Scheduling and printing of code: nothing else in a session needs them.
    const { compileModule, emit } = await import('../../../compile.js')
    return expressions.map(({ text: typed, syntax }) => {
      const loaded = fileOfLoadedModel(session.workspace, typed)
      if (loaded) {
        const options = { ...compilation(session.settings), filename: loaded.path, read: (path: string) => session.files.read(path) } // prettier-ignore
        return textResult(compileModule(loaded.text, options).code.trimEnd(), 'js', notes)
      }
      const name = syntax.kind === 'name' ? syntax.name : 'f'
      const program = session.check(session.query([syntax], { name }))
      return textResult(
        emit(program, {
          ...compilation(session.settings),
          filename: 'input.nn',
          exportAll: true,
        }).code.trimEnd(),
        'js',
        notes,
      )
    })
  },
}
