/** Mistakes in what stands around equations: recurrences, functions, models, files. */
import { count, didYouMean, say } from './message-words.js'

export const statementMessages = {
  // Recurrences
  noInitial: (name: string, position: string) =>
    say(
      'no-initial-value',
      `'${name}' has no initial value at ${position}`,
      `it is a line of its own in the recurrence, such as '${name}[-1] = …'`,
    ),
  notCausal: (name: string, direction: 'forwards' | 'backwards', step: string) =>
    say(
      'not-causal',
      `this position of '${name}' is not computed yet: the recurrence runs ${direction}`,
      direction === 'forwards'
        ? `read '${name}[${step}-1]' or before; with initial values after the range, '${name}[T] = …', it runs backwards`
        : `read '${name}[${step}+1]' or after; with initial values before the range, '${name}[-1] = …', it runs forwards`,
    ),
  notInThisStep: (name: string, step: string, backwards: boolean) =>
    say(
      'not-causal',
      `'${name}' is not computed yet in this step`,
      `read '${name}[${step}${backwards ? '+' : '-'}1]', or put its equation above this one`,
    ),
  bothDirections: (forwards: string, backwards: string) =>
    say(
      'both-directions',
      `'${forwards}' runs forwards and '${backwards}' backwards, but each needs the other`,
      `let one of them be finished first: without reads of it in the equations of the other`,
    ),
  initialPosition: (name: string) =>
    say(
      'initial-position',
      `the initial positions of '${name}' must stand directly before or after its range`,
    ),
  wholeRecurrent: (name: string, step: string) =>
    say(
      'whole-recurrent',
      `inside its recurrence '${name}' is read one step at a time: ${name}[${step} - 1]`,
    ),
  tooManyRecurrences: (most: number) =>
    say('recur-depth', `recurrences stand at most ${most} deep inside each other`),
  varyingSteps: (name: string) =>
    say('varying-steps', `the number of steps of '${name}' must not depend on an index`),
  tooFewSteps: (name: string, steps: number) =>
    say(
      'step-subscripts',
      `'${name}' is stepped along ${steps} ${steps === 1 ? 'axis' : 'axes'}: each needs a subscript on the left`,
    ),
  initialDependsOnStep: (name: string, step: string) =>
    say('initial-depends-on-step', `an initial value of '${name}' cannot depend on the step '${step}'`),
  noStep: (name: string, step: string) =>
    say('no-step', `'${name}' has no equation for the step: ${name}[${step}] = …`),
  stepFilter: () =>
    say('step-filter', "'recur' takes no filter", "write 'if … then … else …' in the equation"),

  // Models and files
  noResult: (name: string) => say('no-result', `'${name}' returns nothing`, "end it with 'return …'"),
  returnNotLast: () => say('return-not-last', "'return' is the last statement of a function"),
  noOut: (name: string) => say('no-out', `the model '${name}' has neither 'out' nor 'loss'`),
  noOutToUse: (name: string) => say('no-out', `the model '${name}' has no 'out' that could be used`),
  optimizerParameters: (name: string) =>
    say(
      'optimizer',
      `the optimizer '${name}' takes the parameters, their gradient and its states, none of them with a default`,
      'write: optimizer name(w, g, state, setting = 0.1) { … }',
    ),
  optimizerShape: (name: string, mayBeNumber: boolean) =>
    say(
      'optimizer',
      `'${name}' has the shape of the parameters that are updated, which can be any`,
      mayBeNumber ? 'leave the type out, or write [] for a state that is one number' : 'leave the type out',
    ),
  optimizerSetting: (name: string) =>
    say('optimizer', `the setting '${name}' is a number`, 'what has no default is a state of any shape'),
  optimizerResult: (at: number, name: string, wanted: string, found: string) =>
    say('optimizer', `result ${at} is the new '${name}': ${wanted} is expected, here is ${found}`),
  optimizerResults: (name: string, wanted: number, found: number) =>
    say(
      'optimizer',
      `the optimizer '${name}' returns the new parameters and its states: ${count(wanted, 'value')}, here ${found === 1 ? 'is' : 'are'} ${found}`,
    ),
  twoLosses: () => say('two-losses', 'a model has one loss'),
  statementPlace: (word: string, place: string) => say('statement-place', `'${word}' belongs ${place}`),
  unknownInitialiser: (name: string, near?: string) =>
    say(
      'unknown-initialiser',
      `there is no initialiser '${name}'`,
      didYouMean(near) ?? 'he, glorot, lecun, normal(μ, σ), uniform(a, b), orthogonal',
    ),
  realParam: (name: string) => say('real-param', `'${name}' is a parameter to be learnt: it is real`),
  unknownType: (name: string, near?: string) =>
    say('unknown-type', `'${name}' is neither a type nor a model`, didYouMean(near)),
  modelOfLibrary: (name: string, file: string) =>
    say('unknown-type', `'${name}' is a model of the library`, `write: import { ${name} } from "${file}"`),
  unknownDefine: (name: string, near?: string) =>
    say('unknown-define', `there is no constant or model size '${name}' to set`, didYouMean(near)),
  sizeArguments: (name: string, most: number, found: number) =>
    say('size-count', `'${name}' has ${count(most, 'size')} in brackets, here are ${found}`),
  missingSize: (name: string, size: string) =>
    say('size-count', `'${name}' needs a value for the size '${size}'`),
  notExported: (name: string, file: string, near?: string) =>
    say('not-exported', `${file} has no '${name}'`, didYouMean(near)),
  inOtherFile: (name: string, file: string, other: string) =>
    say('not-exported', `${file} has no '${name}'`, `it is in "${other}"`),
  noLibraryFile: (specifier: string, near?: string) =>
    say('cannot-import', `the library has no file "${specifier}"`, near && `did you mean "${near}"?`),
  cannotImport: (specifier: string, why: string) =>
    say('cannot-import', `cannot import ${specifier}: ${why}`),
  cyclicImport: (path: string) => say('cyclic-import', `the imports form a circle: ${path}`),
  definitionAtTop: () =>
    say('statement-place', "a definition belongs in a function or model, or is a 'const'"),
  functionParameter: (name: string, parameter: string) =>
    say(
      'function-parameter',
      `'${name}' calls its parameter '${parameter}': it exists only inside .nn files`,
      `for a product write '${parameter} * (…)'`,
    ),
  sharedShape: (name: string, first: string, here: string) =>
    say(
      'shape-mismatch',
      `'${name}' is shared: it is ${first} by the first application, here it would be ${here}`,
    ),
  ruleOfNothing: (name: string, near?: string) =>
    say('unknown-function', `there is no function '${name}' to differentiate`, didYouMean(near)),
  ruleParameters: (name: string) => say('rule-parameters', `the parameters differ from those of '${name}'`),
  ruleTwice: (name: string, parameter: string) =>
    say(
      'rule-twice',
      `there are two rules for the derivative of '${name}' by '${parameter}'`,
      'leave one out',
    ),
  ruleOfSeveral: (name: string) =>
    say('rule-results', `a derivative rule speaks of one result, '${name}' has several`),
  rulePartial: (name: string, argument: string, result: string) =>
    say(
      'rule-partial',
      `a partial derivative is element by element, '${name}' makes ${result} of ${argument}`,
      "write the pullback: 'derivative of f(x) by x given g = …'",
    ),
  ruleShape: (name: string, found: string, wanted: string) =>
    say('rule-shape', `the derivative rule of '${name}' is ${found}, expected ${wanted}`),
  ruleBy: (name: string) => say('rule-by', `which parameter of '${name}'? add 'by'`),
  constantExpected: (what: string) =>
    say('constant-expected', `${what} must be a number known when compiling`),
}
