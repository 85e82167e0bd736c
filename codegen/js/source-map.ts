/** The source map of a module: generated lines lead to the lines of the `.nn` file that they compute. */
import { GenMapping, addMapping, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping'
import { positionOf } from '../../src/base/source.js'
import type { Mapping } from './writer.js'

export function sourceMap(mappings: readonly Mapping[], file: string, firstLine: number): string {
  const map = new GenMapping({ file })
  for (const { line, column, span } of mappings) {
    const { source, start } = span
    const original = positionOf(source, start)
    addMapping(map, {
      generated: { line: line + firstLine + 1, column },
      source: source.filename,
      original: { line: original.line, column: original.column - 1 },
    })
    setSourceContent(map, source.filename, source.text)
  }
  return JSON.stringify(toEncodedMap(map))
}
