/** What is said where a derivative written in the language cannot be what was meant. */
import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'

const said = (source: string): string[] =>
  compileModule(source).diagnostics.map(
    ({ severity, message, suggestion = '' }) => `${severity}: ${message} | ${suggestion}`,
  )

const NOT_A_VARIABLE =
  "error: a derivative is taken with respect to a parameter, a defined name or a read of one | give it a name, 'u = …', and write the expression with 'u'"
const STEPS =
  "warning: this depends on 'x' only through steps (roundings, comparisons, positions): the derivative is 0 | write a smooth function in place of the step, sigmoid(k * x) for x > 0 for one"

test.each([
  [
    '(x) = d(x^2)',
    "error: d(…) takes an expression and a variable, or several variables | write 'd(e, x)'; for a product, 'd * (…)'",
  ],
  [
    '(x) = jacobian()',
    "error: jacobian(…) takes an expression and a variable, or several variables | write 'jacobian(e, x)'",
  ],
  ['(x) = hessian(x^2)', "error: hessian(…) takes an expression and a variable | write 'hessian(e, x)'"],
  [
    '(x) = hvp(x^2, x)',
    "error: hvp(…) takes an expression, a variable and a direction | write 'hvp(e, x, v)'",
  ],
  [
    '(x) = vjp(x^2, x, x, x)',
    "error: vjp(…) takes an expression, a variable and a cotangent | write 'vjp(e, x, g)'",
  ],
  ['(x) = stop_gradient(x, x)', "error: 'stop_gradient' takes 1 argument, here are 2 | "],
  ['(x) = grad(x^2, x, nope)', "error: 'nope' is not defined | "],
  ['(x) = d(x^2, x^2)', NOT_A_VARIABLE],
  ['(x) = d(x^2, 3)', NOT_A_VARIABLE],
  ['(x: [n]) = d(sum(x), x + 1)', NOT_A_VARIABLE],
  ['(x, k: int) = d(x * k, k)', "error: 'k' is whole-numbered: there is no derivative with respect to it | "],
  [
    '(x: [n]) = d(x^2, x)',
    "error: the derivative of a tensor by a tensor is a Jacobian | write 'jacobian(e, x)'",
  ],
  [
    '(x: [n]) = grad(x^2, x)',
    "error: what 'grad' differentiates must be a scalar, this is [n] | write 'jacobian(e, x)', or 'grad(sum(e), x)'",
  ],
  [
    '(x: [n]) = hessian(x^2, x)',
    "error: what 'hessian' differentiates must be a scalar, this is [n] | write 'hessian' of one entry, or of 'sum(e)'",
  ],
  ['(x: [n], v: [m]) = jvp(sin(x), x, v)', 'error: jvp: shapes [n] and [m] do not fit | '],
  [
    '(x, y) = d(x^2, y)',
    "warning: this does not depend on 'y': the derivative is 0 | write the expression in terms of 'y', or 0",
  ],
  ['(x) = d(floor(x) + sign(x), x)', STEPS],
  ['(x: [n]) = d(argmax[i] x[i], x)', STEPS],
  ['(x) = d(if x > 0 then 1 else 0, x)', STEPS],
])('%s', (text, message) => {
  expect(said(`export fn f${text}`)).toEqual([message])
})

test.each([
  '(x) = d(relu(x), x)',
  '(x) = d(stop_gradient(x), x)',
  '(x: [n]) = d(max[i] x[i], x)',
  '(x) = d(d(2x, x), x)',
])('%s: nothing to say', (text) => {
  expect(said(`export fn f${text}`)).toEqual([])
})

test('a position that is tested when the sizes are known is a variable', () => {
  expect(
    said('export fn f(x: [n]) = d(x[0]^2 * x[1], x[1])').every((line) => line.startsWith('warning')),
  ).toBe(true)
})
