import { describe, expect, test } from 'vitest'
import type { Def, Expr } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { printDefinition, printExpr } from '../../src/ir/print.js'
import { Rational } from '../../src/ir/rational.js'

const g = new Graph()
const { exp, log, sin, tanh, sqrt } = g.algebra
const scalar = (name: string): Expr => g.read(g.input({ name, shape: [] }), [])
const [x, y] = [scalar('x'), scalar('y')]
const [n, H, U] = [g.size('n'), g.size('H'), g.size('U')]
const [i, j, u] = [g.freshIndex(n, 'i'), g.freshIndex(n, 'j'), g.freshIndex(U, 'u')]
const word = g.read(g.input({ name: 'word', shape: [n], integer: true }), [i])
const q = (a: number, b = 1): Expr => g.num(Rational.of(a, b))

describe('expressions are printed as people write them', () => {
  test.each<readonly [Expr, string]>([
    [g.add(g.mul(x, x), g.mul(q(3), x), q(1)), 'x^2 + 3 * x + 1'],
    [g.sub(q(1), g.mul(x, x)), '1 - x^2'],
    [g.sub(g.mul(q(2), x), y), '2 * x - y'],
    [g.neg(x), '-x'],
    [g.neg(g.add(x, y)), '-x - y'],
    [g.mul(q(2), g.add(x, y)), '2 * (x + y)'],
    [g.sub(x, g.div(g.sub(y, q(1)), x)), 'x - (y - 1) / x'],
    [g.div(x, y), 'x / y'],
    [g.div(q(1), g.mul(x, y)), '1 / (x * y)'],
    [g.div(g.mul(q(2), x), g.mul(q(3), y)), '2 * x / (3 * y)'],
    [g.mul(q(1, 2), x), 'x / 2'],
    [g.mul(q(3, 4), x), '0.75 * x'],
    [g.mul(q(2, 3), x), '2 * x / 3'],
    [g.mul(q(1, 1000), x), '0.001 * x'],
    [sqrt(x), 'sqrt(x)'],
    [g.div(x, sqrt(g.add(x, y))), 'x / sqrt(x + y)'],
    [g.power(x, Rational.of(2, 3)), 'x^(2/3)'],
    [g.power(g.add(x, y), Rational.of(3)), '(x + y)^3'],
    [g.pow(x, g.neg(y)), 'x^(-y)'],
    [g.pow(x, g.pow(y, x)), 'x^y^x'],
    [g.pow(g.pow(x, y), x), '(x^y)^x'],
    [g.mul(exp(x), g.add(x, y)), 'exp(x) * (x + y)'],
    [g.mul(g.pi, n, x), 'pi * n * x'],
    [g.select(g.apply('lt', [x, y]), x, g.neg(y)), 'if x < y then x else -y'],
    [g.add(y, g.guard([g.apply('le', [x, y])], x)), 'y + (if x <= y then x else 0)'],
    [
      g.and([g.apply('eq', [x, y]), g.or(g.apply('lt', [x, q(1)]), g.not(g.apply('lt', [y, q(1)])))]),
      'x == y and (x < 1 or not y < 1)',
    ],
    [g.stop(g.add(x, y)), 'stop_gradient(x + y)'],
    [g.apply('idiv', [g.add(i, u), U]), 'div(i + u, U)'],
    [g.apply('mod', [i, q(2)]), 'mod(i, 2)'],
    [g.sub(x, g.guard([g.eq0(g.sub(i, word))], g.one)), 'x - (i == word[i])'],
  ])('%#', (e, text) => {
    expect(printExpr(e, g.indexNames)).toBe(text)
  })

  test.each<readonly [Expr, string]>([
    [g.ge0(g.sub(g.sub(H, i), q(1))), 'i < H'],
    [g.ge0(g.sub(H, i)), 'i <= H'],
    [g.ge0(g.sub(q(3), i)), 'i < 4'],
    [g.ge0(g.sub(i, q(1))), '1 <= i'],
    [g.ge0(g.sub(i, H)), 'H <= i'],
    [g.ge0(g.sub(i, j)), 'j <= i'],
    [g.ge0(g.sub(g.sub(i, j), q(1))), 'j < i'],
    [g.ge0(g.add(g.sub(i, j), q(2))), 'j <= i + 2'],
    [g.ge0(g.sub(H, U)), 'U <= H'],
    [g.ge0(g.add(i, g.sub(j, g.mul(q(3), u)))), '0 <= i + j - 3 * u'],
    [g.eq0(g.sub(i, g.add(g.mul(q(2), j), u))), 'i == 2 * j + u'],
    [g.eq0(g.sub(g.mul(q(2), j), q(4))), 'j == 2'],
    [g.not(g.eq0(i)), 'i != 0'],
    [g.and([g.ge0(g.sub(i, u)), g.ge0(g.sub(g.sub(H, U), g.sub(i, u)))]), '0 <= i - u <= H - U'],
  ])('condition %#', (e, text) => {
    expect(printExpr(e, g.indexNames)).toBe(text)
  })

  test('with free letters for indices without a name', () => {
    const k = g.freshIndex(n)
    expect(printExpr(g.add(k, j), new Map([[j, 'i']]))).toBe('i + j')
  })

  test('whole or cut', () => {
    expect(printExpr(g.add(x, y), undefined, 3)).toBe('x + …')
  })

  test('however deep', () => {
    let deep = x
    for (let step = 0; step < 20_000; step++) deep = sin(g.add(deep, y))
    expect(printExpr(deep).length).toBe(20_000 * 'sin( + y)'.length + 1)
  })

  test('with an ellipsis where sharing makes the text endless', () => {
    let shared = x
    for (let step = 0; step < 200; step++) shared = g.mul(sin(shared), exp(shared))
    expect(printExpr(shared)).toContain('…')
  })
})

