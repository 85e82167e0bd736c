/** The library: compile `.nn` files, check their gradients, simplify and differentiate expressions. */
export type { Diagnostic, Note, Severity } from './base/diagnostic.js'
export { renderDiagnostic } from './base/frame.js'
export type { LocatedDiagnostic } from './base/located.js'
export { NnError } from './base/nn-error.js'
export { compileModule, type CompileOptions, type CompileResult } from './compile.js'
export {
  type Assumptions,
  compileFunction,
  diff,
  evaluate,
  type Expr,
  grad,
  simplify,
  type TraceStep,
} from './expression.js'
export { load } from './load.js'
export { parse } from './parse.js'
export { checkGradients, formatReport } from './verify/check.js'
