import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { member, run } from '../codegen/load.js'
import { nnc } from '../tools/run-cli.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { write } from './app.js'

const MODEL = `import { Dense } from "nnc/layers"

/// Recognises digits.
model Mlp(x: [n, 4], label: int[n]) {
  /// The first layer.
  param l1: Dense[8]
  param scale: [4] = 1
  out probs = softmax(l1(x * scale))
  loss mean[s] -log(probs[s, label[s]])
}

/// A bump around 0.
export fn bump(x, width = 1) = exp(-(x / width)^2)
`

const USE = `import { Mlp, forwardMlp, bump } from './mlp.nn'
const params = Mlp.init()
const { probs } = forwardMlp(params, { x: [[1, 2, 3, 4]] })
const slope: number = bump.grad(1)[0]
const scale: Float32Array = params.scale
export const used = [probs, slope, scale, params.l1.W.length]
`

/** TypeScript as an editor uses it, over the files of a folder. */
function service(folder: string, file: string): ts.LanguageService {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    allowArbitraryExtensions: true,
    types: [],
  }
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [join(folder, file)],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) =>
      existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, 'utf8')) : undefined,
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (found) => ts.getDefaultLibFilePath(found),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  })
}

const errorsOf = (found: ts.LanguageService, file: string): string[] =>
  [...found.getSyntacticDiagnostics(file), ...found.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  )

test('an editor sees types, shapes and documentation, and goes to the .nn file', async () => {
  const cwd = temporaryFolder()
  write(cwd, { 'mlp.nn': MODEL, 'use.ts': USE })
  expect(await nnc(['types', 'mlp.nn'], { cwd })).toEqual({
    code: 0,
    stdout: '',
    stderr: 'wrote mlp.d.nn.ts, mlp.d.nn.ts.map\n',
  })
  const file = join(cwd, 'use.ts')
  const found = service(cwd, 'use.ts')
  expect(errorsOf(found, file)).toEqual([])

  const hover = (name: string) => {
    const info = found.getQuickInfoAtPosition(file, USE.indexOf(name))
    return ts.displayPartsToString(info?.documentation)
  }
  expect(hover('Mlp.init')).toBe('Recognises digits.')
  expect(hover('bump.grad')).toBe('A bump around 0.')
  expect(hover('scale\nexport')).toBe('[4]')
  expect(hover('probs }')).toBe('[n, 8]')

  // What TypeScript's server does with a place in typings that have a map.
  const mapper: unknown = Reflect.apply(Reflect.get(found, 'getSourceMapper'), found, [])
  const definition = (name: string) => {
    const [place] = found.getDefinitionAtPosition(file, USE.indexOf(name)) ?? []
    const { fileName } = place
    const source = run(mapper, 'tryGetSourcePosition', { fileName, pos: place.textSpan.start })
    const line = readFileSync(String(member(source, 'fileName')), 'utf8')
      .slice(Number(member(source, 'pos')))
      .split('\n')[0]
    return `${String(member(source, 'fileName')).slice(cwd.length + 1)}: ${line}`
  }
  expect(definition('Mlp.init')).toMatch(/^mlp\.nn: .*Mlp\(x: \[n, 4\]/)
  expect(definition('bump.grad')).toMatch(/^mlp\.nn: .*bump\(x, width = 1\)/)
  expect(definition('scale\nexport')).toMatch(/^mlp\.nn: scale: \[4\] = 1/)
  expect(definition('probs }')).toMatch(/^mlp\.nn: probs = softmax/)
})

test('wrong names and types are found where a model is used', async () => {
  const cwd = temporaryFolder()
  const use = "import { Mlp } from './mlp.nn'\nMlp.initialise()\nexport const w: string = Mlp.init().l1.W\n"
  write(cwd, { 'mlp.nn': MODEL, 'use.ts': use })
  await nnc(['types', 'mlp.nn'], { cwd })
  expect(errorsOf(service(cwd, 'use.ts'), join(cwd, 'use.ts'))).toEqual([
    expect.stringContaining("Property 'initialise' does not exist"),
    expect.stringContaining("is not assignable to type 'string'"),
  ])
})

test('--check says what is missing or out of date, and writes nothing', async () => {
  const cwd = temporaryFolder()
  write(cwd, { 'mlp.nn': MODEL })
  const missing = await nnc(['types', '--check', 'mlp.nn'], { cwd })
  expect(missing.code).toBe(1)
  expect(missing.stderr).toBe(
    'nnc: mlp.d.nn.ts, mlp.d.nn.ts.map: missing or out of date; write: nnc types mlp.nn\n',
  )
  expect(existsSync(join(cwd, 'mlp.d.nn.ts'))).toBe(false)
  await nnc(['types', 'mlp.nn'], { cwd })
  expect((await nnc(['types', '--check', 'mlp.nn'], { cwd })).code).toBe(0)
  write(cwd, { 'mlp.nn': MODEL.replace('Dense[8]', 'Dense[9]') })
  expect((await nnc(['types', '--check', 'mlp.nn'], { cwd })).code).toBe(1)
  expect((await nnc(['types', 'mlp.txt'], { cwd })).code).toBe(2)
})

test('without typings, and with queries, client.d.ts lets everything through', () => {
  const cwd = temporaryFolder()
  const client = fileURLToPath(new URL('../../src/tools/plugin/client.d.ts', import.meta.url))
  const use = `/// <reference path="${client}" />
import { Mlp } from './mlp.nn'
import { Mlp as Small } from './mlp.nn?hidden=8&nn'
export const all = [Mlp.init(), Small.init()]
`
  write(cwd, { 'use.ts': use })
  expect(errorsOf(service(cwd, 'use.ts'), join(cwd, 'use.ts'))).toEqual([])
})
