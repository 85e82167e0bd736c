/**
 * TensorFlow.js on its plain JavaScript or its WebAssembly backend. Images lie with their channels innermost, as its convolutions
 * want them: arrays are brought into that order, and gradients out of it, outside of what is measured.
 */
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import { type Network, product } from '../../networks.js'
import { flatten, NETWORKS, oneHot, type Open, permute, type Task } from './tasks.js'

// Its gradients are a file of their own, in a spelling that Node does not import.
createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients')

type Tensors = Readonly<Record<string, tf.Tensor>>
type Loss = (p: Tensors) => tf.Tensor

/** Our axes in the order of tfjs, and the shape it takes. */
interface Layout {
  readonly shape: readonly number[]
  readonly order: readonly number[]
  readonly as: number[]
}

const LAYOUTS: Readonly<Partial<Record<string, Layout>>> = {
  K1: { shape: [6, 1, 5, 5], order: [2, 3, 1, 0], as: [5, 5, 1, 6] },
  K2: { shape: [16, 6, 5, 5], order: [2, 3, 1, 0], as: [5, 5, 6, 16] },
  W3: { shape: [16, 4, 4, 120], order: [1, 2, 0, 3], as: [256, 120] },
}

export const openTfjs =
  (backend: 'cpu' | 'wasm'): Open =>
  async (task) => {
    // Without checks of the arguments.
    tf.enableProdMode()
    setThreadsCount(1)
    if (!(await tf.setBackend(backend))) throw new Error(`there is no backend ${backend}`)
    await tf.ready()
    if (task === 'product') {
      const [a, b] = [tf.tensor2d(product.a, [64, 784]), tf.tensor2d(product.b, [784, 512])]
      const run = (): Float32Array => {
        const out = tf.matMul(a, b)
        const values = out.dataSync<'float32'>()
        out.dispose()
        return values
      }
      return { step: run, results: () => [run()] }
    }
    const { params, shapes }: Network = NETWORKS[task]
    const layoutOf = (name: string): Layout | undefined => (task === 'lenet' ? LAYOUTS[name] : undefined)
    const variables = Object.entries(flatten(params)).map(([name, values]) => {
      const layout = layoutOf(name)
      const start = layout
        ? tf.tensor(permute(values, layout.shape, layout.order), layout.as)
        : tf.tensor(values, [...shapes[name]])
      return tf.variable(start, true, name)
    })
    const loss = lossOf(task)
    const byName = Object.fromEntries(variables.map((variable) => [variable.name, variable]))
    /** Gives the loss; whoever wants the gradients reads them before they are freed. */
    const run = (read?: (grads: tf.NamedTensorMap) => void): number => {
      const { value, grads } = tf.variableGrads(() => tf.squeeze(loss(byName)), variables)
      const [number] = value.dataSync()
      read?.(grads)
      tf.dispose([value, grads])
      return number
    }
    const ours = (name: string, grad: Float32Array): Float32Array => {
      const layout = layoutOf(name)
      if (!layout) return grad
      const inverse = layout.shape.map((_, axis) => layout.order.indexOf(axis))
      return permute(grad, layout.order.map((axis) => layout.shape[axis]), inverse) // prettier-ignore
    }
    return {
      step: () => run(),
      results() {
        const all: Float32Array[] = []
        const value = run((grads) => {
          for (const { name } of variables) all.push(ours(name, grads[name].dataSync<'float32'>()))
        })
        return [Float32Array.of(value), ...all]
      },
    }
  }

function lossOf(task: Exclude<Task, 'product'>): Loss {
  switch (task) {
    case 'mlp': {
      const { x, label } = NETWORKS.mlp.data
      const [pixels, target] = [tf.tensor2d(x, [label.length, 784]), tf.tensor2d(oneHot(label), [label.length, 10])] // prettier-ignore
      return (p) => {
        const h1 = dense(pixels, p['l1.W'], p['l1.b'], 'relu')
        const h2 = dense(h1, p['l2.W'], p['l2.b'], 'relu')
        return crossEntropy(dense(h2, p['l3.W'], p['l3.b']), target)
      }
    }
    case 'tiny1':
    case 'tiny64': {
      const { data, sizes } = NETWORKS[task]
      const [x, y] = [tf.tensor2d(data.x, [sizes.n, 2]), tf.tensor2d(data.y, [sizes.n, 1])]
      return (p) => {
        const h1 = tf.tanh(dense(x, p.W1, p.b1))
        const h2 = tf.tanh(dense(h1, p.W2, p.b2))
        return tf.mean(tf.square(tf.sub(dense(h2, p.W3, p.b3), y)))
      }
    }
    case 'lenet': {
      const { x, label } = NETWORKS.lenet.data
      const n = label.length
      const [images, target] = [tf.tensor4d(x, [n, 28, 28, 1]), tf.tensor2d(oneHot(label), [n, 10])]
      const layer = (y: tf.Tensor4D, K: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
        tf.relu(tf.maxPool(tf.add(tf.conv2d(y, tf.reshape<tf.Rank.R4>(K, [5, 5, y.shape[3], b.size]), 1, 'valid'), b), 2, 2, 'valid')) // prettier-ignore
      return (p) => {
        const p2 = layer(layer(images, p.K1, p.b1), p.K2, p.b2)
        const h3 = dense(tf.reshape(p2, [n, 256]), p.W3, p.b3, 'relu')
        const h4 = dense(h3, p.W4, p.b4, 'relu')
        return crossEntropy(dense(h4, p.W5, p.b5), target)
      }
    }
    case 'lstm': {
      const { data, sizes } = NETWORKS.lstm
      const { T, n } = sizes
      const x = tf.tensor2d(data.x, [T * n, 64])
      return ({ W, U, b }) => {
        // What does not depend on the state is one product for all steps.
        const inputs = tf.unstack(tf.reshape(dense(x, W, b), [T, n, 256]))
        let [h, c]: tf.Tensor[] = [tf.zeros([n, 64]), tf.zeros([n, 64])]
        for (const input of inputs) {
          const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, U)), 4, 1)
          c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
          h = tf.mul(tf.sigmoid(o), tf.tanh(c))
        }
        return tf.mean(tf.square(h))
      }
    }
  }
}

function dense(x: tf.Tensor, W: tf.Tensor, bias: tf.Tensor, activation?: 'relu'): tf.Tensor {
  return tf.fused.matMul({ a: x, b: W, bias, activation })
}

function crossEntropy(logits: tf.Tensor, target: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)))
}
