/**
 * The abstract syntax of `.nn` files: plain data with spans, no behaviour.
 * Names are NFKC-normalised; second spellings (`·`, `≤`, `²`, `∂`, `π`) are already their ASCII form,
 * except that names keep their letters. Chains of binary operators are left-deep: every walk is iterative.
 */
import type { Span } from '../src/base/source.js'

// ── Expressions ────────────────────────────────────────────────────────────────────────────────────────────

export type UnaryOperator = '-' | '+' | 'not'
export type BinaryOperator = '+' | '-' | '*' | '@' | '/' | '^' | 'and' | 'or'
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!='
export type ReductionName =
  'sum' | 'prod' | 'mean' | 'max' | 'min' | 'argmax' | 'argmin' | 'logsumexp' | 'any' | 'all'

export type Expression =
  | NumberLiteral
  | Name
  | Unary
  | Binary
  | Comparison
  | Conditional
  | Reduction
  | Call
  | Subscript
  | Member
  | Transpose
  | ArrayLiteral

/** `text` is the literal as written (`.5`, `1e-5`); its value is the exact decimal. */
export interface NumberLiteral {
  readonly kind: 'number'
  readonly text: string
  readonly span: Span
}

/** Also `pi` and `inf`. An empty name stands where an operand is missing, after a mistake that is already reported. */
export interface Name {
  readonly kind: 'name'
  readonly name: string
  readonly span: Span
}

export interface Unary {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
  readonly span: Span
}

export interface Binary {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  /** A product written without `*`: `3x`. */
  readonly implicit?: boolean
  readonly span: Span
}

/** A chain `a <= b < c`: `operators[i]` stands between `operands[i]` and `operands[i + 1]`. */
export interface Comparison {
  readonly kind: 'comparison'
  readonly operands: readonly Expression[]
  readonly operators: readonly ComparisonOperator[]
  readonly span: Span
}

export interface Conditional {
  readonly kind: 'conditional'
  readonly condition: Expression
  readonly consequent: Expression
  readonly alternate: Expression
  readonly span: Span
}

/** `sum[i < n, j if i != j] body`. */
export interface Reduction {
  readonly kind: 'reduction'
  readonly reduction: ReductionName
  readonly binders: readonly Binder[]
  readonly filter?: Expression
  readonly body: Expression
  readonly span: Span
}

/**
 * `callee` is a name for an ordinary call, a `Transpose` of a name for `f'(x)`, a member for `cell.step(x)`;
 * the reductions in call form, `max(0, x)`, are names too. Whether it can be called is for the checker to say.
 */
export interface Call {
  readonly kind: 'call'
  readonly callee: Expression
  readonly arguments: readonly Argument[]
  readonly span: Span
}

export interface Argument {
  /** Present for `axis = 0`. */
  readonly name?: Name
  readonly value: Expression
  readonly span: Span
}

/** `object[i, 2*j, :, a:b]`. */
export interface Subscript {
  readonly kind: 'subscript'
  readonly object: Expression
  readonly subscripts: readonly (Expression | Slice)[]
  readonly span: Span
}

/** `:`, `a:`, `:b`, `a:b`: half-open. */
export interface Slice {
  readonly kind: 'slice'
  readonly start?: Expression
  readonly end?: Expression
  readonly span: Span
}

export interface Member {
  readonly kind: 'member'
  readonly object: Expression
  readonly name: Name
  readonly span: Span
}

/** `A'`: transposition, or one derivative when it is the callee of a call. */
export interface Transpose {
  readonly kind: 'transpose'
  readonly operand: Expression
  readonly span: Span
}

export interface ArrayLiteral {
  readonly kind: 'array'
  readonly elements: readonly Expression[]
  readonly span: Span
}

/** `i`, `i < n`, `i <= n`, `1 <= j <= d`; a bound that is absent is inferred. */
export interface Binder {
  readonly kind: 'binder'
  readonly name: Name
  readonly lower?: Bound
  readonly upper?: Bound
  readonly span: Span
}

export interface Bound {
  readonly value: Expression
  /** `<=` rather than `<`. */
  readonly inclusive: boolean
}

// ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────

export type Statement =
  | Definition
  | ConstDeclaration
  | FunctionDeclaration
  | ModelDeclaration
  | DerivativeDeclaration
  | ImportDeclaration
  | ParamStatement
  | OutStatement
  | LossStatement
  | RecurStatement
  | ReturnStatement
  | AssumeStatement

