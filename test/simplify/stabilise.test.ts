import { describe, expect, test } from 'vitest'
import type { Def, Expr } from '../../src/ir/expr.js'
import { Dependencies, expressionsOf } from '../../src/ir/dependencies.js'
import { Graph } from '../../src/ir/graph.js'
import { printExpr } from '../../src/ir/print.js'
import type { Entry, Program } from '../../src/ir/program.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { postorder } from '../../src/ir/walk.js'
import { stabilise, stabiliser } from '../../src/simplify/stabilise.js'
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { load, run } from '../codegen/load.js'

const SPAN = { source: { filename: 'test', text: '' }, start: 0, end: 0 }

function programOf(graph: Graph, loss: Def, outputs: readonly Def[] = []): Program {
  const entry: Entry = {
    kind: 'model',
    name: 'M',
    exported: true,
    doc: undefined,
    span: SPAN,
    sizes: [],
    params: [],
    inputs: [],
    outputs: outputs.map((def) => ({ name: def.name, def, doc: undefined })),
    loss,
    checks: [],
    backward: undefined,
  }
  return { graph, entries: [entry] }
}

/** The operators that a definition depends on, and the kinds of its reductions. */
function operatorsBehind(def: Def): Set<string> {
  const found = new Set<string>()
  for (const part of new Dependencies().components([def]).flat()) {
    if (part.kind === 'computed' && part.reduction) found.add(part.reduction.kind)
    for (const node of postorder(expressionsOf(part))) if (node.kind === 'apply') found.add(node.operator)
  }
  return found
}

/** All numbers in a value and its gradients. */
const flat = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Object.values(value ?? {}).flatMap(flat)

function stabilised(graph: Graph, loss: Def, outputs: readonly Def[] = []): Entry & { loss: Def } {
  const program = stabilise().run(programOf(graph, loss, outputs))
  verifyProgram(program, 'stabilise')
  const [entry] = program.entries
  if (!entry.loss) throw new Error('the loss is gone')
  return { ...entry, loss: entry.loss }
}

