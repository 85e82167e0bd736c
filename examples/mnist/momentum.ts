/** Parameters as a compiled model holds them: typed arrays by name, nested where models are. */
export interface Tensors {
  readonly [name: string]: Float32Array | Tensors
}

/** All arrays in the order of their names, so that parameters and gradients pair up. */
function arraysOf(tensors: Tensors): Float32Array[] {
  return Object.keys(tensors)
    .sort()
    .map((name) => tensors[name])
    .flatMap((value) => (value instanceof Float32Array ? [value] : arraysOf(value)))
}

/** Gradient descent with momentum: `v ← μ v - η g`, `θ ← θ + v`. */
export class Momentum {
  readonly #parameters: Float32Array[]
  readonly #velocities: Float32Array[]

  constructor(parameters: Tensors) {
    this.#parameters = arraysOf(parameters)
    this.#velocities = this.#parameters.map(({ length }) => new Float32Array(length))
  }

  step(gradients: Tensors, rate: number, momentum: number): void {
    for (const [k, gradient] of arraysOf(gradients).entries()) {
      const parameter = this.#parameters[k]
      const velocity = this.#velocities[k]
      for (let i = 0; i < gradient.length; i++) {
        velocity[i] = momentum * velocity[i] - rate * gradient[i]
        parameter[i] += velocity[i]
      }
    }
  }
}
