/** The evidence for a `.nn` file: its compiled gradients against those of the interpreted program. */
import { analyse, type CompileOptions, compileModule } from '../compile.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { checkRules } from './check-rules.js'
import { type CheckOptions, checkSource, type Compiler } from './check-source.js'
import type { Report } from './report.js'

export { formatReport, type Report } from './report.js'

export interface CheckGradientsOptions extends CompileOptions, CheckOptions {}

/** The derivative rules of a file that disagree with the bodies they stand for. */
export function wrongRules(source: string, options: CompileOptions = {}): readonly Diagnostic[] {
  const { program } = analyse(source, options)
  return program ? checkRules(program, { seed: 1 }).diagnostics : []
}

/**
 * Compiles the file, imports the emitted code, and compares the values and gradients of every function and model,
 * exported or not, with a tape, duals and finite differences at random points.
 */
export function checkGradients(source: string, options: CheckGradientsOptions = {}): Promise<Report> {
  const { sizes, seed, points, ...compile } = options
  const compiler: Compiler = {
    // The interpreter gets a program of its own, which no pass has seen.
    analyse: () => analyse(source, compile),
    emit: (dtype) => compileModule(source, { ...compile, dtype, exportAll: true, sourcemap: false }),
  }
  return checkSource(compiler, { sizes, seed, points })
}
