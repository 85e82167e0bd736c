/** The table of commands: help, completion and tests are made of it. */
import type { Command } from './command.js'
import { checkCommand } from './commands/check.js'
import { costCommand } from './commands/cost.js'
import { errorsCommand } from './commands/errors.js'
import { evalCommand } from './commands/eval.js'
import { loadCommand, saveCommand } from './commands/files.js'
import { forgetCommand } from './commands/forget.js'
import { graphCommand } from './commands/graph.js'
import { helpCommand, quitCommand } from './commands/help.js'
import { jsCommand } from './commands/js.js'
import { latexCommand } from './commands/latex.js'
import { mathmlCommand } from './commands/mathml.js'
import { plotCommand } from './commands/plot.js'
import { setCommand } from './commands/set.js'
import { stepsCommand } from './commands/steps.js'
import { timeCommand } from './commands/time.js'
import { traceCommand } from './commands/trace.js'
import { typeCommand } from './commands/type.js'

export const COMMANDS: readonly Command[] = [
  evalCommand,
  typeCommand,
  stepsCommand,
  traceCommand,
  graphCommand,
  plotCommand,
  checkCommand,
  errorsCommand,
  costCommand,
  timeCommand,
  jsCommand,
  latexCommand,
  mathmlCommand,
  loadCommand,
  saveCommand,
  forgetCommand,
  setCommand,
  helpCommand,
  quitCommand,
]