describe('softmax and cross-entropy', () => {
  function crossEntropy(shifted: boolean) {
    const graph = new Graph()
    const m = graph.algebra
    const [n, k] = [graph.num(3), graph.num(4)]
    const z = graph.input({ name: 'z', shape: [n, k] })
    const label = graph.input({ name: 'label', shape: [n], integer: true })
    label.bounds.push(k)
    const [s, j] = [graph.freshIndex(n, 's'), graph.freshIndex(k, 'j')]
    const logit = graph.read(z, [s, j])
    const largest = graph.define({ name: 'm', idx: [s], reduction: { kind: 'max', idx: [j] }, body: logit })
    const exponent = shifted ? m.sub(logit, graph.read(largest, [s])) : logit
    const e = graph.define({ name: 'e', idx: [s, j], body: m.exp(exponent) })
    const Z = graph.define({ name: 'Z', idx: [s], reduction: { kind: 'sum', idx: [j] }, body: graph.read(e, [s, j]) }) // prettier-ignore
    const p = graph.define({ name: 'p', idx: [s, j], body: m.div(graph.read(e, [s, j]), graph.read(Z, [s])) })
    const own = graph.read(p, [s, graph.read(label, [s])])
    const loss = graph.define({ name: 'loss', idx: [], body: m.div(graph.sum([s], m.neg(m.log(own))), n) })
    const data = new Map<Def, readonly number[]>([
      [z, [1, 2, 3, 4, 900, 0, -900, 5, -1, -2, -3, -4]],
      [label, [2, 1, 0]],
    ])
    return { graph, loss, p, data }
  }

  test.each([true, false])('become logsumexp - logit, with the shift %s', (shifted) => {
    const { graph, loss, p, data } = crossEntropy(shifted)
    const entry = stabilised(graph, loss, [p])
    expect(operatorsBehind(entry.loss)).toEqual(new Set(['sum', 'logsumexp']))
    expect(operatorsBehind(entry.outputs[0].def)).toEqual(new Set(['exp', 'logsumexp']))
    const run = interpret({ field: NUMBERS, sizes: new Map(), data })
    // -log 0 before; 900 exactly after.
    const expected = (1.4401896985611953 + 900 + 0.4401896985611953) / 3
    expect(run.element(entry.loss, 0)).toBeCloseTo(expected, 12)
    expect(run.array(entry.outputs[0].def)[4]).toBe(1)
  })

  test.each([
    'sum[i] c[i] * exp(x[i]) / (sum[j] exp(x[j]))',
    '(sum[i] c[i] * exp(x[i] + 3)) / (sum[j] exp(x[j]))',
    'sum[i] c[i] * (if c[i] > 1 then exp(x[i]) else 0) / (sum[j] exp(x[j]))',
    '((sum[i] c[i] * exp(x[i])) / (sum[j] exp(x[j])))^2',
    '(sum[k, i] A[k, i] * exp(x[i])) / (sum[j] exp(x[j]))',
  ])('means whose weights are a quotient: %s', async (text) => {
    const module = await load(`export fn f(x: [3], c: [3], A: [2, 3]) = ${text}`)
    const numbers = (shift: number): number[] => {
      const args = [[1, 2, 3].map((x) => x + shift), [0.5, 2, 3], [1, 2, 3, 4, 5, 6]]
      return flat(run(module, 'f.valueAndGrad', ...args))
    }
    const expected = numbers(0)
    expect(expected).toHaveLength(1 + 3 + 3 + 6)
    // Steps of 2^-42 next to 1024.
    for (const shift of [-1024, 1024])
      for (const [at, value] of numbers(shift).entries()) expect(value).toBeCloseTo(expected[at], 10)
  })

  test('masked entries stay out', () => {
    const graph = new Graph()
    const m = graph.algebra
    const k = graph.num(4)
    const z = graph.input({ name: 'z', shape: [k] })
    const [i, j] = [graph.freshIndex(k, 'i'), graph.freshIndex(k, 'j')]
    const body = (at: Expr): Expr =>
      graph.guard([graph.ge0(m.sub(at, graph.one))], m.exp(graph.read(z, [at])))
    const e = graph.define({ name: 'e', idx: [i], body: body(i) })
    const p = graph.define({
      name: 'p',
      idx: [i],
      body: m.div(graph.read(e, [i]), graph.sum([j], graph.read(e, [j]))),
    })
    const loss = graph.define({ name: 'loss', idx: [], body: m.log(graph.read(p, [graph.num(2)])) })
    const entry = stabilised(graph, loss, [p])
    const data = new Map<Def, readonly number[]>([[z, [1e6, 2, 3, 2]]])
    const run = interpret({ field: NUMBERS, sizes: new Map(), data })
    const expected = Math.exp(1) / (2 + Math.exp(1))
    expect(run.array(entry.outputs[0].def)[0]).toBe(0)
    expect(run.element(entry.outputs[0].def, 2)).toBeCloseTo(expected, 12)
  })
})

test('binary cross-entropy through a stored sigmoid has no logarithm left', () => {
  const graph = new Graph()
  const m = graph.algebra
  const n = graph.num(4)
  const z = graph.input({ name: 'z', shape: [n] })
  const y = graph.input({ name: 'y', shape: [n] })
  const s = graph.freshIndex(n, 's')
  const one = graph.one
  const logistic = m.div(one, m.add(one, m.exp(m.neg(graph.read(z, [s])))))
  const p = graph.define({ name: 'p', idx: [s], body: logistic })
  const [q, t] = [graph.read(p, [s]), graph.read(y, [s])]
  const each = m.neg(m.add(m.mul(t, m.log(q)), m.mul(m.sub(one, t), m.log(m.sub(one, q)))))
  const loss = graph.define({ name: 'loss', idx: [], body: graph.sum([s], each) })
  const entry = stabilised(graph, loss)
  expect(operatorsBehind(entry.loss).has('log')).toBe(false)
  const data = new Map<Def, readonly number[]>([
    [z, [-800, 800, 0, 40]],
    [y, [1, 0, 1, 1]],
  ])
  const value = interpret({ field: NUMBERS, sizes: new Map(), data }).element(entry.loss, 0)
  expect(value).toBeCloseTo(1600 + Math.LN2, 10)
})

