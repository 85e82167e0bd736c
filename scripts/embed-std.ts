import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionDeclaration, Statement } from '../grammar/ast.js'
import { parseFile } from '../grammar/parse.js'
import { Diagnostics } from '../src/base/diagnostic.js'

/** The files of `src/std/`: the library as text, so that no file is read at run time, and the names in each. */
export function standardText(root: string): string {
  const folder = join(root, 'src/std')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.nn'))
    .sort()
  const entries = files.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    const { statements } = parseFile({ filename: name, text }, new Diagnostics())
    const names = (of: (statement: Statement) => string | undefined) =>
      JSON.stringify(statements.flatMap((statement) => of(statement) ?? []))
    return `  ${JSON.stringify(name.replace(/\.nn$/, ''))}: {
      functions: ${names((statement) => exportedName(statement, 'fn'))},
      optimizers: ${names((statement) => exportedName(statement, 'optimizer'))},
      models: ${names((statement) => (statement.kind === 'model' ? statement.signature.name.name : undefined))},
      text: \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\`,
    },\n`
  })
  return `/** The library, by the name of the file: exported functions, optimizers, models, and the source. */\nexport const STANDARD = {\n${entries.join('')}} as const\n`
}

const exportedName = (statement: Statement, word: FunctionDeclaration['word']): string | undefined =>
  statement.kind === 'function' && statement.word === word && statement.exported
    ? statement.signature.name.name
    : undefined
