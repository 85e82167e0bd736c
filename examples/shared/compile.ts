import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CompileOptions, compileModule } from '../../src/index.js'
import type { Tensors } from './parameters.js'

/** What the scripts use of a compiled model; the whole is in the `.d.ts` that stands beside it in `build/`. */
export interface Model<Sizes, Data, Outputs> extends Methods<Data, Outputs> {
  init(options: { seed: number; sizes?: Partial<Sizes> }): Tensors
  /** The methods for given sizes: without new arrays, each result is overwritten by the next call. */
  bind(sizes: Sizes): Methods<Data, Outputs>
}

export interface Methods<Data, Outputs> {
  forward(parameters: Tensors, data: Partial<Data>): Outputs
  loss(parameters: Tensors, data: Data): number
  backward(parameters: Tensors, data: Data): { readonly loss: number; readonly grads: Tensors }
}

/** An optimizer that a `.nn` file imports: `init` makes what it remembers, `step` updates that and the parameters in place. */
export interface Optimizer {
  init(parameters: Tensors): Tensors
  step(
    parameters: Tensors,
    gradients: Tensors,
    state: Tensors,
    settings?: Readonly<Record<string, number>>,
  ): Tensors
}

/** Compiles a `.nn` file to `build/` beside it, says so, and imports the module. */
export async function compile<Module>(url: URL, options: CompileOptions = {}): Promise<Module> {
  const started = performance.now()
  const filename = basename(fileURLToPath(url))
  const { code, dts, diagnostics } = compileModule(readFileSync(url, 'utf8'), { ...options, filename })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const output = new URL(`build/${filename.replace(/nn$/, 'js')}`, url)
  mkdirSync(new URL('.', output), { recursive: true })
  writeFileSync(output, code)
  writeFileSync(new URL(output.href.replace(/js$/, 'd.ts')), dts)
  const time = (performance.now() - started).toFixed(0)
  console.log(
    `compiled ${filename} to build/${basename(output.pathname)} in ${time} ms, ${(code.length / 1024).toFixed(1)} kB`,
  )
  return import(output.href)
}
