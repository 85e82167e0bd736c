import type { CstNode, IRecognitionException } from 'chevrotain'
import type { Expression, Statement } from './ast.js'
import type { Diagnostic } from '../src/base/diagnostic.js'
import { error, type Message } from '../src/base/messages.js'
import type { Source } from '../src/base/source.js'
import { StatementBuilder } from './build-statement.js'
import { childNode } from './cst.js'
import type { LayoutSink } from './layout-brackets.js'
import { explain, explainStart } from './parse-errors.js'
import { NnParser } from './parser.js'
import * as t from './tokens.js'

/** Brackets at this depth are parsed on their own, which bounds the recursion of the parser. */
const SPLICE_DEPTH = 24

/** Tokens that are parsed together: a statement, or deep brackets inside one. */
interface Stretch {
  readonly tokens: t.Token[]
  depth: number
}

interface OpenBlock {
  readonly brace: t.Token | undefined
  readonly statements: Statement[]
  stretches: Stretch[]
  /** Whether the current statement has had its message. */
  reported: boolean
}

/** What to go on with behind a mistake takes long to find out: a second parser knows, which statements with mistakes get. */
let plainParser: NnParser | undefined
let recoveringParser: NnParser | undefined

/** The rules that what is parsed together may be. */
type Whole = 'statement' | 'loneExpression' | 'nested'

/** Collects what the layout pass finds, parses it piece by piece, innermost first, and builds the AST. */
export class Assembler implements LayoutSink {
  readonly diagnostics: Diagnostic[] = []
  /** The result, where the whole text is one expression. */
  expression: Expression | undefined
  private readonly blocks: OpenBlock[]
  private readonly builder: StatementBuilder

  constructor(
    private readonly source: Source,
    private readonly expressionOnly = false,
  ) {
    this.blocks = [newBlock(undefined)]
    this.builder = new StatementBuilder(source, (message, span) => this.report(message, span.start, span.end))
  }

  get statements(): readonly Statement[] {
    return this.blocks[0].statements
  }

  report(message: Message, start: number, end: number): void {
    const block = this.block
    if (block.reported) return
    block.reported = true
    this.diagnostics.push(error(message, { source: this.source, start, end }))
  }

  token(token: t.Token): void {
    this.stretch.tokens.push(token)
  }

  open(token: t.Token): void {
    const { stretch } = this
    if (stretch.depth === SPLICE_DEPTH) this.block.stretches.push({ tokens: [token], depth: 1 })
    else {
      stretch.tokens.push(token)
      stretch.depth++
    }
  }

  close(token: t.Token): void {
    const { stretch, block } = this
    stretch.tokens.push(token)
    stretch.depth--
    if (stretch.depth > 0 || block.stretches.length === 1) return
    block.stretches.pop()
    this.stretch.tokens.push(this.splice(stretch.tokens))
  }

  openBlock(brace: t.Token): void {
    this.blocks.push(newBlock(brace))
  }

  closeBlock(brace: t.Token): void {
    const block = this.blocks.pop()
    if (!block || !this.blocks[0]) throw new Error('a block closes that was never opened')
    const start = block.brace?.startOffset ?? 0
    const token = new t.Token(t.Block, '{', start, brace.end)
    token.statements = block.statements
    this.token(token)
  }

  endStatement(end: number): void {
    const { block } = this
    const [{ tokens }] = block.stretches
    const first = tokens.at(0)
    if (first && this.expressionOnly) {
      const node = this.run('loneExpression', tokens, end)
      this.expression = this.builder.expression(childNode(node, 'expression'), end)
    } else if (first && (first.tokenType === t.Name || t.statementWords.has(first.tokenType.name))) {
      const node = this.run('statement', tokens, end)
      const statement = node && this.builder.statement(node, first, end)
      if (statement) block.statements.push(statement)
    } else if (first) {
      const { message, start, end: behind } = explainStart(tokens, this.source.text)
      this.report(message, start, behind)
    }
    block.stretches = [{ tokens: [], depth: 0 }]
    block.reported = false
  }

  private get block(): OpenBlock {
    return this.blocks[this.blocks.length - 1]
  }

  private get stretch(): Stretch {
    const { stretches } = this.block
    return stretches[stretches.length - 1]
  }

  /** Parses deep brackets and makes one token of them. */
  private splice(tokens: t.Token[]): t.Token {
    const opener = tokens[0]
    const { end } = tokens[tokens.length - 1]
    const node = this.run('nested', tokens, end)
    const isParens = opener.tokenType === t.LeftParen
    const token = new t.Token(
      isParens ? t.NestedParens : t.NestedBrackets,
      opener.image,
      opener.startOffset,
      end,
    )
    token.items = isParens
      ? this.builder.parens(childNode(node, 'parens'), opener.startOffset)
      : this.builder.brackets(childNode(node, 'brackets'), opener.startOffset)
    return token
  }

  /** Runs one rule over its tokens; a mistake is reported unless the layout pass already named one. */
  private run(rule: Whole, tokens: t.Token[], end: number): CstNode | undefined {
    tokens.push(new t.Token(t.End, '', end, end))
    plainParser ??= new NnParser({ recovers: false })
    const parsed = runRule(plainParser, rule, tokens)
    if (!parsed.mistake) return parsed.node
    recoveringParser ??= new NnParser({ recovers: true })
    const { node, mistake } = runRule(recoveringParser, rule, tokens)
    if (mistake && !this.block.reported) {
      const { message, start, end: behind } = explain(mistake, tokens, this.source.text)
      this.report(message, start, behind)
    }
    return node
  }
}

interface Parsed {
  readonly node: CstNode | undefined
  /** The first one. */
  readonly mistake: IRecognitionException | undefined
}

function runRule(parser: NnParser, rule: Whole, tokens: t.Token[]): Parsed {
  parser.prepare(tokens)
  // The errors of chevrotain are values for us; the stack that each records takes longer than the parsing.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    const node: CstNode | undefined = parser[rule]()
    return { node, mistake: parser.errors.at(0) }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function newBlock(brace: t.Token | undefined): OpenBlock {
  return { brace, statements: [], stretches: [{ tokens: [], depth: 0 }], reported: false }
}
