import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/tools/repl/commands.js'
import { Asking } from './asking.js'

describe('every command of the table', () => {
  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    ':%s has examples that work',
    async (_, command) => {
      const asking = new Asking()
      for (const example of command.examples) {
        const results = await asking.results(example)
        expect(results.length, example).toBeGreaterThan(0)
        for (const result of results)
          expect(result, await asking.text(example)).not.toMatchObject({ kind: 'problem' })
      }
    },
  )

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    ':help %s shows it',
    async (name, command) => {
      const help = await new Asking().text(`:help ${name}`)
      expect(help).toContain(command.summary)
      for (const example of command.examples) expect(help).toContain(example)
    },
  )

  test(':help lists all of them', async () => {
    const help = await new Asking().printed(':help', 200)
    for (const { name, summary } of COMMANDS)
      expect(help).toMatch(new RegExp(`:${name}\\b.*${summary.slice(0, 20)}`))
  })

  test('a command may be shortened while it is clear which', async () => {
    const asking = new Asking()
    expect(await asking.text(':late x^2')).toBe('x^{2}')
    expect(await asking.text(':tyep x')).toMatch(/did you mean ':type'/)
  })
})
