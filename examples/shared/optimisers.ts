/** Gradient descent in the forms of a first course; θ is a parameter, g its gradient, η the rate. */

/** The numbers of one parameter, or what is remembered about them. */
export type Floats = Float32Array | Float64Array

/** Parameters as a compiled model holds them: numbers and typed arrays by name, nested where models are. */
export interface Tensors {
  [name: string]: number | Floats | Tensors
}

/** Changes the parameters in place, one step down the gradients. */
export type Optimiser = (parameters: Tensors, gradients: Tensors, rate: number) => void

export interface Options {
  /** Weight decay λ: the gradient of ½ λ ‖θ‖² is added. */
  readonly decay?: number
}

/** θ ← θ - η g. */
export function descent(options?: Options): Optimiser {
  return optimiser(0, () => (g, _i, _memory, rate) => -rate * g, options)
}

/** v ← μ v - η g, θ ← θ + v: the step before, Δθ, goes on. */
export function momentum(μ = 0.9, options?: Options): Optimiser {
  return optimiser(
    1,
    () =>
      (g, i, [v], rate) => {
        v[i] = μ * v[i] - rate * g
        return v[i]
      },
    options,
  )
}

/** s ← s + g², θ ← θ - η g / √s (Duchi, Hazan, Singer 2011). */
export function adaGrad(options?: Options): Optimiser {
  return optimiser(
    1,
    () =>
      (g, i, [s], rate) => {
        s[i] += g * g
        return s[i] > 0 ? (-rate * g) / Math.sqrt(s[i]) : 0
      },
    options,
  )
}

/**
 * E[g²] ← ρ E[g²] + (1 - ρ) g², Δθ = -√(E[Δθ²] + ε) / √(E[g²] + ε) · g, and E[Δθ²] likewise (Zeiler 2012). It finds its own
 * steps, so that a rate of 1 is usual.
 */
export function adaDelta(ρ = 0.95, ε = 1e-6, options?: Options): Optimiser {
  return optimiser(
    2,
    () =>
      (g, i, [gradients, changes], rate) => {
        gradients[i] = ρ * gradients[i] + (1 - ρ) * g * g
        const change = (-Math.sqrt(changes[i] + ε) / Math.sqrt(gradients[i] + ε)) * g
        changes[i] = ρ * changes[i] + (1 - ρ) * change * change
        return rate * change
      },
    options,
  )
}

/** m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², θ ← θ - η m̂ / (√v̂ + ε) (Kingma, Ba 2015). */
export function adam(β1 = 0.9, β2 = 0.999, options?: Options): Optimiser {
  return optimiser(
    2,
    (step) => {
      const scale = Math.sqrt(1 - β2 ** step) / (1 - β1 ** step)
      return (g, i, [m, v], rate) => {
        m[i] = β1 * m[i] + (1 - β1) * g
        v[i] = β2 * v[i] + (1 - β2) * g * g
        return (-rate * scale * m[i]) / (Math.sqrt(v[i]) + 1e-8)
      }
    },
    options,
  )
}

/** The change of number `i` of a parameter, from its gradient and what is remembered about that parameter. */
type Change = (g: number, i: number, memory: readonly Floats[], rate: number) => number

/** An optimiser that remembers so many numbers for each number of the parameters. */
function optimiser(
  memories: number,
  changeAt: (step: number) => Change,
  { decay = 0 }: Options = {},
): Optimiser {
  const remembered = new Map<string, readonly Floats[]>()
  let step = 0
  return (parameters, gradients, rate) => {
    const change = changeAt(++step)
    visit(parameters, gradients, '', (name, parameter, gradient) => {
      const memory = remembered.get(name) ?? Array.from({ length: memories }, () => parameter.slice().fill(0))
      remembered.set(name, memory)
      for (let i = 0; i < parameter.length; i++)
        parameter[i] += change(gradient[i] + decay * parameter[i], i, memory, rate)
    })
  }
}

/** Calls `act` for each parameter and its gradient. A number is passed as an array of one, and written back. */
function visit(
  parameters: Tensors,
  gradients: Tensors,
  path: string,
  act: (name: string, parameter: Floats, gradient: Floats) => void,
): void {
  for (const name of Object.keys(parameters)) {
    const parameter = parameters[name]
    const gradient = gradients[name]
    const full = `${path}${name}`
    if (typeof parameter === 'number' && typeof gradient === 'number') {
      const number = Float64Array.of(parameter)
      act(full, number, Float64Array.of(gradient))
      parameters[name] = number[0]
    } else if (isFloats(parameter) && isFloats(gradient)) act(full, parameter, gradient)
    else if (isTensors(parameter) && isTensors(gradient)) visit(parameter, gradient, `${full}.`, act)
    else throw new Error(`the parameter '${full}' has no gradient of its shape`)
  }
}

function isFloats(value: number | Floats | Tensors | undefined): value is Floats {
  return value instanceof Float32Array || value instanceof Float64Array
}

function isTensors(value: number | Floats | Tensors | undefined): value is Tensors {
  return typeof value === 'object' && !isFloats(value)
}

/** How many numbers a model learns. */
export function countParameters(parameters: Tensors): number {
  return Object.values(parameters).reduce<number>(
    (count, value) =>
      count + (typeof value === 'number' ? 1 : isFloats(value) ? value.length : countParameters(value)),
    0,
  )
}
