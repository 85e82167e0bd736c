/** The hooks of Node's module loader: a `.nn` file becomes a module with its map inside. */
import type { LoadHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { compileForNode, withMap } from './for-node.js'
import { isCompiled } from './module-id.js'

export const load: LoadHook = (url, context, nextLoad) => {
  if (!url.startsWith('file:') || !isCompiled(url)) return nextLoad(url, context)
  const { search } = new URL(url)
  const compiled = compileForNode({ path: fileURLToPath(url), query: search.slice(1) })
  return { format: 'module', shortCircuit: true, source: withMap(compiled.code, compiled.map) }
}
