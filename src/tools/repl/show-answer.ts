import type { Expression } from '../../../grammar/ast.js'
import { printMatrix } from '../../expression/print-matrix.js'
import type { Answer } from './answer.js'
import { tensorText } from './index-notation.js'
import type { Result } from './result.js'

/** An answer as it is shown, in text that can be typed in again. */
export function answerResult(
  answer: Answer,
  name: string,
  names: readonly string[],
  notes: readonly string[],
): Result {
  if (answer.kind === 'scalar') {
    const { simplified } = answer
    const { node } = simplified
    const isCondition = node.kind === 'apply' && CONDITIONS.has(node.operator)
    const [text, ...shared] = simplified.toString().split('\n').reverse()
    return {
      kind: 'expression',
      text,
      ...(shared.length > 0 ? { parts: shared.reverse() } : {}),
      where: [],
      conditions: simplified.conditions,
      notes: isCondition ? [...notes, '1 where this holds, 0 elsewhere'] : notes,
    }
  }
  const { result, where, matrix } = tensorText(answer, name, names)
  return {
    kind: 'expression',
    text: result,
    where,
    matrix: matrix && printMatrix(matrix),
    conditions: [],
    notes,
  }
}

const CONDITIONS: ReadonlySet<string> = new Set(['lt', 'le', 'eq', 'ne', 'and', 'or', 'not'])

/** What the results of an expression are called: `d_W` for a gradient by `W`, `J` for a Jacobian. */
export function resultNames(e: Expression): (at: number) => string {
  if (e.kind === 'name') return () => e.name
  if (e.kind !== 'call' || e.callee.kind !== 'name') return () => 'result'
  switch (e.callee.name) {
    case 'grad':
    case 'd':
      return (at) => {
        const value = e.arguments[at + 1]?.value
        return value?.kind === 'name' ? `d_${value.name}` : 'result'
      }
    case 'jacobian':
      return () => 'J'
    case 'hessian':
      return () => 'H'
    default:
      return () => 'result'
  }
}
