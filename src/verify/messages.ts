/** What the check reports beside its table. */
import type { Message } from '../base/messages.js'

export const messages = {
  unchecked: (because: string): Message => ({
    code: 'unchecked',
    message: because,
    suggestion: 'bound the data with assume, or fix sizes with --size',
  }),
  broken: (because: string): Message => ({
    code: 'broken-module',
    message: `the compiled module fails: ${because}`,
    suggestion: 'this is a bug in nnc; please report it with the file',
  }),
}
