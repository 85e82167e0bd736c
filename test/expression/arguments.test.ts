/** Callers in JavaScript have no type checker: wrong arguments are mistakes with words, not crashes or wrong answers. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { NnError } from '../../src/base/nn-error.js'
import { compileFunction, diff, evaluate, grad, simplify } from '../../src/expression.js'

type Callee = (...args: never[]) => unknown

const WRONG: readonly (readonly [callee: Callee, args: readonly unknown[], message: RegExp])[] = [
  [simplify, [], /an expression is a text, .* not undefined/],
  [simplify, [3], /an expression is a text, .* not 3/],
  [simplify, [''], /an expression is missing/],
  [simplify, ['x', null], /the options are an object/],
  [simplify, ['x', { asume: 'x > 0' }], /there is no option 'asume'/],
  [simplify, ['x', { assume: 3 }], /assume is a text .* not 3/],
  [diff, ['x^2'], /the name of a variable .* not undefined/],
  [diff, ['x^2', 'x + 1'], /the name of a variable .* not 'x \+ 1'/],
  [diff, ['x^2', '2x'], /the name of a variable/],
  [diff, ['x^2', 'x', '2'], /the order of a derivative/],
  [diff, ['x^2', 'x', { assume: 'x > 0' }], /the order of a derivative/],
  [grad, ['x^2', 'x'], /a list of variables .* not 'x'/],
  [evaluate, ['x^2'], /the values are an object/],
  [evaluate, ['x^2', { x: '3' }], /the value of 'x' is a number, not '3'/],
  [compileFunction, ['x^2', 'x'], /a list of variables/],
  [compileFunction, [[3], ['x']], /an expression is a text/],
]

test.each(WRONG)('%o of %j', (callee, args, message) => {
  let thrown: unknown
  try {
    Reflect.apply(callee, undefined, args)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(NnError)
  expect(String(thrown)).toMatch(message)
})

test('a mistake has its line, column and frame', () => {
  let thrown: unknown
  try {
    simplify('x +\n  sigmod(x)')
  } catch (error) {
    thrown = error
  }
  const [mistake] = thrown instanceof NnError ? thrown.diagnostics : []
  expect(mistake).toMatchObject({ code: 'unknown-function', line: 2, column: 3 })
  expect(mistake.frame).toBe('2 |   sigmod(x)\n  |   ^^^^^^')
})

test('names are those after Unicode normalisation', () => {
  expect(String(diff('x₁^2', 'x₁'))).toBe('2x1')
  expect(grad('x₁ * x₂', ['x₁', 'x₂']).map(String)).toEqual(['x2', 'x1'])
  expect(evaluate('x₁^2', { 'x₁': 3 })).toBe(9)
  expect(compileFunction('x₁^2', ['x₁'])(3)).toBe(9)
})

test('an expression shows itself as its text', () => {
  const e = simplify('3x - x + 2x + 1')
  expect(inspect(e)).toBe('4x + 1')
  expect(JSON.stringify({ e })).toBe('{"e":"4x + 1"}')
})
