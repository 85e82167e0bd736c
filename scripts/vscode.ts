/**
 * `npm run vscode`: builds the extension in editors/vscode, with the language server inside, and packs it as a .vsix: a zip archive
 * with a manifest, as `code --install-extension` and the marketplaces take it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { licencesOf } from './licences.js'
import { zip, type ZipEntry } from './zip.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'editors/vscode')

interface Manifest {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly version: string
  readonly publisher: string
  readonly engines: { readonly vscode: string }
  readonly categories: readonly string[]
  readonly keywords: readonly string[]
}

const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
if (manifest.version !== version) throw new Error(`the extension is ${manifest.version}, nnc is ${version}`)

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  outdir: join(folder, 'dist'),
} satisfies BuildOptions

rmSync(join(folder, 'dist'), { recursive: true, force: true })
const extension = await build({
  ...shared,
  entryPoints: ['editors/vscode/src/extension.ts'],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
})
const server = await build({
  ...shared,
  entryPoints: ['editors/vscode/src/server.ts'],
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.mjs' },
  // vscode-languageserver is a CommonJS package, whose calls of `require` need one.
  banner: {
    js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
  },
})

const entry = (path: string, source: string): ZipEntry => ({ path, bytes: readFileSync(join(root, source)) })
const text = (path: string, content: string): ZipEntry => ({ path, bytes: Buffer.from(content) })
const inputs = [extension, server].flatMap(({ metafile }) => Object.keys(metafile.inputs))
const library = readdirSync(join(root, 'src/std')).filter((name) => name.endsWith('.nn'))
const own = [
  'package.json',
  'README.md',
  'language-configuration.json',
  'syntaxes/nn.tmLanguage.json',
  'syntaxes/markdown.tmLanguage.json',
  'dist/extension.cjs',
  'dist/server.mjs',
]

const entries = [
  text('extension.vsixmanifest', packageManifest(manifest)),
  text('[Content_Types].xml', contentTypes()),
  ...own.map((path) => entry(`extension/${path}`, `editors/vscode/${path}`)),
  ...library.map((name) => entry(`extension/dist/std/${name}`, `src/std/${name}`)),
  entry('extension/LICENSE.txt', 'LICENSE'),
  text('extension/THIRD-PARTY-LICENSES.txt', licencesOf(root, inputs)),
]
const name = `${manifest.name}-${version}.vsix`
const archive = zip(entries)
writeFileSync(join(folder, name), archive)
console.log(`editors/vscode/${name} ${(archive.length / 1024).toFixed(0)} kB, ${entries.length} files`)

function packageManifest({
  name: id,
  displayName,
  description,
  publisher,
  engines,
  categories,
  keywords,
}: Manifest): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(id)}" Version="${escaped(version)}" Publisher="${escaped(publisher)}" />
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(keywords.join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace" />
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code" />
  </Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true" />
  </Assets>
</PackageManifest>
`
}

/** Every extension of a file name in the archive has a type. */
function contentTypes(): string {
  const types = {
    json: 'application/json',
    md: 'text/markdown',
    txt: 'text/plain',
    nn: 'text/plain',
    cjs: 'application/javascript',
    mjs: 'application/javascript',
    vsixmanifest: 'text/xml',
  }
  const lines = Object.entries(types).map(
    ([extension_, type]) => `  <Default Extension=".${extension_}" ContentType="${type}" />`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${lines.join('\n')}
</Types>
`
}

function escaped(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
