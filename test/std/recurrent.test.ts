/** Recurrent layers against plain loops. */
import { describe, expect, test } from 'vitest'
import { at, sequence, type Numbers, tensorOf, use } from './functions.js'
import { compare, logistic, range, sum } from './loops.js'

describe('recurrent layers, one sample', () => {
  const [T, d, k] = [4, 2, 3]
  const x = tensorOf([T, 1, d])
  const affine = (weights: Numbers, input: (i: number) => number, count: number, column: number): number =>
    sum(count, (i) => input(i) * at(weights, i, column))

  /** The states of a step from the first to the last, or from the last to the first. */
  function states(step: (t: number, h: number[]) => number[], backwards = false): number[][] {
    const found: number[][] = []
    let h = range(k).map(() => 0)
    for (const t of backwards ? range(T).reverse() : range(T)) {
      h = step(t, h)
      found[t] = h
    }
    return found
  }
  const rnn = (W: Numbers, U: Numbers, b: number[]) => (t: number, h: number[]) =>
    range(k).map((j) =>
      Math.tanh(affine(W, (i) => at(x, t, 0, i), d, j) + affine(U, (i) => h[i], k, j) + b[j]),
    )
  const gru = (W: Numbers, U: Numbers, b: number[]) => (t: number, h: number[]) => {
    const input = (j: number): number => affine(W, (i) => at(x, t, 0, i), d, j) + b[j]
    const z = range(k).map((j) => logistic(input(j) + affine(U, (i) => h[i], k, j)))
    const r = range(k).map((j) => logistic(input(k + j) + affine(U, (i) => h[i], k, k + j)))
    const candidate = range(k).map((j) =>
      Math.tanh(input(2 * k + j) + affine(U, (i) => r[i] * h[i], k, 2 * k + j)),
    )
    return range(k).map((j) => z[j] * h[j] + (1 - z[j]) * candidate[j])
  }
  function lstm(W: Numbers, U: Numbers, b: number[], peepholes?: Numbers) {
    let c = range(k).map(() => 0)
    return (t: number, h: number[]): number[] => {
      const input = (gate: number, j: number): number =>
        affine(W, (i) => at(x, t, 0, i), d, gate * k + j) +
        affine(U, (i) => h[i], k, gate * k + j) +
        b[gate * k + j]
      const peep = (row: number, j: number, cell: number): number =>
        peepholes ? at(peepholes, row, j) * cell : 0
      const before = c
      c = range(k).map(
        (j) =>
          logistic(input(1, j) + peep(1, j, before[j])) * before[j] +
          logistic(input(0, j) + peep(0, j, before[j])) * Math.tanh(input(2, j)),
      )
      return range(k).map((j) => logistic(input(3, j) + peep(2, j, c[j])) * Math.tanh(c[j]))
    }
  }
  const run = (layer: string, params: unknown, outs: number): Promise<number[][]> =>
    use(`${layer}[${k}]`, 'nnc/recurrent', `x: [T, n, ${d}]`, params, { x }, outs)
  const weights = (gates: number, seed = 1) => ({
    W: tensorOf([d, gates * k], seed + 2),
    U: tensorOf([k, gates * k], seed + 5),
    b: sequence(gates * k, seed + 8),
  })
  const two = (gates: number) => {
    const [one, other] = [weights(gates), weights(gates, 20)]
    return { one, other, both: { W: [one.W, other.W], U: [one.U, other.U], b: [one.b, other.b] } }
  }

  test('Rnn', async () => {
    const { W, U, b } = weights(1)
    const [h, last] = await run('Rnn', { W, U, b }, 2)
    const expected = states(rnn(W, U, b))
    compare(h, expected.flat())
    compare(last, expected[T - 1])
  })
  test('Gru', async () => {
    const { W, U, b } = weights(3)
    const [h, last] = await run('Gru', { W, U, b }, 2)
    const expected = states(gru(W, U, b))
    compare(h, expected.flat())
    compare(last, expected[T - 1])
  })
  test('Lstm', async () => {
    const { W, U, b } = weights(4)
    const [h, , last] = await run('Lstm', { W, U, b }, 3)
    const expected = states(lstm(W, U, b))
    compare(h, expected.flat())
    compare(last, expected[T - 1])
  })
  test('PeepholeLstm', async () => {
    const { W, U, b } = weights(4)
    const P = tensorOf([3, k], 31)
    // The layer keeps the gates as blocks, here they stand side by side.
    const blocks = (rows: number, side: Numbers): Numbers =>
      range(4).map((gate) => range(rows).map((i) => range(k).map((j) => at(side, i, gate * k + j))))
    const params = {
      W: blocks(d, W),
      U: blocks(k, U),
      P,
      b: range(4).map((gate) => b.slice(gate * k, gate * k + k)),
    }
    const [h] = await run('PeepholeLstm', params, 3)
    compare(h, states(lstm(W, U, b, P)).flat())
  })
  test.each([
    ['BidirectionalRnn', 1, rnn],
    ['BidirectionalGru', 3, gru],
    ['BidirectionalLstm', 4, lstm],
  ] as const)('%s', async (name, gates, step) => {
    const { one, other, both } = two(gates)
    const [h] = await run(name, both, 1)
    const forwards = states(step(one.W, one.U, one.b))
    const backwards = states(step(other.W, other.U, other.b), true)
    compare(h, range(T).flatMap((t) => [...forwards[t], ...backwards[t]])) // prettier-ignore
  })
  test('the forget gate of a new LSTM is open', async () => {
    const { load } = await import('../../src/load.js')
    const module = await load('import { Lstm } from "nnc/recurrent"\nmodel M(x: [T, n, 2]) { param l: Lstm[2]; h, c, last = l(x); out h }') // prettier-ignore
    const model = Object(module.M)
    expect([...model.init().l.b]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
  })
})
