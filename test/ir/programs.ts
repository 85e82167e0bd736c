/** Hand-made programs, one for each thing that the IR can say. */
import type { Def, InputDef } from '../../src/ir/expr.js'
import type { Graph } from '../../src/ir/graph.js'
import type { Entry, Program } from '../../src/ir/program.js'
import { Rational } from '../../src/ir/rational.js'

const source = { filename: 'made by hand.nn', text: 'model M(x: [n]) {\n  out y = x\n}\n' }
const span = { source, start: 0, end: 32 }

/** A program of one model with the given results. */
export function programOf(graph: Graph, outputs: readonly Def[], parts: Partial<Entry> = {}): Program {
  const entry: Entry = {
    kind: 'model',
    name: 'M',
    exported: true,
    doc: undefined,
    span,
    sizes: [],
    params: [],
    inputs: [],
    outputs: outputs.map((def) => ({ name: def.name, def, doc: undefined })),
    loss: undefined,
    checks: [],
    backward: undefined,
    ...parts,
  }
  return { graph, entries: [entry] }
}

function matrixProduct(g: Graph): Program {
  const n = g.size('n')
  const x = g.input({ name: 'x', shape: [n, g.num(784)], indexNames: ['s', 'k'] })
  const W = g.param({ name: 'l1.W', shape: [g.num(784), g.num(10)] })
  const b = g.param({ name: 'l1.b', shape: [g.num(10)], origin: { span } })
  const [s, j, k] = [g.freshIndex(n, 's'), g.freshIndex(g.num(10), 'j'), g.freshIndex(g.num(784), 'k')]
  const product = g.sum([k], g.mul(g.read(x, [s, k]), g.read(W, [k, j])))
  const h = g.define({
    name: 'h1',
    idx: [s, j],
    body: g.algebra.relu(g.add(product, g.read(b, [j]))),
    origin: { span, rule: 'a "quoted" rule' },
  })
  const loss = g.define({ name: 'loss', idx: [], body: g.sum([s, j], g.read(h, [s, j])) })
  const seed = g.input({ name: 'h̄1', shape: [n, g.num(10)] })
  const back = g.define({ name: 'b̄', idx: [j], body: g.sum([s], g.read(seed, [s, j])), auto: true })
  return programOf(g, [h], {
    doc: 'Lines\nof "text"',
    loss,
    sizes: [{ size: n, input: x, axis: 0 }],
    inputs: [{ name: 'x', def: x, doc: 'data', type: 'real', default: -0.5 }],
    params: [
      { path: ['l1', 'W'], def: W, doc: undefined, initial: { kind: 'he', fanIn: g.num(784), fanOut: g.num(10) } }, // prettier-ignore
      { path: ['l1', 'b'], def: b, doc: 'bias', initial: { kind: 'normal', mean: 0, deviation: 1e-3 } },
    ],
    checks: [{ expr: g.sub(n, g.num(2)), message: 'two samples at least', span }],
    backward: {
      cotangents: [seed],
      gradients: [
        { wrt: W, def: undefined },
        { wrt: b, def: back },
      ],
    },
    tangent: { inputs: [seed], outputs: [seed] },
  })
}

function softmax(g: Graph): Program {
  const n = g.size('n')
  const z = g.input({ name: 'z', shape: [n, n], indexNames: ['s', 'j'] })
  const label = labels(g, n)
  const [s, j, k] = [g.freshIndex(n, 's'), g.freshIndex(n, 'j'), g.freshIndex(n, 'k')]
  const highest = g.lift('max', [k], g.read(z, [s, k]))
  const e = g.define({ name: 'e', idx: [s, j], body: g.algebra.exp(g.sub(g.read(z, [s, j]), highest)) })
  const p = g.define({
    name: 'p',
    idx: [s, j],
    body: g.div(g.read(e, [s, j]), g.sum([k], g.read(e, [s, k]))),
  })
  const hit = g.guard([g.eq0(g.sub(j, g.read(label, [s])))], g.one)
  const delta = g.define({ name: 'δ', idx: [s, j], body: g.div(g.sub(g.read(p, [s, j]), hit), n) })
  const best = g.define({ name: 'best', idx: [s], reduction: { kind: 'argmax', idx: [j] }, body: g.read(p, [s, j]) }) // prettier-ignore
  const picked = g.define({ name: 'picked', idx: [s], body: g.neg(g.algebra.log(g.read(p, [s, g.read(label, [s])]))) }) // prettier-ignore
  return programOf(g, [delta, best, picked])
}

