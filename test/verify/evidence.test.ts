import { describe, expect, test } from 'vitest'
import type { Expr } from '../../src/ir/expr.js'
import { differentiateAtZero } from '../../src/verify/differences.js'
import { dualDerivative, tapeGradients, valueAt } from '../../src/verify/evidence.js'
import { Build, crossEntropy, type Example, matrixProduct, recurrence } from './programs.js'

/** Tape, duals and differences of every component agree; returns the gradient. */
function agreedGradient({ point, target, wrt }: Example): number[][] {
  const gradients = tapeGradients(point, target, wrt)
  return wrt.map((def) => {
    const gradient = gradients.get(def) ?? []
    const values = point.data.get(def) ?? []
    values.forEach((value, at) => {
      const direction = values.map((_, other) => (other === at ? 1 : 0))
      const dual = dualDerivative(point, target, new Map([[def, direction]]))
      expect(dual).toBeCloseTo(gradient[at], 11)
      const moved = (step: number) =>
        valueAt({ ...point, data: new Map([...point.data, [def, values.with(at, value + step)]]) }, target)
      const estimate = differentiateAtZero(moved, 0.01)
      expect(estimate.error).toBeLessThan(1e-6)
      expect(Math.abs(estimate.value - gradient[at])).toBeLessThan(Math.max(1e-8, 10 * estimate.error))
    })
    return gradient
  })
}

describe('tape, duals and differences agree', () => {
  test('on a layer: matrix product, tanh, sum', () => {
    const [dx, dw, db] = agreedGradient(matrixProduct())
    expect([dx.length, dw.length, db.length]).toEqual([12, 8, 2])
  })

  test('on softmax and cross entropy: (p - onehot) / n', () => {
    const example = crossEntropy()
    const [dz] = agreedGradient(example)
    const z = example.point.data.get(example.wrt[0]) ?? []
    ;[2, 0, 3].forEach((label, row) => {
      const exps = z.slice(4 * row, 4 * row + 4).map(Math.exp)
      const total = exps.reduce((sum, e) => sum + e, 0)
      exps.forEach((e, column) =>
        expect(dz[4 * row + column]).toBeCloseTo((e / total - (column === label ? 1 : 0)) / 3, 12),
      )
    })
  })

  test('on a recurrence, the steps of which are not nested calls', () => {
    agreedGradient(recurrence(5))
    const { point, target, wrt } = recurrence(5000)
    expect(tapeGradients(point, target, wrt).get(wrt[1])?.every(Number.isFinite)).toBe(true)
  })

  test.each([[[2, 3, 4]], [[2, 0, 4]], [[0, 3, 0]], [[0, 0, 0]]])('on the product of %j', (values) => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(3)], values)
    const i = g.freshIndex(g.num(3))
    const [dx] = agreedGradient(p.loss(g.reduce('prod', [i], [], g.read(x, [i]))))
    expect(dx).toEqual([values[1] * values[2], values[0] * values[2], values[0] * values[1]])
  })

  test('on a guard before an infinite arm, where no 0 · ∞ may arise', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(3)], [-1, 0, 4])
    const i = g.freshIndex(g.num(3))
    const xi = g.read(x, [i])
    const body = g.mul(g.apply('sqrt', [xi]), g.apply('log', [xi]))
    const example = p.loss(g.sum([i], g.guard([g.apply('lt', [g.zero, xi])], body)))
    const dx = tapeGradients(example.point, example.target, example.wrt).get(x) ?? []
    expect(dx.slice(0, 2)).toEqual([0, 0])
    expect(dx[2]).toBeCloseTo(Math.log(4) / 4 + 0.5, 14)
  })

  test('on the extremal entry of a reduction with a filter, and on nothing', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(4)], [9, 2, 5, 3])
    const i = g.freshIndex(g.num(4))
    const filter = [g.ge0(g.sub(i, g.one))]
    const most = g.reduce('max', [i], filter, g.apply('exp', [g.read(x, [i])]))
    const least = g.reduce('min', [i], filter, g.read(x, [i]))
    const where = g.reduce('argmax', [i], filter, g.read(x, [i]))
    const none = g.reduce('logsumexp', [i], [g.ge0(g.sub(i, g.num(7)))], g.read(x, [i]))
    const example = p.loss(g.add(most, g.mul(least, g.read(x, [where])), g.apply('exp', [none])))
    const [dx] = agreedGradient(example)
    expect(dx[0]).toBe(0)
    expect(dx[1]).toBe(5)
    expect(dx[2]).toBeCloseTo(Math.exp(5) + 2, 10)
    expect(dx[3]).toBe(0)
  })

  test('on logsumexp far beyond the range of exp', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(2)], [1000, 1001])
    const i = g.freshIndex(g.num(2))
    const [dx] = agreedGradient(p.loss(g.reduce('logsumexp', [i], [], g.read(x, [i]))))
    expect(dx[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 14)
  })
})

