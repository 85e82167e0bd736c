import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The files of `src/std/`: the library as text, so that no file is read at run time. */
export function standardText(root: string): string {
  const folder = join(root, 'src/std')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.nn'))
    .sort()
  const entries = files.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return `  ${name.replace(/\.nn$/, '')}: \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n`
  })
  return `/** The library, by the name of the file. */\nexport const STANDARD = {\n${entries.join('')}} as const\n`
}
