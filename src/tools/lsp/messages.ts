import type { Message } from '../../base/messages.js'

export const messages = {
  bug: (why: string): Message => ({
    code: 'internal-error',
    message: `nnc cannot check this file, which is a bug in nnc: ${why}`,
    suggestion: 'please report it with the file',
  }),
} as const

/** Why a name cannot be changed. */
export const refusals = {
  nothingHere: () => 'there is no name here that could be changed',
  language: (name: string) => `'${name}' belongs to the language`,
  library: (name: string) => `'${name}' belongs to the standard library`,
  notAName: (text: string) => `'${text}' is not a name`,
  reserved: (text: string) => `'${text}' is a word of the language`,
  mistakes: (file: string) => `${file} has a syntax error: its names are not all known`,
  taken: (name: string, file: string) => `'${name}' would mean something else in ${file}: the name is in use`,
} as const
