/** Prettier formats `.nn` files: `"plugins": ["nnc/prettier"]`. */
import { doc, type Parser, type Printer, type SupportLanguage } from 'prettier'
import { formatSource } from '../../../grammar/format.js'
import { positionOf } from '../../base/source.js'

/** What Prettier takes for a tree is the text itself: statements and comments are laid out by our own printer. */
interface Text {
  readonly text: string
  readonly filename: string
}

export const languages: SupportLanguage[] = [
  { name: 'nn', parsers: ['nn'], extensions: ['.nn'], vscodeLanguageIds: ['nn'] },
]

/** Prettier shows the frame of an error that has a place. */
class NnSyntaxError extends SyntaxError {
  constructor(
    message: string,
    readonly loc:
      { start: { line: number; column: number }; end: { line: number; column: number } } | undefined,
  ) {
    super(message)
  }
}

export const parsers: Record<'nn', Parser<Text>> = {
  nn: {
    astFormat: 'nn',
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
    parse(text, { filepath, printWidth }) {
      const filename = filepath ?? 'input.nn'
      const formatted = formatSource({ filename, text }, { width: printWidth })
      if (formatted.text !== undefined) return { text: formatted.text, filename }
      const [{ message, span, suggestion }] = formatted.diagnostics
      const loc = span && {
        start: positionOf(span.source, span.start),
        end: positionOf(span.source, span.end),
      }
      throw new NnSyntaxError(suggestion === undefined ? message : `${message} (${suggestion})`, loc)
    },
  },
}

export const printers: Record<'nn', Printer<Text>> = {
  nn: { print: ({ node }) => doc.builders.join(doc.builders.literalline, node.text.split('\n')) },
}
