/**
 * A network like LeNet: convolution 1→6 of 5×5, ReLU, maximum over 2×2, convolution 6→16 of 5×5, ReLU, maximum over 2×2, 256-120-84-10 with
 * ReLU, cross-entropy.
 */
import { type Convolutions, FIRST, SECOND } from './convolution.js'
import { crossEntropy } from './mlp.js'
import type { Products } from './products.js'

export interface LeNetParams {
  readonly K1: Float32Array
  readonly b1: Float32Array
  readonly K2: Float32Array
  readonly b2: Float32Array
  readonly W3: Float32Array
  readonly b3: Float32Array
  readonly W4: Float32Array
  readonly b4: Float32Array
  readonly W5: Float32Array
  readonly b5: Float32Array
}

export const shapes: Readonly<Record<keyof LeNetParams, number>> = {
  K1: 6 * 25,
  b1: 6,
  K2: 16 * 6 * 25,
  b2: 16,
  W3: 256 * 120,
  b3: 120,
  W4: 120 * 84,
  b4: 84,
  W5: 84 * 10,
  b5: 10,
}

export const zeros = (): LeNetParams => {
  const of = (key: keyof LeNetParams): Float32Array => new Float32Array(shapes[key])
  return { K1: of('K1'), b1: of('b1'), K2: of('K2'), b2: of('b2'), W3: of('W3'), b3: of('b3'), W4: of('W4'), b4: of('b4'), W5: of('W5'), b5: of('b5') } // prettier-ignore
}

export class LeNet {
  readonly gradients = zeros()
  private readonly y1: Float32Array
  private readonly p1: Float32Array
  private readonly at1: Int32Array
  private readonly y2: Float32Array
  private readonly p2: Float32Array
  private readonly at2: Int32Array
  private readonly h3: Float32Array
  private readonly h4: Float32Array
  private readonly logits: Float32Array
  private readonly d5: Float32Array
  private readonly d4: Float32Array
  private readonly d3: Float32Array
  private readonly dp2: Float32Array
  private readonly dy2 = new Float32Array(16 * 64)
  private readonly dp1 = new Float32Array(6 * 144)
  private readonly dy1 = new Float32Array(6 * 576)

  constructor(
    private readonly convolutions: Convolutions,
    private readonly products: Products,
    private readonly n: number,
  ) {
    const of = (size: number): Float32Array => new Float32Array(n * size)
    this.y1 = of(6 * 576)
    this.p1 = of(6 * 144)
    this.at1 = new Int32Array(n * 6 * 144)
    this.y2 = of(16 * 64)
    this.p2 = of(256)
    this.at2 = new Int32Array(n * 256)
    this.h3 = of(120)
    this.h4 = of(84)
    this.logits = of(10)
    this.d5 = of(10)
    this.d4 = of(84)
    this.d3 = of(120)
    this.dp2 = of(256)
  }

  run(p: LeNetParams, x: Float32Array, label: Int32Array): number {
    const { n, convolutions, gradients: g, y1, p1, y2, p2, h3, h4, logits, d5, d4, d3, dp2 } = this
    for (let s = 0; s < n; s++) {
      const own1 = y1.subarray(s * 3456, (s + 1) * 3456)
      convolutions.forward(FIRST, x.subarray(s * 784, (s + 1) * 784), p.K1, own1)
      pool(own1, p.b1, 24, p1, this.at1, s * 864)
      const own2 = y2.subarray(s * 1024, (s + 1) * 1024)
      convolutions.forward(SECOND, p1.subarray(s * 864, (s + 1) * 864), p.K2, own2)
      pool(own2, p.b2, 8, p2, this.at2, s * 256)
    }
    this.dense(p2, p.W3, p.b3, h3, 256, true)
    this.dense(h3, p.W4, p.b4, h4, 120, true)
    this.dense(h4, p.W5, p.b5, logits, 84, false)
    const loss = crossEntropy(logits, label, d5)
    this.back(h4, d5, p.W5, g.W5, g.b5, d4)
    mask(d4, h4)
    this.back(h3, d4, p.W4, g.W4, g.b4, d3)
    mask(d3, h3)
    this.back(p2, d3, p.W3, g.W3, g.b3, dp2)
    for (const array of [g.K1, g.b1, g.K2, g.b2]) array.fill(0)
    for (let s = 0; s < n; s++) {
      unpool(dp2, p2, this.at2, s * 256, 256, this.dy2)
      sumMaps(this.dy2, g.b2)
      const own = p1.subarray(s * 864, (s + 1) * 864)
      convolutions.kernel(SECOND, own, this.dy2, g.K2)
      convolutions.input(SECOND, p.K2, this.dy2, this.dp1)
      unpool(this.dp1, own, this.at1.subarray(s * 864, (s + 1) * 864), 0, 864, this.dy1)
      sumMaps(this.dy1, g.b1)
      convolutions.kernel(FIRST, x.subarray(s * 784, (s + 1) * 784), this.dy1, g.K1)
    }
    return loss
  }

  private dense(
    x: Float32Array,
    W: Float32Array,
    b: Float32Array,
    y: Float32Array,
    k: number,
    clips: boolean,
  ): void {
    const m = b.length
    this.products.times(x, W, y, this.n, k, m)
    for (let s = 0; s < this.n; s++)
      for (let o = 0; o < m; o++) {
        const v = y[s * m + o] + b[o]
        y[s * m + o] = clips && !(v > 0) ? 0 : v
      }
  }

  private back(
    x: Float32Array,
    d: Float32Array,
    W: Float32Array,
    gW: Float32Array,
    gb: Float32Array,
    dx: Float32Array,
  ): void {
    // prettier-ignore
    const m = gb.length
    const k = W.length / m
    this.products.transposedTimes(x, d, gW, k, this.n, m)
    this.products.timesTransposed(d, W, dx, this.n, m, k)
    gb.fill(0)
    for (let s = 0; s < this.n; s++) for (let o = 0; o < m; o++) gb[o] += d[s * m + o]
  }
}

/** Bias, the largest of 2×2, and ReLU, which may come after it; notes where the largest stands. */
function pool(
  y: Float32Array,
  b: Float32Array,
  side: number,
  p: Float32Array,
  where: Int32Array,
  from: number,
): void {
  const half = side / 2
  let at = from
  for (let o = 0; o < b.length; o++)
    for (let i = 0; i < half; i++)
      for (let j = 0; j < half; j++) {
        const corner = (o * side + 2 * i) * side + 2 * j
        let best = corner
        if (y[corner + 1] > y[best]) best = corner + 1
        if (y[corner + side] > y[best]) best = corner + side
        if (y[corner + side + 1] > y[best]) best = corner + side + 1
        const v = y[best] + b[o]
        p[at] = v > 0 ? v : 0
        where[at++] = best
      }
}

function unpool(
  dp: Float32Array,
  p: Float32Array,
  where: Int32Array,
  from: number,
  count: number,
  dy: Float32Array,
): void {
  // prettier-ignore
  dy.fill(0)
  for (let at = from; at < from + count; at++) if (p[at] > 0) dy[where[at]] = dp[at]
}

function sumMaps(dy: Float32Array, db: Float32Array): void {
  const size = dy.length / db.length
  for (let o = 0; o < db.length; o++) {
    let sum = 0
    for (let i = 0; i < size; i++) sum += dy[o * size + i]
    db[o] += sum
  }
}

function mask(d: Float32Array, y: Float32Array): void {
  for (let i = 0; i < d.length; i++) if (!(y[i] > 0)) d[i] = 0
}
