/** Modules as Node takes them, without a bundler. */
import { type CompiledModule, ModuleCompiler, type SourceMap } from './compiler.js'
import type { ModuleId } from './module-id.js'
import { Report } from './report.js'

/** @throws Error whose message are the frames of the mistakes, and which has no stack. */
export function compileForNode(id: ModuleId): CompiledModule {
  const cwd = process.cwd()
  const compiled = new ModuleCompiler({}, cwd).compile(id)
  const reports = compiled.diagnostics.map((diagnostic) => new Report(diagnostic, cwd))
  const texts = (wanted: 'error' | 'warning') =>
    reports.filter(({ diagnostic }) => diagnostic.severity === wanted).map(({ text }) => text)
  const errors = texts('error')
  if (errors.length > 0) {
    const failure = new Error(errors.join('\n\n'))
    failure.stack = failure.message
    throw failure
  }
  for (const text of texts('warning')) process.emitWarning(text, 'nnc')
  return compiled
}

/** With the map that `node --enable-source-maps` reads. */
export function withMap(code: string, map: SourceMap | undefined): string {
  if (!map) return code
  const data = Buffer.from(JSON.stringify(map)).toString('base64')
  return `${code}//# sourceMappingURL=data:application/json;base64,${data}\n`
}

/** Lines and columns of loops stay where they are, so the map holds. */
export function asCommonJs({ code, map }: CompiledModule): string {
  const exported: [name: string, local: string][] = []
  const script = code
    .replace(/^export (?=(?:function|const) ([^\s(]+))/gm, (_, name: string) => {
      exported.push([name, name])
      return ''
    })
    .replace(/^export \{ (\S+)(?: as (\S+))? \};$/gm, (_, local: string, name: string = local) => {
      exported.push([name, local])
      return ''
    })
  const lines = exported.map(([name, local]) => `exports[${JSON.stringify(name)}] = ${local};\n`)
  return withMap(`${script}\n${lines.join('')}`, map)
}
