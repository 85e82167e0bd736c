import type { Message } from '../base/messages.js'

export const messages = {
  notAnAssumption: (): Message => ({
    code: 'not-an-assumption',
    message: 'an assumption compares one name with a number, or says what it is',
    suggestion: 'for example: assume x > 0, or assume 0 <= p <= 1, or assume n != 0, or assume n integer',
  }),
  contradiction: (name: string): Message => ({
    code: 'contradictory-assumption',
    message: `no real number '${name}' meets this and what was assumed before`,
    suggestion: `drop one of the two; in a session :forget ${name} drops what is known of it`,
  }),
} as const
