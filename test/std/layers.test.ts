/** Attention and the other layers against plain loops. */
import { describe, test } from 'vitest'
import { at, functionsOf, type Numbers, tensorOf, use } from './functions.js'
import { compare, entries, logistic, range, sum } from './loops.js'

describe('attention', () => {
  /** softmax(score) V for one query. */
  const mixed = (scores: number[], value: (j: number) => number): number => {
    const total = sum(scores.length, (j) => Math.exp(scores[j]))
    return sum(scores.length, (j) => (Math.exp(scores[j]) / total) * value(j))
  }
  test('the functions', async () => {
    const attention = await functionsOf('nnc/attention')
    const [Q, K, V] = [tensorOf([3, 2]), tensorOf([3, 2], 4), tensorOf([3, 4], 9)]
    const score = (i: number, j: number): number => sum(2, (c) => at(Q, i, c) * at(K, j, c)) / Math.SQRT2
    const over = (allowed: (i: number, j: number) => boolean): number[] =>
      entries([3, 4], (i, c) => {
        const keys = range(3).filter((j) => allowed(i, j))
        return mixed(keys.map((j) => score(i, j)), (n) => at(V, keys[n], c)) // prettier-ignore
      })
    compare(attention('attention')(Q, K, V), over(() => true)) // prettier-ignore
    compare(attention('causal_attention')(Q, K, V), over((i, j) => j <= i)) // prettier-ignore
    const mask = [[1, 0, 1], [0, 0, 1], [1, 1, 1]] // prettier-ignore
    compare(attention('masked_attention')(Q, K, V, mask), over((i, j) => mask[i][j] === 1)) // prettier-ignore
  })
  test.each([0, 1])('MultiHeadAttention, causal = %i', async (causal) => {
    const [T, d, heads, k] = [3, 4, 2, 3]
    const x = tensorOf([1, T, d])
    const [Wq, Wk, Wv] = [3, 5, 7].map((seed) => tensorOf([heads, d, k], seed))
    const Wo = tensorOf([heads, k, d], 11)
    const projected = (W: Numbers, a: number, t: number, c: number): number =>
      sum(d, (i) => at(x, 0, t, i) * at(W, a, i, c))
    const head = (a: number, t: number, c: number): number => {
      const keys = range(causal === 1 ? t + 1 : T)
      const scores = keys.map(
        (u) => sum(k, (e) => projected(Wq, a, t, e) * projected(Wk, a, u, e)) / Math.sqrt(k),
      )
      return mixed(scores, (u) => projected(Wv, a, u, c))
    }
    const layer = `MultiHeadAttention[${heads}, ${k}, ${causal}]`
    const [y] = await use(layer, 'nnc/attention', `x: [n, T, ${d}]`, { Wq, Wk, Wv, Wo }, { x })
    compare(y, entries([T, d], (t, i) => sum(heads, (a) => sum(k, (c) => head(a, t, c) * at(Wo, a, c, i))))) // prettier-ignore
  })
})

