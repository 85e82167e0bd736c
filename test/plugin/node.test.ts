import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import * as esbuild from 'esbuild'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { APP, write } from './app.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()
const register = join(folder, 'register.js')

/** Node's hooks run in a thread of their own, which knows JavaScript only. */
beforeAll(async () => {
  await esbuild.build({
    entryPoints: ['register', 'loader'].map((name) => join(root, `src/tools/plugin/${name}.ts`)),
    alias: { chevrotain: join(root, 'node_modules/chevrotain/lib/chevrotain.mjs') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: folder,
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  })
})

async function node(
  args: readonly string[],
  cwd = folder,
): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    const done = await promisify(execFile)(process.execPath, ['--import', register, ...args], { cwd })
    return { ...done, code: 0 }
  } catch (error) {
    const { stdout, stderr, code }: { stdout: string; stderr: string; code: number } = Object.assign(
      { stdout: '', stderr: '', code: -1 },
      error,
    )
    return { stdout, stderr, code }
  }
}

const USE = "import { descent, narrow } from './main.js'\nconsole.log(descent > 1e-4, narrow.length)\n"

test('node imports .nn files, with queries', async () => {
  write(folder, { ...APP, 'package.json': '{ "type": "module" }', 'use.js': USE })
  expect(await node(['use.js'])).toEqual({ stdout: 'true 6\n', stderr: '', code: 0 })
})

test('an exception in a loop points at the equation', async () => {
  write(folder, {
    ...APP,
    'package.json': '{ "type": "module" }',
    'fails.js': `import { initMlp, forwardMlp } from './mlp.nn'
const params = initMlp()
Math.atan = () => { throw new Error('here') }
forwardMlp(params, { x: [[1, 2]] })
`,
  })
  const { stderr, code } = await node(['--enable-source-maps', 'fails.js'])
  expect(code).toBe(1)
  const line = APP['mlp.nn'].split('\n').findIndex((text) => text.includes('atan(probs')) + 1
  expect(stderr).toMatch(new RegExp(`at forwardMlpKernel .*mlp\\.nn:${line}:`))
})

test.each([
  ['ES modules', '{ "type": "module" }'],
  ['CommonJS', '{}'],
])('tsx imports .nn files, as %s', async (_, manifest) => {
  const cwd = temporaryFolder()
  const use =
    "import { Mlp, bump } from './mlp.nn'\nconst n: number = Mlp.init().l1.W.length\nconsole.log(n, bump(0))\n"
  write(cwd, { ...APP, 'package.json': manifest, 'use.ts': use })
  const tsx = join(root, 'node_modules/tsx/dist/loader.mjs')
  expect(await node(['--import', tsx, 'use.ts'], cwd)).toEqual({ stdout: '16 1\n', stderr: '', code: 0 })
})

test('mistakes are frames, without a stack', async () => {
  write(folder, { 'bad.nn': 'export fn f(x) = yy\n', 'bad.js': "import './bad.nn'\n" })
  const { stderr, code } = await node(['bad.js'])
  expect(code).toBe(1)
  expect(stderr).toContain("bad.nn:1:18 error[unknown-name]: 'yy' is not defined\n1 | export fn f(x) = yy\n")
  expect(stderr).not.toMatch(/^\s+at /m)
})
