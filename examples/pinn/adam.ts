/** Parameters as a compiled model holds them: numbers and typed arrays by name, nested where models are. */
export interface Tensors {
  [name: string]: number | Float64Array | Tensors
}

/** Where one parameter lies, with its first and second moments. */
interface Slot {
  readonly path: readonly string[]
  readonly mean: Float64Array
  readonly square: Float64Array
}

/** Adam (Kingma and Ba 2015): `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²`, `θ ← θ - η m̂ / (√v̂ + ε)`. */
export class Adam {
  readonly #parameters: Tensors
  readonly #slots: Slot[]
  #steps = 0

  constructor(parameters: Tensors) {
    this.#parameters = parameters
    this.#slots = pathsOf(parameters).map((path) => {
      const value = at(parameters, path)
      const length = typeof value === 'number' ? 1 : value.length
      return { path, mean: new Float64Array(length), square: new Float64Array(length) }
    })
  }

  step(gradients: Tensors, rate: number, beta1 = 0.9, beta2 = 0.999): void {
    this.#steps++
    const scale = (rate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps)
    for (const { path, mean, square } of this.#slots) {
      const gradient = at(gradients, path)
      const parameter = at(this.#parameters, path)
      const change = (i: number, g: number): number => {
        mean[i] = beta1 * mean[i] + (1 - beta1) * g
        square[i] = beta2 * square[i] + (1 - beta2) * g * g
        return (scale * mean[i]) / (Math.sqrt(square[i]) + 1e-8)
      }
      if (typeof gradient === 'number' || typeof parameter === 'number')
        put(this.#parameters, path, Number(parameter) - change(0, Number(gradient)))
      else for (let i = 0; i < gradient.length; i++) parameter[i] -= change(i, gradient[i])
    }
  }
}

function pathsOf(tensors: Tensors): string[][] {
  return Object.entries(tensors).flatMap(([name, value]) =>
    typeof value === 'number' || value instanceof Float64Array
      ? [[name]]
      : pathsOf(value).map((path) => [name, ...path]),
  )
}

function folder(tensors: Tensors, path: readonly string[]): Tensors {
  let found = tensors
  for (const name of path.slice(0, -1)) {
    const next = found[name]
    if (typeof next === 'number' || next instanceof Float64Array)
      throw new Error(`'${name}' holds no parameters`)
    found = next
  }
  return found
}

function at(tensors: Tensors, path: readonly string[]): number | Float64Array {
  const value = folder(tensors, path)[path[path.length - 1]]
  if (typeof value === 'number' || value instanceof Float64Array) return value
  throw new Error(`'${path.join('.')}' is no parameter`)
}

function put(tensors: Tensors, path: readonly string[], value: number): void {
  folder(tensors, path)[path[path.length - 1]] = value
}
