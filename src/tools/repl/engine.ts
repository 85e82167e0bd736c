/** What the command line loads when there is something to answer: everything behind it is heavy. */
export { COMMANDS } from './commands.js'
export { completions } from './complete.js'
export { Session } from './session.js'
