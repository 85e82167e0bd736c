import { basename, dirname, relative, resolve, sep } from 'node:path'
import { libraryFile } from '../../std/library.js'

export type SourcemapMode = 'linked' | 'inline' | 'external'

/** A source map, as far as the command line reads it. */
interface SourceMap {
  readonly sources: readonly string[]
}

/** The module with its map attached as the mode asks, and the map's own text where it is a file of its own. */
export function attachSourceMap(
  code: string,
  map: string,
  place: { readonly mode: SourcemapMode; readonly output: string | undefined; readonly cwd: string },
): { code: string; map: string | undefined } {
  const text = map && relocate(map, place.output, place.cwd)
  if (place.mode === 'inline') {
    const data = Buffer.from(text).toString('base64')
    return { code: withComment(code, `data:application/json;charset=utf-8;base64,${data}`), map: undefined }
  }
  const name = encodeURI(`${basename(place.output ?? 'module.js')}.map`)
  return { code: place.mode === 'linked' ? withComment(code, name) : code, map: text }
}

function withComment(code: string, url: string): string {
  return `${code.endsWith('\n') ? code : `${code}\n`}//# sourceMappingURL=${url}\n`
}

/** The compiler names sources from the working directory; a debugger looks for them from the map. */
function relocate(map: string, output: string | undefined, cwd: string): string {
  if (output === undefined) return map
  const parsed: SourceMap = JSON.parse(map)
  const sources = parsed.sources.map((source) =>
    source.startsWith('<') || libraryFile(source)
      ? source
      : relative(dirname(output), resolve(cwd, source)).split(sep).join('/'),
  )
  return JSON.stringify({ ...parsed, file: basename(output), sources })
}
