import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

interface Part {
  readonly name: string
  readonly text: string
  readonly identifiers: ReadonlySet<string>
}

/** The functions and constants of `src/ops/runtime/`: what operators need. */
export function runtimeText(root: string): string {
  return `/** One function or constant of the runtime, and the others that it uses. */
export interface RuntimePart {
  readonly text: string
  readonly needs: readonly string[]
}

/** What generated modules copy when they use it, by name; written in \`runtime/\`. */
export const RUNTIME: Readonly<Record<string, RuntimePart>> = ${partsIn(join(root, 'src/ops/runtime'))}
`
}

/** The functions of `codegen/js/support/`: checks at the boundary, and random numbers. */
export function supportText(root: string): string {
  return `import type { RuntimePart } from '../../src/ops/runtime-text.js'

/** What generated modules copy when they use it, by name; written in \`support/\`. */
export const SUPPORT: Readonly<Record<string, RuntimePart>> = ${partsIn(join(root, 'codegen/js/support'))}
`
}

/**
 * The parts that a folder defines as the text that generated modules copy: each with its comment, without `export`
 * and without the types that only the compiler's own check reads.
 */
function partsIn(folder: string): string {
  const parts = readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .sort()
    .flatMap((file) => partsOf(file, readFileSync(join(folder, file), 'utf8')))
  const names = new Set(parts.map((part) => part.name))
  if (names.size < parts.length) throw new Error('Two parts of the runtime have one name')
  const entries = parts.map(({ name, text, identifiers }) => {
    const needs = [...identifiers].filter((other) => other !== name && names.has(other))
    return `${name}: { text: ${JSON.stringify(text)}, needs: ${JSON.stringify(needs)} }`
  })
  return `{ ${entries.join(',\n')} }`
}

function partsOf(file: string, text: string): Part[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  return source.statements
    .filter((statement) => !ts.isImportDeclaration(statement))
    .map((statement) => {
      const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? []
      const comment = comments.findLast(({ kind }) => kind === ts.SyntaxKind.MultiLineCommentTrivia)
      if (!comment) throw new Error(`${file}: a part of the runtime without a comment`)
      // A matrix of statements keeps its lines.
      const ignore = comments.at(-1) === comment ? '' : '\n// prettier-ignore'
      const code = text.slice(statement.getStart(), statement.end).replace(/^export /, '')
      const about = text.slice(comment.pos, comment.end).replace(/^ \* @(param|returns) .*\n/gm, '')
      return {
        name: nameOf(statement),
        text: `${about}${ignore}\n${code}`,
        identifiers: identifiersIn(statement),
      }
    })
}

function nameOf(statement: ts.Statement): string {
  if (ts.isFunctionDeclaration(statement) && statement.name) return statement.name.text
  if (ts.isVariableStatement(statement)) {
    const [declaration, ...others] = statement.declarationList.declarations
    if (declaration && others.length === 0 && ts.isIdentifier(declaration.name)) return declaration.name.text
  }
  throw new Error(`The runtime consists of functions and constants, not of \`${statement.getText()}\``)
}

function identifiersIn(statement: ts.Statement): Set<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(statement)
  return found
}
