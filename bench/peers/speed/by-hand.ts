/** The best JavaScript of bench/hand, worked out on paper. */
import { Direct } from '../../hand/convolution.js'
import { LeNet } from '../../hand/lenet.js'
import { Lstm } from '../../hand/lstm.js'
import { polynomials } from '../../hand/math.js'
import { Mlp } from '../../hand/mlp.js'
import { best } from '../../hand/products.js'
import * as tiny from '../../hand/tiny.js'
import { product } from '../../networks.js'
import { type Computation, NETWORKS, type Open } from './tasks.js'

export const openByHand: Open = (task) => {
  switch (task) {
    case 'product': {
      const out = new Float32Array(64 * 512)
      return computation(() => {
        best.times(product.a, product.b, out, 64, 784, 512)
        return [out]
      })
    }
    case 'mlp': {
      const { params, data, sizes } = NETWORKS.mlp
      const network = new Mlp(best, sizes.n)
      const layers = [params.l1, params.l2, params.l3]
      const gradients = network.gradients.flatMap(({ W, b }) => [W, b])
      return withLoss(() => network.run(layers, data.x, data.label), gradients)
    }
    case 'tiny1':
    case 'tiny64': {
      const { params, data, sizes } = NETWORKS[task]
      const gradients = tiny.zeros()
      const { W1, b1, W2, b2, W3, b3 } = gradients
      return withLoss(() => tiny.best(params, data.x, data.y, sizes.n, gradients), [W1, b1, W2, b2, W3, b3])
    }
    case 'lenet': {
      const { params, data, sizes } = NETWORKS.lenet
      const network = new LeNet(new Direct(best), best, sizes.n)
      const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = network.gradients
      return withLoss(() => network.run(params, data.x, data.label), [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
    }
    case 'lstm': {
      const { params, data, sizes } = NETWORKS.lstm
      const network = new Lstm(best, polynomials, { ...sizes, d: 64, k: 64 })
      const { W, U, b } = network.gradients
      return withLoss(() => network.run(params, data.x), [W, U, b])
    }
  }
}

const computation = (run: () => readonly Float32Array[]): Computation => ({ step: run, results: run })

const withLoss = (run: () => number, gradients: readonly Float32Array[]): Computation => ({
  step: run,
  results: () => [Float32Array.of(run()), ...gradients],
})
