import type { OnLoadResult, PartialMessage, PartialNote, Plugin } from 'esbuild'
import { resolve } from 'node:path'
import { lineText, positionOf, type Span } from '../../base/source.js'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'
import { Report } from './report.js'

export type { Options, Pattern } from './options.js'

/** esbuild: `plugins: [nnc()]`. */
export default function nnc(options?: Options): Plugin {
  const plugin = unplugin.esbuild(options)
  return {
    ...plugin,
    setup: (build) =>
      plugin.setup({
        ...build,
        onLoad: (filter, callback) =>
          build.onLoad(filter, async (args) => withPlaces((await callback(args)) ?? undefined)),
      }),
  }
}

/** esbuild prints frames itself, of the lines that it is given. */
function withPlaces(result: OnLoadResult | undefined): OnLoadResult | undefined {
  return result && { ...result, errors: result.errors?.map(placed), warnings: result.warnings?.map(placed) }
}

function placed(message: PartialMessage): PartialMessage {
  const report: unknown = message.detail
  if (!(report instanceof Report)) return message
  const { code, message: text, span, notes, suggestion } = report.diagnostic
  const help = suggestion === undefined ? [] : [{ text: `help: ${suggestion}` }]
  return {
    id: code,
    text: `${text} [${code}]`,
    location: locationOf(span),
    notes: [
      ...notes.map((note): PartialNote => ({ text: note.message, location: locationOf(note.span) })),
      ...help,
    ],
  }
}

/** Columns and lengths are bytes of UTF-8, columns from 0. */
function locationOf(span: Span | undefined): PartialMessage['location'] {
  if (!span) return null
  const { line, column } = positionOf(span.source, span.start)
  const text = lineText(span.source, line)
  return {
    file: resolve(span.source.filename),
    line,
    column: Buffer.byteLength(text.slice(0, column - 1)),
    length: Buffer.byteLength(text.slice(column - 1, column - 1 + span.end - span.start)),
    lineText: text,
  }
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
