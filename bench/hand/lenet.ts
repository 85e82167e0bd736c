/**
 * A network like LeNet: convolution 1→6 of 5×5, ReLU, maximum over 2×2, convolution 6→16 of 5×5, ReLU, maximum over 2×2, 256-120-84-10 with
 * ReLU, cross-entropy. Convolutions in plain loops, or as products of matrices with the windows of an image side by side.
 */
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

/** Channels in and out, the side of the input; kernels are 5×5. */
interface Shape {
  readonly c: number
  readonly o: number
  readonly side: number
}

const FIRST: Shape = { c: 1, o: 6, side: 28 }
const SECOND: Shape = { c: 6, o: 16, side: 12 }

/** Convolutions of one image of a batch. */
export interface Convolutions {
  forward(shape: Shape, x: Float32Array, K: Float32Array, y: Float32Array): void
  kernel(shape: Shape, x: Float32Array, dy: Float32Array, dK: Float32Array): void
  input(shape: Shape, K: Float32Array, dy: Float32Array, dx: Float32Array): void
}

export const plain: Convolutions = {
  forward({ c, o, side }, x, K, y) {
    const m = side - 4
    for (let a = 0; a < o; a++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < m; j++) {
          let sum = 0
          for (let b = 0; b < c; b++)
            for (let u = 0; u < 5; u++)
              for (let v = 0; v < 5; v++)
                sum += K[((a * c + b) * 5 + u) * 5 + v] * x[(b * side + i + u) * side + j + v]
          y[(a * m + i) * m + j] = sum
        }
  },
  kernel({ c, o, side }, x, dy, dK) {
    const m = side - 4
    for (let a = 0; a < o; a++)
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++)
          for (let v = 0; v < 5; v++) {
            let sum = 0
            for (let i = 0; i < m; i++)
              for (let j = 0; j < m; j++)
                sum += dy[(a * m + i) * m + j] * x[(b * side + i + u) * side + j + v]
            dK[((a * c + b) * 5 + u) * 5 + v] += sum
          }
  },
  input({ c, o, side }, K, dy, dx) {
    const m = side - 4
    dx.fill(0)
    for (let a = 0; a < o; a++)
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++)
          for (let v = 0; v < 5; v++) {
            const w = K[((a * c + b) * 5 + u) * 5 + v]
            for (let i = 0; i < m; i++)
              for (let j = 0; j < m; j++) dx[(b * side + i + u) * side + j + v] += w * dy[(a * m + i) * m + j]
          }
  },
}

/** Windows side by side: a row for each entry of the kernel, a column for each position. */
export class Windows implements Convolutions {
  private readonly windows = new Float32Array(25 * 24 * 24)
  private readonly sums = new Float32Array(16 * 6 * 25)

  constructor(private readonly products: Products) {}

  forward(shape: Shape, x: Float32Array, K: Float32Array, y: Float32Array): void {
    const { c, o, side } = shape
    this.gather(shape, x)
    this.products.times(K, this.windows, y, o, 25 * c, (side - 4) ** 2)
  }

  kernel(shape: Shape, x: Float32Array, dy: Float32Array, dK: Float32Array): void {
    const { c, o, side } = shape
    this.gather(shape, x)
    dots(dy, this.windows, this.sums, o, (side - 4) ** 2, 25 * c)
    for (let i = 0; i < dK.length; i++) dK[i] += this.sums[i]
  }

  input(shape: Shape, K: Float32Array, dy: Float32Array, dx: Float32Array): void {
    const { c, o, side } = shape
    const m = side - 4
    this.products.transposedTimes(K, dy, this.windows, 25 * c, o, m * m)
    dx.fill(0)
    let at = 0
    for (let b = 0; b < c; b++)
      for (let u = 0; u < 5; u++)
        for (let v = 0; v < 5; v++)
          for (let i = 0; i < m; i++) {
            const row = (b * side + i + u) * side + v
            for (let j = 0; j < m; j++) dx[row + j] += this.windows[at++]
          }
  }

  private gather({ c, side }: Shape, x: Float32Array): void {
    const m = side - 4
    let at = 0
    for (let b = 0; b < c; b++)
      for (let u = 0; u < 5; u++)
        for (let v = 0; v < 5; v++)
          for (let i = 0; i < m; i++) {
            const row = (b * side + i + u) * side + v
            for (let j = 0; j < m; j++) this.windows[at++] = x[row + j]
          }
  }
}

/** out[i, j] = Σ_l a[i, l] b[j, l], four by four sums at a time, those over the edge computed as the last ones. */
// prettier-ignore
function dots(a: Float32Array, b: Float32Array, out: Float32Array, m: number, k: number, n: number): void {
  for (let i = 0; i < m; i += 3)
    for (let j = 0; j < n; j += 5) {
      const a0 = i * k, a1 = Math.min(i + 1, m - 1) * k, a2 = Math.min(i + 2, m - 1) * k
      const b0 = j * k, b1 = Math.min(j + 1, n - 1) * k, b2 = Math.min(j + 2, n - 1) * k, b3 = Math.min(j + 3, n - 1) * k, b4 = Math.min(j + 4, n - 1) * k
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s04 = 0
      let s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0
      let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s24 = 0
      for (let l = 0; l < k; l++) {
        const x0 = a[a0 + l], x1 = a[a1 + l], x2 = a[a2 + l]
        const y0 = b[b0 + l], y1 = b[b1 + l], y2 = b[b2 + l], y3 = b[b3 + l], y4 = b[b4 + l]
        s00 += x0 * y0; s01 += x0 * y1; s02 += x0 * y2; s03 += x0 * y3; s04 += x0 * y4
        s10 += x1 * y0; s11 += x1 * y1; s12 += x1 * y2; s13 += x1 * y3; s14 += x1 * y4
        s20 += x2 * y0; s21 += x2 * y1; s22 += x2 * y2; s23 += x2 * y3; s24 += x2 * y4
      }
      const rows = [[s00, s01, s02, s03, s04], [s10, s11, s12, s13, s14], [s20, s21, s22, s23, s24]]
      for (let r = 0; r < 3 && i + r < m; r++) for (let c = 0; c < 5 && j + c < n; c++) out[(i + r) * n + j + c] = rows[r][c]
    }
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
