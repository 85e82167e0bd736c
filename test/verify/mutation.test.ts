/**
 * Is the evidence sharp enough? A faulty differentiator, each partial scaled by 1.001 one at a time, a delta or a
 * guard dropped, must be found out each time. Its result is interpreted, so that no other fault can help.
 */
import { expect, test } from 'vitest'
import { differentiate } from '../../src/differentiate/differentiate.js'
import type { Mutation } from '../../src/differentiate/partials.js'
import type { Def, Expr, InputDef } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import type { Entry, Program } from '../../src/ir/program.js'
import { Rational } from '../../src/ir/rational.js'
import { OPERATORS, isOperator } from '../../src/ops/table.js'
import { SIGNATURES, type OperatorName } from '../../src/ops/signatures.js'
import { checkEntry } from '../../src/verify/check-entry.js'
import { Comparisons, type Row } from '../../src/verify/comparison.js'
import type { CompiledEntry } from '../../src/verify/compiled-module.js'
import { valueAt } from '../../src/verify/evidence.js'
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { Random } from '../../src/verify/random.js'
import { drawPoint } from '../../src/verify/sampling.js'

const source = { filename: 'mutation.nn', text: 'fn f(x) = …' }

/** `f(x: [3], y: [3], label: int[3]) = Σ body`. */
function program(body: (graph: Graph, inputs: readonly Def[]) => Expr): Program {
  const graph = new Graph()
  const input = (name: string, integer = false): InputDef =>
    graph.input({ name, shape: [graph.num(3)], integer })
  const [x, y, z, label] = [input('x'), input('y'), input('z'), input('label', true)]
  label.bounds.push(graph.num(3))
  const value = graph.define({ name: 'value', idx: [], body: body(graph, [x, y, z, label]) })
  const entry: Entry = {
    kind: 'function',
    name: 'f',
    exported: true,
    doc: undefined,
    span: { source, start: 0, end: 1 },
    sizes: [],
    params: [],
    inputs: [x, y, z, label].map((def) => ({
      name: def.name,
      def,
      doc: undefined,
      type: def.integer ? 'int' : 'real',
      default: undefined,
    })),
    outputs: [{ name: 'value', def: value, doc: undefined }],
    loss: undefined,
    checks: [],
    backward: undefined,
  }
  return { graph, entries: [entry] }
}

/** What a compiler with this differentiator and no other fault would emit. */
function interpreted(faulty: Entry): CompiledEntry {
  const [{ def: value }] = faulty.outputs
  return {
    values: (point) => new Map([[value, [valueAt(point, [{ def: value, cotangent: [1] }])]]]),
    chosen: () => [],
    gradients(point) {
      const run = interpret({ field: NUMBERS, ...point })
      const gradients = new Map<Def, readonly number[]>()
      for (const { wrt, def } of faulty.backward?.gradients ?? []) if (def) gradients.set(wrt, run.array(def))
      return gradients
    },
  }
}

function check(tested: Program, mutation: Mutation): readonly Row[] {
  const [entry] = tested.entries
  const compiled = interpreted(differentiate({ mutation }).run(tested).entries[0])
  const comparisons = new Comparisons()
  const random = new Random(3)
  for (let point = 0; point < 2; point++)
    checkEntry(entry, { f64: compiled, f32: compiled }, drawPoint(entry, random, {}), random, comparisons)
  return comparisons.rows
}

const failures = (rows: readonly Row[]): string[] =>
  rows.filter(({ verdict }) => verdict === 'fail').map(({ against }) => against)

/** `Σ op(a, b, c)` with each argument moved smoothly into the operator's own domain. */
/** Derivatives whose first argument says which. */
const OF_ORDER: ReadonlySet<OperatorName> = new Set([
  'polygamma',
  'polygamma_difference',
  'erfcx_derivative',
  'exprel',
  'log_erfc_derivative',
] as const)

