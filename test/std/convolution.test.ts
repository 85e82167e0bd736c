/** Convolution and pooling against plain loops. */
import { describe, test } from 'vitest'
import { at, functionsOf, tensorOf, use } from './functions.js'
import { compare, entries, padded, positionsOf, sum } from './loops.js'

describe('convolution', () => {
  test.each([
    { stride: 1, padding: 0, dilation: 1 },
    { stride: 2, padding: 0, dilation: 1 },
    { stride: 1, padding: 2, dilation: 1 },
    { stride: 2, padding: 1, dilation: 2 },
    { stride: 3, padding: 2, dilation: 1 },
  ])('Conv1d and Conv2d with %j', async ({ stride, padding, dilation }) => {
    const extent = (length: number, size: number): number =>
      Math.floor((length + 2 * padding - dilation * (size - 1) - 1) / stride) + 1
    const place = (n: number, u: number): number => stride * n + dilation * u - padding
    const sizes = `2, size = 3, stride = ${stride}, padding = ${padding}, dilation = ${dilation}`
    const b = [0.5, -1]

    const x = tensorOf([2, 3, 8])
    const K = tensorOf([2, 3, 3], 7)
    const [y] = await use(`Conv1d[${sizes}]`, 'nnc/convolution', 'x: [n, 3, L]', { K, b }, { x })
    compare(
      y,
      entries(
        [2, 2, extent(8, 3)],
        (s, o, t) => b[o] + sum(3, (c) => sum(3, (u) => at(K, o, c, u) * padded(x, s, c, place(t, u)))),
      ),
    )

    const image = tensorOf([2, 3, 7, 8])
    const kernel = tensorOf([2, 3, 3, 3], 7)
    const [z] = await use(
      `Conv2d[${sizes}]`,
      'nnc/convolution',
      'x: [n, 3, H, W]',
      { K: kernel, b },
      { x: image },
    )
    compare(
      z,
      entries(
        [2, 2, extent(7, 3), extent(8, 3)],
        (s, o, i, j) =>
          b[o] +
          sum(3, (c) =>
            sum(3, (u) =>
              sum(3, (v) => at(kernel, o, c, u, v) * padded(image, s, c, place(i, u), place(j, v))),
            ),
          ),
      ),
    )
  })

  test('the functions', async () => {
    const convolution = await functionsOf('nnc/convolution')
    const x = tensorOf([2, 7])
    const K = tensorOf([3, 2, 4], 5)
    const narrow = (first: number) => (o: number, t: number) =>
      sum(2, (c) => sum(4, (u) => at(K, o, c, u) * padded(x, c, t + u - first)))
    compare(convolution('conv1d')(x, K), entries([3, 4], narrow(0)))
    compare(
      convolution('conv1d')(x, K, 2),
      entries([3, 2], (o, t) => narrow(0)(o, 2 * t)),
    )
    compare(convolution('conv1d_wide')(x, K), entries([3, 10], narrow(3)))
    compare(convolution('conv1d_same')(x, K), entries([3, 7], narrow(1)))
    compare(convolution('conv1d_causal')(x, K), entries([3, 7], narrow(3)))
    compare(
      convolution('conv1d_causal')(x, K, 2),
      entries([3, 7], (o, t) => sum(2, (c) => sum(4, (u) => at(K, o, c, u) * padded(x, c, t - 2 * (3 - u))))),
    )

    const image = tensorOf([2, 5, 6])
    const kernel = tensorOf([3, 2, 3, 2], 5)
    const flat =
      (up: number, left: number, stride = 1) =>
      (o: number, i: number, j: number) =>
        sum(2, (c) =>
          sum(3, (u) =>
            sum(
              2,
              (v) => at(kernel, o, c, u, v) * padded(image, c, stride * i + u - up, stride * j + v - left),
            ),
          ),
        )
    compare(convolution('conv2d')(image, kernel), entries([3, 3, 5], flat(0, 0)))
    compare(convolution('conv2d')(image, kernel, 2), entries([3, 2, 3], flat(0, 0, 2)))
    compare(convolution('conv2d_wide')(image, kernel), entries([3, 7, 7], flat(2, 1)))
    compare(convolution('conv2d_same')(image, kernel), entries([3, 5, 6], flat(1, 0)))

    const depth = tensorOf([2, 3, 2], 9)
    compare(
      convolution('conv2d_depthwise')(image, depth, 2),
      entries([2, 2, 3], (c, i, j) =>
        sum(3, (u) => sum(2, (v) => at(depth, c, u, v) * at(image, c, 2 * i + u, 2 * j + v))),
      ),
    )
    const painted = new Map<string, number>()
    const paint = tensorOf([2, 3, 3, 2], 11)
    for (const [c, i, j, o, u, v] of positionsOf([2, 5, 6, 3, 3, 2])) {
      const place = `${o} ${2 * i + u} ${2 * j + v}`
      painted.set(place, (painted.get(place) ?? 0) + at(image, c, i, j) * at(paint, c, o, u, v))
    }
    compare(
      convolution('conv2d_transposed')(image, paint, 2),
      entries([3, 11, 12], (o, i, j) => painted.get(`${o} ${i} ${j}`) ?? 0),
    )
  })

  test('padding and pooling', async () => {
    const convolution = await functionsOf('nnc/convolution')
    const x = [3, 1, 4, 1, 5]
    const image = [[1, 2, 3, 4, 9], [5, 6, 7, 8, 9], [0, 0, 0, 1, 9]] // prettier-ignore
    compare(convolution('pad1d')(x, 2), [0, 0, ...x, 0, 0])
    compare(convolution('pad2d')([[1, 2]], 1), [0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0])
    compare(convolution('max_pool1d')(x), [3, 4])
    compare(convolution('max_pool1d')(x, 3, 1), [4, 4, 5])
    compare(convolution('avg_pool1d')(x), [2, 2.5])
    compare(convolution('max_pool2d')(image), [6, 8])
    compare(convolution('max_pool2d')(image, 2, 1), [6, 7, 8, 9, 6, 7, 8, 9])
    compare(convolution('avg_pool2d')(image), [3.5, 5.5])
    compare(convolution('global_avg_pool2d')([[1, 2], [3, 6]]), [3]) // prettier-ignore
    compare(convolution('global_max_pool2d')([[1, 2], [3, 6]]), [6]) // prettier-ignore
    compare(convolution('upsample2d')([[1, 2]], 2), [1, 1, 2, 2, 1, 1, 2, 2])
  })

  test('Subsample is LeNet-5’s: w · mean + b', async () => {
    const x = tensorOf([1, 2, 4, 4])
    const params = { w: [2, -1], b: [0.5, 0.25] }
    const [y] = await use('Subsample', 'nnc/convolution', 'x: [n, c, H, W]', params, { x })
    const down = (c: number, i: number, j: number): number =>
      sum(2, (u) => sum(2, (v) => at(x, 0, c, 2 * i + u, 2 * j + v))) / 4
    compare(y, entries([2, 2, 2], (c, i, j) => params.w[c] * down(c, i, j) + params.b[c])) // prettier-ignore
  })
})
