import { describe, expect, test } from 'vitest'
import { Graph } from '../../src/ir/graph.js'
import type { Program } from '../../src/ir/program.js'
import { readProgram } from '../../src/ir/read.js'
import { InvalidProgram, verifyProgram } from '../../src/ir/verify.js'
import { PROGRAMS, programOf } from './programs.js'

const TEXT_OF_M = 'model "M" {\n  at "m.nn" 1:1-1:2\n'

/** A program of one model that returns the last definition. */
const reading = (lines: readonly string[], rest = ''): Program =>
  readProgram(`${lines.join('\n')}\n${TEXT_OF_M}  output "y" = y\n${rest}}`)

describe('the verifier accepts', () => {
  test.each(PROGRAMS)('%s', (_, make) => {
    expect(() => verifyProgram(make(new Graph()), 'lower')).not.toThrow()
  })

  test.each([
    ['a guarded read', ['size n', 'input x[i < n]', 'y[i < n] = if 1 <= i then x[i - 1] else 0']],
    [
      'the arms of a condition',
      ['size n', 'input x[i < n]', 'y[i < n + 1] = if i < n then x[i] else x[i - 1]'],
    ],
    ['a filter', ['size n', 'input x[i < n]', 'y[i < n] = max[j < n] x[i - j] where j <= i']],
    [
      'a subscript by data',
      ['size n', 'input w[i < n]: int, bounds(7)', 'param E[i < 7]', 'y[i < n] = E[w[i]]'],
    ],
    ['a strided window', ['size H', 'input x[i < H]', 'y[o < div(H, 2)] = sum[u < 2] x[2 * o + u]']],
    [
      'an assumption',
      ['size H', 'size U', 'assume H - U', 'input x[i < H]', 'y[o < H - U + 1] = sum[u < U] x[o + u]'],
    ],
  ])('%s', (_, lines) => {
    expect(() => verifyProgram(reading(lines), 'lower')).not.toThrow()
  })
})

describe('the verifier refuses', () => {
  test.each([
    [
      'a read past the end',
      ['size n', 'input x[i < n]', 'y[i < n] = x[i + 1]'],
      'x[i + 1] is not proven in range',
    ],
    [
      'a read before the start',
      ['size n', 'input x[i < n]', 'y[i < n] = x[i - 1]'],
      'x[i - 1] is not proven in range',
    ],
    [
      'a guard around another read',
      ['size n', 'input x[i < n]', 'y[i < n] = x[i - 1] + (if 1 <= i then x[i] else 0)'],
      'x[i - 1] is not proven',
    ],
    [
      'the wrong arm',
      ['size n', 'input x[i < n]', 'y[i < n + 1] = if i < n then x[i - 1] else x[i]'],
      'is not proven in range',
    ],
    [
      'a read that only the filter of another protects',
      [
        'size n',
        'input x[i < n]',
        'z[i < n] = max[j < n] x[i - j] where j <= i',
        'y[i < n] = sum[j < n] x[i - j] * z[i]',
      ],
      'x[i - j] is not proven in range',
    ],
    [
      'data without a bound as a subscript',
      ['size n', 'input w[i < n]: int', 'param E[i < 7]', 'y[i < n] = E[w[i]]'],
      'E[w[i]] is not proven in range',
    ],
    ['a fraction as a subscript', ['input x[i < 3]', 'y[] = x[x[0]]'], 'the subscript x[0] is not whole'],
    ['a real number as a condition', ['input x[]', 'y[] = if x[] then 1 else exp(x[])'], 'x is no condition'],
    ['a recurrence without a body', ['y[]: nominal = none'], 'its body was never set'],
    ['a fractional extent', ['input x[i < 5 / 2]', 'y[] = x[0]'], 'the extent 2.5 is not whole'],
    ['a table of the wrong size', ['table x[i < 5]: values(1, 2)', 'y[] = x[0]'], '2 values for 5 entries'],
  ])('%s', (_, lines, message) => {
    const verify = (): void => verifyProgram(reading(lines), 'simplify')
    expect(verify).toThrow(InvalidProgram)
    expect(verify).toThrow("pass 'simplify' broke the program")
    expect(verify).toThrow(message)
  })

  test.each([
    ['a loss with axes', '  loss y\n', "the loss 'y' is no scalar"],
    ['a check by a fraction', '  check n / 2 "even"\n', 'the check n / 2 is not whole'],
    ['a size on an axis that is not there', '  size n = x axis 3\n', "'x' has no axis 3"],
    [
      'a cotangent of another shape',
      '  backward {\n gradient b = y\n}\n',
      "the cotangent of 'b' has another shape: 'y'",
    ],
    [
      'a tangent of another shape',
      '  tangent {\n output b\n}\n',
      "the tangent of 'y' has another shape: 'b'",
    ],
  ])('%s', (_, part, message) => {
    const program = reading(['size n', 'input x[i < n]', 'param b[]', 'y[i < n] = x[i] * b[]'], part)
    expect(() => verifyProgram(program, 'lower')).toThrow(message)
  })

  test('derivatives that the pass in charge has left', () => {
    const program = reading(['input x[]', 'derivative y[] = d(x[]^2, x[])'])
    expect(() => verifyProgram(program, 'lower')).not.toThrow()
    expect(() => verifyProgram(program, 'differentiate')).toThrow('a derivative is left')
  })

  test('definitions of another graph', () => {
    const [here, there] = [new Graph(), new Graph()]
    for (const graph of [here, there]) graph.input({ name: 'x', shape: [] })
    const y = there.define({ name: 'y', idx: [], body: there.one })
    expect(() => verifyProgram(programOf(here, [y]), 'inline')).toThrow('y = 1: it belongs to another graph')
  })

  test('with the first problems and the number of others', () => {
    const lines = [
      'size n',
      'input x[i < n]',
      ...Array.from({ length: 9 }, (_, at) => `y${at}[i < n] = x[i + ${at + 1}]`),
    ]
    const outputs = Array.from({ length: 9 }, (_, at) => `  output "y" = y${at}\n`)
    expect(() =>
      verifyProgram(readProgram(`${lines.join('\n')}\n${TEXT_OF_M}${outputs.join('')}}`), 'fold'),
    ).toThrow(/x\[i \+ 5\][^]*and 4 more$/)
  })
})
