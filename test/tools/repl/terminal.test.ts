/** The real program in a pseudo-terminal, as a user has it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.js'
import { bundled, hasTmux, Pane, type Program } from './program.js'

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g')

let program: Program
beforeAll(async () => {
  program = await bundled()
})
afterAll(() => program.remove())

interface OpenOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

async function session(work: (pane: Pane) => Promise<void>, options: OpenOptions = {}): Promise<void> {
  const env = { NNC_HISTORY: '', NO_COLOR: '1', ...options.env }
  const pane = await Pane.open([process.execPath, program.cli, 'repl'], { ...options, env })
  try {
    await pane.until((screen) => screen === '>')
    await work(pane)
  } finally {
    pane.close()
  }
}

// Where tmux is not installed there is no terminal to look at; the pipe and the editor are tested all the same.
describe.skipIf(!hasTmux)('a session on a terminal', () => {
  test('answers below what was typed, and ends with Ctrl-D', () =>
    session(async (pane) => {
      expect(await pane.enter('d/dx sin(x^2)')).toBe('> d/dx sin(x^2)\n2x * cos(x^2)\n>')
      expect(await pane.enter('sigmod(x)')).toContain("= help: did you mean 'sigmoid'?")
      await pane.press('C-d')
    }))

  test('a mistake is marked under what was typed', () =>
    session(async (pane) => {
      const screen = await pane.enter('2x + sigmod(x)')
      expect(screen).toContain("error[unknown-function]: there is no function 'sigmod'")
      expect(screen).toContain('1 | 2x + sigmod(x)\n  |      ^^^^^^\n')
    }))

  test('several lines: an open bracket goes on, the answer is one', () =>
    session(async (pane) => {
      await pane.type('(x + 1')
      await pane.press('Enter')
      await pane.until((screen) => screen.endsWith('\n.'))
      const screen = await pane.enter('  ) * (x - 1)')
      expect(screen).toBe('> (x + 1\n.   ) * (x - 1)\nx^2 - 1\n>')
    }))

  test('completes names, functions and commands', () =>
    session(async (pane) => {
      await pane.type(':tra')
      await pane.press('Tab')
      await pane.until((screen) => screen === '> :trace')
      await pane.press('C-u')
      await pane.enter('energy = m c^2')
      await pane.type('2ene')
      await pane.press('Tab')
      await pane.until((screen) => screen.endsWith('> 2energy'))
      await pane.press('C-u')
      await pane.type('atan')
      await pane.press('Tab')
      const screen = await pane.until((shown) => shown.includes('atan2('))
      expect(screen).toMatch(/atan\( +atan2\( +atanh\(\n> atan$/)
    }))

  test('history: this session, and the next', async () => {
    const file = join(temporaryFolder(), 'history')
    await session(
      async (pane) => {
        await pane.enter('x + x')
        await pane.enter('y - y')
        await pane.press('Up', 'Up')
        await pane.until((screen) => screen.endsWith('> x + x'))
        await pane.press('Down', 'Down')
        await pane.until((screen) => screen.endsWith('\n>'))
      },
      { env: { NNC_HISTORY: file } },
    )
    expect(readFileSync(file, 'utf8')).toBe('x + x\ny - y\n')
    await session(
      async (pane) => {
        await pane.type('x')
        await pane.press('Up')
        await pane.until((screen) => screen === '> x + x')
      },
      { env: { NNC_HISTORY: file } },
    )
  })

  test('an interrupt ends a long simplification; what was defined is still known', () =>
    session(async (pane) => {
      await pane.enter('f(t) = t^2 + 1')
      // Much more than a test can wait for.
      await pane.type('d^9/dx^9 f(x) sin(exp(tanh(x cos(x)))) / (1+x^2)')
      await pane.press('Enter')
      await sleep(1000)
      expect(await pane.screen()).toMatch(/\(1\+x\^2\)$/)
      await pane.press('C-c')
      await pane.until((screen) => screen.endsWith('interrupted\n>'))
      expect(await pane.enter('f(2)')).toMatch(/> f\(2\)\n5\n>$/)
    }))

  test('highlights, and marks the bracket that belongs to the one at the cursor; NO_COLOR does neither', async () => {
    const typed = 'sin(2(x+1))'
    await session(async (pane) => {
      await pane.type(typed)
      await pane.until((screen) => screen.endsWith(typed))
      expect(await pane.screen({ colors: true })).toBe(`> ${typed}`)
    })
    await session(
      async (pane) => {
        await pane.type(typed)
        await pane.until((screen) => screen.endsWith(typed))
        const colored = await pane.screen({ colors: true })
        const escapes = [...colored.matchAll(COLOUR)].length
        expect(escapes).toBeGreaterThan(4)
        // Bold green around the outer pair: the cursor stands behind the last bracket.
        expect(
          colored.split('\u001b[1m\u001b[32m(').length + colored.split('\u001b[1m\u001b[32m)').length,
        ).toBe(4)
      },
      { env: { NO_COLOR: '', FORCE_COLOR: '1' } },
    )
  })

  test('a narrow terminal: lines wrap, the cursor stays in place, plots and tables fit', () =>
    session(
      async (pane) => {
        await pane.type('1+2+3+4+5+6+7+8+9+10+11+12')
        await pane.press('Left', 'Left', 'Left', 'BSpace')
        await pane.until((screen) => screen === '> 1+2+3+4+5+6+7+8+9+\n10+1+12')
        await pane.press('End')
        const screen = await pane.enter('')
        expect(screen.endsWith('10+1+12\n68\n>')).toBe(true)
        for (const line of (await pane.enter(':plot x^2')).split('\n'))
          expect(line.length).toBeLessThanOrEqual(20)
      },
      { columns: 20 },
    ))
})
