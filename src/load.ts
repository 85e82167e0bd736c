import { compileModule, type CompileOptions } from './compile.js'
import { renderDiagnostic } from './base/frame.js'
import { NnError } from './base/nn-error.js'

/**
 * Compiles and imports at once, through a `data:` URL: for tests and notebooks.
 * @throws NnError with the diagnostics if the source has errors.
 */
export async function load(source: string, options: CompileOptions = {}): Promise<Record<string, unknown>> {
  const { code, diagnostics } = compileModule(source, options)
  if (code === '') {
    const text = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { color: false })).join('\n')
    throw new NnError(text, diagnostics)
  }
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)
}
