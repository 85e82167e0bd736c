/** Random expressions, printed as prettier prints them. */
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { type Doc, layout } from '../../codegen/js/document.js'
import { assignmentDoc, conditionDoc, expressionDoc, returnDoc } from '../../codegen/js/print-syntax.js'
import {
  type Js,
  array,
  binary,
  call,
  create,
  element,
  math,
  name,
  negative,
  not,
  number,
  object,
} from '../../codegen/js/syntax.js'

const NAMES = ['x', 'y', 'n', 'probs', 'hidden1', 'gradient_logits', 'aVeryLongBufferName', 'σ']

class Drawing {
  constructor(private state: number) {}

  uniform(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0
    return this.state / 2 ** 32
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.uniform() * from.length)]
  }

  list(most: number, make: () => Js): Js[] {
    return Array.from({ length: Math.floor(this.uniform() * (most + 1)) }, make)
  }

  value(depth: number): Js {
    const kind = this.uniform()
    if (depth <= 0 || kind < 0.2)
      return this.uniform() < 0.3
        ? number(this.pick([0, 1, 2, -1, 0.5, 1e-7, 1234567.25]))
        : name(this.pick(NAMES))
    if (kind < 0.55)
      return binary(
        this.pick(['+', '-', '*', '/', '%']),
        this.value(depth - 1),
        this.value(depth - this.pick([1, 3])),
      )
    if (kind < 0.62) return negative(this.value(depth - 1))
    if (kind < 0.75) return element(name(this.pick(NAMES)), this.value(depth - 1))
    if (kind < 0.9)
      return math(this.pick(['exp', 'log1p', 'max']), ...this.list(3, () => this.value(depth - 1)))
    return {
      kind: 'conditional',
      test: this.condition(depth - 2),
      yes: this.value(depth - 2),
      no: this.value(depth - 2),
    }
  }

  condition(depth: number): Js {
    if (depth <= 0 || this.uniform() < 0.6)
      return binary(this.pick(['<', '<=', '===', '!==']), this.value(depth - 1), this.value(depth - 1))
    if (this.uniform() < 0.3) return not(this.condition(depth - 1))
    const right = binary('<', this.value(depth - 1), this.value(depth - 2))
    return binary(this.pick(['&&', '||']), this.condition(depth - 1), right)
  }

  statement(depth: number): Doc {
    switch (this.pick(['const', 'store', 'return', 'if', 'call', 'object', 'table'])) {
      case 'const':
        return [assignmentDoc('const value', ' =', this.value(depth)), ';']
      case 'store': {
        const target = expressionDoc(element(name('out'), this.value(depth - 2)))
        return [assignmentDoc(target, this.pick([' =', ' +=']), this.value(depth)), ';']
      }
      case 'if':
        return [conditionDoc('if', this.condition(depth)), ' {']
      case 'call':
        return [expressionDoc(call('kernel', ...this.list(5, () => this.value(depth - 2)))), ';']
      case 'object': {
        const items = [number(1), number(23456), this.value(depth - 4)]
        const inner = object([
          { key: 'W', value: name('W') },
          { key: 'some_long_name', value: array(items) },
          { key: 'l1.b', value: this.value(depth - 3) },
        ])
        const literal = object([
          { key: 'loss', value: this.value(depth - 2) },
          { key: 'gradients', value: inner },
        ])
        return this.uniform() < 0.5
          ? returnDoc(literal)
          : [expressionDoc(call('assign', ...this.list(2, () => this.value(1)), literal)), ';']
      }
      case 'table':
        return [
          assignmentDoc(
            'const TABLE',
            ' =',
            create(
              'Float64Array',
              array(this.list(40, () => number(Math.round(this.uniform() * 1e6) / 1e3))),
            ),
          ),
          ';',
        ]
      default:
        return returnDoc(this.value(depth))
    }
  }
}

describe('what is printed is what prettier prints', () => {
  test.each([1, 2, 3, 4])('seed %i', async (seed) => {
    const drawing = new Drawing(seed)
    const functions = Array.from({ length: 150 }, (_, at) => {
      const text = layout(drawing.statement(1 + (at % 5)), 2)
      return `function f${at}() {\n  ${text}${text.endsWith('{') ? '\n  }' : ''}\n}\n`
    })
    const text = functions.join('\n')
    expect(text).toBe(await format(text, { parser: 'babel' }))
  })
})
