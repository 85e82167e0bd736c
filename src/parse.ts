import type { File } from '../grammar/ast.js'
import { parseFile } from '../grammar/parse.js'
import { type Diagnostic, Diagnostics } from './base/diagnostic.js'

/** The syntax tree of a `.nn` text. Never throws, on any text; what could not be read is missing from the tree. */
export function parse(
  source: string,
  options: { readonly filename?: string } = {},
): { readonly ast: File; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = new Diagnostics()
  const ast = parseFile({ filename: options.filename ?? 'input.nn', text: source }, diagnostics)
  return { ast, diagnostics: diagnostics.list }
}
