/** The WebAssembly of bench/hand/wasm: what it is written for. */
import { type Computed, mlpByHand } from '../../hand/wasm/dense.js'
import { lenetByHand } from '../../hand/wasm/lenet.js'
import { lstmByHand } from '../../hand/wasm/lstm.js'
import { productByHand } from '../../hand/wasm/products.js'
import { product } from '../../networks.js'
import { type Computation, NETWORKS, type Open } from './tasks.js'

export const openWasmByHand: Open = async (task) => {
  switch (task) {
    case 'product': {
      const run = await productByHand(product.a, product.b, 64, 784, 512)
      return { step: run, results: () => [run()] }
    }
    case 'mlp': {
      const { params, data } = NETWORKS.mlp
      const network = await mlpByHand([params.l1, params.l2, params.l3], data.x, data.label)
      return withLoss(
        network,
        network.gradients.flatMap(({ W, b }) => [W, b]),
      )
    }
    case 'lenet': {
      const { params, data } = NETWORKS.lenet
      const network = await lenetByHand(params, data.x, data.label)
      const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = network.gradients
      return withLoss(network, [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
    }
    case 'lstm': {
      const { params, data, sizes } = NETWORKS.lstm
      const network = await lstmByHand(params, data.x, { ...sizes, d: 64, k: 64 })
      const { W, U, b } = network.gradients
      return withLoss(network, [W, U, b])
    }
    case 'tiny1':
    case 'tiny64':
      return undefined
  }
}

const withLoss = (network: Computed<unknown>, gradients: readonly Float32Array[]): Computation => ({
  step: () => network.run(),
  results: () => [Float32Array.of(network.run()), ...gradients],
})
