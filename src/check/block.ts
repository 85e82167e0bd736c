/** The statements of a body, in order; the value is what it returns. */
import type { Expression, Statement } from '../../grammar/ast.js'
import { conjuncts } from '../ir/normal/condition.js'
import { asCondition } from './arithmetic.js'
import { type Env, report } from './env.js'
import { elaborateDefinition, tupleOf } from './equation.js'
import { messages } from './messages.js'
import { elaborateLoss, elaborateOut, elaborateParam } from './model-statement.js'
import { asTensor } from './pointwise.js'
import { withRanges } from './ranges.js'
import { elaborateRecurrence } from './recurrence.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Value } from './value.js'

export function* elaborateBlock(statements: readonly Statement[], env: Env): Steps<Value> {
  declareAhead(statements, env)
  let result: Value | undefined
  for (const [at, statement] of statements.entries()) {
    const value = yield* elaborateStatement(statement, env)
    if (statement.kind !== 'return' && statement.kind !== 'const') continue
    result = value
    if (at < statements.length - 1) report(env, messages.returnNotLast(), statement.span)
  }
  return result ?? POISON
}

/** Local functions may be used anywhere in their block; values only further down, which `later` remembers. */
function declareAhead(statements: readonly Statement[], env: Env): void {
  const { scope } = env
  for (const statement of statements) {
    switch (statement.kind) {
      case 'function': {
        const { name } = statement.signature
        const present = scope.functions.get(name.name)
        if (present) report(env, messages.definedTwice(name.name), name.span)
        else scope.functions.set(name.name, { kind: 'function', declaration: statement, scope, ambient: env.ambient, library: false }) // prettier-ignore
        break
      }
      case 'definition':
      case 'out':
        for (const { name } of statement.targets)
          if (!scope.values.has(name.name)) scope.later.set(name.name, name.span)
        break
      case 'recur':
        for (const inner of statement.body)
          if (inner.kind === 'definition')
            for (const { name, subscripts } of inner.targets)
              if (subscripts) scope.later.set(name.name, name.span)
        break
      case 'param':
        scope.later.set(statement.target.name.name, statement.target.name.span)
        break
      default:
    }
  }
}

function* elaborateStatement(statement: Statement, env: Env): Steps<Value | undefined> {
  switch (statement.kind) {
    case 'definition':
      yield* elaborateDefinition(statement, env)
      return undefined
    case 'const': {
      const [value = POISON] = yield* elaborateDefinition(statement.definition, {
        ...env,
        scope: env.scope.fresh(),
      })
      return value
    }
    case 'recur':
      yield* elaborateRecurrence(statement, env)
      return undefined
    case 'return':
      return yield* elaborateReturn(statement.values, env)
    case 'param':
      yield* elaborateParam(statement, env)
      return undefined
    case 'out':
      yield* elaborateOut(statement, env)
      return undefined
    case 'loss':
      yield* elaborateLoss(statement, env)
      return undefined
    case 'assume':
      yield* elaborateAssume(statement.conditions, env)
      return undefined
    case 'function':
      return undefined
    case 'model':
    case 'import':
    case 'derivative':
      report(env, messages.statementPlace(statement.kind, 'at the top of a file'), statement.span)
      return undefined
  }
}

function* elaborateReturn(values: readonly Expression[], env: Env): Steps<Value> {
  const ranged = yield* withRanges(env, [], values)
  const results: Value[] = []
  for (const e of values) {
    const value = yield valueOf(e, ranged)
    results.push(value.kind === 'tensor' && value.row ? { ...value, row: false } : value)
  }
  const names = values.map((e, at) => (e.kind === 'name' ? e.name : `value${at}`))
  return tupleOf(results, names, env.call?.name ?? 'this')
}

/** Facts about sizes help the proofs; each is tested at the boundary. Facts about data say how to sample it. */
function* elaborateAssume(conditions: readonly Expression[], env: Env): Steps<void> {
  const { graph, checks, probing } = env.context
  const ranged = yield* withRanges(env, [], conditions)
  for (const e of conditions) {
    const value = asTensor(env, yield valueOf(e, ranged), e)
    if (!value || value.shape.length > 0 || probing) continue
    for (const condition of conjuncts(asCondition(graph, value.element))) {
      if (condition.kind !== 'test' || condition.test !== 'ge0' || condition.free.length > 0) continue
      checks.push({
        expr: condition.operand,
        message: 'an assumption of the program does not hold',
        span: e.span,
      })
      graph.assume(condition.operand)
    }
  }
}
