/** The index patterns of the textbook as small programs: what reverse mode and delta elimination must get right. */
import type { Def, Expr, Index } from '../../src/ir/expr.js'
import { Build, type Example } from '../verify/programs.js'

const half = (p: Build, def: Def): Example => {
  const g = p.graph
  const idx = def.idx.map((index) => g.freshIndex(index.extent))
  const weight = idx.reduce<Expr>((sum, index, axis) => g.add(sum, g.mul(g.num(axis + 1), index)), g.one)
  return p.loss(g.sum(idx, g.mul(weight, g.power(g.read(def, idx), g.num(2).value))))
}

/** `y[t] = Σ_u w[u] x[stride·t + dilation·u - pad]`, zero outside. */
export function conv1d(stride: number, dilation: number, pad: number): Example {
  const p = new Build()
  const g = p.graph
  const [length, width] = [11, 3]
  const [H, U] = [p.size('H', length), p.size('U', width)]
  const x = p.param('x', [H])
  const w = p.param('w', [U])
  const span = dilation * (width - 1)
  const out = Math.floor((length + 2 * pad - 1 - span) / stride) + 1
  const O = p.size('O', out)
  const [t, u] = [g.freshIndex(O, 't'), g.freshIndex(U, 'u')]
  const at = g.add(g.mul(g.num(stride), t), g.mul(g.num(dilation), u), g.num(-pad))
  const inside = [g.ge0(at), g.ge0(g.sub(g.sub(H, g.one), at))]
  const y = g.define({
    name: 'y',
    idx: [t],
    body: g.sum([u], g.guard(inside, g.mul(g.read(w, [u]), g.read(x, [at])))),
  })
  return half(p, y)
}

/** 2-D convolution, then 2×2 pooling. */
export function convPool(kind: 'max' | 'mean'): Example {
  const p = new Build()
  const g = p.graph
  const [n, c, o] = [p.size('n', 2), p.size('c', 2), p.size('o', 2)]
  const K = p.param('K', [o, c, g.num(2), g.num(2)])
  const x = p.param('x', [n, c, g.num(5), g.num(5)])
  const [s, m, i, j, k, u, v] = [n, o, g.num(4), g.num(4), c, g.num(2), g.num(2)].map((e) => g.freshIndex(e))
  const product = g.mul(g.read(K, [m, k, u, v]), g.read(x, [s, k, g.add(i, u), g.add(j, v)]))
  const y = g.define({ name: 'y', idx: [s, m, i, j], body: g.apply('tanh', [g.sum([k, u, v], product)]) })
  const [a, b, q, r] = [g.num(2), g.num(2), g.num(2), g.num(2)].map((e) => g.freshIndex(e))
  const two = g.num(2)
  const entry = g.read(y, [s, m, g.add(g.mul(two, a), q), g.add(g.mul(two, b), r)])
  const value = kind === 'max' ? g.reduce('max', [q, r], [], entry) : g.div(g.sum([q, r], entry), g.num(4))
  return half(p, g.define({ name: 'pooled', idx: [s, m, a, b], body: value }))
}

function softmax(p: Build, z: Def): Def {
  const g = p.graph
  const idx = z.idx.map((index) => g.freshIndex(index.extent))
  const last = g.freshIndex(z.idx[z.idx.length - 1].extent)
  const lse = g.reduce('logsumexp', [last], [], g.read(z, [...idx.slice(0, -1), last]))
  return g.define({ name: 'softmax', idx, body: g.apply('exp', [g.sub(g.read(z, idx), lse)]) })
}

