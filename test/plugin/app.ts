/** A small app: a model over two files, one training step. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const LAYER = `export model Affine[m](x: [.., k]) {
  param W: [k, m] ~ glorot
  param b: [m]
  out y = x @ W + b
}
`

const MODEL = `import { Affine } from "./layers/affine.nn"
const hidden = 8

/// A classifier of points.
model Mlp(x: [n, 2], label: int[n]) {
  param l1: Affine[hidden]
  param l2: Affine[2]
  param scale: [2] = 1
  out probs = softmax(l2(tanh(l1(x * scale))))
  out certainty[s] = atan(probs[s, 0])
  loss mean[s] -log(probs[s, label[s]])
}

/// A bump around 0.
export fn bump(x) = exp(-x^2)
`

const TRAINING = `import { initMlp, lossMlp, backwardMlp } from './mlp.nn'
import { Mlp } from './mlp.nn?hidden=3&dtype=f64'

const data = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], label: [0, 1, 1, 0] }
const params = initMlp({ seed: 1 })
const before = lossMlp(params, data)
const { grads } = backwardMlp(params, data)
for (const layer of ['l1', 'l2'])
  for (const name of ['W', 'b'])
    params[layer][name].forEach((_, at) => (params[layer][name][at] -= 0.1 * grads[layer][name][at]))
export const descent = before - lossMlp(params, data)
export const weights = params.l1.W
export const narrow = Mlp.init().l1.W
`

export const APP = { 'layers/affine.nn': LAYER, 'mlp.nn': MODEL, 'main.js': TRAINING }

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