interface StatementBase {
  readonly span: Span
  /** The text of the `///` lines above, without slashes; absent if there are none. */
  readonly doc?: string
}

/** `h[t], c[t] = cell(…)`: as many values as targets, or one value with several results. */
export interface Definition extends StatementBase {
  readonly kind: 'definition'
  readonly targets: readonly Target[]
  readonly values: readonly Expression[]
}

export interface Target {
  readonly name: Name
  /** A binder declares a fresh index (or names the step of a recurrence); an expression is a position: `h[-1]`. */
  readonly subscripts?: readonly (Binder | Expression)[]
  readonly type?: TypeExpression
  readonly span: Span
}

/** `[n, 10]`, `int[n]`, `int`, `Dense[128]`, `[.., d]`, `bool[n]`. Without brackets `dimensions` is absent. */
export interface TypeExpression {
  /** `int`, `real`, `bool` or the name of a model. */
  readonly name?: Name
  readonly dimensions?: readonly Dimension[]
  readonly span: Span
}

export type Dimension =
  | { readonly kind: 'extent'; readonly value: Expression; readonly span: Span }
  | { readonly kind: 'named'; readonly name: Name; readonly value: Expression; readonly span: Span } // Dense[m = 10]
  | { readonly kind: 'rest'; readonly span: Span } // ..

export interface ConstDeclaration extends StatementBase {
  readonly kind: 'const'
  readonly exported: boolean
  readonly definition: Definition
}

export interface Signature {
  readonly name: Name
  /** Sizes in brackets after the name: `[m]`, `[hidden = 512]`. Absent if there are no brackets. */
  readonly sizes?: readonly SizeParameter[]
  readonly parameters: readonly Parameter[]
  readonly span: Span
}

export interface SizeParameter {
  readonly name: Name
  readonly default?: Expression
  readonly span: Span
}

export interface Parameter {
  readonly name: Name
  readonly type?: TypeExpression
  readonly default?: Expression
  readonly doc?: string
  readonly span: Span
}

/** `fn` and `optimizer`: `= expressions` becomes a body of one `return`, remembered by `short`. */
export interface FunctionDeclaration extends StatementBase {
  readonly kind: 'function'
  readonly word: 'fn' | 'optimizer'
  readonly exported: boolean
  readonly signature: Signature
  readonly body: readonly Statement[]
  readonly short: boolean
}

export interface ModelDeclaration extends StatementBase {
  readonly kind: 'model'
  /** Models are always exported; whether the word was written is kept for the printer. */
  readonly exported: boolean
  readonly signature: Signature
  readonly body: readonly Statement[]
}

/** `derivative of f(x, y) by x given g = …`. */
export interface DerivativeDeclaration extends StatementBase {
  readonly kind: 'derivative'
  readonly signature: Signature
  readonly by?: Name
  readonly given?: Name
  readonly values: readonly Expression[]
}

export interface ImportDeclaration extends StatementBase {
  readonly kind: 'import'
  readonly names: readonly { readonly name: Name; readonly as?: Name }[]
  readonly from: { readonly text: string; readonly span: Span }
}

export interface ParamStatement extends StatementBase {
  readonly kind: 'param'
  readonly target: Target
  /** `= e` sets, `~ e` draws. */
  readonly initial?: { readonly kind: 'value' | 'draw'; readonly value: Expression }
}

/** `out p`, `out a, b`, `out y[i] = e`. */
export interface OutStatement extends StatementBase {
  readonly kind: 'out'
  readonly targets: readonly Target[]
  readonly values?: readonly Expression[]
}

export interface LossStatement extends StatementBase {
  readonly kind: 'loss'
  readonly value: Expression
}

/** `recur t < T, j < m { … }`. */
export interface RecurStatement extends StatementBase {
  readonly kind: 'recur'
  readonly binders: readonly Binder[]
  readonly filter?: Expression
  readonly body: readonly Statement[]
}

export interface ReturnStatement extends StatementBase {
  readonly kind: 'return'
  readonly values: readonly Expression[]
}

export interface AssumeStatement extends StatementBase {
  readonly kind: 'assume'
  readonly conditions: readonly Expression[]
}

/** A comment that is not documentation, kept for the printers. */
export interface Comment {
  readonly text: string
  readonly span: Span
}

/** One parsed file. */
export interface File {
  readonly statements: readonly Statement[]
  readonly comments: readonly Comment[]
  readonly span: Span
}
