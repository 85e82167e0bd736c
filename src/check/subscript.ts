/** Reads: `x[t]`, `W[0]`, `z[:, k:2k]`, `B[k-1, i, j]`. */
import type { Expression, Subscript } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { elementAt } from './axes.js'
import { materialised } from './define.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { wholeScalar } from './inference.js'
import { readRecurrent } from './recurrent-read.js'
import type { Binding } from './scope.js'
import { showShape } from './show.js'
import { type Place, viewOf } from './subscript-view.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

export function* elaborateSubscript(e: Subscript, env: Env): Steps<Value> {
  const recurrent = recurrentBase(e, env)
  if (recurrent) {
    const positions = yield* positionsOf(e, env)
    return positions ? readRecurrent(env, recurrent.recurrent, positions, e) : POISON
  }
  const object = yield valueOf(e.object, env)
  if (object.kind === 'poison') return POISON
  if (object.kind !== 'tensor')
    return report(env, messages.rank('a subscript', 'a tensor', kindOf(object)), e.object.span)
  if (e.subscripts.length > object.shape.length) return tooMany(env, object, e)
  const positions = yield* positionsOf(e, env)
  if (!positions) return POISON
  return readTensor(env, object, positions, e)
}

function recurrentBase(e: Subscript, env: Env): Extract<Binding, { kind: 'recurrent' }> | undefined {
  if (e.object.kind !== 'name') return undefined
  const binding = env.scope.value(e.object.name)
  return binding?.kind === 'recurrent' ? binding : undefined
}

const kindOf = (value: Value): string => (value.kind === 'instance' ? 'a layer' : 'several results')

function* positionsOf(e: Subscript, env: Env): Steps<Place[] | undefined> {
  const { graph } = env.context
  const places: Place[] = []
  let sound = true
  for (const subscript of e.subscripts) {
    if (subscript.kind === 'slice') {
      const start = subscript.start ? yield* whole(subscript.start, env) : graph.zero
      const end = subscript.end ? yield* whole(subscript.end, env) : undefined
      if (!start || (subscript.end && !end)) sound = false
      else places.push({ kind: 'slice', start, end, syntax: subscript })
      continue
    }
    const value = yield* whole(subscript, env)
    if (value) places.push({ kind: 'position', value, syntax: subscript })
    else sound = false
  }
  return sound ? places : undefined
}

function* whole(e: Expression, env: Env): Steps<Expr | undefined> {
  const value = yield valueOf(e, env)
  return wholeScalar(env, value, 'a subscript', e)
}

/** What a read is called in messages. */
export const nameOfObject = (e: Expression): string =>
  e.kind === 'name' ? e.name : e.kind === 'member' ? e.name.name : 'this'

function tooMany(env: Env, object: Tensor, e: Subscript): Value {
  const { graph } = env.context
  const found = object.shape.length === 0 ? 'a scalar' : showShape(graph, object.shape)
  const message = messages.tooManySubscripts(nameOfObject(e.object), object.shape.length, e.subscripts.length)
  return report(env, message, e.span, [{ message: `it is ${found}`, span: e.object.span }])
}

function readTensor(env: Env, object: Tensor, places: readonly Place[], e: Subscript): Value {
  const { graph } = env.context
  const name = nameOfObject(e.object)
  const source = materialised(env, object, name === 'this' ? 'part' : name, e.object.span)
  const view = viewOf(env, object, places, name)
  if (!view) return POISON
  const element = elementAt(graph, source, view.args)
  return tensor(view.shape, graph.guard(view.conditions, element))
}
