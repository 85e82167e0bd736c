/** Mistakes that only a build can make. */
import type { Message } from '../../base/messages.js'

export const messages = {
  unreadable: (why: string): Message => ({ code: 'unreadable', message: why }),
  query: (what: string): Message => ({
    code: 'import-query',
    message: what,
    suggestion:
      'a query sets constants, sizes, dtype, checkpoint and target, as in "./mlp.nn?hidden=64&dtype=f64"',
  }),
}
