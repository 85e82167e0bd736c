/** What a file consists of, and what of it can be folded. */
import {
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  SymbolKind,
} from 'vscode-languageserver-types'
import type { Name, Statement } from '../../../grammar/ast.js'
import type { Span } from '../../base/source.js'
import { everyStatement } from '../../check/syntax.js'
import type { ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'

export function outline({ document, syntax }: ProjectFile): DocumentSymbol[] {
  const symbol = (
    name: Name,
    span: Span,
    kind: SymbolKind,
    detail?: string,
    children?: DocumentSymbol[],
  ) => ({
    name: name.name || '…',
    kind,
    detail,
    range: rangeOf(document, span),
    selectionRange: rangeOf(document, inside(name.span, span)),
    children,
  })
  const members = (body: readonly Statement[]): DocumentSymbol[] =>
    [...everyStatement(body)].flatMap((statement): DocumentSymbol[] => {
      switch (statement.kind) {
        case 'param':
          return [symbol(statement.target.name, statement.span, SymbolKind.Property, 'param')]
        case 'out':
          return statement.targets.map(({ name }) => symbol(name, statement.span, SymbolKind.Field, 'out'))
        case 'definition':
          return statement.targets.map(({ name }) => symbol(name, statement.span, SymbolKind.Variable))
        case 'function':
          return [symbol(statement.signature.name, statement.span, SymbolKind.Function, 'fn')]
        default:
          return []
      }
    })
  return syntax.statements.flatMap((statement): DocumentSymbol[] => {
    switch (statement.kind) {
      case 'function':
        return [
          symbol(
            statement.signature.name,
            statement.span,
            SymbolKind.Function,
            statement.word,
            members(statement.body),
          ),
        ]
      case 'model':
        return [
          symbol(
            statement.signature.name,
            statement.span,
            SymbolKind.Class,
            'model',
            members(statement.body),
          ),
        ]
      case 'derivative':
        return [symbol(statement.signature.name, statement.span, SymbolKind.Function, 'derivative')]
      case 'const':
        return statement.definition.targets.map(({ name }) =>
          symbol(name, statement.span, SymbolKind.Constant),
        )
      default:
        return []
    }
  })
}

/** The range of a symbol holds that of its name, whatever a syntax error has left of it. */
const inside = (name: Span, { start, end }: Span): Span =>
  start <= name.start && name.end <= end ? name : { ...name, start, end: start }

export function foldings({ document, syntax }: ProjectFile): FoldingRange[] {
  const ranges: FoldingRange[] = []
  const add = ({ start, end }: Span, kind?: FoldingRangeKind): void => {
    const startLine = document.positionAt(start).line
    const endLine = document.positionAt(end).line
    // The line of a closing brace stays.
    const last =
      kind === undefined && /[}\])]\s*$/.test(document.getText().slice(start, end)) ? endLine - 1 : endLine
    if (last > startLine) ranges.push({ startLine, endLine: last, kind })
  }
  for (const statement of everyStatement(syntax.statements)) add(statement.span)
  const imports = syntax.statements.filter(({ kind }) => kind === 'import')
  const [first] = imports
  const last = imports.at(-1)
  if (first && last) add({ ...first.span, end: last.span.end }, FoldingRangeKind.Imports)
  for (const block of commentBlocks(document.getText()))
    add({ ...syntax.span, ...block }, FoldingRangeKind.Comment)
  return ranges
}

/** Comments over several lines, and several lines of comments. */
function commentBlocks(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { index, 0: block } of text.matchAll(
    /(?:^[ \t]*\/\/[^\r\n]*(?:\r\n?|\n)?){2,}|^[ \t]*\/\*[^]*?\*\//gm,
  ))
    found.push({ start: index, end: index + block.trimEnd().length })
  return found
}