function labels(g: Graph, n: ReturnType<Graph['size']>): InputDef {
  const label = g.input({ name: 'label', shape: [n], integer: true })
  label.bounds.push(n)
  return label
}

function convolution(g: Graph): Program {
  const [H, U] = [g.size('H'), g.size('U')]
  g.assume(g.sub(H, U))
  const shift = g.input({ name: 'shift', shape: [], integer: true })
  g.assume(g.sub(g.read(shift, []), U))
  const O = g.add(g.apply('idiv', [g.sub(H, U), g.num(2)]), g.one)
  const x = g.input({ name: 'x', shape: [H] })
  const K = g.param({ name: 'K', shape: [U] })
  const [o, u, p] = [g.freshIndex(O, 'o'), g.freshIndex(U, 'u'), g.freshIndex(H, 'p')]
  const at = g.add(g.scale(Rational.of(2), o), u)
  const y = g.define({ name: 'y', idx: [o], body: g.sum([u], g.mul(g.read(K, [u]), g.read(x, [at]))) })
  const back = g.guard([g.eq0(g.sub(p, at))], g.mul(g.read(K, [u]), g.read(y, [o])))
  const dx = g.define({ name: 'dx', idx: [p], body: g.sum([o, u], back) })
  const pooled = g.define({
    name: 'pooled',
    idx: [o],
    reduction: { kind: 'max', idx: [u], filter: [g.ge0(g.sub(o, u)), g.ge0(g.sub(g.sub(O, u), g.num(3)))] },
    body: g.mul(g.read(y, [g.sub(o, u)]), g.add(g.read(y, [o]), g.one)),
  })
  return programOf(g, [y, dx, pooled], { checks: [{ expr: g.sub(H, U), message: 'K is longer than x', span: undefined }] }) // prettier-ignore
}

function recurrence(g: Graph): Program {
  const T = g.size('T')
  const a = g.param({ name: 'a', shape: [] })
  const x = g.input({ name: 'x', shape: [T], indexNames: ['t'] })
  const steps = g.add(T, g.one)
  const [h, c] = [
    g.nominal({ name: 'h', shape: [steps] }),
    g.nominal({ name: 'h', shape: [steps], auto: true }),
  ]
  const t = g.freshIndex(steps, 't')
  const before = g.sub(t, g.one)
  const isFirst = g.eq0(t)
  const step = g.algebra.tanh(g.add(g.mul(g.read(a, []), g.read(c, [before])), g.read(x, [before])))
  g.setBody(h, [t], g.select(isFirst, g.one, step))
  g.setBody(c, [t], g.select(isFirst, g.zero, g.mul(g.read(h, [before]), g.read(c, [before]))))
  const last = g.define({ name: 'last', idx: [], body: g.add(g.read(h, [T]), g.read(c, [T])) })
  return programOf(g, [last])
}

function derivativeAndTable(g: Graph): Program {
  const n = g.size('n')
  const x = g.input({ name: 'x', shape: [n, g.num(3)] })
  const weights = g.table({ name: 'weights', shape: [g.num(3)], values: [0.5, -0, Infinity], integer: false })
  const primes = g.table({ name: 'primes', shape: [g.num(2)], values: [2, 3], integer: true, facts: { low: 0, high: 9, nonzero: true, finite: true } }) // prettier-ignore
  const [s, k] = [g.freshIndex(n, 's'), g.freshIndex(g.num(3), 'k')]
  const value = g.mul(g.power(g.read(x, [s, k]), Rational.of(3)), g.read(weights, [k]))
  const total = g.sum([k], value)
  const d = g.derivative({
    name: 'd x',
    batch: [s],
    of: g.add(total, g.read(primes, [g.one])),
    wrt: x,
    at: [s],
  })
  const all = g.derivative({ name: 'all', batch: [], of: g.sum([s], total), wrt: x })
  return programOf(g, [d, all])
}

