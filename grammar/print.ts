import type {
  Comment,
  Dimension,
  Expression,
  File,
  Parameter,
  Signature,
  Statement,
  Target,
  TypeExpression,
} from './ast.js'
import { printBinder, printExpression, printPlain } from './print-expression.js'

export { printExpression } from './print-expression.js'

const INDENT = '  '

function list(expressions: readonly Expression[]): string {
  return expressions.map(printExpression).join(', ')
}

function printDimension(dimension: Dimension): string {
  switch (dimension.kind) {
    case 'extent':
      return printExpression(dimension.value)
    case 'named':
      return `${dimension.name.name} = ${printExpression(dimension.value)}`
    case 'rest':
      return '..'
  }
}

/** The text of a type: `[n, 10]`, `int[n]`, `Dense[128]`. */
export function printType({ name, dimensions }: TypeExpression): string {
  return (name?.name ?? '') + (dimensions ? `[${dimensions.map(printDimension).join(', ')}]` : '')
}

function printTarget({ name, subscripts, type }: Target): string {
  const shown = subscripts?.map((item) =>
    item.kind === 'binder' ? printBinder(item) : printExpression(item),
  )
  return name.name + (shown ? `[${shown.join(', ')}]` : '') + (type ? `: ${printType(type)}` : '')
}

function printTargets(targets: readonly Target[]): string {
  return targets.map(printTarget).join(', ')
}

function printParameter({ name, type, default: value }: Parameter): string {
  return name.name + (type ? `: ${printType(type)}` : '') + (value ? ` = ${printExpression(value)}` : '')
}

function docLines(doc: string | undefined, indent: string): string[] {
  return doc === undefined ? [] : doc.split('\n').map((line) => (indent + '/// ' + line).trimEnd())
}

/** The signature of a declaration; over several lines if a parameter has documentation. */
function printSignature({ name, sizes, parameters }: Signature, indent: string): string {
  const shown = sizes?.map((size) =>
    size.default ? `${size.name.name} = ${printExpression(size.default)}` : size.name.name,
  )
  const head = name.name + (shown ? `[${shown.join(', ')}]` : '')
  if (parameters.every(({ doc }) => doc === undefined)) {
    return `${head}(${parameters.map(printParameter).join(', ')})`
  }
  const inner = indent + INDENT
  const lines = parameters.flatMap((parameter) => [
    ...docLines(parameter.doc, inner),
    `${inner}${printParameter(parameter)},`,
  ])
  return [`${head}(`, ...lines, `${indent})`].join('\n')
}

/** A statement up to its block, and the statements of that block. */
interface Printed {
  readonly head: string
  readonly body?: readonly Statement[]
}

function printHead(statement: Statement, indent: string): Printed {
  switch (statement.kind) {
    case 'definition':
      return { head: `${printTargets(statement.targets)} = ${list(statement.values)}` }
    case 'const': {
      const { exported, definition } = statement
      const text = `${printTargets(definition.targets)} = ${list(definition.values)}`
      return { head: `${exported ? 'export ' : ''}const ${text}` }
    }
    case 'function': {
      const { exported, word, signature, body, short } = statement
      const head = `${exported ? 'export ' : ''}${word} ${printSignature(signature, indent)}`
      const [only] = body
      if (short && body.length === 1 && only.kind === 'return')
        return { head: `${head} = ${list(only.values)}` }
      return { head, body }
    }
    case 'model': {
      const { exported, signature, body } = statement
      return { head: `${exported ? 'export ' : ''}model ${printSignature(signature, indent)}`, body }
    }
    case 'derivative': {
      const { signature, by, given, values } = statement
      const roles = (by ? ` by ${by.name}` : '') + (given ? ` given ${given.name}` : '')
      return { head: `derivative of ${printSignature(signature, indent)}${roles} = ${list(values)}` }
    }
    case 'import': {
      const names = statement.names.map(({ name, as }) => (as ? `${name.name} as ${as.name}` : name.name))
      const quote = statement.from.text.includes('"') ? "'" : '"'
      return { head: `import { ${names.join(', ')} } from ${quote}${statement.from.text}${quote}` }
    }
    case 'param': {
      const { target, initial } = statement
      const sign = initial?.kind === 'draw' ? '~' : '='
      return {
        head: `param ${printTarget(target)}${initial ? ` ${sign} ${printExpression(initial.value)}` : ''}`,
      }
    }
    case 'out': {
      const { targets, values } = statement
      return { head: `out ${printTargets(targets)}${values ? ` = ${list(values)}` : ''}` }
    }
    case 'loss':
      return { head: `loss ${printExpression(statement.value)}` }
    case 'recur': {
      const binders = statement.binders.map(printBinder).join(', ')
      const filter = statement.filter ? ` if ${printPlain(statement.filter)}` : ''
      return { head: `recur ${binders}${filter}`, body: statement.body }
    }
    case 'return':
      return { head: `return ${list(statement.values)}` }
    case 'assume':
      return { head: `assume ${list(statement.conditions)}` }
  }
}

