import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'

export const forgetCommand: Command = {
  name: 'forget',
  summary: 'what is defined, declared and assumed about names; without a name: everything',
  usage: '[NAME …]',
  examples: ['x = 2', ':forget x', 'x + 1'],
  run(session, text): Result[] {
    const { workspace } = session
    const every = [...workspace.valueNames(), ...workspace.functions.keys()]
    const names = text === '' ? every : text.split(/[\s,]+/)
    for (const name of names)
      if (!workspace.forget(name.normalize('NFKC'))) session.fail(messages.nothingKnown(name))
    if (text === '') workspace.files.clear()
    return [{ kind: 'made', text: `forgot ${names.length === 0 ? 'nothing' : names.join(', ')}`, notes: [] }]
  },
}
