/** `:load`, `:save`. */
import { parseFile } from '../../../../grammar/parse.js'
import { Diagnostics } from '../../../base/diagnostic.js'
import type { Command, SessionView } from '../command.js'
import { messages } from '../messages.js'
import { textResult, type Result } from '../result.js'
import { exported, namesOfFile } from '../workspace.js'

export const loadCommand: Command = {
  name: 'load',
  summary: 'functions, constants and models of a .nn file, or the lines of a saved session',
  usage: 'FILE',
  examples: [],
  async run(session, path) {
    if (path === '') return session.fail(messages.badOption('', 'name a file: :load model.nn'))
    const { source } = readFile(session, path)
    if (!path.endsWith('.nn')) return replay(session, source)
    const { analyse } = await import('../../../compile.js')
    const { diagnostics } = analyse(source, {
      filename: path,
      read: (specifier) => session.files.read(specifier),
    })
    if (diagnostics.some(({ severity }) => severity === 'error')) session.problem(diagnostics)
    const file = parseFile({ filename: path, text: source }, new Diagnostics())
    const loaded = { path, file, text: exported(file) }
    session.workspace.files.set(path, loaded)
    return [{ kind: 'made', text: `${path}: ${namesOfFile(loaded).join(', ')}`, notes: [] }]
  },
}

async function replay(session: SessionView, source: string): Promise<Result[]> {
  const results: Result[] = []
  for (const line of source.split('\n')) {
    if (line.trim() === '') continue
    results.push(...(await session.run(line)))
    if (results.at(-1)?.kind === 'problem') break
  }
  return results
}

function readFile(session: SessionView, path: string) {
  try {
    return session.files.read(path)
  } catch (thrown) {
    return session.fail(
      messages.unreadableFile(path, thrown instanceof Error ? thrown.message : String(thrown)),
    )
  }
}

export const saveCommand: Command = {
  name: 'save',
  summary:
    'definitions, declarations and assumptions into a file that :load reads; without a file: shows them',
  usage: '[FILE]',
  examples: ['f(x) = x^2', ':save'],
  run(session, path): Result[] {
    const text = session.workspace.lines().join('\n')
    if (path === '') return [textResult(text)]
    try {
      session.files.write(path, `${text}\n`)
    } catch (thrown) {
      return session.fail(
        messages.unwritableFile(path, thrown instanceof Error ? thrown.message : String(thrown)),
      )
    }
    return [{ kind: 'made', text: `saved ${path}`, notes: [] }]
  },
}
