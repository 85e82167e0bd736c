/** Every mistake that checking reports: its code and its words, once. */
import type { DerivativeName } from './builtin-names.js'
import { count, didYouMean, say } from './message-words.js'
import { statementMessages } from './statement-messages.js'

/** What other systems call by such names, and letters that stand for functions. */
const WAYS_OUT = new Map([
  ...['diff', 'derivative', 'Derivative', 'deriv', 'D'].map((name): [string, string] => [
    name,
    'a derivative is d(f, x)',
  ]),
  ...['integrate', 'Integrate', 'int', 'integral'].map((name): [string, string] => [
    name,
    'integrals are not found here, only derivatives: d(f, x)',
  ]),
  ...['factorial', 'gamma', 'Gamma', 'Γ'].map((name): [string, string] => [
    name,
    'the factorial of n is exp(lgamma(n + 1))',
  ]),
])

function wayOut(name: string): string | undefined {
  // `dy/dx (x^2)`.
  const [, variable] = /^[d∂](\p{L})$/u.exec(name) ?? []
  return (
    WAYS_OUT.get(name) ??
    (variable === undefined
      ? undefined
      : `the derivative of e by ${variable} is d(e, ${variable}); in a session also d/d${variable} e`) ??
    ([...name].length === 1 ? `define it, ${name}(…) = …, or write a product: ${name} * (…)` : undefined)
  )
}

