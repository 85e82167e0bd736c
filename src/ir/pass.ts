import type { Program } from './program.js'

/** One step of the pipeline: a program in, a program out, nothing changed in place. */
export interface Pass {
  /** As in `nnc dump --after=NAME`. */
  readonly name: string
  /** One line for `nnc dump --list`. */
  readonly doc: string
  readonly run: (program: Program) => Program
}

export interface Observer {
  /** Called with the program as each pass leaves it (and once before the first, without a pass). */
  readonly after: (program: Program, pass: Pass | undefined) => void
}

/** Runs passes in order. The observer verifies, prints, or both. */
export function runPasses(program: Program, passes: readonly Pass[], observer?: Observer): Program {
  let current = program
  observer?.after(current, undefined)
  for (const pass of passes) {
    current = pass.run(current)
    observer?.after(current, pass)
  }
  return current
}
