/** Prints the activations of `neuron.nn`, and teaches a neuron with each of them what another one computes. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Optimizer } from '../shared/compile.js'
import type { Tensors } from '../shared/parameters.js'
import { createRandom, drawNormal } from '../shared/random.js'

readCommand({
  about:
    'A neuron with each of 16 activations learns by stochastic gradient descent what a given neuron computes.',
  command: 'npx tsx examples/neuron/train.ts',
})

type Weights = [w: Float64Array, b: number, γ?: number]

/** Functions that jump between whole numbers come without gradients. */
interface Activation {
  (z: number): number
  readonly grad?: (z: number) => readonly [number, ...number[]]
}
interface Neuron {
  (x: Float64Array, ...weights: Weights): number
  readonly grad?: (x: Float64Array, ...weights: Weights) => [x: Float64Array, ...weights: Weights]
}

const SMOOTH = ['identity', 'logistic', 'tangent', 'soft_plus', 'swish', 'gelu', 'gelu_tanh', 'gelu_logistic']
const CORNERED = ['rectifier', 'leaky', 'elu', 'hard_logistic', 'hard_tangent']
const JUMPING = ['step', 'signum']
const NAMES = [...SMOOTH, ...CORNERED, ...JUMPING]
const PLACES = [-3, -0.6, 0.6, 1.5]
const H = 1e-5
/** How many samples each neuron sees. */
const COUNT = 5_000

const { sgd, ...compiled } = await compile<
  Record<string, Activation> & Record<`${string}_neuron`, Neuron> & { readonly sgd: Optimizer }
>(new URL('neuron.nn', import.meta.url))

console.log(`\n${'z ='.padEnd(16)}${[...PLACES, ...PLACES].map((z) => String(z).padStart(8)).join('')}`)
console.log(`${''.padEnd(16)}${'f(z)'.padStart(32)}${"f'(z)".padStart(32)}`)
let difference = 0
for (const name of NAMES) {
  const f = compiled[name]
  const { grad } = f
  const values = PLACES.map((z) => f(z))
  const slopes = grad ? PLACES.map((z) => grad(z)[0]) : []
  for (const [k, slope] of slopes.entries()) {
    const quotient = (f(PLACES[k] + H) - f(PLACES[k] - H)) / (2 * H)
    difference = Math.max(difference, Math.abs(slope - quotient))
  }
  console.log(`${name.padEnd(16)}${[...values, ...slopes].map((v) => v.toFixed(3).padStart(8)).join('')}`)
}
expectAtMost('\nlargest difference of a slope from the difference quotient', difference, 1e-8)

console.log('')
for (const name of NAMES) learn(name, { w: Float64Array.of(1, -2), b: 0.5 })
learn('parametric', { w: Float64Array.of(1, -2), b: 0.5, γ: 0.3 })
console.log(`${elapsed()} in all`)

/**
 * Descends on ½ (f(wᵀx + b) - y)², one sample at a time, where y is what the neuron with the parameters of the teacher says. A neuron
 * that jumps learns by the rule of the perceptron, which is the same with 1 for the slope.
 */
function learn(name: string, teacher: { w: Float64Array; b: number; γ?: number }): void {
  const neuron = compiled[`${name}_neuron`]
  const random = createRandom(1)
  const parameters: Tensors & typeof teacher = { w: Float64Array.of(0.1, 0.1), b: 0.1 }
  if (teacher.γ !== undefined) parameters.γ = 0.1
  const state = sgd.init(parameters)
  let before = 0
  let after = 0
  for (let t = 0; t < COUNT; t++) {
    const x = Float64Array.of(drawNormal(random), drawNormal(random))
    const weights: Weights = [parameters.w, parameters.b, parameters.γ]
    const error = neuron(x, ...weights) - neuron(x, teacher.w, teacher.b, teacher.γ)
    if (t < 200) before += error ** 2 / 200
    if (t >= COUNT - 200) after += error ** 2 / 200
    const [, w, b, γ] = neuron.grad?.(x, ...weights) ?? [x, x, 1]
    const gradients: Tensors = { w: w.map((g) => error * g), b: error * b }
    if (γ !== undefined) gradients.γ = error * γ
    sgd.step(parameters, gradients, state, { rate: 0.1 * (1 - t / COUNT) })
  }
  const rule = neuron.grad ? '' : ', perceptron rule'
  expectAtMost(
    `${name.padEnd(14)} squared error ${before.toFixed(3)} at first${rule}, at last`,
    after,
    neuron.grad ? 1e-3 : 0.1,
  )
}