export const messages = {
  // Names
  unknownName: (name: string, near?: string) =>
    say('unknown-name', `'${name}' is not defined`, didYouMean(near)),
  unknownFunction: (name: string, near?: string) =>
    say('unknown-function', `there is no function '${name}'`, didYouMean(near) ?? wayOut(name)),
  functionAsValue: (name: string) =>
    say(
      'function-as-value',
      `'${name}' is a function; it stands only before '(' or as an argument for a function`,
    ),
  usedBeforeDefinition: (name: string) => say('used-before-definition', `'${name}' is defined further down`),
  definedTwice: (name: string) => say('defined-twice', `'${name}' is defined twice`),
  reservedName: (name: string) =>
    say('reserved-name', `'${name}' cannot be defined: it is an operator`, 'choose another name'),
  hidesParameter: (name: string) => say('hides-parameter', `'${name}' hides the parameter of that name`),
  indexOutside: (name: string, reduction: string, operator: string, text: string) =>
    say(
      'unbound-index',
      `'${name}' is not bound here: the body of '${reduction}' ends before '${operator}'`,
      `put parentheses around '${text}'`,
    ),

  // Calls
  notAFunction: (name: string) =>
    say('not-a-function', `'${name}' is not a function`, `for a product write '${name} * (…)'`),
  notCallable: () => say('not-a-function', 'this is not a function', "for a product write '… * (…)'"),
  tooManyArguments: (name: string, most: number, found: number) =>
    say('argument-count', `'${name}' takes ${count(most, 'argument')}, here are ${found}`),
  exactArguments: (name: string, wanted: number, found: number) =>
    say(
      'argument-count',
      `'${name}' takes ${count(wanted, 'argument')}, here ${found === 1 ? 'is' : 'are'} ${found}`,
      name === 'log' && found === 2 ? 'the logarithm of x to the base b is log(x) / log(b)' : undefined,
    ),
  axisExpected: (rank: number) => say('axis', `the axis is a number from 0 to ${rank - 1}`),
  missingArgument: (name: string, parameter: string) =>
    say('argument-count', `'${name}' needs a value for '${parameter}'`),
  unknownArgument: (name: string, argument: string, near?: string) =>
    say('unknown-argument', `'${name}' has no parameter '${argument}'`, didYouMean(near)),
  argumentTwice: (name: string, argument: string) =>
    say('argument-twice', `'${argument}' is given twice in this call of '${name}'`),
  positionalAfterNamed: () => say('argument-order', 'an argument without name stands after a named one'),
  recursion: (name: string) =>
    say(
      'recursion',
      `'${name}' needs itself: functions cannot be recursive`,
      "a repetition is written 'recur t < T { … }'",
    ),
  cyclicConstant: (name: string) => say('cyclic-constant', `the constant '${name}' needs itself`),
  functionExpected: (name: string, parameter: string) =>
    say('function-expected', `'${name}' calls its parameter '${parameter}': give it the name of a function`),
  modelCalled: (name: string) =>
    say(
      'model-called',
      `'${name}' is a model: its parameters need a name`,
      `declare it, 'param layer: ${name}[…]', and call 'layer(…)'`,
    ),
  modelAsInstance: (name: string, near?: string) =>
    say('unknown-model', `there is no model '${name}'`, didYouMean(near)),
  derivativeArguments: (name: DerivativeName) => {
    const many = name === 'd' || name === 'grad' || name === 'jacobian'
    const further = { jvp: ', a variable and a direction', hvp: ', a variable and a direction', vjp: ', a variable and a cotangent' } // prettier-ignore
    const wanted = many || name === 'hessian' ? ' and a variable' : further[name]
    const form = many ? '(e, x)' : name === 'hessian' ? '(e, x)' : name === 'vjp' ? '(e, x, g)' : '(e, x, v)'
    return say(
      'derivative-arguments',
      `${name}(…) takes an expression${wanted}${many ? ', or several variables' : ''}`,
      `write '${name}${form}'${name === 'd' ? "; for a product, 'd * (…)'" : ''}`,
    )
  },
  notAVariable: () =>
    say(
      'not-a-variable',
      'a derivative is taken with respect to a parameter, a defined name or a read of one',
      "give it a name, 'u = …', and write the expression with 'u'",
    ),
  independent: (name: string) =>
    say(
      'independent',
      `this does not depend on ${name}: the derivative is 0`,
      `write the expression in terms of ${name}, or 0`,
    ),
  stepwise: (name: string) =>
    say(
      'stepwise',
      `this depends on ${name} only through steps (roundings, comparisons, positions): the derivative is 0`,
      'write a smooth function in place of the step, sigmoid(k * x) for x > 0 for one',
    ),
  primeArguments: (name: string) =>
    say('argument-count', `${name}'(…) is the derivative of a function of one argument`),
  useJacobian: () =>
    say('use-jacobian', 'the derivative of a tensor by a tensor is a Jacobian', "write 'jacobian(e, x)'"),
  derivativeByWhole: (name: string) =>
    say('derivative-of-int', `'${name}' is whole-numbered: there is no derivative with respect to it`),
  scalarExpected: (what: string, shape: string) =>
    say('scalar-expected', `${what} must be a scalar, this is ${shape}`),
  scalarDerivative: (name: DerivativeName, shape: string) =>
    say(
      'scalar-expected',
      `what '${name}' differentiates must be a scalar, this is ${shape}`,
      name === 'grad'
        ? "write 'jacobian(e, x)', or 'grad(sum(e), x)'"
        : `write '${name}' of one entry, or of 'sum(e)'`,
    ),

  // Shapes
  shapeMismatch: (what: string, left: string, right: string) =>
    say('shape-mismatch', `${what}: shapes ${left} and ${right} do not fit`),
  entriesDiffer: (what: string, left: string, right: string) =>
    say(
      'shape-mismatch',
      `${what}: shapes ${left} and ${right} do not fit`,
      'axes are matched from the last, and must be equal or 1; by indices: y[i, j] = a[i] … b[j]',
    ),
  sizeMismatch: (name: string, expected: string, found: string) =>
    say('size-mismatch', `${name} is ${expected} here, not ${found}`),
  rowAndColumn: () =>
    say('row-and-column', 'a row and a column do not fit pointwise', "an outer product is 'x @ y''"),
  contraction: (left: string, right: string) =>
    say(
      'shape-mismatch',
      `'@' sums over the last axis of the left and the first matrix axis of the right: ${left} @ ${right} do not fit`,
    ),
  rowProduct: (left: string, right: string) =>
    say(
      'shape-mismatch',
      `a row stands on the right of a vector only, x @ y': here ${left} @ ${right}'`,
      "x' @ y is the inner product, A @ x a product with a matrix",
    ),
  emptyAxis: (extent: string) =>
    say(
      'empty-axis',
      `data have at least one entry along each axis, here ${extent}`,
      'a size that the data say has a name: [n]',
    ),
  emptyArray: () => say('empty-array', 'an array needs at least one element'),
  tooManyAxes: (most: number) => say('rank', `an array has at most ${most} axes`),
  rank: (what: string, expected: string, found: string) =>
    say('rank', `${what} needs ${expected}, this is ${found}`),
  tooManySubscripts: (name: string, rank: number, found: number) =>
    say(
      'rank',
      `'${name}' has ${count(rank, 'axis').replace('axiss', 'axes')}, here are ${count(found, 'subscript')}`,
    ),
  wrongShape: (name: string, declared: string, found: string) =>
    say('shape-mismatch', `'${name}' is declared as ${declared}, its value is ${found}`),
  initialValue: (name: string) =>
    say('initial-value', `the first value of '${name}' can only be made of numbers, sizes and positions`),
  unsolvable: (text: string, extent: string) =>
    say('size-unsolvable', `no size makes ${text} equal to ${extent}`),
  sizeNegative: (size: string) => say('negative-size', `a size cannot be ${size}`),
  sizeUnknown: (name: string) => say('size-unknown', `the size '${name}' does not follow from the data`),

  // Kinds of values
  wholeExpected: (what: string) =>
    say('int-expected', `${what} must be a whole number`, 'whole-number division is div(a, b)'),
  tupleUsed: (of: string, n: number) =>
    say('several-results', `'${of}' has ${n} results; take them as 'a, b = ${of}(…)'`),
  instanceUsed: (name: string) =>
    say(
      'instance-as-value',
      `'${name}' is a layer: apply it, '${name}(x)', or read a parameter of it, '${name}.W'`,
    ),
  resultCount: (targets: number, values: number) =>
    say('result-count', `${count(targets, 'name')} on the left, ${count(values, 'value')} on the right`),
  noMember: (name: string, near?: string) =>
    say('no-member', `there is no '${name}' in it`, didYouMean(near)),
  notApplied: (name: string) =>
    say('not-applied', `the sizes of '${name}' are known once it is applied`, `apply '${name}(…)' above`),
  neverApplied: (name: string) => say('not-applied', `the layer '${name}' is never applied`),
  numberRange: (text: string) => say('number-range', `the number ${text} is out of range`),

  // Indices
  noRange: (name: string) =>
    say(
      'no-range',
      `the range of '${name}' is not known: nothing it subscripts determines it`,
      `state it: '${name} < n'`,
    ),
  rangesDiffer: (name: string, first: string, second: string) =>
    say(
      'ranges-differ',
      `'${name}' has two ranges: ${first} and ${second}`,
      `declare both axes with one size, or state the smaller range: '${name} < …'`,
    ),
  rangesIncomparable: (name: string, first: string, second: string) =>
    say(
      'ranges-differ',
      `'${name}' stays below ${first} and below ${second}, and which is less is not known`,
      'state the bound',
    ),
  outOfRange: (name: string, axis: number, extent: string, position: string) =>
    say(
      'out-of-range',
      `axis ${axis} of '${name}' has the positions 0 … ${extent}, this reads ${position}`,
      /[\p{L}_]/u.test(position.replace(/\(.*\)/, ''))
        ? 'bound the index, or guard the read: if 0 <= … < … then … else 0'
        : 'positions count from 0',
    ),
  notProven: (name: string, axis: number, extent: string) =>
    say(
      'range-not-proven',
      `axis ${axis} of '${name}' has ${extent} positions; that this one exists cannot be shown`,
      'guard it: if 0 <= … < … then …',
    ),
  testedLater: (name: string, axis: number) =>
    say(
      'range-tested-later',
      `whether axis ${axis} of '${name}' has this position is tested when the sizes are known`,
    ),
  indexTwice: (name: string) =>
    say(
      'index-twice',
      `the index '${name}' stands twice on the left`,
      `write '${name}2 < …' and compare them`,
    ),
  positionOutsideRecur: () =>
    say(
      'position-on-left',
      "a fixed position on the left belongs in 'recur': a tensor is defined by one equation",
    ),
  lowerBoundOnLeft: (name: string) =>
    say('lower-bound', `a tensor starts at 0: '${name}' cannot start later`),
  raggedRange: (name: string) =>
    say(
      'ragged-range',
      `the range of '${name}' varies: the rows of a tensor are equally long`,
      `state the widest range and choose: 'if … then … else 0'`,
    ),
  emptyRange: (name: string, spare: string) =>
    say(
      'empty-range',
      /^-\d+$/.test(spare)
        ? `the range of '${name}' is empty: nothing fits`
        : `the range of '${name}' is empty unless ${spare} >= 0`,
    ),
  negativeRange: (name: string, length: string) =>
    say('negative-range', `the range of '${name}' ends before it starts unless ${length} >= 0`),
  sizeMustBe: (index: string, size: string, number: string) =>
    say(
      'size-must-be',
      `'${index}' runs along axes of ${size} and of ${number} positions: ${size} must be ${number}`,
    ),
  zeroStep: (step: string) => say('negative-step', `${step} is a step between positions: ${step} >= 1`),
  negativeStep: (step: string) => say('negative-step', `${step} is a step between positions: ${step} >= 0`),
  sliceOutside: (name: string, axis: number, extent: string, slice: string) =>
    say(
      'out-of-range',
      `axis ${axis} of '${name}' has ${extent} positions, this takes ${slice}`,
      `a slice a:b takes the positions a … b - 1`,
    ),
  sliceEmpty: () =>
    say('slice-order', 'this slice ends before it starts', 'a slice a:b takes the positions a … b - 1'),

  // Recurrences, functions, models and files
  ...statementMessages,
}