type Job =
  | { readonly kind: 'statement'; readonly statement: Statement; readonly depth: number }
  | { readonly kind: 'close'; readonly end: number; readonly depth: number }

/**
 * The lines of a statement that is to stand as it is in the text, given its first line in standard form, its indentation and
 * the comment that was written last.
 */
export type AsWritten = (
  statement: Statement,
  printed: string,
  indent: string,
  last: Comment | undefined,
) => readonly string[] | undefined

/** Writes statements and the comments between them, line by line. */
class Printer {
  readonly lines: string[] = []
  private nextComment = 0
  /** The offset up to which the text is written; blank lines of the text behind it are kept. */
  private written = -1

  constructor(
    private readonly comments: readonly Comment[],
    private readonly text: string,
    private readonly asWritten: AsWritten = () => undefined,
  ) {}

  run(statements: readonly Statement[]): void {
    const stack: Job[] = []
    this.push(stack, statements, 0)
    for (let job = stack.pop(); job; job = stack.pop()) {
      const indent = INDENT.repeat(job.depth)
      if (job.kind === 'close') {
        this.commentsBefore(job.end, INDENT.repeat(job.depth + 1))
        this.lines.push(`${indent}}`)
        this.behind(job.end)
      } else this.statement(job.statement, job.depth, indent, stack)
    }
  }

  private push(stack: Job[], statements: readonly Statement[], depth: number): void {
    for (let i = statements.length - 1; i >= 0; i--) {
      stack.push({ kind: 'statement', statement: statements[i], depth })
    }
  }

  private statement(statement: Statement, depth: number, indent: string, stack: Job[]): void {
    const { head, body } = printHead(statement, indent)
    const { start, end } = statement.span
    this.commentsBefore(start, indent)
    const written = this.asWritten(statement, indent + head, indent, this.comments[this.nextComment - 1])
    if (!written && !body) this.commentsBefore(end, indent)
    this.blankLine(start)
    this.lines.push(...docLines(statement.doc, indent))
    if (written) {
      this.lines.push(...written)
      while (this.hasCommentBefore(end)) this.nextComment++
      return this.behind(end)
    }
    if (!body) {
      this.lines.push(indent + head)
      return this.behind(end)
    }
    const isEmpty = body.length === 0 && !this.hasCommentBefore(end)
    this.lines.push(`${indent}${head} ${isEmpty ? '{}' : '{'}`)
    if (isEmpty) return this.behind(end)
    this.written = -1
    stack.push({ kind: 'close', end, depth })
    this.push(stack, body, depth + 1)
  }

  private hasCommentBefore(offset: number): boolean {
    return this.nextComment < this.comments.length && this.comments[this.nextComment].span.start < offset
  }

  /** Writes the comments that stand before an offset, on lines of their own. */
  commentsBefore(offset: number, indent: string): void {
    while (this.hasCommentBefore(offset)) {
      const { text, span } = this.comments[this.nextComment++]
      this.blankLine(span.start)
      this.lines.push(indent + text.trimEnd())
      this.written = span.end
    }
  }

  /** After a statement: a comment on the same line stays there. */
  private behind(end: number): void {
    this.written = end
    const comment = this.comments[this.nextComment]
    if (!comment || comment.span.start < end || /[\r\n]/.test(this.text.slice(end, comment.span.start)))
      return
    if (this.text.slice(end, comment.span.start).trim().replace(';', '') !== '') return
    this.nextComment++
    this.lines[this.lines.length - 1] += ' ' + comment.text.trimEnd()
    this.written = comment.span.end
  }

  private blankLine(before: number): void {
    if (this.written < 0 || before < this.written) return
    const gap = this.text.slice(this.written, before)
    if (/\n[^\S\n]*\n/.test(gap.replace(/\r\n?/g, '\n'))) this.lines.push('')
    this.written = before
  }
}

/** The text of one statement, without the comments in it. */
export function printStatement(statement: Statement): string {
  const printer = new Printer([], '')
  printer.run([statement])
  return printer.lines.join('\n')
}

/**
 * The text of a file in its standard form: fewest parentheses, two spaces of indentation, comments and single
 * blank lines kept. Takes trees of any depth.
 */
export function printFile(file: File, asWritten?: AsWritten): string {
  const printer = new Printer(file.comments, file.span.source.text, asWritten)
  printer.run(file.statements)
  printer.commentsBefore(Infinity, '')
  return printer.lines.join('\n') + (printer.lines.length > 0 ? '\n' : '')
}