function scalars(g: Graph): Program {
  const [xd, yd] = ['x', 'y'].map((name) => g.input({ name, shape: [] }))
  const n = g.size('n')
  const other = g.size('n')
  const [x, y] = [g.read(xd, []), g.read(yd, [])]
  const { exp, log, sin, floor } = g.algebra
  const long = g.addAll(Array.from({ length: 12 }, (_, at) => sin(g.add(x, g.num(at)))))
  const product = g.mulAll(Array.from({ length: 12 }, (_, at) => g.add(y, g.num(Rational.of(at, 7)))))
  const shared = exp(g.add(g.mul(x, y), sin(x), log(g.add(g.mul(x, x), g.one))))
  const bodies = [
    g.add(g.scale(Rational.of(-2, 3), x), g.scale(Rational.of(3, 4), y), g.num(Rational.of(1, 7))),
    g.sub(g.num(1e-12), g.div(g.mul(x, y), g.mul(g.add(x, y), g.algebra.sqrt(y)))),
    g.div(g.num(-5), g.mul(g.power(x, Rational.of(2, 3)), g.power(g.add(x, y), Rational.of(3)))),
    g.mul(g.algebra.sqrt(x), g.algebra.sqrt(x), g.power(x, Rational.of(-1)), x),
    g.power(g.guard([g.apply('lt', [x, y])], x), Rational.of(-1, 2)),
    g.pow(g.pow(x, y), g.neg(y)),
    g.pow(g.num(2), x),
    g.algebra.sqrt(g.num(2)),
    g.div(g.one, g.zero),
    g.mul(g.pi, n, g.add(n, other), x),
    g.select(g.and([g.apply('lt', [x, y]), g.or(g.apply('ne', [x, g.zero]), g.not(g.apply('le', [x, y])))]), y, g.select(g.apply('eq', [x, y]), x, g.neg(y))), // prettier-ignore
    g.stop(g.mul(x, y)),
    g.neg(g.div(g.sub(x, y), n)),
    g.and([g.apply('lt', [x, y]), g.apply('le', [y, g.one]), g.apply('ne', [x, g.one])]),
    g.add(g.scale(Rational.of(3), long), product, x, g.neg(long)),
    g.add(
      g.mul(shared, shared, sin(shared)),
      log(shared),
      g.guard([g.apply('lt', [shared, g.infinity])], g.neg(x)),
    ),
    g.add(floor(x), g.apply('mod', [floor(y), g.num(3)]), g.apply('idiv', [floor(y), n]), g.nan),
    g.algebra.clamp(x, g.num(-1), g.num(2.5)),
    g.sub(g.mul(g.zero, log(x)), g.pow(x, g.num(-3))),
    g.guard([g.not(g.eq0(g.sub(floor(x), floor(y))))], log(x)),
  ]
  return programOf(
    g,
    bodies.map((body, at) => g.define({ name: at % 3 === 0 ? 'same' : `e${at}`, idx: [], body })),
  )
}

function deep(g: Graph): Program {
  const x = g.read(g.input({ name: 'x', shape: [] }), [])
  let chain: ReturnType<Graph['add']> = x
  let doubling: ReturnType<Graph['add']> = x
  for (let step = 0; step < 500; step++) chain = g.algebra.sin(g.add(g.mul(chain, x), g.num(step)))
  for (let step = 0; step < 60; step++) doubling = g.mul(g.algebra.sin(doubling), g.algebra.cos(doubling))
  return programOf(
    g,
    [chain, doubling].map((body, at) => g.define({ name: `deep${at}`, idx: [], body })),
  )
}

export const PROGRAMS: readonly (readonly [string, (g: Graph) => Program])[] = [
  ['a matrix product with everything that an entry has', matrixProduct],
  ['softmax, labels and argmax', softmax],
  ['convolution with a stride, filters and size checks', convolution],
  ['a recurrence of two definitions of one name', recurrence],
  ['derivatives and tables', derivativeAndTable],
  ['scalar expressions', scalars],
  ['deep and shared expressions', deep],
]
