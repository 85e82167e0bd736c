import { setTimeout as pause } from 'node:timers/promises'
import { createServer } from 'vite'
import { expect, test } from 'vitest'
import nnc from '../../src/tools/plugin/vite.js'
import { write } from '../plugin/app.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { Chromium } from './chromium.js'

const model = (equation: string, shape = '[2]'): string => `model Line(x: [n, 2]) {
  param w: ${shape} = 1
  out y[s] = ${equation}
  loss sum[s] y[s]^2
}
`

/** The page never accepts an update itself: what it shows has been replaced behind its back. */
const MAIN = `import { Line, forwardLine } from './line.nn'
const params = Line.init()
globalThis.born = performance.timeOrigin
globalThis.params = params
globalThis.forward = () => forwardLine(params, { x: [[3, 4]] }).y[0]
`

test('in a page served by Vite a changed model keeps what was trained; a mistake is shown over it', async () => {
  const folder = temporaryFolder()
  write(folder, {
    'index.html': '<!doctype html><title>nnc</title><script type="module" src="/main.js"></script>\n',
    'main.js': MAIN,
    'line.nn': model('sum[i] w[i] * x[s, i]'),
  })
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
    plugins: [nnc()],
  })
  const chromium = Chromium.start()
  try {
    await server.listen()
    const page = await chromium.open(server.resolvedUrls?.local[0] ?? '')
    // A page that is just beginning anew cannot be asked.
    const asked = (expression: string): Promise<unknown> =>
      page.evaluate(expression).catch((reason: unknown) => {
        if (/context|navigat/i.test(String(reason))) return undefined
        throw reason
      })
    const until = async (expression: string, wanted: unknown): Promise<void> => {
      while ((await asked(expression)) !== wanted) await pause(50)
    }
    await until('globalThis.forward?.()', 7)
    const born = await page.evaluate('born')
    await page.evaluate('params.w.set([10, 100])')
    // Vite drops changes that are close together.
    const change = async (text: string): Promise<void> => {
      await pause(250)
      write(folder, { 'line.nn': text })
    }
    await change(model('2 * sum[i] w[i] * x[s, i]'))
    await until('forward()', 860)
    await change(model('3 * sum[i] w[i] * xx[s, i]'))
    const overlay = "document.querySelector('vite-error-overlay')?.shadowRoot.textContent ?? ''"
    await until(`/'xx' is not defined/.test(${overlay}) && /line.nn:3:32/.test(${overlay})`, true)
    expect(await page.evaluate('forward()')).toBe(860)
    await change(model('3 * sum[i] w[i] * x[s, i]'))
    await until('forward()', 1290)
    await until("document.querySelector('vite-error-overlay') === null", true)
    expect(await page.evaluate('born')).toBe(born)
    // Other shapes: the page begins anew.
    await change(model('sum[i] w[i, 0] * x[s, i]', '[2, 3]'))
    await until('globalThis.params?.w.length', 6)
    await until('globalThis.forward?.()', 7)
    await until(`globalThis.born === ${String(born)}`, false)
    await page.close()
  } finally {
    await chromium.close()
    await server.close()
  }
})
