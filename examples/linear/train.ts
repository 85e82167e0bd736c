/** Fits `linear.nn` in closed form and by full-batch, stochastic and mini-batch gradient descent. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { createRandom, drawNormal } from '../shared/random.js'
import { Batches, rowsOf } from '../shared/training.js'

readCommand({
  about: 'Linear regression in closed form, and by three kinds of gradient descent that must come near it.',
  command: 'npx tsx examples/linear/train.ts',
})

type Data = { readonly x: Float32Array; readonly y: Float32Array }
type Matrix = Float64Array | readonly (readonly number[])[]
const { Linear, least_squares, risk_gradient, sgd } = await compile<{
  Linear: Model<{ n: number; d: number }, Data, { readonly ŷ: Float32Array }>
  least_squares(X: Matrix, y: ArrayLike<number>, λ?: number, options?: object): Float64Array
  risk_gradient(w: Float64Array, X: Matrix, y: ArrayLike<number>): Float64Array
  sgd: Optimizer
}>(new URL('linear.nn', import.meta.url))

// 400 samples of y = 2 x₀ - x₁ + 0.5 x₂ + 3, with noise of deviation 0.1.
const D = 3
const truth = [2, -1, 0.5, 3]
const random = createRandom(1)
const rows = Array.from({ length: 400 }, () => Array.from({ length: D }, () => drawNormal(random)))
const X = rows.map((row) => [...row, 1])
const y = Float32Array.from(X, (row) =>
  row.reduce((sum, x, i) => sum + x * truth[i], 0.1 * drawNormal(random)),
)
const x = Float32Array.from(rows.flat())

const closed = least_squares(X, y)
show('closed form', closed)
expectAtMost('largest gradient there', largest(risk_gradient(closed, X, y)), 1e-9)
expectAtMost(
  'largest distance from the weights that made the data',
  largest(closed.map((w, i) => w - truth[i])),
  0.02,
)

descend('full batch', { size: rows.length, epochs: 100, rate: 0.2 })
descend('stochastic', { size: 1, epochs: 20, rate: 0.02 })
descend('mini-batches of 20', { size: 20, epochs: 20, rate: 0.1 })
console.log(`${elapsed()} in all`)

/** Descends from 0 with rates that fall by epochs, as the noise of small batches would keep the weights from settling. */
function descend(name: string, { size, epochs, rate }: { size: number; epochs: number; rate: number }): void {
  const parameters = Linear.init({ seed: 1, sizes: { d: D } })
  const bound = Linear.bind({ n: size, d: D })
  const batches = new Batches(rows.length, size, createRandom(2))
  const state = sgd.init(parameters)
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const batch of batches.epoch()) {
      const data = { x: rowsOf(x, D, batch), y: rowsOf(y, 1, batch) }
      const { grads } = bound.backward(parameters, data)
      sgd.step(parameters, grads, state, { rate: rate * (1 - epoch / epochs) })
    }
  const { w, b } = parameters
  if (!(w instanceof Float32Array) || typeof b !== 'number') throw new Error('the parameters are w and b')
  const found = Float64Array.of(...w, b)
  show(name, found)
  expectAtMost('  largest distance from the closed form', largest(found.map((v, i) => v - closed[i])), 0.005)
}

function show(name: string, weights: Float64Array): void {
  console.log(`${name.padEnd(20)}${[...weights].map((w) => w.toFixed(4).padStart(9)).join('')}`)
}

function largest(values: Float64Array): number {
  return Math.max(...values.map(Math.abs))
}
