/** Trains `pinn.nn` until the network solves the differential equation. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'

const { full } = readCommand({
  about:
    "A network whose loss holds its second derivative learns to solve u'' = -π² sin(πx): 32 points, 4,000 steps.",
  command: 'npx tsx examples/pinn/train.ts',
  full: '128 points, 20,000 steps: a minute',
})
/** `bound` is the largest error against the solution that is accepted. */
const settings = full
  ? { points: 128, steps: 20_000, rate: 0.01, bound: 1e-4 }
  : { points: 32, steps: 4_000, rate: 0.01, bound: 1e-3 }

type Data = { readonly x: Float64Array }
type Outputs = { readonly u: Float64Array; readonly residual: Float64Array }
const { Pinn, adam } = await compile<{
  Pinn: Model<{ n: number }, Data, Outputs>
  adam: Optimizer
}>(
  new URL('pinn.nn', import.meta.url),
  // Second derivatives of a network that is to be right to four digits are better not rounded to single precision.
  { dtype: 'f64' },
)
const parameters = Pinn.init({ seed: 1 })
const { points, steps, rate, bound } = settings
const x = grid(points)
fit(Pinn.bind({ n: points }), parameters, { steps, optimizer: adam, batch: () => ({ x }), rate })
expectAtMost('largest error against sin(πx)', measureError(), bound)
console.log(`${elapsed()} in all`)

/** Equidistant points of [0, 1], its ends included. */
function grid(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, s) => s / (count - 1))
}

/** The largest difference from sin(πx), between the points of the training too. */
function measureError(): number {
  const x = grid(1001)
  const { u } = Pinn.bind({ n: x.length }).forward(parameters, { x })
  return x.reduce((most, at, s) => Math.max(most, Math.abs(u[s] - Math.sin(Math.PI * at))), 0)
}
