/** `npm run examples`: runs the quick mode of all examples, or of those that are named, one after another. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const all = readdirSync(here)
  .filter((name) => existsSync(`${here}/${name}/train.ts`))
  .sort()
const named = process.argv.slice(2)
const unknown = named.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`there is no example ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}

const failed: string[] = []
const started = performance.now()
for (const name of named.length > 0 ? named : all) {
  console.log(`\n── ${name} ──`)
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${here}/${name}/train.ts`], {
    stdio: 'inherit',
  })
  if (status !== 0) failed.push(name)
}
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  failed.length > 0 ? `\nfailed: ${failed.join(', ')}` : `\nall reached their bounds in ${seconds} s`,
)
process.exitCode = failed.length > 0 ? 1 : 0
