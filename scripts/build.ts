/**
 * Builds the package: `dist/index.js` (the library, for any JavaScript host), `dist/cli.js` (the `nnc` command, for
 * Node), `dist/vite.js` and its like (the plugin, for each bundler), `dist/types/` (typings). Everything is bundled: the
 * package installs alone, and chevrotain, imported from its own package, would take 450 ms to load. What a command may not
 * need is loaded when it runs.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, type PluginBuild, build } from 'esbuild'
import { joinModules } from '../src/tools/cli/joined-modules.js'
import { licencesOf } from './licences.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })

const shared = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2023',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions

/** What the command and the plugin take from the built library instead of carrying a copy of their own. */
const LIBRARY: Readonly<Record<string, string>> = {
  'src/compile.ts': './compile.js',
  'src/parse.ts': './parse.js',
  'grammar/format.ts': './format.js',
  'src/std/library.ts': './library.js',
  'src/verify/check.ts': './check.js',
  'src/tools/repl/engine.ts': './session.js',
  'src/tools/lsp/engine.ts': './language.js',
}

/** These commands load the library as one script, with what V8 compiled it to; `check` must import what it compiles, which such a script cannot. */
const WITH_SCRIPT: readonly string[] = ['build', 'dump', 'equations']
/** Of what they load. */
const SCRIPT_ENTRIES: readonly string[] = ['compile.js', 'check.js']

const library = await build({
  ...shared,
  entryPoints: {
    index: 'src/index.ts',
    compile: 'src/compile.ts',
    check: 'src/verify/check.ts',
    parse: 'src/parse.ts',
    format: 'grammar/format.ts',
    library: 'src/std/library.ts',
    session: 'src/tools/repl/engine.ts',
    language: 'src/tools/lsp/engine.ts',
  },
  chunkNames: 'chunks/library-[hash]',
  platform: 'neutral',
  // Only the session and the language server read files.
  external: ['node:*'],
  mainFields: ['module', 'main'],
  alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.mjs' },
})

const plugins = Object.fromEntries(
  ['vite', 'rollup', 'rolldown', 'esbuild', 'webpack', 'rspack', 'register', 'loader'].map((name) => [
    name,
    `src/tools/plugin/${name}.ts`,
  ]),
)

const command = await build({
  ...shared,
  entryPoints: {
    cli: 'src/tools/cli/main.ts',
    prettier: 'src/tools/prettier/plugin.ts',
    'repl-worker': 'src/tools/repl/session-worker.ts',
    ...plugins,
    // unplugin names them to webpack and Rspack by where they lie beside it.
    'webpack/loaders/load': 'node_modules/unplugin/dist/webpack/loaders/load.mjs',
    'rspack/loaders/load': 'node_modules/unplugin/dist/rspack/loaders/load.mjs',
  },
  // Beside the library, whose files are imported by their names.
  chunkNames: 'tools-[hash]',
  platform: 'node',
  external: ['prettier'],
  // commander is a CommonJS package, whose calls of `require` need one.
  banner: {
    js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
  },
  plugins: [
    { name: 'library script', setup: useScript },
    { name: 'library', setup: useLibrary },
    { name: 'unplugin', setup: bundleUnplugin },
  ],
})

// Fails here if it is not as the command expects it.
joinModules(dist, SCRIPT_ENTRIES)
chmodSync(join(dist, 'cli.js'), 0o755)
copyFileSync(join(root, 'src/tools/plugin/client.d.ts'), join(dist, 'client.d.ts'))
// For readers: definitions of the library are shown in these files.
cpSync(join(root, 'src/std'), join(dist, 'std'), { recursive: true, filter: (path) => !path.endsWith('.ts') })
const inputs = [library, command].flatMap(({ metafile }) => Object.keys(metafile.inputs))
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(root, inputs))

execFileSync(
  process.execPath,
  [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
)

for (const { metafile } of [library, command])
  for (const [file, { bytes }] of Object.entries(metafile.outputs))
    console.log(`${file.padEnd(40)} ${(bytes / 1024).toFixed(1).padStart(8)} kB`)

function useLibrary({ onResolve }: PluginBuild): void {
  onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir }) => {
    const built = LIBRARY[relative(root, resolve(resolveDir, path)).replace(/\.js$/, '.ts')]
    return built ? { path: built, external: true } : undefined
  })
}

/** What a command loads when it runs comes out of the script. */
function useScript({ onLoad, onResolve }: PluginBuild): void {
  const namespace = 'library script'
  const resolveDir = join(root, 'src/tools/cli')
  const importers = WITH_SCRIPT.map((command) => join(resolveDir, `${command}.ts`))
  onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, kind, importer, resolveDir: from }) => {
    const file = LIBRARY[relative(root, resolve(from, path)).replace(/\.js$/, '.ts')]?.slice(2)
    const isEntry = kind === 'dynamic-import' && importers.includes(importer) && SCRIPT_ENTRIES.includes(file)
    return isEntry ? { path: file, namespace } : undefined
  })
  onResolve({ filter: /^library$/, namespace }, () => ({ path: 'library', namespace }))
  onLoad({ filter: /^library$/, namespace }, () => ({
    contents: `
      import { fileURLToPath } from 'node:url'
      import { scriptLibrary } from './library-script.ts'
      export const exportsOf = scriptLibrary(fileURLToPath(new URL('.', import.meta.url)), ${JSON.stringify(SCRIPT_ENTRIES)})`,
    resolveDir,
  }))
  onLoad({ filter: /\.js$/, namespace }, ({ path }) => {
    const { exports } = library.metafile.outputs[`dist/${path}`]
    return {
      contents: `import { exportsOf } from 'library'; export const { ${exports.join(', ')} } = exportsOf('${path}')`,
    }
  })
}

/** What unplugin finds beside itself when it runs is in the bundle, and its loaders are called as esbuild writes them. */
function bundleUnplugin({ onLoad }: PluginBuild): void {
  onLoad({ filter: /node_modules\/unplugin\/dist\/index\.mjs$/ }, ({ path }) => {
    let contents = readFileSync(path, 'utf8')
    for (const [found, replacement] of [
      ['__require("webpack-virtual-modules")', 'VirtualModules'],
      ['"webpack/loaders/load.mjs"', '"webpack/loaders/load.js"'],
      ['"rspack/loaders/load.mjs"', '"rspack/loaders/load.js"'],
    ]) {
      if (contents.split(found).length !== 2)
        throw new Error(`unplugin has changed: ${found} is not in it once`)
      contents = contents.replace(found, replacement)
    }
    return { contents: `import VirtualModules from 'webpack-virtual-modules'\n${contents}`, loader: 'js' }
  })
}
