/**
 * The network of ../lenet.ts in WebAssembly. Parameters and data stay in its memory; the widths 84 and 10 have columns of zeros up to
 * whole strips there.
 */
import { type LeNetParams, zeros } from '../lenet.js'
import { crossEntropy } from '../mlp.js'
import { assemble, type Call, type Floats, type Machine } from './assemble.js'
import { FIRST, IMAGES, SECOND, type Shape } from './images.js'
import { type Matrix, PRODUCTS, Products } from './products.js'

/** Images at a time, for the gradient of the second kernel: they stay in the first cache. */
const TOGETHER = 8

interface Dense {
  /** What is used, and with the columns of zeros. */
  readonly sizes: readonly [number, number]
  readonly inputs: number
  readonly width: number
  readonly W: Floats
  readonly b: Floats
  readonly dW: Floats
  readonly db: Floats
  readonly y: Floats
  readonly d: Floats
}

export class WasmLeNet {
  readonly gradients: LeNetParams = zeros()
  private readonly products: Products
  private readonly dense: readonly Dense[]
  private readonly calls: Readonly<Record<'convolve1' | 'convolve2' | 'spread' | 'correlate1' | 'correlate2' | 'pool1' | 'pool2' | 'unpool1' | 'unpool2' | 'add' | 'addAndClip' | 'mask', Call>> // prettier-ignore
  private readonly x: Floats
  private readonly b1: Floats
  private readonly b2: Floats
  /** Kernels, in groups of channels, and of taps. */
  private readonly K1: Floats
  private readonly K2: Floats
  private readonly taps: Floats
  private readonly y1: Floats
  private readonly p1: Floats
  private readonly y2: Floats
  private readonly p2: Floats
  private readonly dp2: Floats
  private readonly dy2: Floats
  private readonly dp1: Floats
  private readonly dy1: Floats
  private readonly dK1: Floats
  private readonly dK2: Floats
  private readonly db1: Floats
  private readonly db2: Floats
  private readonly unused: Floats
  private readonly logits: Float32Array
  private readonly slopes: Float32Array
  /** Where the taps read, where the vectors of an image are, and where four taps write. */
  private readonly tables: Readonly<Record<'taps1' | 'taps2' | 'vectors1' | 'vectors2' | 'places', number>>

  static async make(params: LeNetParams, x: Float32Array, label: Int32Array): Promise<WasmLeNet> {
    return new WasmLeNet(await assemble([...PRODUCTS, ...IMAGES], 2 ** 23), params, x, label)
  }

  private constructor(
    machine: Machine,
    private readonly params: LeNetParams,
    x: Float32Array,
    private readonly label: Int32Array,
  ) {
    const n = label.length
    const { call, floats } = machine
    const holding = (values: Float32Array): Floats => {
      const all = floats(values.length)
      all.view.set(values)
      return all
    }
    this.calls = { convolve1: call('convolve1'), convolve2: call('convolve2'), spread: call('spread'), correlate1: call('correlate1'), correlate2: call('correlate2'), pool1: call('pool1'), pool2: call('pool2'), unpool1: call('unpool1'), unpool2: call('unpool2'), add: call('add'), addAndClip: call('addAndClip'), mask: call('mask') } // prettier-ignore
    this.products = new Products(machine, 256)
    this.x = holding(x)
    this.b1 = holding(params.b1)
    this.b2 = holding(params.b2)
    this.K1 = floats(25 * 6)
    this.K2 = floats(150 * 16)
    this.taps = floats(152 * 16)
    this.y1 = floats(n * 6 * 576)
    this.p1 = floats(n * 6 * 144)
    this.y2 = floats(n * 16 * 64)
    this.p2 = floats(n * 256)
    this.dp2 = floats(n * 256)
    this.dy2 = floats(n * 16 * 64)
    this.dp1 = floats(6 * 144)
    this.dy1 = floats(6 * 576)
    this.dK1 = floats(6 * 25)
    this.dK2 = floats(16 * 150)
    this.db1 = floats(6 * 4)
    this.db2 = floats(16 * 4)
    this.unused = floats(6 * 25)
    this.logits = new Float32Array(n * 10)
    this.slopes = new Float32Array(n * 10)
    const layer = (W: Float32Array, b: Float32Array, inputs: number): Dense => {
      const width = Math.ceil(b.length / 8) * 8
      const own = { W: floats(inputs * width), b: floats(width), dW: floats(inputs * width), db: floats(width), y: floats(n * width), d: floats(n * width) } // prettier-ignore
      const sizes = [W.length / b.length, b.length] as const
      for (let i = 0; i < sizes[0]; i++)
        own.W.view.set(W.subarray(i * b.length, (i + 1) * b.length), i * width)
      own.b.view.set(b)
      return { ...own, sizes, inputs, width }
    }
    this.dense = [layer(params.W3, params.b3, 256), layer(params.W4, params.b4, 120), layer(params.W5, params.b5, 88)] // prettier-ignore
    const places = [...tapsOf(SECOND), 0, 0]
    this.tables = {
      taps1: machine.integers(tapsOf(FIRST)),
      taps2: machine.integers(tapsOf(SECOND)),
      vectors1: machine.integers(vectorsOf(FIRST)),
      vectors2: machine.integers(vectorsOf(SECOND)),
      places: machine.integers(places),
    }
  }

