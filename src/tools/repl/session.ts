/** A session: text in, results out. It touches neither terminal nor files; everything it knows is in its workspace. */
import type { Expression as Syntax, Statement as FileStatement } from '../../../grammar/ast.js'
import { parseExpression, parseFile } from '../../../grammar/parse.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.js'
import { NnError } from '../../base/nn-error.js'
import { error, type Message } from '../../base/messages.js'
import type { Source } from '../../base/source.js'
import { closest } from '../../base/suggest.js'
import { answersOf, type Answer, type ScalarAnswer } from './answer.js'
import { assumptionInWords, assumptionsOf, isContradiction } from '../../expression/assumption.js'
import { constantArrays, evaluateAt } from './commands/eval.js'
import { messages as assumptionMessages } from '../../expression/messages.js'
import { completed } from './complete-syntax.js'
import type { Command, Files, Input, Point, SessionView, Typed } from './command.js'
import { Origins, type Written } from './diagnostics.js'
import { equationsOfModel } from './loaded-model.js'
import { giveValues } from './given-values.js'
import { messages } from './messages.js'
import type { KnownNames } from './leibniz.js'
import { translate } from './notation.js'
import { pointOf } from './point.js'
import { readArguments } from './read-arguments.js'
import { readLine, type Statement } from './read-line.js'
import type { Result } from './result.js'
import { scan, splitOutside } from './scan.js'
import { initialSettings, SETTINGS, type Settings } from './settings.js'
import { answerResult, resultNames } from './show-answer.js'
import { shapeText } from './show-type.js'
import type { Program } from '../../ir/program.js'
import { exported, type Query, type QueryOptions, Workspace } from './workspace.js'

const NO_FILES: Files = {
  read: (path) => {
    throw new Error(`'${path}' cannot be read here`)
  },
  write: (path) => {
    throw new Error(`'${path}' cannot be written here`)
  },
}

export class Session implements SessionView {
  readonly workspace: Workspace
  readonly settings: Settings = initialSettings()
  private origins = new Origins()
  private line: Source = { filename: 'input', text: '' }
  private notes: string[] = []

  constructor(
    readonly commands: readonly Command[],
    readonly files: Files = NO_FILES,
  ) {
    this.workspace = new Workspace((specifier) => files.read(specifier))
  }

  /** Lines that make a session like this one. */
  snapshot(): string[] {
    const set = Object.entries(this.settings).flatMap(([name, value]) =>
      Object.entries(SETTINGS).some(([known, { initial }]) => known === name && initial !== value)
        ? [`:set ${name} ${value}`]
        : [],
    )
    return [...set, ...this.workspace.lines()]
  }

  /** All that a line, or several, gives; a mistake ends it, and is shown in what was written, if that is another text. */
  async run(text: string, written?: Written): Promise<readonly Result[]> {
    const [line, origins] = [this.line, this.origins]
    this.line = { filename: 'input', text }
    this.origins = new Origins()
    if (written) this.origins.standsFor(this.line, written)
    const results: Result[] = []
    try {
      for (const statement of readLine(text)) {
        this.notes = []
        giveValues(this.workspace, [])
        results.push(...(await this.statement(statement)))
      }
    } catch (thrown) {
      if (!(thrown instanceof NnError)) throw thrown
      results.push({
        kind: 'problem',
        diagnostics: thrown.diagnostics.map((each) => this.origins.typed(each)),
      })
    } finally {
      this.line = line
      this.origins = origins
      giveValues(this.workspace, [])
    }
    return results
  }

  private async statement(statement: Statement): Promise<readonly Result[]> {
    switch (statement.kind) {
      case 'command':
        return this.command(statement.text)
      case 'program':
        return this.program(statement)
      case 'assumption':
        return this.assume(statement)
      case 'declaration':
        return this.declare(statement)
      case 'definition':
      case 'function':
        return this.define(statement)
      case 'expressions':
        return this.expressions(statement.text)
    }
  }

  // ── Mistakes ─────────────────────────────────────────────────────────────────────────────────────────────

  fail(message: Message): never {
    return this.problem([error(message)])
  }

  problem(diagnostics: readonly Diagnostic[]): never {
    const mistakes = diagnostics.filter(({ severity }) => severity === 'error')
    throw new NnError(mistakes[0]?.message ?? 'a mistake', mistakes)
  }

  private settled(diagnostics: Diagnostics): void {
    if (diagnostics.hasErrors) this.problem(diagnostics.list)
  }

  // ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────

