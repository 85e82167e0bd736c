import type { File } from '../grammar/ast.js'
import { parseFile } from '../grammar/parse.js'
import { Diagnostics } from './base/diagnostic.js'
import { located, type LocatedDiagnostic } from './base/located.js'

/** The syntax tree of a `.nn` text. Never throws, on any text; what could not be read is missing from the tree. */
export function parse(
  source: string,
  options: { readonly filename?: string } = {},
): { readonly ast: File; readonly diagnostics: readonly LocatedDiagnostic[] } {
  const diagnostics = new Diagnostics()
  const ast = parseFile({ filename: options.filename ?? 'input.nn', text: source }, diagnostics)
  return { ast, diagnostics: located(diagnostics.list) }
}
