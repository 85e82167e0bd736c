/** docs/standard-library.md, from the library itself. */
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import type { File, FunctionDeclaration, ModelDeclaration } from '../grammar/ast.js'
import type { Span } from '../src/base/source.js'
import { showShape } from '../src/check/show.js'
import { analyse } from '../src/compile.js'
import { LIBRARY, parseLibrary } from '../src/std/library.js'

type Item = FunctionDeclaration | ModelDeclaration

const INTRODUCTION = `# The standard library

Functions need no import; a definition of the same name in a file hides one. Models and optimizers are imported from their file:
\`import { Dense } from "nnc/layers"\`. What belongs to the language itself, such as \`relu\`, \`sigmoid\`, \`tanh\` and \`@\`, is listed in
[language.md](language.md).

Written by \`npm run library-page\` from the files in [src/std](../src/std), which are the definitions.
`

/** The text of the page, formatted. */
export async function formattedPage(): Promise<string> {
  const options = await resolveConfig(fileURLToPath(new URL('../docs/standard-library.md', import.meta.url)))
  return format(standardLibraryPage(), { ...options, parser: 'markdown' })
}

function standardLibraryPage(): string {
  const files = LIBRARY.map((file) => ({ ...file, syntax: parseLibrary(file) }))
  const anchors = new Anchors()
  const contents = files.map(({ specifier, syntax }) => {
    const links = itemsOf(syntax).map((item) => `[${nameOf(item)}](#${anchors.of(nameOf(item))})`)
    return `- **${specifier}**: ${links.join(' ')}`
  })
  const sections = files.map(({ specifier, text, syntax }) => {
    const shapes = resultShapes(text)
    const items = itemsOf(syntax).map((item) => entryText(item, shapes.get(nameOf(item))))
    return [`## ${specifier}`, introductionOf(syntax), ...items].join('\n\n')
  })
  return `${[INTRODUCTION.trim(), contents.join('\n'), ...sections].join('\n\n')}\n`
}

/** The anchors of headings in their order: in small letters, and numbered from the second of one spelling on (`conv1d`, `Conv1d`). */
class Anchors {
  private readonly counts = new Map<string, number>()

  of(heading: string): string {
    const anchor = heading.toLowerCase()
    const count = this.counts.get(anchor) ?? 0
    this.counts.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  }
}

const nameOf = ({ signature }: Item): string => signature.name.name

const itemsOf = ({ statements }: File): Item[] =>
  statements.filter(
    (statement): statement is Item =>
      statement.kind === 'model' || (statement.kind === 'function' && statement.exported),
  )

/** The comment a file begins with. */
function introductionOf({ comments, statements }: File): string {
  const first = statements[0]?.span.start ?? 0
  const opening = comments.filter(({ span }) => span.start < first)
  return opening.map(({ text }) => text.replace(/^\/\/ ?/, '')).join('\n')
}

function entryText(item: Item, shape: string | undefined): string {
  const [description, source] = (item.doc ?? '').split(/^Source: /m)
  const result = shape === undefined ? '' : `\n// gives ${shape}`
  const parts = [
    `### ${nameOf(item)}`,
    `\`\`\`nn\n${declarationText(item)}${result}\n\`\`\``,
    description.trim(),
    ...(source === undefined ? [] : [`_${source.trim().replace(/\s+/g, ' ')}_`]),
  ]
  return parts.join('\n\n')
}

/** The signature, and of a model its parameters and results. */
function declarationText(item: Item): string {
  if (item.kind === 'function') return `${item.word} ${textAt(item.signature.span)}`
  const lines = item.body
    .filter(({ kind }) => kind === 'param' || kind === 'out')
    .map(({ span }) => `  ${textAt(span).replace(/\s+/g, ' ')}`)
  return [`model ${textAt(item.signature.span)} {`, ...lines, '}'].join('\n')
}

const textAt = ({ source, start, end }: Span): string => source.text.slice(start, end)

/** The shapes of the results of functions that give a tensor. */
function resultShapes(text: string): ReadonlyMap<string, string> {
  const { program } = analyse(text)
  if (!program) throw new Error('the library does not compile')
  const shapes = new Map<string, string>()
  for (const { kind, name, outputs } of program.entries) {
    const texts = outputs.map(({ def }) => showShape(program.graph, def.idx.map(({ extent }) => extent))) // prettier-ignore
    if (kind === 'function' && texts.some((shape) => shape !== '[]')) shapes.set(name, texts.join(' and '))
  }
  return shapes
}
