/** Scalar expressions of the loop program in JavaScript. */
import { OPERATORS } from '../../src/ops/table.js'
import type { Buffer, Scalar, Variable } from '../../src/schedule/loop-program.js'
import { type Js, binary, call, element, math, member, name, negative, not, number } from './syntax.js'

/** How a function spells what it refers to. */
export interface Spelling {
  variable(variable: Variable): string
  buffer(buffer: Buffer): string
  /** The name of a function of the runtime, which the module then copies in. */
  runtime(name: string): string
}

export function scalarJs(scalar: Scalar, spelling: Spelling): Js {
  switch (scalar.kind) {
    case 'number':
      return numberJs(scalar.value)
    case 'constant':
      return constantJs(scalar.name)
    case 'variable':
      return name(spelling.variable(scalar.variable))
    case 'load':
      return element(name(spelling.buffer(scalar.buffer)), scalarJs(scalar.at, spelling))
    case 'operation':
      return operationJs(
        scalar,
        scalar.args.map((arg) => scalarJs(arg, spelling)),
        spelling,
      )
  }
}

export function numberJs(value: number): Js {
  if (Number.isNaN(value)) return name('NaN')
  if (Number.isFinite(value)) return number(value)
  return value > 0 ? name('Infinity') : negative(name('Infinity'))
}

export function constantJs(constant: 'pi' | 'inf' | 'nan'): Js {
  switch (constant) {
    case 'pi':
      return member(name('Math'), 'PI')
    case 'inf':
      return name('Infinity')
    case 'nan':
      return name('NaN')
  }
}

type Operation = Extract<Scalar, { kind: 'operation' }>

function operationJs({ operator }: Operation, args: readonly Js[], spelling: Spelling): Js {
  // The runtime has a function for it, which would be called in every subscript.
  if (operator === 'idiv') return math('floor', binary('/', args[0], args[1]))
  const { js } = OPERATORS[operator]
  switch (js.kind) {
    case 'prefix':
      return prefixJs(js.operator, args[0])
    case 'infix':
      return js.operator === '&&' || js.operator === '||'
        ? chain(js.operator, args[0], args[1])
        : binary(js.operator, args[0], args[1])
    case 'conditional':
      return { kind: 'conditional', test: args[0], yes: args[1], no: args[2] }
    case 'math':
      return math(js.name, ...args)
    case 'runtime':
      return call(spelling.runtime(js.name), ...args)
  }
}

function prefixJs(operator: '-' | '!', operand: Js): Js {
  if (operator === '!') return not(operand)
  return operand.kind === 'number' ? number(-operand.value) : negative(operand)
}

/** `a && (b && c)` is `a && b && c`, which is how it is printed. */
function chain(operator: '&&' | '||', left: Js, right: Js): Js {
  if (right.kind === 'binary' && right.operator === operator)
    return binary(operator, chain(operator, left, right.left), right.right)
  return binary(operator, left, right)
}