describe('definitions show anonymous reductions in place', () => {
  const A = g.param({ name: 'A', shape: [n, n] })
  const at = (a: Expr, b: Expr): Expr => g.read(A, [a, b])
  const k = g.freshIndex(n, 'k')
  const product = g.sum([k], g.mul(at(i, k), at(k, j)))
  const lengths = g.lift('max', [k], at(i, k), [g.ge0(g.sub(i, k))])

  test.each<readonly [Def, string]>([
    [
      g.define({ name: 'P', idx: [i, j], body: tanh(g.add(product, q(1))) }),
      'P[i, j] = tanh(sum[k] A[i, k] * A[k, j] + 1)',
    ],
    [
      g.define({ name: 'Q', idx: [i, j], body: g.mul(product, at(i, j)) }),
      'Q[i, j] = A[i, j] * sum[k] A[i, k] * A[k, j]',
    ],
    [
      g.define({ name: 'R', idx: [i, j], body: g.div(at(i, j), product) }),
      'R[i, j] = A[i, j] / (sum[k] A[i, k] * A[k, j])',
    ],
    [
      g.define({ name: 'M', idx: [i], body: g.sub(lengths, g.sum([k], exp(g.add(at(i, k), at(k, k))))) }),
      'M[i] = max[k if k <= i] A[i, k] - sum[k] exp(A[i, k] + A[k, k])',
    ],
    [
      g.define({ name: 'N', idx: [], body: log(g.sum([i], exp(lengths))) }),
      'N = log(sum[i] exp(max[k if k <= i] A[i, k]))',
    ],
    [
      g.define({
        name: 'S',
        idx: [i],
        reduction: { kind: 'sum', idx: [k] },
        body: g.guard([g.ge0(g.sub(i, k))], at(i, k)),
      }),
      'S[i] = sum[k if k <= i] A[i, k]',
    ],
    [
      g.define({
        name: 'V',
        idx: [i],
        reduction: { kind: 'argmax', idx: [k] },
        body: g.add(at(i, k), at(k, i)),
      }),
      'V[i] = argmax[k] (A[i, k] + A[k, i])',
    ],
    [A, 'param A: [n, n]'],
    [g.input({ name: 'label', shape: [n], integer: true }), 'label: int[n]'],
    [g.table({ name: 'w', shape: [q(3)], values: [1, 2.5, -3] }), 'w = [1, 2.5, -3]'],
    [
      g.derivative({ name: 'D', batch: [i], of: g.mul(at(i, i), at(i, i)), wrt: A, at: [i] }),
      'D[i, j] = d(A[i, i]^2, A[i])',
    ],
  ])('%#', (def, text) => {
    expect(printDefinition(def)).toBe(text)
  })

  test('under names that hide nothing', () => {
    const size = g.size('k')
    const B = g.param({ name: 'B', shape: [size] })
    const [a, b] = [g.freshIndex(size, 'k'), g.freshIndex(size, 'k')]
    const outer = g.sum([b], g.mul(g.read(B, [a]), g.read(B, [b])))
    const def = g.define({ name: 'T', idx: [a], body: g.div(exp(outer), size) })
    expect(printDefinition(def)).toBe('T[i] = exp(B[i] * sum[j] B[j]) / k')
  })
})
