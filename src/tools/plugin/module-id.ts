/** The identifier of a module: a file, and the query of the import. */
import type { Dtype, Target } from '../../compile.js'
import { isDtype, isTarget } from '../../compile-options.js'

export interface ModuleId {
  /** The path of the file. */
  readonly path: string
  /** `hidden=64&dtype=f64`; empty where there is none. */
  readonly query: string
}

export function parseId(id: string): ModuleId {
  const at = id.indexOf('?')
  return at < 0 ? { path: id, query: '' } : { path: id.slice(0, at), query: id.slice(at + 1) }
}

/** By these queries the bundler itself offers the text of a file, its address or a worker. */
const BUNDLERS_OWN = ['raw', 'url', 'inline', 'no-inline', 'worker', 'sharedworker']

/** Whether a module is compiled, as far as its identifier says. */
export function isCompiled(id: string): boolean {
  if (id.startsWith('\0')) return false
  const { path, query } = parseId(id)
  const names = new URLSearchParams(query)
  return path.endsWith('.nn') && !BUNDLERS_OWN.some((name) => names.get(name) === '')
}

/** What the query of an import sets. */
export interface QueryOptions {
  readonly dtype?: Dtype | undefined
  readonly checkpoint?: 'sqrt' | undefined
  readonly target?: Target | undefined
  readonly define: Readonly<Record<string, number>>
  /** What is wrong with the query. */
  readonly mistakes: readonly string[]
}

/**
 * `hidden=64&dtype=f64`. A key without a value says nothing: `&nn` is there for TypeScript, whose wildcards match
 * how a name ends.
 */
export function readQuery(query: string): QueryOptions {
  let dtype: Dtype | undefined
  let checkpoint: 'sqrt' | undefined
  let target: Target | undefined
  const define: [string, number][] = []
  const mistakes: string[] = []
  for (const [key, value] of new URLSearchParams(query)) {
    const name = key.normalize('NFKC')
    if (value === '') continue
    if (name === 'dtype') {
      if (isDtype(value)) dtype = value
      else mistakes.push(`'dtype=${value}' in the import: a dtype is f32 or f64`)
    } else if (name === 'checkpoint') {
      if (value === 'sqrt') checkpoint = value
      else mistakes.push(`'checkpoint=${value}' in the import: the only one is 'checkpoint=sqrt'`)
    } else if (name === 'target') {
      if (isTarget(value)) target = value
      else mistakes.push(`'target=${value}' in the import: a target is js, wasm or auto`)
    } else if (Number.isFinite(Number(value))) define.push([name, Number(value)])
    else mistakes.push(`'${key}=${value}' in the import: '${value}' is not a number`)
  }
  return { dtype, checkpoint, target, define: Object.fromEntries(define), mistakes }
}
