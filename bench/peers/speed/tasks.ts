/** What every system computes: the loss of a network and its gradient by all parameters, or a product of matrices. */
import { type Arrays, lenet, lstm, mlp, type Network, product, tiny, type Values } from '../../networks.js'

export const NETWORKS = {
  mlp: mlp(64),
  tiny1: tiny(1),
  tiny64: tiny(64),
  lenet: lenet(32),
  lstm: lstm(64, 16),
} as const satisfies Readonly<Record<string, Network>>

export type Task = 'product' | keyof typeof NETWORKS
export const TASKS: readonly Task[] = ['product', 'mlp', 'tiny1', 'tiny64', 'lenet', 'lstm']
export const titleOf = (task: Task): string => (task === 'product' ? product.name : NETWORKS[task].name)

/** A system at work on a task. */
export interface Computation {
  /** The whole computation once, with results that can be read when it returns. */
  step(): void
  /** Those of one step: the loss and the gradients in the order of the parameters, or the product. */
  results(): readonly Values[]
}

/** Nothing, if the system has none of it. */
export type Open = (task: Task) => Computation | Promise<Computation | undefined>

/** Arrays by path, as `l1.W`. */
export function flatten(arrays: Arrays): Readonly<Record<string, Values>> {
  const all: Record<string, Values> = {}
  for (const [name, part] of Object.entries(arrays))
    if (part instanceof Float32Array || part instanceof Int32Array) all[name] = part
    else for (const [inner, values] of Object.entries(part)) all[`${name}.${inner}`] = values
  return all
}

/** Row s has a 1 at its label. */
export function oneHot(label: Int32Array): Float32Array {
  const all = new Float32Array(label.length * 10)
  for (const [s, at] of label.entries()) all[s * 10 + at] = 1
  return all
}

/** The axes of a tensor in another order: axis i of the result is axis `order[i]`. */
export function permute(values: Values, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((count, size) => count * size, 1))
  const result = new Float32Array(values.length)
  const at = order.map(() => 0)
  for (let k = 0; k < result.length; k++) {
    result[k] = values[at.reduce((sum, position, axis) => sum + position * strides[order[axis]], 0)]
    for (let axis = order.length - 1; axis >= 0 && ++at[axis] === shape[order[axis]]; axis--) at[axis] = 0
  }
  return result
}
