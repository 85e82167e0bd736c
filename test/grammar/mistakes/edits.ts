/** A small replacement in `sample.nn`, and all that is said about it: line:column, code, message. */
export interface Mistake {
  readonly name: string
  readonly edits: readonly (readonly [from: string, to: string])[]
  readonly says: readonly string[]
}

const mistake = (name: string, from: string, to: string, ...says: string[]): Mistake => ({
  name,
  edits: [[from, to]],
  says,
})

export const mistakes: readonly Mistake[] = [
  mistake(
    'missing } of fn',
    'sqrt(s + eps)\n}',
    'sqrt(s + eps)',
    "6:29 unclosed-bracket: this '{' is never closed",
  ),
  mistake(
    'missing } of model',
    'label[s]])\n}',
    'label[s]])',
    "11:40 unclosed-bracket: this '{' is never closed",
  ),
  mistake('missing } of recur', 'y[t]\n  }', 'y[t]', "17:15 unclosed-bracket: this '{' is never closed"),
  mistake(
    'missing }, flat file end',
    'return D }',
    'return D',
    "26:17 unclosed-bracket: this '{' is never closed",
  ),
  mistake(
    'unclosed ( in call',
    'relu(l1(x)) + 1',
    'relu(l1(x) + 1',
    "14:12 unclosed-bracket: this '(' is never closed",
  ),
  mistake(
    'unclosed ( nested',
    'concat(slope(h1, 0.1), ',
    'concat(slope(h1, 0.1, ',
    "15:14 unclosed-bracket: this '(' is never closed",
  ),
  mistake(
    'unclosed ( after comma',
    'slope(h1, 2), axis = 0)',
    'slope(h1,',
    "15:36 unclosed-bracket: this '(' is never closed",
  ),
  mistake(
    'unclosed [ in subscript',
    'h2[t, i] *',
    'h2[t, i *',
    "16:26 unclosed-bracket: this '[' is never closed",
  ),
  mistake('wrong closer )', 'h2[t, i] *', 'h2[t, i) *', "16:31 wrong-bracket: ']' expected here, found ')'"),
  mistake('extra )', 'relu(l1(x)) + 1', 'relu(l1(x))) + 1', "14:19 stray-bracket: this ')' closes nothing"),
  mistake(
    'extra }',
    'sqrt(s + eps)\n}',
    'sqrt(s + eps)\n}\n}',
    "10:1 stray-bracket: this '}' closes nothing",
  ),
  mistake(
    'misspelt model',
    'model Net',
    'modle Net',
    "11:1 unknown-word: unknown word 'modle': did you mean 'model'?",
  ),
  mistake(
    'misspelt param',
    'param W',
    'parm W',
    "13:3 unknown-word: unknown word 'parm': did you mean 'param'?",
  ),
  mistake(
    'misspelt recur',
    'recur t',
    'recurr t',
    "17:3 unknown-word: unknown word 'recurr': did you mean 'recur'?",
  ),
  mistake(
    'misspelt then',
    'then sqrt',
    'than sqrt',
    "25:23 expected: 'then' expected after '0', found 'than'",
  ),
  mistake('def for fn', 'fn last', 'def last', "25:1 unknown-word: unknown word 'def': did you mean 'fn'?"),
  mistake('no fn at all', 'fn last', 'last', "25:1 missing-fn: a function starts with 'fn': fn last(…)"),
  mistake('let', 'h1 = relu', 'let h1 = relu', "14:3 no-let: no 'let' here: a definition is just 'name = …'"),
  mistake(
    'stray token',
    'relu(l1(x)) + 1',
    'relu(l1(x)) h',
    "14:20 missing-operator: an operator or a comma is missing between ')' and 'h'",
  ),
  mistake(
    'stray character',
    'relu(l1(x)) + 1',
    'relu(l1(x)) $ + 1',
    '14:20 unexpected-character: unexpected "$"',
  ),
  mistake(
    'missing = of a definition',
    'h1 = relu',
    'h1 relu',
    "14:6 missing-equals: '=' is missing after 'h1'",
  ),
  mistake(
    'missing = of an indexed definition',
    'y[t, k] = sum',
    'y[t, k] sum',
    "16:11 missing-equals: '=' is missing after ']'",
  ),
  mistake(
    'missing = of a function',
    '0.01) = max',
    '0.01) max',
    "5:23 expected: '=' or '{' expected after ')', found 'max'",
  ),
  mistake('**', '^2\n  recur', '**2\n  recur', "16:42 foreign-operator: '**' is written '^' here"),
  mistake(
    '+=',
    'h1 = relu',
    'h1 += relu',
    "14:6 foreign-operator: '+=' updates a variable; definitions here are equations, each name has one",
  ),
  mistake('= for ==', 'if z > 0', 'if z = 0', "25:19 equals-for-comparison: '==' compares; '=' only defines"),
  mistake('&&', 'if z > 0', 'if z > 0 && z < 9', "25:23 foreign-operator: '&&' is written 'and' here"),
  mistake('dangling +', ' + 1\n', ' +\n', "14:21 missing-operand: an operand is missing after '+'"),
  mistake('two operators', '+ a * min', '+ * min', "5:37 missing-operand: operand missing before '*'"),
  mistake(
    'missing right side',
    'h1 = relu(l1(x)) + 1',
    'h1 =',
    "14:7 missing-operand: the right side of '=' is missing",
  ),
  mistake(
    'empty argument',
    'relu(l1(x))',
    'relu(l1(x) @ )',
    "14:21 missing-operand: an operand is missing after '@'",
  ),
  mistake(
    'missing comma',
    'slope(h1, 0.1), slope',
    'slope(h1, 0.1) slope',
    "15:30 missing-operator: an operator or a comma is missing between ')' and 'slope'",
  ),
  mistake(
    'missing else',
    ' else 0\nfn',
    '\nfn',
    "25:35 missing-else: this 'if' has no 'else'; an 'if' is a value and needs both arms",
  ),
  mistake(
    '2 x',
    '2 * h2',
    '2 h2',
    "16:22 missing-operator: an operator or a comma is missing between '2' and 'h2'; a product is written 2h2 or 2 * h2",
  ),
  mistake(
    'expression statement',
    'h1 = relu(l1(x)) + 1',
    'relu(h1)',
    "14:3 expression-statement: a line is an equation: give the value a name, 'y = relu(h1)'",
  ),
  mistake(
    'for loop',
    'h1 = relu(l1(x)) + 1',
    'for i < n { h1 = relu(l1(x)) }',
    "14:3 no-loop: there are no loops: write an equation with indices, y[i] = …, or 'recur t < T { … }'",
  ),
  mistake(
    'missing type of a parameter',
    'W: [width, 10] ~',
    'W: ~',
    "13:12 missing-shape: a shape is missing after ':': [n, 10]",
  ),
  mistake(
    'if operand in then',
    'then sqrt(z)',
    'then if z > 1 then 2 else 3',
    "25:28 nested-if: put the inner 'if' in parentheses",
  ),
  mistake(
    'half a line at the end, in a block',
    'if i == j then v[i] else 0; return D }\n',
    '',
    "26:17 unclosed-bracket: this '{' is never closed",
  ),
  mistake(
    'half a line at the end, in a call',
    'v[i] else 0; return D }\n',
    'sqrt(',
    "26:52 unclosed-bracket: this '(' is never closed",
  ),
  mistake(
    'half a line at the end, in brackets',
    '(v: [n]) { D[i, j < n] = if i == j then v[i] else 0; return D }\n',
    '[',
    "26:8 unclosed-bracket: this '[' is never closed",
  ),
  mistake(
    'half a line at the end, after fn',
    ' diag(v: [n]) { D[i, j < n] = if i == j then v[i] else 0; return D }\n',
    '',
    "26:3 missing-name: a name is missing after 'fn'",
  ),
  mistake(
    'half a line at the end, in a subscript',
    'i, j < n] = if i == j then v[i] else 0; return D }\n',
    '',
    "26:20 unclosed-bracket: this '[' is never closed",
  ),
  {
    name: 'three mistakes',
    edits: [
      ['h1 = relu', 'h1 relu'],
      ['^2\n  recur', '**2\n  recur'],
      ['then sqrt', 'than sqrt'],
    ],
    says: [
      "14:6 missing-equals: '=' is missing after 'h1'",
      "16:42 foreign-operator: '**' is written '^' here",
      "25:23 expected: 'then' expected after '0', found 'than'",
    ],
  },
  mistake('open comment', 'fn diag', '/* fn diag', '26:1 unclosed-comment: this comment is never closed'),
  mistake(
    'single-quoted import without from',
    "} from './",
    "} './",
    "1:18 expected: 'from' expected after '}', found ''./layers.nn''",
  ),
]
