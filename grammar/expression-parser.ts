import {
  CstParser,
  type CstNode,
  type IParserErrorMessageProvider,
  type ParserMethod,
  type TokenType,
} from 'chevrotain'
import { LazyLookahead } from './lookahead.js'
import * as t from './tokens.js'

export type Rule = ParserMethod<[], CstNode>

/** Tokens that tell ways on apart. */
const LOOKAHEAD = 2

/** After this many mistakes in one statement recovery stops: only the first is reported anyway. */
const MOST_ERRORS = 8

// What is inserted must not turn one mistake into another statement: never a name, a number or an end.
// prettier-ignore
const INSERTABLE: ReadonlySet<TokenType> = new Set([
  t.Equals, t.Comma, t.RightParen, t.RightBracket, t.RightBrace, t.Then, t.Else, t.From, t.Of,
])

/**
 * Notes the name of the expected token, if it was a single one, as the message of an error; the words are
 * made later, from what was expected and found and the rules around. Counts the errors of a statement too.
 */
class Expectations implements IParserErrorMessageProvider {
  count = 0
  whenTooMany = (): void => {}

  private note(expected: string): string {
    if (++this.count >= MOST_ERRORS) this.whenTooMany()
    return expected
  }

  buildMismatchTokenMessage({ expected }: { expected: TokenType }): string {
    return this.note(expected.name)
  }
  buildNotAllInputParsedMessage(): string {
    return this.note('End')
  }
  buildNoViableAltMessage(): string {
    return this.note('')
  }
  buildEarlyExitMessage(): string {
    return this.note('')
  }
}

/**
 * The grammar of expressions, and what is common to all rules. Brackets that are nested deeply are already
 * parsed, so that the depth of recursion is bounded; operators are flat lists that the AST builder folds.
 */
export abstract class ExpressionParser extends CstParser {
  declare recoveryEnabled: boolean
  private readonly expectations: Expectations

  constructor(
    private readonly recovers: boolean,
    skipValidations: boolean,
  ) {
    const expectations = new Expectations()
    super(t.parserTokens, {
      recoveryEnabled: recovers,
      maxLookahead: LOOKAHEAD,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: LOOKAHEAD }),
      skipValidations,
      errorMessageProvider: expectations,
    })
    this.expectations = expectations
    expectations.whenTooMany = () => {
      this.recoveryEnabled = false
    }
  }

  /** Makes ready for one statement, which ends with an `End`. */
  prepare(tokens: t.Token[]): void {
    this.input = tokens
    this.expectations.count = 0
    this.recoveryEnabled = this.recovers
  }

  override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return INSERTABLE.has(type)
  }

  /** chevrotain's own calls itself once for every error; going on behind the list does for us. */
  attemptInRepetitionRecovery = (): void => {}

  protected readonly expressions: Rule = this.RULE('expressions', () => {
    this.SUBRULE(this.expression)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.SUBRULE2(this.expression)
    })
  })

  protected readonly expression: Rule = this.RULE('expression', () => {
    this.SUBRULE(this.term)
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator)
      this.SUBRULE2(this.term)
    })
  })

  protected readonly term: Rule = this.RULE('term', () => {
    this.MANY(() => this.SUBRULE(this.prefix))
    this.SUBRULE(this.operand)
  })

  protected readonly prefix: Rule = this.RULE('prefix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.PrefixOperator) },
      {
        ALT: () => {
          this.CONSUME(t.Reduction)
          this.SUBRULE(this.brackets)
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.If)
          this.SUBRULE(this.plain)
          this.CONSUME(t.Then)
          this.SUBRULE2(this.plain)
          this.CONSUME(t.Else)
        },
      },
    ])
  })

  /** An expression without an `if` outside brackets: without it nesting would need recursion. */
  protected readonly plain: Rule = this.RULE('plain', () => {
    this.SUBRULE(this.plainTerm)
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator)
      this.SUBRULE2(this.plainTerm)
    })
  })

  protected readonly plainTerm: Rule = this.RULE('plainTerm', () => {
    this.MANY(() => this.SUBRULE(this.plainPrefix))
    this.SUBRULE(this.operand)
  })

  protected readonly plainPrefix: Rule = this.RULE('plainPrefix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.PrefixOperator) },
      {
        ALT: () => {
          this.CONSUME(t.Reduction)
          this.SUBRULE(this.brackets)
        },
      },
    ])
  })

  protected readonly operand: Rule = this.RULE('operand', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Name) },
      { ALT: () => this.CONSUME(t.ReductionCall) },
      { ALT: () => this.SUBRULE(this.parens) },
      { ALT: () => this.SUBRULE(this.brackets) },
    ])
    this.MANY(() => this.SUBRULE(this.suffix))
  })

  protected readonly suffix: Rule = this.RULE('suffix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Transpose) },
      { ALT: () => this.CONSUME(t.Superscript) },
      { ALT: () => this.SUBRULE(this.parens) },
      { ALT: () => this.SUBRULE(this.brackets) },
      {
        ALT: () => {
          this.CONSUME(t.Dot)
          this.CONSUME(t.Name)
        },
      },
    ])
  })

  protected readonly parens: Rule = this.RULE('parens', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LeftParen)
          this.OPTION(() => this.SUBRULE(this.items))
          this.CONSUME(t.RightParen)
        },
      },
      { ALT: () => this.CONSUME(t.NestedParens) },
    ])
  })

  protected readonly brackets: Rule = this.RULE('brackets', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket)
          this.OPTION(() => this.SUBRULE(this.items))
          this.CONSUME(t.RightBracket)
        },
      },
      { ALT: () => this.CONSUME(t.NestedBrackets) },
    ])
  })

  protected readonly items: Rule = this.RULE('items', () => {
    this.SUBRULE(this.item)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.SUBRULE2(this.item)
    })
    this.OPTION(() => {
      this.CONSUME(t.If)
      this.SUBRULE(this.plain)
    })
  })

  protected readonly item: Rule = this.RULE('item', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.DotDot) },
      {
        ALT: () => {
          this.CONSUME(t.Colon)
          this.OPTION(() => this.SUBRULE(this.expression, { LABEL: 'sliceEnd' }))
        },
      },
      {
        ALT: () => {
          this.OPTION2(() => {
            this.CONSUME(t.Name)
            this.CONSUME(t.Equals)
          })
          this.SUBRULE2(this.expression)
          this.OPTION3(() => {
            this.CONSUME2(t.Colon)
            this.OPTION4(() => this.SUBRULE3(this.expression, { LABEL: 'sliceEnd' }))
          })
        },
      },
    ])
  })
}