export function attention(): Example {
  const p = new Build()
  const g = p.graph
  const [T, d] = [p.size('T', 3), p.size('d', 2)]
  const [x, Wq, Wk, Wv] = [
    p.param('x', [T, d]),
    p.param('Wq', [d, d]),
    p.param('Wk', [d, d]),
    p.param('Wv', [d, d]),
  ]
  const project = (name: string, W: Def): Def => {
    const [t, i, j] = [g.freshIndex(T), g.freshIndex(d), g.freshIndex(d)]
    return g.define({ name, idx: [t, j], body: g.sum([i], g.mul(g.read(x, [t, i]), g.read(W, [i, j]))) })
  }
  const [q, k, v] = [project('q', Wq), project('k', Wk), project('v', Wv)]
  const [t, u, c] = [g.freshIndex(T), g.freshIndex(T), g.freshIndex(d)]
  const causal = g.ge0(g.sub(t, u))
  const product = g.sum([c], g.guard([causal], g.mul(g.read(q, [t, c]), g.read(k, [u, c]))))
  const score = g.define({ name: 'score', idx: [t, u], body: g.select(causal, product, g.neg(g.infinity)) })
  const weights = softmax(p, score)
  const y = g.define({
    name: 'y',
    idx: [t, c],
    body: g.sum([u], g.mul(g.read(weights, [t, u]), g.read(v, [u, c]))),
  })
  return half(p, y)
}

export function layerNorm(): Example {
  const p = new Build()
  const g = p.graph
  const [n, d] = [p.size('n', 2), p.size('d', 4)]
  const [x, γ] = [p.param('x', [n, d]), p.param('γ', [d])]
  const [s, i] = [g.freshIndex(n), g.freshIndex(d)]
  const μ = g.define({ name: 'μ', idx: [s], body: g.div(g.sum([i], g.read(x, [s, i])), d) })
  const centred = g.sub(g.read(x, [s, i]), g.read(μ, [s]))
  const variance = g.define({ name: 'var', idx: [s], body: g.div(g.sum([i], g.mul(centred, centred)), d) })
  const scale = g.apply('sqrt', [g.add(g.read(variance, [s]), g.num(1e-5))])
  return half(p, g.define({ name: 'y', idx: [s, i], body: g.div(g.mul(g.read(γ, [i]), centred), scale) }))
}

export function embedding(): Example {
  const p = new Build()
  const g = p.graph
  const [n, v, k] = [p.size('n', 4), p.size('v', 5), p.size('k', 2)]
  const E = p.param('E', [v, k])
  const word = p.labels('word', [n], [1, 3, 1, 4], v)
  const [s, i] = [g.freshIndex(n), g.freshIndex(k)]
  const z = g.define({ name: 'z', idx: [s, i], body: g.apply('tanh', [g.read(E, [g.read(word, [s]), i])]) })
  return half(p, z)
}

/** `A[i, i]`, `A[i, 0]`, reversal and reshape of one matrix. */
export function indexMaps(): Example {
  const p = new Build()
  const g = p.graph
  const n = g.num(4)
  const A = p.param('A', [n, n])
  const v = p.param('v', [g.num(16)])
  const [i, j] = [g.freshIndex(n), g.freshIndex(n)]
  const reversed = g.sub(g.num(3), i)
  const y = g.define({
    name: 'y',
    idx: [i, j],
    body: g.add(
      g.mul(g.read(A, [i, i]), g.read(A, [j, g.zero])),
      g.mul(g.read(A, [reversed, j]), g.read(v, [g.add(g.mul(g.num(4), i), j)]), g.num(3)),
    ),
  })
  return half(p, y)
}

/** A product reduction over two indices with zeros. */
export function product(zeros: number): Example {
  const p = new Build()
  const g = p.graph
  const [n, m] = [g.num(2), g.num(3)]
  const x = p.param(
    'x',
    [n, m],
    [0, 0, 0.7, -1.2, 2, 1.5].map((value, at) => (at < 2 && at >= zeros ? 0.9 + at : value)),
  )
  const [i, j] = [g.freshIndex(n), g.freshIndex(m)]
  return p.loss(g.apply('sin', [g.reduce('prod', [i, j], [], g.read(x, [i, j]))]))
}