  private async command(text: string): Promise<readonly Result[]> {
    const [, name, rest] = /^:\s*([\p{L}?]*)\s*([^]*)$/u.exec(text) ?? ['', '', '']
    const wanted = name === '?' || name === '' ? 'help' : name
    const exact = this.commands.find((command) => command.name === wanted)
    const begins = this.commands.filter((command) => command.name.startsWith(wanted))
    const command = exact ?? (begins.length === 1 ? begins[0] : undefined)
    if (!command) return this.fail(messages.unknownCommand(`:${wanted}`, closest(wanted, this.commands.map((each) => each.name)))) // prettier-ignore
    return command.run(this, rest.trim())
  }

  read(command: Command, text: string): Input {
    const known = Object.keys(command.options ?? {})
    const { expressions, assignments, positional, options } = readArguments(text, known)
    const unknown = [...options.keys()].find((name) => !known.includes(name))
    if (unknown !== undefined) this.fail(messages.unknownOption(`:${command.name}`, unknown, known))
    giveValues(this.workspace, assignments)
    const typed = expressions.trim() === '' ? [] : this.parseList(expressions)
    const values = positional.map((value, at) => ({ name: `#${at}`, value, upTo: undefined }))
    return { expressions: typed, assignments: [...assignments, ...values], options, notes: this.notes }
  }

  point(command: Command, names: readonly string[], input: Input): Point {
    return pointOf(this, command.name, names, input)
  }

  // ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The text in the language, under names of functions and values that hold here; `prefix` is put before it. */
  private translated(text: string, prefix = '', locals: readonly string[] = [], suffix = ''): Source {
    const known: KnownNames = {
      isFunction: (name) => this.workspace.isFunction(name) && !locals.includes(name),
      isValue: (name) => this.workspace.isValue(name) || locals.includes(name),
    }
    const from = Math.max(0, this.line.text.indexOf(text))
    const { text: body, offsets, notes } = translate(text, known)
    this.notes.push(...notes)
    const moved = offsets.map((offset) => offset + from)
    const all = [...Array.from(prefix, () => from), ...moved, ...Array.from(suffix, () => from + text.length)]
    return this.origins.add(prefix + body + suffix, this.line, all)
  }

  private parse(text: string): Syntax {
    const diagnostics = new Diagnostics()
    const syntax = parseExpression(this.translated(text), diagnostics)
    this.settled(diagnostics)
    return syntax ?? this.problem(diagnostics.list)
  }

  private parseList(text: string): Typed[] {
    const takesAll =
      scan(text).some((token) => token.text === 'wrt') && /^\s*(?:grad|jacobian|hessian)\s/.test(text)
    const parts = takesAll ? [{ text }] : splitOutside(text, (token) => token.text === ',')
    return parts.map((part) => ({
      text: part.text.trim(),
      syntax: completed(this.parse(part.text), this.workspace, (names) =>
        this.fail(messages.whichVariable(names)),
      ),
    }))
  }

  private statementOf(text: string, prefix = '', locals: readonly string[] = [], suffix = ''): FileStatement {
    const diagnostics = new Diagnostics()
    const file = parseFile(this.translated(text, prefix, locals, suffix), diagnostics)
    this.settled(diagnostics)
    const [statement] = file.statements
    if (!statement) return this.problem(diagnostics.list)
    return statement
  }

  // ── What is known from now on ────────────────────────────────────────────────────────────────────────────

