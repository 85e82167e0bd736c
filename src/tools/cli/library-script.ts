/** The library as the built command loads it; from the sources its modules are imported. `scripts/build.ts` puts it in their place. */
import { join } from 'node:path'
import { cacheFolder, cachedScript } from './code-cache.js'
import { joinModules } from './joined-modules.js'

type Exports = Readonly<Record<string, unknown>>
type ExportsOf = (file: string) => Exports

/** A function that gives what the entries among the files of the folder export. */
export function scriptLibrary(folder: string, entries: readonly string[]): ExportsOf {
  const { text, fingerprint } = joinModules(folder, entries)
  const { script, save } = cachedScript(text, fingerprint, join(folder, 'library'), cacheFolder(process.env))
  process.once('exit', save)
  const modules: Readonly<Record<string, (exportsOf: ExportsOf) => Exports>> = script.runInThisContext()
  const run = new Map<string, Exports>()
  const exportsOf = (file: string): Exports => {
    const known = run.get(file)
    if (known) return known
    const exported = modules[file](exportsOf)
    run.set(file, exported)
    return exported
  }
  return exportsOf
}
