/** From `.nn` text to loop programs, as the compiler goes. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { checkProgram } from '../../src/check/check.js'
import { Graph } from '../../src/ir/graph.js'
import { runPasses } from '../../src/ir/pass.js'
import type { Program } from '../../src/ir/program.js'
import { pipeline } from '../../src/pipeline.js'
import type { Method, MethodName, ScheduledEntry } from '../../src/schedule/loop-program.js'
import { scheduleEntry, type ScheduleOptions } from '../../src/schedule/schedule.js'
import { factorise } from '../../src/simplify/factorise.js'

const programs = fileURLToPath(new URL('../programs/', import.meta.url))

/** The program as the passes leave it but for the last, after which operators on matrices are routines. */
export function compile(text: string, filename = 'test.nn'): Program {
  const diagnostics = new Diagnostics()
  const program = checkProgram(parseFile({ filename, text }, diagnostics), {
    graph: new Graph(),
    diagnostics,
    filename,
    define: undefined,
    read: (specifier) => ({
      filename: specifier,
      source: readFileSync(programs + specifier.replace('./', ''), 'utf8'),
    }),
  })
  const errors = diagnostics.list.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return runPasses(program, pipeline().slice(0, -1))
}

export const scheduled = (program: Program, options: ScheduleOptions = {}): ScheduledEntry[] =>
  factorise()
    .run(program)
    .entries.map((entry) => scheduleEntry(program.graph, entry, options))

/** One method of the first entry of that name, or of the only one. */
export function methodOf(
  text: string,
  name: MethodName,
  entry?: string,
  options: ScheduleOptions = {},
): Method {
  const all = scheduled(compile(text), options)
  const found = all.find((candidate) => entry === undefined || candidate.entry.name === entry)
  const method = found?.methods.find((candidate) => candidate.name === name)
  if (!method) throw new Error(`no method ${name}`)
  return method
}
