import { describe, expect, test } from 'vitest'
import { expandDerivative } from '../../src/differentiate/expand.js'
import { pushforward } from '../../src/differentiate/forward.js'
import { pullback } from '../../src/differentiate/reverse.js'
import type { Def, DerivativeDef } from '../../src/ir/expr.js'
import { findUnsafeRead } from '../../src/ir/prove.js'
import type { Graph } from '../../src/ir/graph.js'
import { dualDerivative, tapeGradients, valueAt } from '../../src/verify/evidence.js'
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { crossEntropy, matrixProduct, recurrence, type Example } from '../verify/programs.js'
import * as models from './models.js'

const EXAMPLES: Record<string, () => Example> = {
  'matrix product': matrixProduct,
  'cross entropy': crossEntropy,
  recurrence: () => recurrence(4),
  'conv 1 1 0': () => models.conv1d(1, 1, 0),
  'conv 1 1 2': () => models.conv1d(1, 1, 2),
  'conv 2 1 0': () => models.conv1d(2, 1, 0),
  'conv 2 1 1': () => models.conv1d(2, 1, 1),
  'conv 3 2 2': () => models.conv1d(3, 2, 2),
  'conv 2 3 3': () => models.conv1d(2, 3, 3),
  'conv, max pool': () => models.convPool('max'),
  'conv, mean pool': () => models.convPool('mean'),
  attention: models.attention,
  'layer norm': models.layerNorm,
  embedding: models.embedding,
  'index maps': models.indexMaps,
  product: () => models.product(0),
  'product, one zero': () => models.product(1),
  'product, two zeros': () => models.product(2),
  lstm: models.lstm,
  grid: models.grid,
  'untaken arms': models.untakenArms,
}

/** All examples have one scalar result. */
function resultOf(example: Example): { graph: Graph; result: Def } {
  return { graph: example.graph, result: example.target[0].def }
}

function gradientDefs(graph: Graph, result: Def, wrt: readonly Def[]): Def[] {
  const found = pullback(graph, [{ def: result, idx: [], cotangent: graph.one }], wrt)
  return wrt.map((def) => {
    const cotangent = found.get(def)
    if (!cotangent) throw new Error(`nothing reaches ${def.name}`)
    return graph.define({ name: `d_${def.name}`, idx: cotangent.idx, body: cotangent.value, auto: true })
  })
}

function evaluate({ point }: Example, def: Def, count: number): number[] {
  const run = interpret({ field: NUMBERS, ...point })
  return Array.from({ length: count }, (_, at) => run.element(def, at))
}

/** `|a - b|` relative to the largest component. */
function error(actual: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs)) || 1
  return Math.max(...expected.map((value, at) => Math.abs(value - actual[at]) / scale))
}

describe.each(Object.entries(EXAMPLES))('%s', (_, make) => {
  test('the gradient is that of the tape', () => {
    const example = make()
    const { graph, result } = resultOf(example)
    const gradients = gradientDefs(graph, result, example.wrt)
    const expected = tapeGradients(example.point, example.target, example.wrt)
    example.wrt.forEach((def, at) => {
      const values = expected.get(def) ?? []
      expect(error(evaluate(example, gradients[at], values.length), values)).toBeLessThan(1e-12)
    })
  })

  test('every definition is closed', () => {
    const example = make()
    const { graph, result } = resultOf(example)
    gradientDefs(graph, result, example.wrt)
    for (const def of graph.definitions.all)
      if (def.kind === 'computed' && def.body)
        expect(findUnsafeRead(graph, def.body, def.reduction?.filter), def.name).toBeUndefined()
  })

  test('the tangent is that of the duals', () => {
    const example = make()
    const { graph, result } = resultOf(example)
    const direction = new Map(example.wrt.map((def) => [def, (example.point.data.get(def) ?? []).map((v, at) => Math.cos(at + v))])) // prettier-ignore
    const dots = new Map(example.wrt.map((def) => [def, graph.param({ name: `${def.name}_dot`, shape: def.idx.map((index) => index.extent) })])) // prettier-ignore
    const tangent = pushforward(graph, [result], dots).get(result)
    if (!tangent) throw new Error('no tangent')
    const data = new Map([...example.point.data, ...[...dots].map(([def, dot]) => [dot, direction.get(def) ?? []] as const)]) // prettier-ignore
    const value = interpret({ field: NUMBERS, ...example.point, data }).element(tangent, 0)
    expect(error([value], [dualDerivative(example.point, example.target, direction)])).toBeLessThan(1e-12)
  })

  test('the gradient of a directional derivative is that of tape over duals', () => {
    const example = make()
    const { graph, result } = resultOf(example)
    const first = example.wrt[0]
    const pending = graph.derivative({ name: 'D', batch: [], of: graph.read(result, []), wrt: first })
    const [expanded, reference] = [expand(graph, pending), pending].map((def) => weightedSum(graph, def))
    const gradients = pullback(graph, [{ def: expanded, idx: [], cotangent: graph.one }], example.wrt)
    const target = [{ def: reference, cotangent: [1] }]
    expect(error([valueAt(example.point, [{ def: expanded, cotangent: [1] }])], [valueAt(example.point, target)])).toBeLessThan(1e-12) // prettier-ignore
    const expected = tapeGradients(example.point, target, example.wrt)
    for (const wrt of example.wrt) {
      const values = expected.get(wrt) ?? []
      const cotangent = gradients.get(wrt)
      const actual = cotangent
        ? evaluate(
            example,
            graph.define({ name: 'dd', idx: cotangent.idx, body: cotangent.value }),
            values.length,
          )
        : values.map(() => 0)
      expect(error(actual, values)).toBeLessThan(1e-10)
    }
  })
})

function expand(graph: Graph, pending: DerivativeDef): Def {
  return expandDerivative(graph, pending, { expr: (e) => e, def: (def) => def })
}

function weightedSum(graph: Graph, def: Def): Def {
  const idx = def.idx.map((index) => graph.freshIndex(index.extent))
  const weight = idx.reduce(
    (sum, index) => graph.add(graph.mul(graph.num(2), sum), index),
    graph.algebra.number(1, 3),
  )
  return graph.define({
    name: 'weighted',
    idx: [],
    body: graph.sum(idx, graph.mul(weight, graph.read(def, idx))),
  })
}
