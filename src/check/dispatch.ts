/** What elaborates each kind of expression: the one place that knows them all. */
import type { Expression } from '../../grammar/ast.js'
import {
  elaborateBinary,
  elaborateComparison,
  elaborateConditional,
  elaborateNumber,
  elaborateUnary,
} from './arithmetic.js'
import { elaborateBlock } from './block.js'
import { elaborateCall } from './call.js'
import { elaborateContraction, elaborateTranspose } from './contraction.js'
import type { Env } from './env.js'
import { elaborateArray, elaborateMember, elaborateName } from './names.js'
import { elaborateReduction } from './reduction.js'
import { elaborateSubscript } from './subscript.js'
import type { Dispatch, Task } from './task.js'
import type { Value } from './value.js'

export const dispatch: Dispatch = (request) =>
  request.kind === 'block'
    ? elaborateBlock(request.statements, request.env)
    : elaborateExpression(request.expression, request.env)

function elaborateExpression(e: Expression, env: Env): Task | Value {
  switch (e.kind) {
    case 'number':
      return elaborateNumber(e, env)
    case 'name': {
      const binding = env.scope.value(e.name)
      return binding?.kind === 'value' ? binding.value : elaborateName(e, env)
    }
    case 'unary':
      return elaborateUnary(e, env)
    case 'binary':
      return e.operator === '@' ? elaborateContraction(e, env) : elaborateBinary(e, env)
    case 'comparison':
      return elaborateComparison(e, env)
    case 'conditional':
      return elaborateConditional(e, env)
    case 'reduction':
      return elaborateReduction(e, env)
    case 'call':
      return elaborateCall(e, env)
    case 'subscript':
      return elaborateSubscript(e, env)
    case 'member':
      return elaborateMember(e, env)
    case 'transpose':
      return elaborateTranspose(e, env)
    case 'array':
      return elaborateArray(e, env)
  }
}