/** An LSTM with peepholes: `i, f` look at `c[t-1]`, `o` at `c[t]`; all states count. */
export function lstm(): Example {
  const p = new Build()
  const g = p.graph
  const [T, n, d, k] = [p.size('T', 4), p.size('n', 2), p.size('d', 2), p.size('k', 2)]
  const x = p.param('x', [T, n, d])
  const four = g.num(4)
  const [W, U, P] = [p.param('W', [four, d, k]), p.param('U', [four, k, k]), p.param('P', [g.num(3), k])]
  const length = g.add(T, g.one)
  const h = g.nominal({ name: 'h', shape: [length, n, k] })
  const c = g.nominal({ name: 'c', shape: [length, n, k] })
  const affine = (gate: number, t: Expr, s: Expr, j: Expr): Expr => {
    const [a, b] = [g.freshIndex(d), g.freshIndex(k)]
    const which = g.num(gate)
    return g.add(
      g.sum([a], g.mul(g.read(x, [t, s, a]), g.read(W, [which, a, j]))),
      g.sum([b], g.mul(g.read(h, [t, s, b]), g.read(U, [which, b, j]))),
    )
  }
  const gate = (
    name: string,
    at: number,
    activation: 'sigmoid' | 'tanh',
    peephole?: (t: Index, s: Index, j: Index) => Expr,
  ): Def => {
    const [t, s, j] = [g.freshIndex(T, 't'), g.freshIndex(n, 's'), g.freshIndex(k, 'j')]
    const z = g.add(affine(at, t, s, j), peephole?.(t, s, j) ?? g.zero)
    return g.define({ name, idx: [t, s, j], body: g.apply(activation, [z]) })
  }
  const before = (row: number) => (t: Index, s: Index, j: Index) =>
    g.mul(g.read(P, [g.num(row), j]), g.read(c, [t, s, j]))
  const i = gate('i', 0, 'sigmoid', before(0))
  const f = gate('f', 1, 'sigmoid', before(1))
  const m = gate('g', 2, 'tanh')
  const o = gate('o', 3, 'sigmoid', (t, s, j) =>
    g.mul(g.read(P, [g.num(2), j]), g.read(c, [g.add(t, g.one), s, j])),
  )
  const [τ, s, j] = [g.freshIndex(length), g.freshIndex(n), g.freshIndex(k)]
  const t = g.sub(τ, g.one)
  const step = g.add(
    g.mul(g.read(f, [t, s, j]), g.read(c, [t, s, j])),
    g.mul(g.read(i, [t, s, j]), g.read(m, [t, s, j])),
  )
  g.setBody(c, [τ, s, j], g.select(g.eq0(τ), g.zero, step))
  g.setBody(
    h,
    [τ, s, j],
    g.select(g.eq0(τ), g.zero, g.mul(g.read(o, [t, s, j]), g.apply('tanh', [g.read(c, [τ, s, j])]))),
  )
  return half(p, h)
}

/** `R[i, j]` from three neighbours. */
export function grid(): Example {
  const p = new Build()
  const g = p.graph
  const [n, m] = [p.size('n', 3), p.size('m', 4)]
  const C = p.param('C', [n, m])
  const [N, M] = [g.add(n, g.one), g.add(m, g.one)]
  const R = g.nominal({ name: 'R', shape: [N, M] })
  const [i, j] = [g.freshIndex(N), g.freshIndex(M)]
  const [a, b] = [g.sub(i, g.one), g.sub(j, g.one)]
  const neighbours = g.add(g.read(R, [a, j]), g.mul(g.num(2), g.read(R, [i, b])), g.read(R, [a, b]))
  const step = g.mul(g.read(C, [a, b]), g.apply('tanh', [neighbours]))
  g.setBody(
    R,
    [i, j],
    g.select(g.eq0(i), g.num(0.5), g.select(g.eq0(j), g.num(-0.3), g.add(step, g.num(0.1)))),
  )
  return half(p, R)
}

/** Pairs `(x, y)` with arms that are undefined where they are not taken. */
export function untakenArms(): Example {
  const p = new Build()
  const g = p.graph
  const n = g.num(4)
  const x = p.param('x', [n], [-1, 0, 4, 0.25])
  const i = g.freshIndex(n)
  const v = g.read(x, [i])
  const arm = g.mul(g.apply('sqrt', [v]), g.apply('log', [v]))
  const y = g.define({ name: 'y', idx: [i], body: g.select(g.apply('lt', [g.zero, v]), arm, v) })
  return half(p, y)
}