  private define({ kind, text }: Statement): Result[] {
    const { workspace } = this
    const [, list = ''] = kind === 'function' ? (/^[^(]*\(([^()]*)\)/.exec(text) ?? []) : []
    const locals = scan(list).flatMap((token) => (token.kind === 'name' ? [token.text] : []))
    const equals = scan(text).find((token) => token.text === '=')?.end ?? 0
    const head = `${text.slice(0, equals).trim()} `
    // The left side is no expression: `xy = 3` defines `xy`.
    const statement = this.statementOf(
      text.slice(equals).trimEnd(),
      (kind === 'function' ? 'fn ' : '') + head,
      locals,
    )
    const line = statement.span.source.text.replace(/^fn /, '')
    if (statement.kind === 'function') {
      const { name } = statement.signature.name
      workspace.functions.set(name, { declaration: statement, line })
      workspace.values.delete(name)
    } else if (statement.kind === 'definition') {
      const names = statement.targets.map((target) => target.name.name)
      const before = names.map((name) => workspace.values.get(name))
      for (const name of names) workspace.values.set(name, { statement, line })
      this.refuseCircles(names, () => {
        for (const [at, name] of names.entries()) {
          const old = before[at]
          if (old) workspace.values.set(name, old)
          else workspace.values.delete(name)
        }
      })
    }
    return [{ kind: 'made', text: line, notes: this.notes }]
  }

  private refuseCircles(names: readonly string[], undo: () => void): void {
    const diagnostics = new Diagnostics()
    const [name] = names
    const span = { source: this.line, start: 0, end: this.line.text.length }
    this.workspace.query([{ kind: 'name', name, span }], diagnostics)
    if (!diagnostics.hasErrors) return
    undo()
    this.problem(diagnostics.list)
  }

  private declare({ text }: Statement): Result[] {
    const statement = this.statementOf(text.trim(), 'model m() { param ', [], ' }')
    const [inner] = statement.kind === 'model' ? statement.body : []
    if (inner?.kind !== 'param' || !inner.target.type) return this.fail(messages.badOption(text.trim(), 'for example W: [d, h]')) // prettier-ignore
    const { name } = inner.target.name
    this.workspace.values.delete(name)
    this.workspace.shapes.set(name, { type: inner.target.type, line: text.trim() })
    return [{ kind: 'made', text: text.trim(), notes: this.notes }]
  }

  private assume({ text }: Statement): Result[] {
    const { assumptions } = this.workspace
    const conditions = text.replace(/^\s*assume\s/, (word) => ' '.repeat(word.length))
    const results: Result[] = []
    for (const part of splitOutside(conditions, (token) => token.text === ',')) {
      const known = (name: string) => assumptions.get(name)
      const inWords = assumptionInWords(part.text, known)
      const found = inWords ? [inWords] : assumptionsOf(this.parse(part.text), known)
      if (!found) return this.fail(assumptionMessages.notAnAssumption())
      for (const { name, facts } of found)
        if (isContradiction(facts)) return this.fail(assumptionMessages.contradiction(name))
      const line = `assume ${part.text.trim()}`
      for (const { name, facts, integer } of found) {
        const before = assumptions.get(name)?.line
        assumptions.set(name, { facts, integer, line: before ? `${before}, ${part.text.trim()}` : line })
      }
      results.push({ kind: 'made', text: line, notes: [] })
    }
    return results
  }

  /** `fn`, `model`, `const`, `import`: statements of files, typed in. */
  private program({ text }: Statement): Result[] {
    const diagnostics = new Diagnostics()
    const source = this.origins.add(
      text,
      this.line,
      Array.from({ length: text.length + 1 }, (_, at) => at),
    )
    const file = parseFile(source, diagnostics)
    this.settled(diagnostics)
    const path = `typed ${this.workspace.files.size + 1}`
    for (const statement of file.statements) {
      const { span } = statement
      const line = text.slice(span.start, span.end)
      if (statement.kind === 'function')
        this.workspace.functions.set(statement.signature.name.name, { declaration: statement, line })
      else this.workspace.files.set(path, { path, file, text: exported(file) })
    }
    return [{ kind: 'made', text: text.trim(), notes: [] }]
  }

  // ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────

  private async expressions(text: string): Promise<readonly Result[]> {
    const { assignments, positional } = readArguments(text, [])
    if (assignments.length > 0 || positional.length > 0) return evaluateAt(this, text, true)
    const model = await equationsOfModel(this, text.trim())
    if (model) return [model]
    const typed = this.parseList(text)
    const { notes } = this
    return typed.flatMap((each, at) => {
      const { syntax } = each
      const values = constantArrays(this, each, at === 0 ? notes : [])
      if (values) return values
      const nameOf = resultNames(syntax)
      return this.answers([syntax]).map((answer, n) => {
        const said = at === 0 && n === 0 ? [...notes, ...this.inferred] : []
        return answerResult(answer, nameOf(n), this.workspace.valueNames(), said)
      })
    })
  }

  private inferred: readonly string[] = []

  query(results: readonly Syntax[], options?: QueryOptions): Query {
    const diagnostics = new Diagnostics()
    const query = this.workspace.query(results, diagnostics, options)
    this.settled(diagnostics)
    if (!query) return this.problem(diagnostics.list)
    this.inferred = query.inferred.map(([name, type]) => `${name}: ${shapeText(type)} is inferred`)
    return query
  }

  check(query: Query): Program {
    const diagnostics = new Diagnostics()
    const program = this.workspace.check(query, diagnostics)
    return program ?? this.problem(diagnostics.list)
  }

  answers(results: readonly Syntax[]): readonly Answer[] {
    return answersOf(this.check(this.query(results)), this.workspace.assumptions)
  }

  scalar(command: Command, { syntax }: Typed): ScalarAnswer {
    const [answer] = this.answers([syntax])
    if (answer.kind === 'scalar') return answer
    const shape = answer.def.idx.map(({ extent }) => (extent.kind === 'size' ? extent.name : '…'))
    return this.fail(messages.onlyNumbers(`:${command.name}`, `[${shape.join(', ')}]`))
  }
}
