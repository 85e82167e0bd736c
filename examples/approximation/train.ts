/** Trains `approximation.nn`, and draws the curve with what was learned. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'

readCommand({
  about: 'One hidden layer of 30 neurons fits the curve sin(5x) exp(-x²) + |x|/2 on [-2, 2].',
  command: 'npx tsx examples/approximation/train.ts',
})

const curve = (x: number): number => Math.sin(5 * x) * Math.exp(-x * x) + Math.abs(x) / 2
const grid = (n: number): Float32Array => Float32Array.from({ length: n }, (_, s) => (4 * s) / (n - 1) - 2)

type Data = { readonly x: Float32Array; readonly y: Float32Array }
const { Approximation, adam } = await compile<{
  Approximation: Model<{ n: number }, Data, { readonly F: Float32Array }>
  adam: Optimizer
}>(new URL('approximation.nn', import.meta.url))
const parameters = Approximation.init({ seed: 1 })
const x = grid(80)
const y = x.map(curve)
fit(Approximation.bind({ n: x.length }), parameters, {
  steps: 4_000,
  optimizer: adam,
  batch: () => ({ x, y }),
  rate: 0.05,
})

// Between the points of the training too.
const fine = grid(401)
const { F } = Approximation.forward(parameters, { x: fine })
for (let s = 0; s <= 400; s += 20)
  console.log(`${fine[s].toFixed(1).padStart(5)} ${drawRow({ '·': curve(fine[s]), o: F[s] })}`)
const errors = fine.map((at, s) => Math.abs(F[s] - curve(at)))
expectAtMost('largest error between the curve (·) and the network (o)', Math.max(...errors), 0.05)
console.log(`${elapsed()} in all`)

/** A line of a diagram from -1 to 1.5; later marks cover earlier ones. */
function drawRow(marks: Readonly<Record<string, number>>): string {
  const cells = Array.from({ length: 61 }, () => ' ')
  for (const [mark, value] of Object.entries(marks)) cells[Math.round((value + 1) * 24)] = mark
  return cells.join('').trimEnd()
}