test('the root of a sum of squares is 0 at 0 with slope 0', () => {
  const graph = new Graph()
  const m = graph.algebra
  const n = graph.num(3)
  const x = graph.input({ name: 'x', shape: [n] })
  const i = graph.freshIndex(n, 'i')
  const square = m.pow(graph.read(x, [i]), m.number(2))
  const loss = graph.define({ name: 'norm', idx: [], body: m.sqrt(graph.sum([i], square)) })
  const entry = stabilised(graph, loss)
  const body = entry.loss.kind === 'computed' ? entry.loss.body : undefined
  expect(body?.kind).toBe('guard')
})

describe('scalars', () => {
  const graph = new Graph()
  const m = graph.algebra
  const x = graph.read(graph.input({ name: 'x', shape: [] }), [])
  const y = graph.read(graph.input({ name: 'y', shape: [] }), [])
  const n = m.number
  const exp = (e: Expr): Expr => m.exp(e)
  const CASES: readonly (readonly [string, Expr, string])[] = [
    ['gelu', m.mul(m.div(x, n(2)), m.add(n(1), m.erf(m.div(x, m.sqrt(n(2)))))), 'x * normal_cdf(x)'],
    ['sigmoid', m.div(n(1), m.add(n(1), exp(m.neg(x)))), 'sigmoid(x)'],
    ['odds', m.div(exp(x), m.add(n(1), exp(x))), 'sigmoid(x)'],
    ['log sigmoid', m.log(m.div(n(1), m.add(n(1), exp(m.neg(x))))), 'log_sigmoid(x)'],
    ['log of complement', m.log(m.sub(n(1), m.sigmoid(x))), 'log_sigmoid(-x)'],
    ['softplus', m.log(m.add(n(1), exp(x))), 'softplus(x)'],
    ['log1mexp', m.log(m.sub(n(1), exp(x))), 'log1mexp(x)'],
    ['tanh', m.div(m.sub(exp(x), exp(m.neg(x))), m.add(exp(x), exp(m.neg(x)))), 'tanh(x)'],
    ['tanh of sigmoid', m.sub(m.mul(n(2), m.sigmoid(m.mul(n(2), x))), n(1)), 'tanh(x)'],
    ['logit', m.log(m.div(x, m.sub(n(1), x))), 'logit(x)'],
    [
      'logsumexp of two',
      m.log(m.add(exp(x), exp(y))),
      'max(x, y) + (if x == y then log(2) else softplus(-abs(x - y)))',
    ],
    ['log of a difference', m.log(m.sub(exp(x), exp(y))), 'x + log1mexp(y - x)'],
    ['log1p', m.log(m.add(n(1), x)), 'log1p(x)'],
    ['expm1', m.sub(exp(x), n(1)), 'expm1(x)'],
    ['log of a product', m.log(m.mul(y, exp(x))), 'x + log(y)'],
    [
      'derivative of tanh',
      m.sub(n(1), m.pow(m.tanh(x), n(2))),
      'if abs(stop_gradient(tanh(x))) < 0.8 then 1 - stop_gradient(stop_gradient(tanh(x))^2) ' +
        'else exp(-stop_gradient(2 * abs(x))) * (abs(stop_gradient(tanh(x))) + 1)^2',
    ],
    ['derivative of sigmoid', m.mul(m.sigmoid(x), m.sub(n(1), m.sigmoid(x))), 'sigmoid(-x) * sigmoid(x)'],
    ['softplus reflected', m.sub(m.softplus(m.add(x, y)), m.add(x, y)), 'softplus(-x - y)'],
    ['log erfc', m.log(m.sub(n(1), m.erf(x))), 'log_erfc(x)'],
    ['softmax of two', m.div(exp(x), m.add(exp(x), exp(y))), 'sigmoid(x - y)'],
    ['log normal_pdf', m.log(m.normal_pdf(x)), '-(x^2 + log(2 * pi)) / 2'],
    ['1 + tanh', m.add(n(1), m.tanh(x)), '2 * sigmoid(2 * x)'],
    ['1 - tanh', m.sub(n(1), m.tanh(x)), '2 * sigmoid(-2 * x)'],
    ['1 - x²', m.sub(n(1), m.pow(x, n(2))), '(1 - x) * (x + 1)'],
  ]
  test.each(CASES)('%s', (_, e, expected) => {
    const text = printExpr(stabiliser(graph, { final: true }).rewrite(e))
    const sorted = (shown: string): string => [...shown.replaceAll(' ', '')].sort().join('')
    expect(sorted(text), text).toBe(sorted(expected))
  })
})
