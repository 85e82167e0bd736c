/** jax-js on its WebAssembly backend: loss and gradients as one function, compiled by its `jit`. A name is used up where it stands without `.ref`. */
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { type Network, product } from '../../networks.js'
import { flatten, NETWORKS, oneHot, type Open, type Task } from './tasks.js'

type Arrays = Record<string, np.Array>
type Loss = (params: Arrays) => np.Array

export const openJaxJs: Open = async (task) => {
  if (!(await init('wasm')).includes('wasm')) throw new Error('there is no backend wasm')
  defaultDevice('wasm')
  if (task === 'product') {
    const [a, b] = [np.array(product.a, { shape: [64, 784] }), np.array(product.b, { shape: [784, 512] })]
    const times = jit((x: np.Array, y: np.Array) => np.matmul(x, y))
    const run = (): Float32Array => floats(times(a.ref, b.ref))
    return { step: run, results: () => [run()] }
  }
  const { params, shapes }: Network = NETWORKS[task]
  const own: Arrays = {}
  for (const [name, values] of Object.entries(flatten(params)))
    own[name] = np.array(Float32Array.from(values), { shape: [...shapes[name]] })
  const both = jit(valueAndGrad(lossOf(task)))
  /** The loss is read: it and the gradients, results of one program, are there when the call returns. */
  const run = (): { readonly loss: Float32Array; readonly grads: Arrays } => {
    const [loss, grads] = both(tree.ref(own))
    return { loss: floats(loss), grads }
  }
  return {
    step() {
      tree.dispose(run().grads)
    },
    results() {
      const { loss, grads } = run()
      return [loss, ...Object.keys(own).map((name) => floats(grads[name]))]
    },
  }
}

function lossOf(task: Exclude<Task, 'product'>): Loss {
  switch (task) {
    case 'mlp': {
      const { x, label } = NETWORKS.mlp.data
      const n = label.length
      const [pixels, target] = [np.array(x, { shape: [n, 784] }), np.array(oneHot(label), { shape: [n, 10] })]
      return (p) => {
        const h1 = nn.relu(dense(pixels.ref, p['l1.W'], p['l1.b']))
        const h2 = nn.relu(dense(h1, p['l2.W'], p['l2.b']))
        return crossEntropy(dense(h2, p['l3.W'], p['l3.b']), target.ref)
      }
    }
    case 'tiny1':
    case 'tiny64': {
      const { data, sizes } = NETWORKS[task]
      const [x, y] = [np.array(data.x, { shape: [sizes.n, 2] }), np.array(data.y, { shape: [sizes.n, 1] })]
      return (p) => {
        const h1 = np.tanh(dense(x.ref, p.W1, p.b1))
        const h2 = np.tanh(dense(h1, p.W2, p.b2))
        return np.mean(np.square(dense(h2, p.W3, p.b3).sub(y.ref)))
      }
    }
    case 'lenet': {
      const { x, label } = NETWORKS.lenet.data
      const n = label.length
      const images = np.array(x, { shape: [n, 1, 28, 28] })
      const target = np.array(oneHot(label), { shape: [n, 10] })
      const layer = (y: np.Array, K: np.Array, b: np.Array): np.Array => {
        const conv = lax.conv(y, K, [1, 1], 'VALID').add(b.reshape([b.size, 1, 1]))
        return nn.relu(lax.reduceWindow(conv, (window) => np.max(window), [1, 1, 2, 2], [1, 1, 2, 2]))
      }
      return (p) => {
        const p2 = layer(layer(images.ref, p.K1, p.b1), p.K2, p.b2)
        const h3 = nn.relu(dense(p2.reshape([n, 256]), p.W3, p.b3))
        const h4 = nn.relu(dense(h3, p.W4, p.b4))
        return crossEntropy(dense(h4, p.W5, p.b5), target.ref)
      }
    }
    case 'lstm': {
      const { data, sizes } = NETWORKS.lstm
      const { T, n } = sizes
      const x = np.array(data.x, { shape: [T * n, 64] })
      return ({ W, U, b }) => {
        // What does not depend on the state is one product for all steps. There is no loop: the steps are written out.
        const inputs = np.split(dense(x.ref, W, b).reshape([T, n, 256]), T, 0)
        let [h, c] = [np.zeros([n, 64]), np.zeros([n, 64])]
        for (const input of inputs) {
          const z = input.reshape([n, 256]).add(np.matmul(h, U.ref))
          const [i, f, g, o] = np.split(z, 4, 1)
          c = nn
            .sigmoid(f)
            .mul(c)
            .add(nn.sigmoid(i).mul(np.tanh(g)))
          h = nn.sigmoid(o).mul(np.tanh(c.ref))
        }
        c.dispose()
        U.dispose()
        return np.mean(np.square(h))
      }
    }
  }
}

const dense = (x: np.Array, W: np.Array, b: np.Array): np.Array => np.matmul(x, W).add(b)

function crossEntropy(logits: np.Array, target: np.Array): np.Array {
  return nn.logSoftmax(logits).mul(target).sum(1).mean().neg()
}

function floats(array: np.Array): Float32Array {
  const data = array.dataSync()
  if (!(data instanceof Float32Array)) throw new Error(`${array.dtype} are no f32`)
  return data
}
