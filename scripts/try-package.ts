/** Packs the built package, installs it in an empty project outside, and uses it there: command, library, typings, bundlers. */
import { execFileSync, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'nnc-package-'))

const CACHE = join(project, 'cache')

const MODEL = 'export fn bump(x) = exp(-x^2)\n'
const OWN_RULE = 'export fn cube(x) = x^3\nderivative of cube(x) = 3x^2\n'
const LIBRARY_USE = `
import { compileModule, diff } from 'nnc'
const { code, diagnostics } = compileModule(${JSON.stringify(MODEL)}, { filename: 'bump.nn' })
if (code === '' || diagnostics.length > 0) throw new Error('the library does not compile the model')
if (diff('x^2', 'x').toString() !== '2x') throw new Error('d(x^2, x) is ' + diff('x^2', 'x').toString())
`
const MODULE_USE = `
import { bump } from './bump.js'
const [slope] = bump.grad(0.5)
const expected = -Math.exp(-0.25)
if (!(Math.abs(slope - expected) < 1e-15)) throw new Error('gradient ' + slope + ', expected ' + expected)
`

/** Bundles `app.js` with each bundler. Options that only some know differ between webpack and Rspack. */
const BUNDLING = `
import * as esbuild from 'esbuild'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { rspack } from '@rspack/core'
import { build } from 'vite'
import webpack from 'webpack'
import onEsbuild from 'nnc/esbuild'
import onRolldown from 'nnc/rolldown'
import onRollup from 'nnc/rollup'
import onRspack from 'nnc/rspack'
import onVite from 'nnc/vite'
import onWebpack from 'nnc/webpack'

const input = './app.js'
await (await rollup({ input, plugins: [onRollup()] })).write({ file: 'out/rollup.mjs' })
await (await rolldown({ input, plugins: [onRolldown()] })).write({ file: 'out/rolldown.mjs' })
await esbuild.build({ entryPoints: [input], bundle: true, format: 'esm', outfile: 'out/esbuild.mjs', plugins: [onEsbuild()] })
const lib = { entry: input, formats: ['es'], fileName: () => 'vite.mjs' }
await build({ configFile: false, logLevel: 'warn', plugins: [onVite()], build: { outDir: 'out', emptyOutDir: false, lib } })
const pack = (bundler, name, plugin) =>
  new Promise((resolve, reject) => {
    const output = { path: process.cwd() + '/out', filename: name + '.cjs' }
    bundler({ mode: 'production', target: 'node', entry: input, output, plugins: [plugin] }, (error, stats) =>
      error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(),
    )
  })
await pack(webpack, 'webpack', onWebpack())
await pack(rspack, 'rspack', onRspack())
`
const HOSTS = ['vite', 'rollup', 'rolldown', 'esbuild', 'webpack', '@rspack/core', 'prettier']
const BUNDLES = ['vite.mjs', 'rollup.mjs', 'rolldown.mjs', 'esbuild.mjs', 'webpack.cjs', 'rspack.cjs']
const APP = MODULE_USE.replace('./bump.js', './bump.nn')

try {
  const [tarball] = run('npm', ['pack', '--json', '--pack-destination', project], root, true).match(
    /[\w.-]+\.tgz/,
  ) ?? ['']
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(project, 'bump.nn'), MODEL)
  writeFileSync(join(project, 'library.ts'), LIBRARY_USE)
  writeFileSync(join(project, 'library.mjs'), LIBRARY_USE)
  writeFileSync(join(project, 'module.ts'), MODULE_USE)
  writeFileSync(join(project, 'module.mjs'), MODULE_USE)
  writeFileSync(join(project, 'app.ts'), APP)
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'nodenext',
        target: 'es2023',
        types: [],
        allowArbitraryExtensions: true,
      },
      files: ['library.ts', 'module.ts', 'app.ts'],
    }),
  )
  run('npm', ['install', '--prefer-offline', '--no-package-lock', `./${tarball}`], project)
  run('npx', ['--no-install', 'nnc', 'build', 'bump.nn'], project)
  run('npx', ['--no-install', 'nnc', 'check', 'bump.nn'], project)
  buildAgain()
  run('npx', ['--no-install', 'nnc', 'types', 'bump.nn'], project)
  run(process.execPath, ['library.mjs'], project)
  run(process.execPath, ['module.mjs'], project)
  run(process.execPath, [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', '.'], project)
  for (const name of HOSTS) {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
  writeFileSync(join(project, 'app.js'), APP)
  writeFileSync(join(project, 'bundling.mjs'), BUNDLING)
  run(process.execPath, ['bundling.mjs'], project)
  run(process.execPath, ['--import', 'nnc/register', 'app.js'], project)
  for (const bundle of BUNDLES) run(process.execPath, [join('out', bundle)], project)
  run('npx', ['--no-install', 'nnc', 'fmt', '--check', 'bump.nn'], project)
  run(
    process.execPath,
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--plugin', 'nnc/prettier', 'bump.nn'],
    project,
  )
  await useServer()
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(project, 'node_modules/nnc/package.json'), 'utf8'),
  )
  console.log(
    `the packed package works; runtime dependencies: ${Object.keys(dependencies).join(', ') || 'none'}`,
  )
} finally {
  rmSync(project, { recursive: true, force: true })
}

/** From the second run on the command starts with what V8 compiled in the first. */
function buildAgain(): void {
  const build = (): string => run('npx', ['--no-install', 'nnc', 'build', 'own-rule.nn', '-o', '-'], project, true) // prettier-ignore
  writeFileSync(join(project, 'own-rule.nn'), OWN_RULE)
  const first = build()
  const files = readdirSync(join(CACHE, 'nnc'))
  if (files.length !== 1) throw new Error(`${files.length} files of compiled code`)
  if (build() !== first || !first.includes('cube')) throw new Error('a second build is another')
}

/** The language server shows where a function of the library is defined: in a file of the package. */
async function useServer(): Promise<void> {
  const server = spawn(process.execPath, ['node_modules/nnc/dist/cli.js', 'lsp'], {
    cwd: project,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const uri = 'file:///model.nn'
  const textDocument = { uri, languageId: 'nn', version: 1, text: 'export fn f(x) = gelu(x)\n' }
  const messages = [
    { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
    { method: 'textDocument/didOpen', params: { textDocument } },
    {
      id: 2,
      method: 'textDocument/definition',
      params: { textDocument, position: { line: 0, character: 18 } },
    },
    { id: 3, method: 'shutdown' },
    { method: 'exit' },
  ]
  for (const message of messages) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  let output = ''
  server.stdout.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise((resolve) => server.on('exit', resolve))
  if (code !== 0 || !output.includes('node_modules/nnc/dist/std/activations.nn'))
    throw new Error(`the language server ended with ${code}: ${output}`)
}

function run(command: string, args: string[], cwd: string, captured = false): string {
  const output = execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '', NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: CACHE },
    stdio: ['ignore', captured ? 'pipe' : 'inherit', 'inherit'],
  })
  return output ?? ''
}