  run(): number {
    const { calls, tables, label, x, y1, p1, y2, p2 } = this
    const n = label.length
    this.packKernels()
    for (let s = 0; s < n; s++) calls.convolve1(this.K1.at, x.at + 4 * 784 * s, tables.taps1, y1.at + 4 * 3456 * s) // prettier-ignore
    calls.pool1(y1.at, this.b1.at, p1.at, n)
    for (let s = 0; s < n; s++) calls.convolve2(this.K2.at, p1.at + 4 * 864 * s, tables.taps2, y2.at + 4 * 1024 * s) // prettier-ignore
    calls.pool2(y2.at, this.b2.at, p2.at, n)
    const loss = this.runDense()
    this.backImages()
    return loss
  }

  private packKernels(): void {
    const { K1, K2 } = this.params
    for (let tap = 0; tap < 25; tap++)
      for (let o = 0; o < 6; o++)
        this.K1.view[(Math.floor(o / 3) * 25 + tap) * 3 + (o % 3)] = K1[o * 25 + tap]
    for (let tap = 0; tap < 150; tap++)
      for (let o = 0; o < 16; o++) {
        const value = K2[o * 150 + tap]
        this.K2.view[((o >> 2) * 150 + tap) * 4 + (o & 3)] = value
        this.taps.view[((tap >> 2) * 16 + o) * 4 + (tap & 3)] = value
      }
  }

  private runDense(): number {
    const { products, calls, dense, label, logits, slopes } = this
    const n = label.length
    const inputs = [this.p2, dense[0].y, dense[1].y]
    for (const [at, { W, b, y, inputs: k, width }] of dense.entries()) {
      products.times(matrix(inputs[at], k), matrix(W, width), matrix(y, width), n, k, width)
      const clip = at < 2 ? calls.addAndClip : calls.add
      clip(y.at, b.at, n, width / 4)
    }
    const last = dense[2]
    for (let s = 0; s < n; s++) for (let c = 0; c < 10; c++) logits[s * 10 + c] = last.y.view[s * 16 + c]
    const loss = crossEntropy(logits, label, slopes)
    last.db.view.fill(0)
    for (let s = 0; s < n; s++)
      for (let c = 0; c < 10; c++) {
        last.d.view[s * 16 + c] = slopes[s * 10 + c]
        last.db.view[c] += slopes[s * 10 + c]
      }
    for (let at = 2; at >= 0; at--) {
      const { W, d, dW, inputs: k, width } = dense[at]
      const input = { ...matrix(inputs[at], k), transposed: true }
      products.times(input, matrix(d, width), matrix(dW, width), k, n, width)
      const below = at === 0 ? this.dp2 : dense[at - 1].d
      products.times(
        matrix(d, width),
        { ...matrix(W, width), transposed: true },
        matrix(below, k),
        n,
        width,
        k,
      )
      if (at === 0) break
      dense[at - 1].db.view.fill(0)
      calls.mask(below.at, inputs[at].at, dense[at - 1].db.at, n, k / 4)
    }
    const { W3, b3, W4, b4, W5, b5 } = this.gradients
    for (const [at, [W, b]] of ([[W3, b3], [W4, b4], [W5, b5]] as const).entries()) {
      const { dW, db, sizes, width } = dense[at]
      for (let i = 0; i < sizes[0]; i++) W.set(dW.view.subarray(i * width, i * width + sizes[1]), i * sizes[1])
      b.set(db.view.subarray(0, sizes[1]))
    } // prettier-ignore
    return loss
  }

  private backImages(): void {
    const { calls, tables, label, x, y1, p1, y2, p2, dp2, dy2, dp1, dy1, dK1, dK2, db1, db2, taps } = this
    const n = label.length
    for (const { view } of [dK1, dK2, db1, db2]) view.fill(0)
    calls.unpool2(dp2.at, p2.at, y2.at, dy2.at, db2.at, n)
    const read = tapsOf(SECOND)
    for (let s = 0; s < n; s += TOGETHER)
      for (let o = 0; o < 16; o += 4)
        for (let tap = 0; tap < 150; tap += 2) {
          const images = p1.at + 4 * 864 * s
          calls.correlate2(dy2.at + 4 * (1024 * s + 64 * o), images + read[tap], images + read[tap + 1], tables.vectors2, Math.min(TOGETHER, n - s), dK2.at + 4 * (150 * o + tap), 4) // prettier-ignore
        }
    const first = tapsOf(FIRST)
    for (let s = 0; s < n; s++) {
      dp1.view.fill(0)
      calls.spread(taps.at, dy2.at + 4 * 1024 * s, tables.places, dp1.at)
      calls.unpool1(dp1.at, p1.at + 4 * 864 * s, y1.at + 4 * 3456 * s, dy1.at, db1.at, 1)
      const image = x.at + 4 * 784 * s
      for (let o = 0; o < 6; o += 3)
        for (let tap = 0; tap < 25; tap += 2) {
          const out = dK1.at + 4 * (25 * o + tap)
          // There is no tap 25: its sum goes where nobody reads it.
          const [next, apart] = tap < 24 ? [first[tap + 1], 4] : [first[tap], this.unused.at - out]
          calls.correlate1(
            dy1.at + 4 * 576 * o,
            image + first[tap],
            image + next,
            tables.vectors1,
            1,
            out,
            apart,
          )
        }
    }
    const { K1, b1, K2, b2 } = this.gradients
    K1.set(dK1.view)
    K2.set(dK2.view)
    for (const [b, db] of [[b1, db1], [b2, db2]] as const)
      for (let o = 0; o < b.length; o++) b[o] = db.view[4 * o] + db.view[4 * o + 1] + db.view[4 * o + 2] + db.view[4 * o + 3] // prettier-ignore
  }
}

const matrix = ({ at }: Floats, width: number): Matrix => ({ at, row: 4 * width })

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
