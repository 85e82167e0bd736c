/** Names, members and literals. */
import type { ArrayLiteral, Expression, Member as MemberSyntax, Name, Reduction } from '../../grammar/ast.js'
import { closest } from '../base/suggest.js'
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { Rational } from '../ir/rational.js'
import { operandsOf } from './arithmetic.js'
import { abstracted, axesOf, sameShape } from './axes.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { wholeRecurrent } from './recurrent-read.js'
import { showShape } from './show.js'
import { everyExpression } from './syntax.js'
import { type Steps, valueOf } from './task.js'
import { POISON, scalar, type Tensor, type Value } from './value.js'

export function* elaborateName(e: Name, env: Env): Steps<Value> {
  const { graph } = env.context
  // The parser's stand-in for a missing operand: its mistake is reported.
  if (e.name === '') return POISON
  const binding = env.scope.value(e.name)
  if (!binding) {
    const predefined = predefinedValue(graph, e.name)
    return predefined ?? unknownName(e, env)
  }
  switch (binding.kind) {
    case 'value':
      return binding.value
    case 'recurrent':
      return wholeRecurrent(env, binding.recurrent, e)
    case 'constant': {
      if (binding.state === 'underway') return report(env, messages.cyclicConstant(e.name), binding.span)
      if (binding.state !== 'untouched') return binding.state.value
      binding.state = 'underway'
      const value = binding.override === undefined ? yield* constantValue(e, env) : scalar(graph.num(Rational.fromNumber(binding.override))) // prettier-ignore
      binding.state = { value }
      return value
    }
  }
}

/** A constant is elaborated as a block of its own file: outside every condition and index around its use. */
function* constantValue(e: Name, env: Env): Steps<Value> {
  const binding = env.scope.value(e.name)
  if (binding?.kind !== 'constant') return POISON
  const { declaration, scope } = binding
  const home: Env = {
    ...env,
    scope,
    path: undefined,
    ranges: new Map(),
    statement: [],
    ambient: [],
    call: undefined,
    model: undefined,
  }
  return yield { kind: 'block', statements: [declaration], env: home }
}

function predefinedValue(graph: Graph, name: string): Value | undefined {
  if (name === 'pi' || name === 'π') return scalar(graph.pi)
  if (name === 'inf' || name === '∞') return scalar(graph.infinity)
  return undefined
}

function unknownName(e: Name, env: Env): Value {
  const later = env.scope.definedLater(e.name)
  if (later)
    return report(env, messages.usedBeforeDefinition(e.name), e.span, [
      { message: 'it is defined here', span: later },
    ])
  const hint = outsideReduction(e, env)
  if (hint) return hint
  if (env.scope.function(e.name)) return report(env, messages.functionAsValue(e.name), e.span)
  return report(env, messages.unknownName(e.name, closest(e.name, env.scope.valueNames())), e.span)
}

/** An index used after the end of its reduction: `sum[i] x[i] - m[i]`, whose body is one product. */
function outsideReduction(e: Name, env: Env): Value | undefined {
  for (const chain of everyExpression(env.statement)) {
    if (chain.kind !== 'binary' || (chain.operator !== '+' && chain.operator !== '-')) continue
    const { left, right } = chain
    if (e.span.start < right.span.start || e.span.end > right.span.end) continue
    const reduction = lastReduction(left)
    if (!reduction?.binders.some(({ name }) => name.name === e.name)) continue
    const { source } = e.span
    const text = source.text.slice(reduction.body.span.start, right.span.end)
    const head = `${reduction.reduction}[${reduction.binders.map(({ name }) => name.name).join(', ')}]`
    return report(env, messages.indexOutside(e.name, head, chain.operator, text), e.span)
  }
  return undefined
}

/** The reduction that ends an operand: `2 * sum[i] …`. */
function lastReduction(e: Expression): Reduction | undefined {
  let at = e
  for (;;) {
    if (at.kind === 'reduction') return at
    if (at.kind === 'binary') at = at.right
    else if (at.kind === 'unary') at = at.operand
    else return undefined
  }
}

