import {
  CstParser,
  type CstNode,
  type IParserErrorMessageProvider,
  type ParserMethod,
  type TokenType,
} from 'chevrotain'
import * as t from './tokens.js'

type Rule = ParserMethod<[], CstNode>

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
 * The grammar of one statement. Blocks inside it are already parsed, and so are deeply nested brackets, so
 * that the depth of recursion is bounded; operators are flat lists that the AST builder folds.
 */
export class NnParser extends CstParser {
  declare recoveryEnabled: boolean
  private readonly expectations: Expectations

  constructor(skipValidations = true) {
    const expectations = new Expectations()
    super(t.parserTokens, {
      recoveryEnabled: true,
      maxLookahead: 2,
      skipValidations,
      errorMessageProvider: expectations,
    })
    this.expectations = expectations
    expectations.whenTooMany = () => {
      this.recoveryEnabled = false
    }
    this.performSelfAnalysis()
  }

  /** Makes ready for one statement, which ends with an `End`. */
  prepare(tokens: t.Token[]): void {
    this.input = tokens
    this.expectations.count = 0
    this.recoveryEnabled = true
  }

  override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return INSERTABLE.has(type)
  }

  /** chevrotain's own calls itself once for every error; going on behind the list does for us. */
  attemptInRepetitionRecovery = (): void => {}

  // ── Statements ───────────────────────────────────────────────────────────────────────────────────────────

  readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.derivative) },
      { ALT: () => this.SUBRULE(this.param) },
      { ALT: () => this.SUBRULE(this.out) },
      { ALT: () => this.SUBRULE(this.loss) },
      { ALT: () => this.SUBRULE(this.recur) },
      { ALT: () => this.SUBRULE(this.returnStatement) },
      { ALT: () => this.SUBRULE(this.assume) },
      { ALT: () => this.SUBRULE(this.definition) },
    ])
    this.CONSUME(t.End)
  })

  readonly loneExpression: Rule = this.RULE('loneExpression', () => {
    this.SUBRULE(this.expression)
    this.CONSUME(t.End)
  })

  readonly nested: Rule = this.RULE('nested', () => {
    this.OR([{ ALT: () => this.SUBRULE(this.parens) }, { ALT: () => this.SUBRULE(this.brackets) }])
    this.CONSUME(t.End)
  })

  private readonly importDeclaration: Rule = this.RULE('importDeclaration', () => {
    this.CONSUME(t.Import)
    this.CONSUME(t.LeftBrace)
    this.SUBRULE(this.imported)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.SUBRULE2(this.imported)
    })
    this.CONSUME(t.RightBrace)
    this.CONSUME(t.From)
    this.CONSUME(t.DoubleString)
  })

  private readonly imported: Rule = this.RULE('imported', () => {
    this.CONSUME(t.Name)
    this.OPTION(() => {
      this.CONSUME(t.As)
      this.CONSUME2(t.Name)
    })
  })

  private readonly declaration: Rule = this.RULE('declaration', () => {
    this.OPTION(() => this.CONSUME(t.Export))
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Const)
          this.SUBRULE(this.definition)
        },
      },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(t.Fn) }, { ALT: () => this.CONSUME(t.Optimizer) }])
          this.SUBRULE(this.signature)
          this.SUBRULE(this.functionBody)
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Model)
          this.SUBRULE2(this.signature)
          this.CONSUME(t.Block)
        },
      },
    ])
  })

  private readonly functionBody: Rule = this.RULE('functionBody', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Equals)
          this.SUBRULE(this.expressions)
        },
      },
      { ALT: () => this.CONSUME(t.Block) },
    ])
  })

  private readonly signature: Rule = this.RULE('signature', () => {
    this.CONSUME(t.Name)
    this.OPTION(() => this.SUBRULE(this.brackets))
    this.CONSUME(t.LeftParen)
    this.OPTION2(() => {
      this.SUBRULE(this.parameter)
      this.MANY(() => {
        this.CONSUME(t.Comma)
        this.SUBRULE2(this.parameter)
      })
    })
    this.CONSUME(t.RightParen)
  })

  private readonly parameter: Rule = this.RULE('parameter', () => {
    this.CONSUME(t.Name)
    this.OPTION(() => {
      this.CONSUME(t.Colon)
      this.SUBRULE(this.type)
    })
    this.OPTION2(() => {
      this.CONSUME(t.Equals)
      this.SUBRULE(this.expression)
    })
  })

  private readonly type: Rule = this.RULE('type', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Name)
          this.OPTION(() => this.SUBRULE(this.brackets))
        },
      },
      { ALT: () => this.SUBRULE2(this.brackets) },
    ])
  })

  private readonly derivative: Rule = this.RULE('derivative', () => {
    this.CONSUME(t.Derivative)
    this.CONSUME(t.Of)
    this.SUBRULE(this.signature)
    this.OPTION(() => {
      this.CONSUME(t.By)
      this.CONSUME(t.Name, { LABEL: 'byName' })
    })
    this.OPTION2(() => {
      this.CONSUME(t.Given)
      this.CONSUME2(t.Name, { LABEL: 'givenName' })
    })
    this.CONSUME(t.Equals)
    this.SUBRULE(this.expressions)
  })

  private readonly param: Rule = this.RULE('param', () => {
    this.CONSUME(t.Param)
    this.SUBRULE(this.target)
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Tilde) }])
      this.SUBRULE(this.expression)
    })
  })

  private readonly out: Rule = this.RULE('out', () => {
    this.CONSUME(t.Out)
    this.SUBRULE(this.targets)
    this.OPTION(() => {
      this.CONSUME(t.Equals)
      this.SUBRULE(this.expressions)
    })
  })

  private readonly loss: Rule = this.RULE('loss', () => {
    this.CONSUME(t.Loss)
    this.SUBRULE(this.expression)
  })

  private readonly recur: Rule = this.RULE('recur', () => {
    this.CONSUME(t.Recur)
    this.SUBRULE(this.items)
    this.CONSUME(t.Block)
  })

  private readonly returnStatement: Rule = this.RULE('returnStatement', () => {
    this.CONSUME(t.Return)
    this.SUBRULE(this.expressions)
  })

  private readonly assume: Rule = this.RULE('assume', () => {
    this.CONSUME(t.Assume)
    this.SUBRULE(this.expressions)
  })

  private readonly definition: Rule = this.RULE('definition', () => {
    this.SUBRULE(this.targets)
    this.CONSUME(t.Equals)
    this.SUBRULE(this.expressions)
  })

  private readonly targets: Rule = this.RULE('targets', () => {
    this.SUBRULE(this.target)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.SUBRULE2(this.target)
    })
  })

  private readonly target: Rule = this.RULE('target', () => {
    this.CONSUME(t.Name)
    this.OPTION(() => this.SUBRULE(this.brackets))
    this.OPTION2(() => {
      this.CONSUME(t.Colon)
      this.SUBRULE(this.type)
    })
  })

  // ── Expressions ──────────────────────────────────────────────────────────────────────────────────────────

  private readonly expressions: Rule = this.RULE('expressions', () => {
    this.SUBRULE(this.expression)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.SUBRULE2(this.expression)
    })
  })

  private readonly expression: Rule = this.RULE('expression', () => {
    this.SUBRULE(this.term)
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator)
      this.SUBRULE2(this.term)
    })
  })

  private readonly term: Rule = this.RULE('term', () => {
    this.MANY(() => this.SUBRULE(this.prefix))
    this.SUBRULE(this.operand)
  })

  private readonly prefix: Rule = this.RULE('prefix', () => {
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
  private readonly plain: Rule = this.RULE('plain', () => {
    this.SUBRULE(this.plainTerm)
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator)
      this.SUBRULE2(this.plainTerm)
    })
  })

  private readonly plainTerm: Rule = this.RULE('plainTerm', () => {
    this.MANY(() => this.SUBRULE(this.plainPrefix))
    this.SUBRULE(this.operand)
  })

  private readonly plainPrefix: Rule = this.RULE('plainPrefix', () => {
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

  private readonly operand: Rule = this.RULE('operand', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Name) },
      { ALT: () => this.CONSUME(t.ReductionCall) },
      { ALT: () => this.SUBRULE(this.parens) },
      { ALT: () => this.SUBRULE(this.brackets) },
    ])
    this.MANY(() => this.SUBRULE(this.suffix))
  })

  private readonly suffix: Rule = this.RULE('suffix', () => {
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

  private readonly parens: Rule = this.RULE('parens', () => {
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

  private readonly brackets: Rule = this.RULE('brackets', () => {
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

  private readonly items: Rule = this.RULE('items', () => {
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

  private readonly item: Rule = this.RULE('item', () => {
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
