/** Small programs built by hand, as `src/check` would leave them. */
import { Graph } from '../../src/ir/graph.js'
import type { Def, Expr, Size } from '../../src/ir/expr.js'
import { Random } from '../../src/verify/random.js'
import type { Point, Target } from '../../src/verify/evidence.js'

export interface Example {
  readonly graph: Graph
  readonly point: Point
  readonly target: Target
  readonly wrt: readonly Def[]
}

/** Collects sizes and data while a program is built. */
export class Build {
  readonly graph = new Graph()
  readonly sizes = new Map<Size, number>()
  readonly data = new Map<Def, readonly number[]>()
  readonly wrt: Def[] = []
  readonly #random = new Random(7)

  size(name: string, value: number): Size {
    const size = this.graph.size(name)
    this.sizes.set(size, value)
    return size
  }

  extent(expr: Expr): number {
    if (expr.kind === 'num') return expr.value.toNumber()
    const value = expr.kind === 'size' ? this.sizes.get(expr) : undefined
    if (value === undefined) throw new Error('only plain sizes here')
    return value
  }

  param(name: string, shape: readonly Expr[], values?: readonly number[]): Def {
    const def = this.graph.param({ name, shape })
    const count = shape.reduce((product, extent) => product * this.extent(extent), 1)
    this.data.set(def, values ?? Array.from({ length: count }, () => this.#random.normal()))
    this.wrt.push(def)
    return def
  }

  labels(name: string, shape: readonly Expr[], values: readonly number[], bound: Expr): Def {
    const def = this.graph.input({ name, shape, integer: true })
    def.bounds.push(bound)
    this.data.set(def, values)
    return def
  }

  scalar(name: string, body: Expr): Def {
    return this.graph.define({ name, idx: [], body })
  }

  /** The example whose scalar is the given expression. */
  loss(body: Expr): Example {
    return this.outputs([{ def: this.scalar('loss', body), cotangent: [1] }])
  }

  outputs(target: Target): Example {
    return { graph: this.graph, point: { sizes: this.sizes, data: this.data }, target, wrt: this.wrt }
  }
}

export function matrixProduct(): Example {
  const p = new Build()
  const g = p.graph
  const [n, k, m] = [p.size('n', 3), p.size('k', 4), p.size('m', 2)]
  const x = p.param('x', [n, k])
  const w = p.param('w', [k, m])
  const b = p.param('b', [m])
  const [s, i, j] = [g.freshIndex(n), g.freshIndex(k), g.freshIndex(m)]
  const product = g.sum([i], g.mul(g.read(x, [s, i]), g.read(w, [i, j])))
  const y = g.define({
    name: 'y',
    idx: [s, j],
    body: g.apply('tanh', [g.add(product, g.read(b, [j]))]),
  })
  return p.loss(g.sum([s, j], g.read(y, [s, j])))
}

export function crossEntropy(): Example {
  const p = new Build()
  const g = p.graph
  const [n, k] = [p.size('n', 3), p.size('k', 4)]
  const z = p.param('z', [n, k])
  const label = p.labels('label', [n], [2, 0, 3], k)
  const [s, i] = [g.freshIndex(n), g.freshIndex(k)]
  const e = g.define({ name: 'e', idx: [s, i], body: g.apply('exp', [g.read(z, [s, i])]) })
  const total = g.define({ name: 'total', idx: [s], body: g.sum([i], g.read(e, [s, i])) })
  const probs = g.define({
    name: 'probs',
    idx: [s, i],
    body: g.div(g.read(e, [s, i]), g.read(total, [s])),
  })
  const term = g.neg(g.apply('log', [g.read(probs, [s, g.read(label, [s])])]))
  return p.loss(g.div(g.sum([s], term), n))
}

export function recurrence(steps: number): Example {
  const p = new Build()
  const g = p.graph
  const [t, k] = [p.size('T', steps), p.size('k', 2)]
  const x = p.param('x', [t, k])
  const u = p.param('u', [k, k])
  const h0 = p.param('h0', [k])
  const h = g.nominal({ name: 'h', shape: [g.add(t, g.one), k] })
  const [s, i, j] = [g.freshIndex(g.add(t, g.one)), g.freshIndex(k), g.freshIndex(k)]
  const before = g.sub(s, g.one)
  const inside = g.ge0(before)
  const product = g.sum([j], g.guard([inside], g.mul(g.read(h, [before, j]), g.read(u, [j, i]))))
  const step = g.apply('tanh', [g.add(g.read(x, [before, i]), product)])
  g.setBody(h, [s, i], g.select(g.eq0(s), g.read(h0, [i]), step))
  return p.loss(g.sum([i], g.read(h, [t, i])))
}
