/** The WebAssembly of bench/hand/wasm: what it is written for. */
import { WasmLeNet } from '../../hand/wasm/lenet.js'
import { WasmLstm } from '../../hand/wasm/lstm.js'
import { productByHand } from '../../hand/wasm/products.js'
import { product } from '../../networks.js'
import { NETWORKS, type Open } from './tasks.js'

export const openWasmByHand: Open = async (task) => {
  switch (task) {
    case 'product': {
      const run = await productByHand(product.a, product.b, 64, 784, 512)
      return { step: run, results: () => [run()] }
    }
    case 'lenet': {
      const { params, data } = NETWORKS.lenet
      const network = await WasmLeNet.make(params, data.x, data.label)
      const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = network.gradients
      return {
        step: () => network.run(),
        results: () => [Float32Array.of(network.run()), K1, b1, K2, b2, W3, b3, W4, b4, W5, b5],
      }
    }
    case 'lstm': {
      const { params, data, sizes } = NETWORKS.lstm
      const network = await WasmLstm.make(params, data.x, { ...sizes, d: 64, k: 64 })
      const { W, U, b } = network.gradients
      return { step: () => network.run(), results: () => [Float32Array.of(network.run()), W, U, b] }
    }
    case 'mlp':
    case 'tiny1':
    case 'tiny64':
      return undefined
  }
}