/** `l1.W`, `enc(x).mu`. */
export function* elaborateMember(e: MemberSyntax, env: Env): Steps<Value> {
  const { graph } = env.context
  const object = yield valueOf(e.object, env)
  const name = e.name.name
  switch (object.kind) {
    case 'poison':
      return POISON
    case 'instance': {
      const member = object.members.get(name)
      if (member) return member.kind === 'instance' ? member : wholeParam(graph, member.def)
      const path = object.path.at(-1) ?? ''
      const declares = object.model.declaration.body.some(
        (s) => s.kind === 'param' && s.target.name.name === name,
      )
      if (declares && !object.applied) return report(env, messages.notApplied(path), e.span)
      return report(env, messages.noMember(name, closest(name, object.members.keys())), e.name.span)
    }
    case 'tuple': {
      const at = object.names?.indexOf(name) ?? -1
      if (at >= 0) return object.values[at]
      return report(env, messages.noMember(name, closest(name, object.names ?? [])), e.name.span)
    }
    case 'tensor': {
      const single = singleOut(e, env)
      return single === name ? object : report(env, messages.noMember(name), e.name.span)
    }
  }
}

/** A model with one `out` gives the value itself, which can still be taken by name: `l1(x).y`. */
function singleOut(e: MemberSyntax, env: Env): string | undefined {
  if (e.object.kind !== 'call' || e.object.callee.kind !== 'name') return undefined
  const binding = env.scope.value(e.object.callee.name)
  if (binding?.kind !== 'value' || binding.value.kind !== 'instance') return undefined
  const outs = binding.value.model.declaration.body.flatMap((s) => (s.kind === 'out' ? s.targets : []))
  return outs.length === 1 ? outs[0].name.name : undefined
}

export function wholeParam(graph: Graph, def: Parameters<Graph['read']>[0]): Tensor {
  const shape = def.idx.map((index) => index.extent)
  return { kind: 'tensor', shape, element: graph.read(def, axesOf(graph, shape)), row: false }
}

/** `[a, b]` stacks equal shapes along a new first axis; literal numbers are a table. */
export function* elaborateArray(e: ArrayLiteral, env: Env): Steps<Value> {
  const { graph } = env.context
  if (depthOf(e) > DEEPEST) return report(env, messages.tooManyAxes(DEEPEST), e.span)
  const literal = literalTable(e)
  if (literal) {
    const shape = literal.shape.map((extent) => graph.num(extent))
    const integer = literal.values.every((value) => Number.isInteger(value))
    const def = graph.definitions.table({
      name: 'table',
      shape,
      values: literal.values,
      integer,
      origin: { span: e.span },
    })
    return wholeParam(graph, def)
  }
  const operands = yield* operandsOf(e.elements, env)
  if (!operands) return POISON
  if (operands.length === 0) return report(env, messages.emptyArray(), e.span)
  const [first] = operands
  const odd = operands.find(({ value }) => !sameShape(value.shape, first.value.shape))
  if (odd) {
    const message = messages.shapeMismatch(
      '[…]',
      showShape(graph, first.value.shape),
      showShape(graph, odd.value.shape),
    )
    return report(env, message, odd.syntax.span, [
      { message: 'the first element is here', span: first.syntax.span },
    ])
  }
  const position = graph.freshIndex(graph.num(operands.length))
  const last = operands[operands.length - 1].value.element
  const element = operands
    .slice(0, -1)
    .reduceRight((rest: Expr, { value }, at) => graph.select(graph.eq0(graph.sub(position, graph.num(at))), value.element, rest), last) // prettier-ignore
  const rest = first.value.shape
  if (operands.length === 1) return { kind: 'tensor', shape: [graph.one, ...rest], element: last, row: false }
  return abstracted(graph, [position], rest, element)
}

interface Literal {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** More axes than any tensor has: deeper nesting is a slip. */
const DEEPEST = 16

function depthOf(e: Expression): number {
  let depth = 0
  for (let at = e; at.kind === 'array' && at.elements.length > 0; at = at.elements[0]) depth++
  return depth
}

/** Nested literal numbers of one shape. */
function literalTable(e: Expression, depth = 0): Literal | undefined {
  if (depth > DEEPEST) return undefined
  if (e.kind === 'number') return number(Number(e.text))
  if (e.kind === 'unary' && e.operator !== 'not' && e.operand.kind === 'number')
    return number(e.operator === '-' ? -Number(e.operand.text) : Number(e.operand.text))
  if (e.kind !== 'array' || e.elements.length === 0) return undefined
  const values: number[] = []
  let shape: readonly number[] | undefined
  for (const part of e.elements) {
    const inner = literalTable(part, depth + 1)
    if (!inner || (shape && shape.join() !== inner.shape.join())) return undefined
    shape = inner.shape
    for (const value of inner.values) values.push(value)
  }
  return { shape: [e.elements.length, ...(shape ?? [])], values }
}

const number = (value: number): Literal | undefined =>
  Number.isFinite(value) ? { shape: [], values: [value] } : undefined
