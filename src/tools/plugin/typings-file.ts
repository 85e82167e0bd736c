/** `mlp.d.nn.ts` beside `mlp.nn`: what TypeScript reads for an import of the file, and the map to its lines. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { writeOutputs, type OutputFile } from '../cli/write-output.js'
import type { CompiledModule } from './compiler.js'

/** The files of the typings of a module. */
export function typingsOf(path: string, { dts, dtsMap }: CompiledModule): OutputFile[] {
  const file = path.replace(/\.nn$/, '.d.nn.ts')
  if (!dtsMap) return [{ path: file, text: dts }]
  const name = `${basename(file)}.map`
  // The texts stand beside the map, or in the package: they need not be repeated.
  const { sourcesContent: _texts, ...map } = dtsMap
  const sources = map.sources.map((source) => relative(dirname(file), source).split(sep).join('/'))
  return [
    { path: file, text: `${dts}//# sourceMappingURL=${encodeURI(name)}\n` },
    {
      path: join(dirname(file), name),
      text: `${JSON.stringify({ ...map, file: basename(file), sources })}\n`,
    },
  ]
}

/** Whether a file holds another text, or is not there. */
export function isStale({ path, text }: OutputFile): boolean {
  try {
    return readFileSync(path, 'utf8') !== text
  } catch {
    return true
  }
}

/** Writes those that have changed: a file written for nothing would wake whoever watches it. */
export function writeTypings(path: string, module: CompiledModule, cwd: string): void {
  const stale = typingsOf(path, module).filter(isStale)
  if (stale.length > 0) writeOutputs(stale, cwd)
}
