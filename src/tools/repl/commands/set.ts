import { numberText } from '../number-text.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { isAllowed, isSetting, SETTINGS } from '../settings.js'

export const setCommand: Command = {
  name: 'set',
  summary: 'the settings, or a new value for one',
  usage: '[NAME VALUE]',
  examples: [':set', ':set digits 6', '1/3 at x=1'],
  run(session, text): Result[] {
    const { settings } = session
    const names = Object.keys(SETTINGS).filter(isSetting)
    if (text === '') {
      const rows = names.map((name) => [name, String(settings[name]), SETTINGS[name].doc])
      return [{ kind: 'table', title: '', head: ['setting', 'value', ''], rows, notes: [] }]
    }
    const [name, value] = text.split(/[\s=]+/)
    if (!isSetting(name))
      return session.fail(messages.badOption(name, `the settings are ${names.join(', ')}`))
    const number = numberText(value)
    if (number === undefined || !isAllowed(name, number)) return session.fail(messages.badOption(value ?? '', SETTINGS[name].values)) // prettier-ignore
    settings[name] = number
    return [{ kind: 'made', text: `${name} = ${number}`, notes: [] }]
  },
}
