/** Source maps: generated lines lead to what they come from in the `.nn` file, which is the first of the sources. */
import { GenMapping, addMapping, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping'
import { positionOf, type Source } from '../../src/base/source.js'
import type { Mapping } from './writer.js'

export function sourceMap(mappings: readonly Mapping[], file: string, main: Source | undefined): string {
  const map = new GenMapping({ file })
  if (main) setSourceContent(map, main.filename, main.text)
  for (const { line, column, span } of mappings) {
    if (!span) {
      addMapping(map, { generated: { line: line + 1, column } })
      continue
    }
    const { source, start } = span
    const original = positionOf(source, start)
    addMapping(map, {
      generated: { line: line + 1, column },
      source: source.filename,
      original: { line: original.line, column: original.column - 1 },
    })
    setSourceContent(map, source.filename, source.text)
  }
  return JSON.stringify(toEncodedMap(map))
}
