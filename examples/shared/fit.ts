import type { Methods, Optimizer } from './compile.js'
import type { Tensors } from './parameters.js'
import { Progress } from './progress.js'

interface Fit<Data> {
  readonly steps: number
  readonly optimizer: Optimizer
  /** Of the optimizer, besides the rate. */
  readonly settings?: Readonly<Record<string, number>>
  /** The data of step t, 0 at first: the whole data each time is full-batch descent. */
  readonly batch: (t: number) => Data
  /** The rate at first; it falls to 0 over half a cosine, so that the parameters settle. */
  readonly rate: number
  /** What stands before the numbers in the line of progress. */
  readonly name?: string
}

/** Descends for so many steps, with one line of progress; the result is the last loss. */
export function fit<Data>(
  model: Methods<Data, unknown>,
  parameters: Tensors,
  { steps, optimizer, settings, batch, rate, name = '' }: Fit<Data>,
): number {
  const state = optimizer.init(parameters)
  const progress = new Progress()
  const start = performance.now()
  let line = ''
  let last = NaN
  for (let t = 0; t < steps; t++) {
    const { loss, grads } = model.backward(parameters, batch(t))
    const falling = (rate * (1 + Math.cos((Math.PI * (t + 1)) / steps))) / 2
    optimizer.step(parameters, grads, state, { ...settings, rate: falling })
    last = loss
    const speed = (1000 * (t + 1)) / (performance.now() - start)
    line = `${name === '' ? '' : `${name}: `}step ${t + 1}/${steps}  loss ${loss.toExponential(2)}  ${speed.toFixed(0)} steps/s`
    progress.update(line)
  }
  progress.finish(line)
  return last
}
