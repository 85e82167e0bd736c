/**
 * Elaboration without recursion on the JavaScript stack: every step is a generator that asks for the values of
 * its parts, and one loop keeps the stack of those under way. Expressions may be nested as deeply as memory allows.
 */
import type { Expression, Statement } from '../../grammar/ast.js'
import type { Env } from './env.js'
import type { Value } from './value.js'

/** Part of an elaboration: asks by `yield`, is answered with a value, returns what it computed. */
export type Steps<T> = Generator<Request, T, Value>

export interface Task extends Steps<Value> {}

/** What a step can ask for. Asking by data rather than by calling also keeps the files free of import cycles. */
export type Request = ExpressionRequest | BlockRequest

interface ExpressionRequest {
  readonly kind: 'expression'
  readonly expression: Expression
  readonly env: Env
}

/** The statements of a body; the answer is what it returns. */
interface BlockRequest {
  readonly kind: 'block'
  readonly statements: readonly Statement[]
  readonly env: Env
}

export type Dispatch = (request: Request) => Task | Value

export const valueOf = (expression: Expression, env: Env): Request => ({
  kind: 'expression',
  expression,
  env,
})
export const resultOf = (statements: readonly Statement[], env: Env): Request => ({
  kind: 'block',
  statements,
  env,
})

/** Runs a task to its end. */
export function run(first: Task, dispatch: Dispatch): Value {
  const stack: Task[] = [first]
  let answer: Value = { kind: 'poison' }
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const step = top.next(answer)
    if (step.done) {
      stack.pop()
      answer = step.value
      continue
    }
    const asked = dispatch(step.value)
    if ('kind' in asked) answer = asked
    else stack.push(asked)
  }
  return answer
}