const applied = (operator: OperatorName): Program =>
  program((graph, inputs) => {
    const i = graph.freshIndex(graph.num(3))
    const { sample } = OPERATORS[operator]
    const args = sample.map(([low, high], at) => {
      const unit = graph.apply('sigmoid', [graph.read(inputs[at], [i])])
      return graph.add(graph.num(low), graph.mul(graph.num(high - low), unit))
    })
    const order = OF_ORDER.has(operator) ? [graph.num(2), ...args.slice(1)] : args
    return graph.sum([i], graph.apply(operator, order))
  })

/** Sums, quotients and roots are the IR's own sums and products; `select` is its guard. */
const ABSORBED: ReadonlySet<OperatorName> = new Set([
  'add',
  'sub',
  'neg',
  'mul',
  'div',
  'sqrt',
  'select',
] as const)
/** Zero on the operator's sample, or by an order that is a whole number. */
const ZERO = new Set([
  'clamp 1',
  'clamp 2',
  'max 0',
  'min 1',
  'polygamma 0',
  'polygamma_difference 0',
  'erfcx_derivative 0',
  'exprel 0',
  'log_erfc_derivative 0',
  'mod 1',
])

const cases = Object.keys(SIGNATURES)
  .filter(isOperator)
  .filter((operator) => OPERATORS[operator].derivative.kind === 'partials' && !ABSORBED.has(operator))
  .flatMap((operator) =>
    Array.from({ length: SIGNATURES[operator] }, (_, argument): [OperatorName, number] => [
      operator,
      argument,
    ]),
  )
  .filter(([operator, argument]) => !ZERO.has(`${operator} ${argument}`))

test('correct partials pass', () => {
  for (const operator of new Set(cases.map(([name]) => name)))
    expect({ operator, failures: failures(check(applied(operator), {})) }).toEqual({ operator, failures: [] })
})

test.each(cases)('a wrong partial of %s by argument %i is found', (operator, argument) => {
  const tested = applied(operator)
  const { graph } = tested
  const rows = check(tested, {
    partial: (name, at, partial) =>
      name === operator && at === argument ? graph.mul(graph.num(1.001), partial) : partial,
  })
  expect(failures(rows)).toEqual(expect.arrayContaining(['tape', 'duals', 'differences']))
})

/** Products, quotients, powers, a gather by data, a filter, a selection and a shift past the end. */
const composed = (): Program =>
  program((graph, [x, y, z, label]) => {
    const i = graph.freshIndex(graph.num(3))
    const at = (def: Def) => graph.read(def, [i])
    const gathered = graph.power(graph.read(x, [graph.read(label, [i])]), Rational.of(2))
    const next = graph.add(i, graph.one)
    const shifted = graph.guard([graph.ge0(graph.sub(graph.one, i))], graph.mul(graph.read(z, [next]), at(y)))
    const branch = graph.select(graph.apply('lt', [at(x), at(z)]), graph.mul(at(x), at(y)), at(z))
    return graph.sum([i], graph.add(graph.mul(gathered, at(y)), shifted, branch))
  })

test.each<[string, (graph: Graph) => Mutation]>([
  ['nothing', () => ({})],
  ['a product', (graph) => ({ partial: scaling(graph, 'mul') })],
  ['a power', (graph) => ({ partial: scaling(graph, 'pow') })],
  ['a delta', () => ({ delta: dropLast() })],
  ['a guard', () => ({ guard: dropLast() })],
])('with a fault in %s', (what, faulty) => {
  const tested = composed()
  const found = new Set(failures(check(tested, faulty(tested.graph))))
  expect([...found].sort()).toEqual(what === 'nothing' ? [] : ['differences', 'duals', 'tape'])
})

const scaling =
  (graph: Graph, operator: OperatorName): Mutation['partial'] =>
  (name, _, partial) =>
    name === operator ? graph.mul(graph.num(1.001), partial) : partial

/** Drops one condition, the first time that there is one. */
function dropLast(): (conditions: readonly Expr[]) => readonly Expr[] {
  let dropped = false
  return (conditions) => {
    if (dropped || conditions.length === 0) return conditions
    dropped = true
    return conditions.slice(0, -1)
  }
}
