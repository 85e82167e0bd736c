import type { Message } from '../src/base/messages.js'
import { freeNameFor } from './reductions.js'

const message = (code: string, text: string): Message => ({ code, message: text })

/** How operators of other languages are written here. */
const FOREIGN: Record<string, string> = {
  '**': "'**' is written '^' here",
  '&&': "'&&' is written 'and' here",
  '&': "'&' is written 'and' here",
  '||': "'||' is written 'or' here",
  '|': "'|' is written 'or' here; an absolute value is abs(x)",
  '!': "'!' is written 'not' here; a factorial n! is exp(lgamma(n + 1))",
  '===': "'===' is written '==' here",
  '!==': "'!==' is written '!=' here",
  '%': "'%' is written mod(a, b) here",
  '=>': "there is no '=>': a function is 'fn f(x) = …'",
  '->': "there is no '->': a function is 'fn f(x) = …'",
  ':=': "':=' is written '=' here",
  '.*': "'.*' is written '*' here: operators work on every entry",
  './': "'./' is written '/' here: operators work on every entry",
  '.^': "'.^' is written '^' here: operators work on every entry",
  '?': "a choice is written 'if c then a else b'",
  '√': "'√' is written sqrt(x) here",
}

/** Notation of other places that means something here. */
const WAY_OUT: Record<string, string> = {
  '∛': 'a cube root is cbrt(x)',
  '⌊': 'the largest whole number below is floor(x)',
  '⌈': 'the smallest whole number above is ceil(x)',
  '‖': 'a norm is sqrt(sum(x^2))',
  '∫': 'integrals are not found here, only derivatives: d/dx …',
  '→': 'limits are not found here',
  '∞': 'infinity is inf',
  '{': 'groups stand in parentheses',
  '\\': 'LaTeX is printed and not read: sin(x), a / b, sqrt(x)',
  $: 'LaTeX is printed and not read: sin(x), a / b, sqrt(x)',
}

/** Every mistake that is found before the file has an AST: its code and its words, once. */
export const messages = {
  unclosed: (bracket: string) => message('unclosed-bracket', `this '${bracket}' is never closed`),
  tooDeep: (most: number) =>
    message('too-deep', `brackets are nested more than ${most} deep, which is not formatted`),
  unclosedComment: () => message('unclosed-comment', 'this comment is never closed'),
  unclosedString: () => message('unclosed-string', 'this string is never closed'),
  wrongCloser: (expected: string, found: string) =>
    message('wrong-bracket', `'${expected}' expected here, found '${found}'`),
  strayCloser: (bracket: string) => message('stray-bracket', `this '${bracket}' closes nothing`),
  unexpectedCharacter: (character: string): Message => ({
    ...message('unexpected-character', `unexpected ${JSON.stringify(character)}`),
    suggestion: WAY_OUT[character],
  }),
  foreignOperator: (operator: string) =>
    message(
      'foreign-operator',
      FOREIGN[operator] ??
        `'${operator}' updates a variable; definitions here are equations, each name has one`,
    ),
  unknownWord: (word: string, meant: string) =>
    message('unknown-word', `unknown word '${word}': did you mean '${meant}'?`),
  noLet: (word: string) => message('no-let', `no '${word}' here: a definition is just 'name = …'`),
  noLoop: () =>
    message(
      'no-loop',
      "there are no loops: write an equation with indices, y[i] = …, or 'recur t < T { … }'",
    ),
  functionWithoutWord: (name: string) => message('missing-fn', `a function starts with 'fn': fn ${name}(…)`),
  reservedReduction: (word: string) =>
    message(
      'reserved-name',
      `'${word}' is a reduction, ${word}[i] … or ${word}(x), and cannot be a name: call it '${freeNameFor(word)}'`,
    ),
  reservedName: (word: string) =>
    message('reserved-name', `'${word}' is a reserved word and cannot be a name`),
  strangeName: (name: string) =>
    message('strange-name', `'${name}' is not a name: its standard form has characters that are no letters`),
  partialWithoutParens: () => message('partial-without-call', "'∂' is a function: ∂(f, x), or d(f, x)"),
  strangeNumber: (text: string) =>
    message('strange-number', `'${text}' is not a number here: numbers are decimal and have no '_'`),
  adjacent: (left: string, right: string) =>
    message('missing-operator', `an operator or a comma is missing between '${left}' and '${right}'`),
  adjacentProduct: (left: string, right: string) =>
    message(
      'missing-operator',
      `an operator or a comma is missing between '${left}' and '${right}'; a product is written ` +
        `${right === '(' ? `${left}(…) or ${left} * (…)` : `${left}${right} or ${left} * ${right}`}`,
    ),
  adjacentParens: () =>
    message(
      'missing-operator',
      "an operator or a comma is missing between ')' and '('; a product is written (…) * (…)",
    ),
  expected: (expected: string, previous: string, found: string) =>
    message(
      'expected',
      `${expected} expected${previous && ` after '${previous}'`}${found && `, found '${found}'`}`,
    ),
  missingEquals: (previous: string) => message('missing-equals', `'=' is missing after '${previous}'`),
  missingRightSide: (sign: string) => message('missing-operand', `the right side of '${sign}' is missing`),
  missingOperandAfter: (previous: string) =>
    message('missing-operand', `an operand is missing after '${previous}'`),
  missingOperandBefore: (found: string) => message('missing-operand', `operand missing before '${found}'`),
  missingName: (previous: string) => message('missing-name', `a name is missing after '${previous}'`),
  missingShape: () => message('missing-shape', "a shape is missing after ':': [n, 10]"),
  missingElse: () =>
    message('missing-else', "this 'if' has no 'else'; an 'if' is a value and needs both arms"),
  nestedIf: () => message('nested-if', "put the inner 'if' in parentheses"),
  equalsCompares: () => message('equals-for-comparison', "'==' compares; '=' only defines"),
  expressionStatement: (text: string) =>
    message('expression-statement', `a line is an equation: give the value a name, 'y = ${text}'`),
  unexpected: (found: string, previous: string) =>
    message(
      'unexpected',
      found ? `unexpected '${found}' after '${previous}'` : `something is missing after '${previous}'`,
    ),
  emptyExpression: () => message('empty-expression', 'an expression is missing'),
  sliceOutsideSubscript: () => message('slice-outside-subscript', 'a slice stands in a subscript: x[a:b]'),
  restOutsideType: () => message('rest-outside-type', "'..' stands in a type: [.., d]"),
  filterOutsideBinders: () =>
    message('filter-outside-binders', 'a filter stands in the brackets of a reduction: sum[i if i != j]'),
  namedOutsideCall: () => message('named-outside-call', 'a named argument stands in a call'),
  emptyBrackets: (bracket: string) => message('empty-brackets', `something is missing after '${bracket}'`),
  severalInParens: () =>
    message('several-in-parentheses', 'parentheses hold one expression; a list is written [a, b]'),
  positionalAfterNamed: () => message('positional-after-named', 'named arguments follow the positional ones'),
  binderExpected: () => message('binder-expected', 'an index is expected: i, i < n, i <= n or 1 <= i <= n'),
  binderDirection: () =>
    message('binder-expected', 'the bounds of an index run in one direction: 1 <= i <= n'),
  sizeExpected: () => message('size-expected', 'a size is expected: m or m = 512'),
  comparisonDirection: () =>
    message('comparison-direction', 'a chain of comparisons runs in one direction: a <= b < c'),
  notEqualChain: () => message('not-equal-chain', "'!=' does not chain: write a != b and b != c"),
}
