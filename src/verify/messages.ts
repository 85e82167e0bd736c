/** What the check reports beside its table. */
import type { Message } from '../base/messages.js'

export const messages = {
  unchecked: (because: string): Message => ({
    code: 'unchecked',
    message: because,
    suggestion: 'bound the data with assume, or fix sizes with --size',
  }),
  unknownSize: (name: string, near: string | undefined): Message => ({
    code: 'unknown-size',
    message: `nothing here has a size '${name}'`,
    ...(near === undefined ? {} : { suggestion: `did you mean '${near}'?` }),
  }),
  wrongRule: (name: string, by: string, stated: number, derived: number): Message => ({
    code: 'wrong-derivative-rule',
    message: `the derivative rule of '${name}' by '${by}' gives ${shown(stated)} where its body gives ${shown(derived)}`,
    suggestion: 'correct it; where another derivative is meant, put the body into stop_gradient(…)',
  }),
  broken: (because: string): Message => ({
    code: 'broken-module',
    message: `the compiled module fails: ${because}`,
    suggestion: 'this is a bug in nnc; please report it with the file',
  }),
}

const shown = (value: number): string => String(Number(value.toPrecision(6)))
