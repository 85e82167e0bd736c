/** Modules for the WebAssembly target in pages and workers, under policies that allow WebAssembly and that do not. */
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileModule, type CompileOptions } from '../../src/compile.js'
import { write } from '../plugin/app.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { Chromium, type Visit } from './chromium.js'
import { POLICY, serve, WASM_POLICY } from './server.js'

const SOURCE = `model Line(x: [n, 2]) {
  param w: [2] = 1
  out y[s] = sum[i] w[i] * x[s, i]
  loss sum[s] y[s]^2
}
`

/** Loss and gradient, bound and not. */
const USE = `const params = Line.init()
const data = { x: [[3, 4], [1, 2]] }
const plain = Line.backward(params, data)
const bound = Line.bind({ n: 2 }).backward(params, data)
const result = [plain.loss, ...plain.grads.w, bound.loss, ...bound.grads.w]
`
const RESULT = [58, 48, 68, 58, 48, 68]

let chromium: Chromium
beforeAll(() => {
  chromium = Chromium.start()
})
afterAll(() => chromium?.close())

async function visit(script: string, options: CompileOptions, policy: string): Promise<Visit> {
  const folder = temporaryFolder()
  const { code, wasm } = compileModule(SOURCE, options)
  write(folder, {
    'page.html': '<!doctype html><title>nnc</title><script type="module" src="page.js"></script>\n',
    'page.js': script,
    'worker.js': `import { Line } from './line.js'\n${USE}postMessage(result)\n`,
    'line.js': code,
  })
  if (wasm) writeFileSync(join(folder, 'line.wasm'), wasm)
  const site = await serve(folder, policy)
  try {
    return await chromium.visit(`${site.url}/page.html`)
  } finally {
    await site.close()
  }
}

const IN_PAGE = `import { Line } from './line.js'\n${USE}globalThis.result = result\n`
const WHEN_READY = `import { Line } from './line.js'
globalThis.result = Line.ready.then(() => {
${USE}return result
})
`
const IN_WORKER = `globalThis.result = new Promise((resolve, reject) => {
  const worker = new Worker('worker.js', { type: 'module' })
  worker.onmessage = ({ data }) => resolve(data)
  worker.onerror = ({ message }) => reject(message)
})
`

test.each<[string, string, CompileOptions]>([
  ['at the first call in a page', IN_PAGE, { target: 'wasm' }],
  ['when it is waited for', WHEN_READY, { target: 'wasm' }],
  ['in a worker', IN_WORKER, { target: 'wasm' }],
  ['from a file beside the module', WHEN_READY, { target: 'wasm', wasmFile: 'line.wasm' }],
])('WebAssembly is compiled %s', async (_, script, options) => {
  expect(await visit(script, options, WASM_POLICY)).toEqual({ result: RESULT, complaints: [] })
})

test('a policy without WebAssembly is an error that names it; with auto JavaScript computes', async () => {
  expect(POLICY).not.toContain('wasm')
  const tried = `import { Line } from './line.js'
try { ${USE} } catch (error) { globalThis.result = String(error) }
`
  const { result } = await visit(tried, { target: 'wasm' }, POLICY)
  expect(result).toMatch(/CompileError: .*Content Security Policy/)
  expect((await visit(IN_PAGE, { target: 'auto' }, POLICY)).result).toEqual(RESULT)
})
