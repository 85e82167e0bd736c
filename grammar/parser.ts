import { ExpressionParser, type Rule } from './expression-parser.js'
import * as t from './tokens.js'

/** The grammar of one statement; blocks inside it are already parsed. `recovers`: a mistake leaves a tree of what is around it. */
export class NnParser extends ExpressionParser {
  constructor({ recovers, skipValidations = true }: { recovers: boolean; skipValidations?: boolean }) {
    super(recovers, skipValidations)
    this.performSelfAnalysis()
  }

  readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.derivativeRule) },
      { ALT: () => this.SUBRULE(this.paramStatement) },
      { ALT: () => this.SUBRULE(this.outStatement) },
      { ALT: () => this.SUBRULE(this.lossStatement) },
      { ALT: () => this.SUBRULE(this.recurStatement) },
      { ALT: () => this.SUBRULE(this.returnStatement) },
      { ALT: () => this.SUBRULE(this.assumeStatement) },
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

  private readonly derivativeRule: Rule = this.RULE('derivativeRule', () => {
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

  private readonly paramStatement: Rule = this.RULE('paramStatement', () => {
    this.CONSUME(t.Param)
    this.SUBRULE(this.target)
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Tilde) }])
      this.SUBRULE(this.expression)
    })
  })

  private readonly outStatement: Rule = this.RULE('outStatement', () => {
    this.CONSUME(t.Out)
    this.SUBRULE(this.targets)
    this.OPTION(() => {
      this.CONSUME(t.Equals)
      this.SUBRULE(this.expressions)
    })
  })

  private readonly lossStatement: Rule = this.RULE('lossStatement', () => {
    this.CONSUME(t.Loss)
    this.SUBRULE(this.expression)
  })

  private readonly recurStatement: Rule = this.RULE('recurStatement', () => {
    this.CONSUME(t.Recur)
    this.SUBRULE(this.items)
    this.CONSUME(t.Block)
  })

  private readonly returnStatement: Rule = this.RULE('returnStatement', () => {
    this.CONSUME(t.Return)
    this.SUBRULE(this.expressions)
  })

  private readonly assumeStatement: Rule = this.RULE('assumeStatement', () => {
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
}
