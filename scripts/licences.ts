import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The licences of the packages whose code is in the bundle: they ask to travel with it. */
export function licencesOf(root: string, inputs: readonly string[]): string {
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
