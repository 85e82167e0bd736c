/** The network of ../lenet.ts in WebAssembly. Parameters and data stay in its memory. */
import type { LeNetParams } from '../lenet.js'
import { assemble } from './assemble.js'
import { type Computed, DENSE, denseLayers } from './dense.js'
import { FIRST, IMAGES, SECOND, type Shape } from './images.js'

/** Images at a time, for the gradient of the second kernel: they stay in the first cache. */
const TOGETHER = 8

/** Bytes of an image: as it comes, after each convolution, and after each maximum. */
const [X, Y1, P1, Y2] = [784, 6 * 576, 6 * 144, 16 * 64].map((count) => 4 * count)

export async function lenetByHand(
  params: LeNetParams,
  x: Float32Array,
  label: Int32Array,
): Promise<Computed<LeNetParams>> {
  const n = label.length
  const machine = await assemble([...DENSE, ...IMAGES], 2 ** 23)
  const { call, floats, holding, integers } = machine
  const [convolve1, convolve2, spread, correlate1, correlate2] = ['convolve1', 'convolve2', 'spread', 'correlate1', 'correlate2'].map(call) // prettier-ignore
  const [pool1, pool2, unpool1, unpool2] = ['pool1', 'pool2', 'unpool1', 'unpool2'].map(call)
  const [images, b1, b2] = [x, params.b1, params.b2].map(holding)
  // Kernels in groups of channels, and in groups of taps.
  const [K1, K2, taps] = [6 * 25, 16 * 150, 16 * 152].map(floats)
  const [y1, p1, y2, p2, dy2, dp2] = [Y1, P1, Y2, 1024, Y2, 1024].map((bytes) => floats((n * bytes) / 4))
  const [dp1, dy1, dK1, dK2, db1, db2] = [P1 / 4, Y1 / 4, 6 * 25, 16 * 150, 6 * 4, 16 * 4].map(floats)
  // What is computed beside the last tap of 25, which has no neighbour.
  const unused = floats(6 * 25)
  const [reads1, reads2] = [FIRST, SECOND].map(tapsOf)
  const [taps1, taps2, vectors1, vectors2, places] = [reads1, reads2, vectorsOf(FIRST), vectorsOf(SECOND), [...reads2, 0, 0]].map(integers) // prettier-ignore
  const dense = denseLayers(machine, [{ W: params.W3, b: params.b3 }, { W: params.W4, b: params.b4 }, { W: params.W5, b: params.b5 }], p2, label, dp2) // prettier-ignore
  const [{ W: W3, b: b3 }, { W: W4, b: b4 }, { W: W5, b: b5 }] = dense.gradients
  const gradients = { K1: dK1.view, b1: new Float32Array(6), K2: dK2.view, b2: new Float32Array(16), W3, b3, W4, b4, W5, b5 } // prettier-ignore

  function packKernels(): void {
    for (let tap = 0; tap < 25; tap++)
      for (let o = 0; o < 6; o++)
        K1.view[(Math.floor(o / 3) * 25 + tap) * 3 + (o % 3)] = params.K1[o * 25 + tap]
    for (let tap = 0; tap < 150; tap++)
      for (let o = 0; o < 16; o++) {
        const value = params.K2[o * 150 + tap]
        K2.view[((o >> 2) * 150 + tap) * 4 + (o & 3)] = value
        taps.view[((tap >> 2) * 16 + o) * 4 + (tap & 3)] = value
      }
  }

  function forward(): void {
    for (let s = 0; s < n; s++) convolve1(K1.at, images.at + X * s, taps1, y1.at + Y1 * s)
    pool1(y1.at, b1.at, p1.at, n)
    for (let s = 0; s < n; s++) convolve2(K2.at, p1.at + P1 * s, taps2, y2.at + Y2 * s)
    pool2(y2.at, b2.at, p2.at, n)
  }

  function backward(): void {
    for (const { view } of [dK1, dK2, db1, db2]) view.fill(0)
    unpool2(dp2.at, p2.at, y2.at, dy2.at, db2.at, n)
    for (let s = 0; s < n; s += TOGETHER)
      for (let o = 0; o < 16; o += 4)
        for (let tap = 0; tap < 150; tap += 2) {
          const [dy, own] = [dy2.at + Y2 * s + 256 * o, p1.at + P1 * s]
          correlate2(dy, own + reads2[tap], own + reads2[tap + 1], vectors2, Math.min(TOGETHER, n - s), dK2.at + 4 * (150 * o + tap), 4) // prettier-ignore
        }
    for (let s = 0; s < n; s++) {
      dp1.view.fill(0)
      spread(taps.at, dy2.at + Y2 * s, places, dp1.at)
      unpool1(dp1.at, p1.at + P1 * s, y1.at + Y1 * s, dy1.at, db1.at, 1)
      const own = images.at + X * s
      for (let o = 0; o < 6; o += 3)
        for (let tap = 0; tap < 25; tap += 2) {
          const out = dK1.at + 4 * (25 * o + tap)
          const [next, apart] = tap < 24 ? [reads1[tap + 1], 4] : [reads1[tap], unused.at - out]
          correlate1(dy1.at + 4 * 576 * o, own + reads1[tap], own + next, vectors1, 1, out, apart)
        }
    }
    for (const [b, { view }] of [[gradients.b1, db1], [gradients.b2, db2]] as const)
      for (let o = 0; o < b.length; o++) b[o] = view[4 * o] + view[4 * o + 1] + view[4 * o + 2] + view[4 * o + 3] // prettier-ignore
  }

  return {
    gradients,
    run() {
      packKernels()
      forward()
      const loss = dense.run()
      backward()
      return loss
    },
  }
}

/** Bytes from the position of a result to where each tap reads. */
const tapsOf = ({ c, side }: Shape): number[] =>
  Array.from({ length: 25 * c }, (_, tap) => {
    const [channel, u, v] = [Math.floor(tap / 25), Math.floor(tap / 5) % 5, tap % 5]
    return 4 * ((channel * side + u) * side + v)
  })

/** Bytes from the first position to each vector of results, in the rows of the input. */
const vectorsOf = ({ side }: Shape): number[] => {
  const m = side - 4
  return Array.from(
    { length: (m * m) / 4 },
    (_, at) => 4 * (Math.floor((4 * at) / m) * side + ((4 * at) % m)),
  )
}
