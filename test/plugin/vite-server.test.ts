import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer, createServerModuleRunner, type HotPayload, type ViteDevServer } from 'vite'
import { afterAll, describe, expect, test } from 'vitest'
import nnc from '../../src/tools/plugin/vite.js'
import { member, run } from '../codegen/load.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { write } from './app.js'

const servers: ViteDevServer[] = []
afterAll(() => Promise.all(servers.map((server) => server.close())))

async function serve(folder: string): Promise<ViteDevServer> {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
    plugins: [nnc()],
  })
  servers.push(server)
  return server
}

/** Vite drops changes that are close together. */
const change = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  await pause(250)
  write(folder, files)
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}

const model = (equation: string, shape = '[2]') => `model Line(x: [n, 2]) {
  param w: ${shape} = 1
  out y[s] = ${equation}
  loss sum[s] y[s]^2
}
`

describe('hot replacement', () => {
  const main = `import { Line, forwardLine } from './line.nn'
globalThis.starts = (globalThis.starts ?? 0) + 1
export const params = Line.init()
export const bound = Line.bind({ n: 1 })
export const forward = (data) => [Line.forward(params, data).y[0], forwardLine(params, data).y[0], bound.forward(params, data).y[0]]
import.meta.hot.accept()
`

  test('keeps what was trained while shapes stay, and starts again where they have changed', async () => {
    const folder = temporaryFolder()
    write(folder, {
      'main.js': main,
      'line.nn': model('sum[i] w[i] * x[s, i]'),
    })
    const server = await serve(folder)
    const runner = createServerModuleRunner(server.environments.ssr)
    const app: unknown = await runner.import('/main.js')
    const starts = () => member(globalThis, 'starts')
    const results = () => run(app, 'forward', { x: [[3, 4]] })
    Object.assign(Object(member(app, 'params.w')), { 0: 10, 1: 100 })
    expect(results()).toEqual([430, 430, 430])

    await change(folder, { 'line.nn': model('2 * sum[i] w[i] * x[s, i]') })
    await until(() => JSON.stringify(results()) === '[860,860,860]')

    // Once more: whoever imported the first module still has the newest functions.
    await change(folder, { 'line.nn': model('3 * sum[i] w[i] * x[s, i]') })
    await until(() => JSON.stringify(results()) === '[1290,1290,1290]')

    // A mistake leaves everything as it was.
    await change(folder, { 'line.nn': model('4 * sum[i] w[i] * xx[s, i]') })
    await pause(300)
    expect(results()).toEqual([1290, 1290, 1290])
    await change(folder, { 'line.nn': model('5 * sum[i] w[i] * x[s, i]') })
    await until(() => JSON.stringify(results()) === '[2150,2150,2150]')
    expect(starts()).toBe(1)

    await change(folder, { 'line.nn': model('sum[i] w[i, 0] * x[s, i]', '[2, 3]') })
    await until(() => starts() === 2)
    const again: unknown = await runner.import('/main.js')
    expect(member(again, 'params.w.length')).toBe(6)
    expect(run(again, 'forward', { x: [[3, 4]] })).toEqual([7, 7, 7])
    await runner.close()
  })
})

test('the overlay shows place and frame; a fixed file, also an imported one, recovers', async () => {
  const folder = temporaryFolder()
  write(folder, {
    'main.js': "import { f } from './a.nn'\nconsole.log(f)\n",
    'a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = g(x)\n',
    'b.nn': '// a bump\nexport fn g(x) = 2 * y\n',
  })
  const server = await serve(folder)
  const sent: HotPayload[] = []
  const { hot } = server.environments.client
  const send = hot.send.bind(hot)
  hot.send = (payload: HotPayload | string) => {
    if (typeof payload === 'string') return
    sent.push(payload)
    send(payload)
  }
  const told = () => sent.some(({ type }) => type === 'update' || type === 'full-reload')
  await server.listen()
  const get = async (path: string) => {
    const response = await fetch(`${server.resolvedUrls?.local[0]}${path}`)
    return { status: response.status, text: await response.text() }
  }
  await get('main.js')

  expect((await get('a.nn?import')).status).toBe(500)
  const [shown] = sent.flatMap((payload) => (payload.type === 'error' ? [payload.err] : []))
  expect(shown).toMatchObject({
    plugin: 'nnc',
    message: "error[unknown-name]: 'y' is not defined",
    frame: expect.stringMatching(/^2 \| export fn g\(x\) = 2 \* y\n {2}\| {22}\^\n/),
    loc: { file: join(folder, 'b.nn'), line: 2, column: 22 },
  })
  expect(shown.stack).not.toMatch(/src\/(?:tools|check|compile)/)

  // The page hears that a file is fixed, and of changes of imported files; it need not be reloaded by hand.
  for (const factor of [2, 3]) {
    sent.length = 0
    await change(folder, { 'b.nn': `export fn g(x) = ${factor} * x\n` })
    await until(told)
    const { status, text } = await get('a.nn?import')
    expect(status).toBe(200)
    expect(text).toContain(`${factor} * x`)
    await get('main.js')
  }

  expect((await get('a.nn?raw&import')).text).toContain('import { g } from')
})