describe('pending derivatives', () => {
  test('d(x^3 exp(2x), x), d of that, and the gradient of both', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [], [0.7])
    const at = g.read(x, [])
    const of = g.mul(g.pow(at, g.num(3)), g.apply('exp', [g.mul(g.num(2), at)]))
    const first = g.derivative({ name: 'first', batch: [], of, wrt: x })
    const inner = g.define({ name: 'inner', idx: [], body: g.apply('sin', [g.read(first, [])]) })
    const second = g.derivative({ name: 'second', batch: [], of: g.read(inner, []), wrt: x })
    const [dx] = agreedGradient(p.loss(g.mul(g.read(first, []), g.read(second, []))))
    const poly = (c: readonly number[]) =>
      Math.exp(1.4) * c.reduce((sum, coefficient, k) => sum + coefficient * 0.7 ** k, 0)
    const [f1, f2, f3] = [poly([0, 0, 3, 2]), poly([0, 6, 12, 4]), poly([6, 36, 36, 8])]
    const s1 = Math.cos(f1) * f2
    const s2 = Math.cos(f1) * f3 - Math.sin(f1) * f2 * f2
    expect(dx[0]).toBeCloseTo(f2 * s1 + f1 * s2, 8)
  })

  test('perturbations of different levels are not confused: d(x · d(x + y, y), x) = 1', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [], [3])
    const y = p.param('y', [], [5])
    const [readX, readY] = [g.read(x, []), g.read(y, [])]
    const inner = g.derivative({ name: 'inner', batch: [], of: g.add(g.mul(readX, readY), readX), wrt: y })
    const outer = g.derivative({
      name: 'outer',
      batch: [],
      of: g.mul(readX, g.apply('sin', [readX]), g.read(inner, [])),
      wrt: x,
    })
    // ∂y(xy + x) = x, so the outer one is d(x² sin x).
    const example = p.loss(g.read(outer, []))
    expect(valueAt(example.point, example.target)).toBeCloseTo(6 * Math.sin(3) + 9 * Math.cos(3), 12)
    agreedGradient(example)
  })

  test('by a defined name, per sample, and through a recurrence of gradient steps', () => {
    const p = new Build()
    const g = p.graph
    const [n, steps] = [p.size('n', 3), p.size('T', 400)]
    const a = p.param('a', [n])
    const s = g.freshIndex(n)
    const u = g.define({ name: 'u', idx: [s], body: g.apply('tanh', [g.read(a, [s])]) })
    const cube = g.pow(g.read(u, [s]), g.num(3))
    const slope = g.derivative({ name: 'slope', batch: [s], of: cube, wrt: u, at: [s] })
    const x = g.nominal({ name: 'x', shape: [g.add(steps, g.one)] })
    const at = g.freshIndex(g.add(steps, g.one))
    const before = g.sub(at, g.one)
    const t = g.freshIndex(steps)
    const descent = g.derivative({
      name: 'descent',
      batch: [t],
      of: g.pow(g.sub(g.read(x, [t]), g.read(slope, [g.zero])), g.num(2)),
      wrt: x,
      at: [t],
    })
    const next = g.sub(g.read(x, [before]), g.div(g.read(descent, [before]), g.num(10)))
    g.setBody(x, [at], g.select(g.eq0(at), g.one, next))
    const example = p.loss(g.add(g.read(x, [steps]), g.sum([s], g.read(slope, [s]))))
    const [da] = agreedGradient(example)
    const [a0] = p.data.get(a) ?? []
    // The steps end at 3u², so the loss holds it twice for the first sample.
    expect(da[0]).toBeCloseTo(2 * 6 * Math.tanh(a0) * (1 - Math.tanh(a0) ** 2), 10)
  })
})

describe('decisions at kinks', () => {
  const gradientOf = (values: readonly number[], body: (p: Build, reads: readonly Expr[]) => Expr) => {
    const p = new Build()
    const params = values.map((value, at) => p.param(`x${at}`, [], [value]))
    const example = p.loss(
      body(
        p,
        params.map((def) => p.graph.read(def, [])),
      ),
    )
    const gradients = tapeGradients(example.point, example.target, params)
    return params.map((def) => gradients.get(def)?.[0])
  }

  test('max shares a tie of two that vary, and a constant wins it', () => {
    expect(gradientOf([2, 2], ({ graph: g }, [x, y]) => g.apply('max', [x, y]))).toEqual([0.5, 0.5])
    expect(gradientOf([2], ({ graph: g }, [x]) => g.apply('max', [x, g.num(2)]))).toEqual([0])
    expect(gradientOf([2], ({ graph: g }, [x]) => g.apply('min', [g.num(2), x]))).toEqual([0])
  })

  test('a reduction routes to the first extremal entry', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(3)], [1, 4, 4])
    const i = g.freshIndex(g.num(3))
    const { point, target } = p.loss(g.reduce('max', [i], [], g.read(x, [i])))
    expect(tapeGradients(point, target, [x]).get(x)).toEqual([0, 1, 0])
  })

  test('a norm has gradient 0 at 0, a bare root an infinite one', () => {
    const square = ({ graph: g }: Build, x: Expr) => g.pow(x, g.num(2))
    expect(
      gradientOf([0, 0], (p, [x, y]) => p.graph.apply('sqrt', [p.graph.add(square(p, x), square(p, y))])),
    ).toEqual([0, 0])
    expect(gradientOf([0], ({ graph: g }, [x]) => g.apply('sqrt', [x]))).toEqual([Infinity])
  })

  test('nothing passes stop_gradient', () => {
    expect(gradientOf([3], ({ graph: g }, [x]) => g.mul(x, g.stop(x)))).toEqual([3])
  })
})

describe('the interpreter', () => {
  test('names the read that is out of range', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [g.num(3)])
    const i = g.freshIndex(g.num(4))
    const { point, target } = p.loss(g.sum([i], g.read(x, [g.add(i, i)])))
    expect(() => valueAt(point, target)).toThrow("'x[4]' is read, whose shape is [3]")
  })

  test('follows an expression of 100,000 nodes', () => {
    const p = new Build()
    const g = p.graph
    const x = p.param('x', [], [0.5])
    let e = p.graph.apply('sin', [g.read(x, [])])
    for (let k = 0; k < 50_000; k++) e = g.apply('sin', [g.add(e, g.one)])
    const { point, target } = p.loss(e)
    const direction = new Map([[x, [1]]])
    expect(dualDerivative(point, target, direction)).toBe(tapeGradients(point, target, [x]).get(x)?.[0])
  })
})
