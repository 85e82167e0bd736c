/** Modules that nnc makes of the equations, for one of its targets. */
import { compileModule, type CompileOptions } from '../../../src/index.js'
import { type Arrays, type Network, product } from '../../networks.js'
import { flatten, NETWORKS, type Open } from './tasks.js'

export type Target = NonNullable<CompileOptions['target']>

interface Model {
  bind(sizes: Readonly<Record<string, number>>): {
    backward(params: Arrays, data: Arrays): { readonly loss: number; readonly grads: Arrays }
  }
}

interface Module {
  readonly f: (a: Float32Array, b: Float32Array) => Float32Array
  readonly Net: Model
  readonly Mlp: Model
}

export const openNnc =
  (target: Target): Open =>
  async (task) => {
    if (task === 'product') {
      const { f } = await compile(product.source, { dtype: 'f32', target })
      const step = (): Float32Array => f(product.a, product.b)
      return { step, results: () => [step()] }
    }
    const { source, model, define, sizes, params, data }: Network = NETWORKS[task]
    const bound = (await compile(source, { define, target }))[model].bind(sizes)
    const names = Object.keys(flatten(params))
    return {
      step() {
        bound.backward(params, data)
      },
      results() {
        const { loss, grads } = bound.backward(params, data)
        const all = flatten(grads)
        return [Float32Array.of(loss), ...names.map((name) => all[name])]
      },
    }
  }

async function compile(source: string, options: CompileOptions): Promise<Module> {
  const { code, diagnostics } = compileModule(source, { filename: 'bench.nn', ...options })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)
}