describe('other layers', () => {
  const layer = (name: string, data: string, params: unknown, values: Record<string, Numbers>, outs = 1) =>
    use(name, 'nnc/layers', data, params, values, outs)

  test('Dense, Linear, Maxout, GatedDense', async () => {
    const x = [[1, 2]]
    const W = [[1, 2, 3], [4, 5, 6]] // prettier-ignore
    const b = [0.5, 0, -1]
    const z = [9.5, 12, 14]
    compare((await layer('Dense[3]', 'x: [n, 2]', { W, b }, { x }))[0], z)
    compare((await layer('Linear[3]', 'x: [n, 2]', { W }, { x }))[0], [9, 12, 15])
    const pieces = { W: [[[1, 0], [0, 1]], [[1, 1], [-1, 0]]], b: [[0, -3], [0, 0]] } // prettier-ignore
    compare((await layer('Maxout[2]', 'x: [n, 2]', pieces, { x }))[0], [1, 3])
    const gated = { W, b, V: [[0, 0, 0], [0, 0, 0]], c: [0, 1, 2] } // prettier-ignore
    compare((await layer('GatedDense[3]', 'x: [n, 2]', gated, { x }))[0], z.map((y, c) => y * logistic(c))) // prettier-ignore
  })
  test('normalisation', async () => {
    const x = tensorOf([3, 2, 2, 2])
    const [γ, β] = [[2, -1], [0.5, 1]] // prettier-ignore
    const normal = (value: number, group: number[]): number => {
      const μ = sum(group.length, (n) => group[n]) / group.length
      const variance = sum(group.length, (n) => (group[n] - μ) ** 2) / group.length
      return (value - μ) / Math.sqrt(variance + 1e-5)
    }
    const shape = [3, 2, 2, 2]
    const scaled = (group: (s: number, c: number) => number[]): number[] =>
      entries(shape, (s, c, i, j) => γ[c] * normal(at(x, s, c, i, j), group(s, c)) + β[c])
    const data = 'x: [n, 2, H, W]'
    const [batch] = await layer('BatchNorm2d', data, { γ, β }, { x }, 3)
    compare(batch, scaled((_, c) => entries([3, 2, 2], (s, i, j) => at(x, s, c, i, j)))) // prettier-ignore
    const [whole] = await layer('GroupNorm', data, { γ, β }, { x })
    compare(whole, scaled((s) => entries([2, 2, 2], (c, i, j) => at(x, s, c, i, j)))) // prettier-ignore
    const [instance] = await layer('GroupNorm[2]', data, { γ, β }, { x })
    compare(instance, scaled((s, c) => entries([2, 2], (i, j) => at(x, s, c, i, j)))) // prettier-ignore

    const rows = tensorOf([4, 2], 5)
    const [columns, μ, variance] = await layer('BatchNorm', 'x: [n, 2]', { γ, β }, { x: rows }, 3)
    compare(columns, entries([4, 2], (s, j) => γ[j] * normal(at(rows, s, j), range(4).map((n) => at(rows, n, j))) + β[j])) // prettier-ignore
    const [inferred] = await layer('BatchNormInference', 'x: [n, 2], μ: [2], variance: [2]', { γ, β }, { x: rows, μ, variance }) // prettier-ignore
    compare(inferred, columns)
    const [line] = await layer('LayerNorm', 'x: [n, 2]', { γ, β }, { x: rows })
    compare(line, entries([4, 2], (s, j) => γ[j] * normal(at(rows, s, j), [at(rows, s, 0), at(rows, s, 1)]) + β[j])) // prettier-ignore
    const [rms] = await layer('RmsNorm', 'x: [n, 2]', { γ }, { x: rows })
    compare(rms, entries([4, 2], (s, j) => (γ[j] * at(rows, s, j)) / Math.sqrt((at(rows, s, 0) ** 2 + at(rows, s, 1) ** 2) / 2 + 1e-5))) // prettier-ignore
  })
  test('Embedding of one sentence and of several', async () => {
    const E = [[1, 2], [3, 4], [5, 6]] // prettier-ignore
    compare((await layer('Embedding[3, 2]', 'word: int[n]', { E }, { word: [2, 0] }))[0], [5, 6, 1, 2])
    const word = [[2, 0], [1, 1]] // prettier-ignore
    compare((await layer('Embedding[3, 2]', 'word: int[n, T]', { E }, { word }))[0], [5, 6, 1, 2, 3, 4, 3, 4])
  })
  test('GraphConvolution sums over the edges', async () => {
    const params = { W: [[1]], U: [[10]], b: [0.5] }
    const values = { x: [[1], [2], [3]], source: [0, 1, 2], target: [2, 2, 0], weight: [1, 0.5, 2] } // prettier-ignore
    const data = 'x: [nodes, 1], source: int[edges], target: int[edges], weight: [edges]'
    const [y] = await layer('GraphConvolution[1]', data, params, values)
    compare(y, [10 + 6 + 0.5, 20.5, 30 + 1 + 1 + 0.5])
  })
  test('dropout and positions', async () => {
    const layers = await functionsOf('nnc/layers')
    compare(layers('dropout')(3, 1, 0.25), [4])
    compare(layers('dropout')(3, 0, 0.25), [0])
    compare(layers('positional_encoding')(2, 4), [0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)]) // prettier-ignore
  })
})
