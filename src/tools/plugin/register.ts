/** `node --import nnc/register app.js`: Node, also under tsx, imports `.nn` files, and `require` reads them too. */
import { createRequire, register } from 'node:module'
import { asCommonJs, compileForNode } from './for-node.js'

register('./loader.js', import.meta.url)

/** What `require` is asked to fill. tsx turns the imports of a package without `"type": "module"` into calls of it. */
interface CommonJsModule {
  _compile(code: string, filename: string): void
}

const { extensions }: { extensions: object } = createRequire(import.meta.url)
Reflect.set(extensions, '.nn', (module: CommonJsModule, filename: string): void => {
  const compiled = compileForNode({ path: filename, query: '' })
  module._compile(asCommonJs(compiled), filename)
})
