/** Mistakes that only a session can have. */
import type { Message } from '../../base/messages.js'

const or = (closest: string | undefined): string | undefined => closest && `did you mean '${closest}'?`

export const messages = {
  unknownCommand: (name: string, closest: string | undefined): Message => ({
    code: 'unknown-command',
    message: `there is no command '${name}'`,
    suggestion: or(closest && `:${closest}`) ?? ':help lists the commands',
  }),
  unknownOption: (command: string, option: string, known: readonly string[]): Message => ({
    code: 'unknown-option',
    message: `${command} has no option '--${option}'`,
    suggestion: known.length === 0 ? undefined : `it has ${known.map((each) => `--${each}`).join(', ')}`,
  }),
  cyclicDefinition: (names: readonly string[]): Message => ({
    code: 'cyclic-definition',
    message: `${names.map((name) => `'${name}'`).join(', ')} would be defined by ${names.length === 1 ? 'itself' : 'each other'}`,
    suggestion: 'a definition is an equation, not an assignment: use another name',
  }),
  noExpression: (command: string, example: string): Message => ({
    code: 'no-expression',
    message: `:${command} needs an expression`,
    suggestion: `for example :${command} ${example}`,
  }),
  noValue: (names: readonly string[], example: string): Message => ({
    code: 'no-value',
    message: `no value for ${names.map((name) => `'${name}'`).join(', ')}`,
    suggestion: `for example ${example}`,
  }),
  otherShape: (name: string, wanted: string, given: string): Message => ({
    code: 'other-shape',
    message: `'${name}' has the shape ${wanted}, and is given ${given === '[]' ? 'a number' : `an array of shape ${given}`}`,
  }),
  notWhole: (name: string): Message => ({ code: 'not-whole', message: `'${name}' stands for whole numbers` }),
  notPrintable: (line: string): Message => ({
    code: 'not-printable',
    message: `'${line.slice(0, 60)}' has no other notation`,
  }),
  noVector: (what: string, shape: string): Message => ({
    code: 'no-vector',
    message: `${what} has the shape ${shape}, and only vectors are plotted against their index`,
    suggestion: 'take one row of it, A[0], or a function of one number: f x=-3..3',
  }),
  otherLength: (what: string, count: number, wanted: number): Message => ({
    code: 'other-length',
    message: `${what} has ${count} entries, and another curve has ${wanted}`,
  }),
  cannotEvaluate: (why: string): Message => ({ code: 'cannot-evaluate', message: why }),
  tooManyValues: (wanted: readonly string[], count: number): Message => ({
    code: 'too-many-values',
    message: `${count} values for ${wanted.length === 0 ? 'an expression without variables' : `the variables ${wanted.join(', ')}`}`,
  }),
  whichVariable: (names: readonly string[]): Message => ({
    code: 'which-variable',
    message: `by which variable: ${names.join(', ')}?`,
    suggestion: `name it: d/d${names[0]} …, or grad for all of them`,
  }),
  onlyNumbers: (command: string, shape: string): Message => ({
    code: 'only-numbers',
    message: `${command} works on numbers, and this is a tensor ${shape}`,
    suggestion: 'take one entry of it, or a sum',
  }),
  notTraceable: (what: string): Message => ({
    code: 'not-traceable',
    message: `${what} is no elementary operation on numbers`,
  }),
  unreadableFile: (name: string, because: string): Message => ({
    code: 'unreadable-file',
    message: `cannot read '${name}': ${because}`,
  }),
  unwritableFile: (name: string, because: string): Message => ({
    code: 'unwritable-file',
    message: `cannot write '${name}': ${because}`,
  }),
  badOption: (text: string, expected: string): Message => ({
    code: 'bad-option',
    message: `'${text}' is not understood`,
    suggestion: expected,
  }),
  nothingKnown: (name: string): Message => ({
    code: 'nothing-known',
    message: `nothing is defined, declared or assumed about '${name}'`,
  }),
} as const
