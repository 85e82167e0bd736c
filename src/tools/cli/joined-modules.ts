/**
 * The modules of the library as one script: of scripts, unlike modules, V8 gives out what it compiled. Reads them as esbuild writes them, in one line
 * of imports by name, what they do, and one list of exports.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export interface JoinedModules {
  /** An expression: by name of the file a function that runs the module and gives what it exports. */
  readonly text: string
  /** Another one for another text. */
  readonly fingerprint: string
}

/** A function that runs a module is called with one that gives what another exports. */
const EXPORTS_OF = '$exportsOf$'

const IMPORT = /import(?:\{([^{}]*)\}from)?"([^"]+)";/y
const EXPORT = /export\{([^{}]*)\};\s*$/

/** The files that the entries need, named from the folder; an import of anything else, or of another form, is thrown. */
export function joinModules(folder: string, entries: readonly string[]): JoinedModules {
  const found = new Set(entries)
  const functions: string[] = []
  let checksum = 0
  for (const file of found) {
    const bytes = readFileSync(join(folder, file))
    checksum = crc32(bytes, checksum)
    const text = bytes.toString()
    const end = text.lastIndexOf('export{')
    const exported = EXPORT.exec(text.slice(end))
    if (!exported) throw new Error(`${file} does not end with a list of exports`)
    let start = 0
    let imports = ''
    IMPORT.lastIndex = 0
    for (let match = IMPORT.exec(text); match; match = IMPORT.exec(text)) {
      start = IMPORT.lastIndex
      const [, names, path] = match
      if (!path.startsWith('./')) throw new Error(`${file} imports '${path}'`)
      const other = join(file, '..', path).replaceAll('\\', '/')
      found.add(other)
      if (names) imports += `const{${renamed(names, false)}}=${EXPORTS_OF}(${JSON.stringify(other)});`
    }
    // In parentheses: V8 compiles it at once, which it will be run.
    functions.push(`${JSON.stringify(file)}:(function(${EXPORTS_OF}){"use strict";${imports}${text.slice(start, end)}return{${renamed(exported[1], true)}}})`) // prettier-ignore
  }
  return { text: `({${functions.join(',\n')}})`, fingerprint: checksum.toString(16) }
}

/** `a as b, c` as properties. */
const renamed = (names: string, exported: boolean): string =>
  names.replaceAll(/([^\s,]+) as ([^\s,]+)/g, exported ? '$2:$1' : '$1:$2')
