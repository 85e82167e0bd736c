/**
 * Builds the package: `dist/index.js` (the library), `dist/cli.js` (the `nnc` command), `dist/types/` (typings).
 * Everything is bundled, so the package has no runtime dependencies: imported from its own package, chevrotain
 * alone would take 450 ms to load. What only some commands need is split off and loaded when they run.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })

const result = await build({
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  entryPoints: { index: 'src/index.ts', cli: 'src/tools/cli/main.ts' },
  alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.mjs' },
  minifySyntax: true,
  minifyWhitespace: true,
})

chmodSync(join(dist, 'cli.js'), 0o755)
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(Object.keys(result.metafile.inputs)))

execFileSync(
  process.execPath,
  [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
)

for (const [file, { bytes }] of Object.entries(result.metafile.outputs).sort())
  console.log(`${file.padEnd(40)} ${(bytes / 1024).toFixed(1).padStart(8)} kB`)

/** The licences of the packages whose code is in the bundle: they ask to travel with it. */
function licencesOf(inputs: string[]): string {
  const packages = new Set<string>()
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match) packages.add(resolve(root, match[1]))
  }
  // chevrotain's own bundle carries these along.
  if ([...packages].some((path) => path.endsWith('/chevrotain')))
    for (const name of ['lodash-es', '@chevrotain/regexp-to-ast', '@chevrotain/utils', '@chevrotain/gast'])
      if (existsSync(join(root, 'node_modules', name))) packages.add(join(root, 'node_modules', name))
  return [...packages].sort().map(licenceOf).join('\n')
}

function licenceOf(path: string): string {
  const manifest: { name: string; version: string; license: string } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  )
  const { name, version, license } = manifest
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `Licence: ${license}`
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${text}\n`
}
