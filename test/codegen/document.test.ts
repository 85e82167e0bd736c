/** Random expressions, printed as prettier prints them. */
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
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
import { Writer } from '../../codegen/js/writer.js'

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

  statement(writer: Writer, depth: number): void {
    switch (
      this.pick(['const', 'let', 'store', 'return', 'if', 'for', 'function', 'call', 'object', 'table'])
    ) {
      case 'const':
        writer.constant('value', this.value(depth))
        return
      case 'let':
        writer.variable('value', this.value(depth))
        return
      case 'store': {
        const target = element(name('out'), this.value(depth - 2))
        writer.assign(target, this.pick(['=', '+=']), this.value(depth))
        return
      }
      case 'if':
        writer.choose(this.condition(depth), () => writer.expression(call('next')), undefined)
        return
      case 'for':
        writer.loop('i', this.value(depth - 3), binary('<', name('i'), this.value(depth - 2)), 'i++', () =>
          writer.expression(call('next')),
        )
        return
      case 'function': {
        const parameters = NAMES.slice(0, Math.floor(this.uniform() * (NAMES.length + 1)))
        writer.function('', this.pick(['f', 'aFunctionWithALongName']), parameters, () =>
          writer.expression(call('next')),
        )
        return
      }
      case 'call':
        writer.expression(call('kernel', ...this.list(5, () => this.value(depth - 2))))
        return
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
        if (this.uniform() < 0.5) writer.return(literal)
        else writer.expression(call('assign', ...this.list(2, () => this.value(1)), literal))
        return
      }
      case 'table': {
        const items = this.list(this.pick([4, 40]), () => number(Math.round(this.uniform() * 1e6) / 1e3))
        writer.constant('TABLE', create('Float64Array', array(items)))
        return
      }
      default:
        writer.return(this.value(depth))
    }
  }
}

describe('what is printed is what prettier prints', () => {
  test.each([1, 2, 3, 4])('seed %i', async (seed) => {
    const drawing = new Drawing(seed)
    const writer = new Writer()
    for (let at = 0; at < 150; at++) {
      if (at > 0) writer.blank()
      writer.function('', `f${at}`, [], () => drawing.statement(writer, 1 + (at % 5)))
    }
    const text = writer.text()
    expect(text).toBe(await format(text, { parser: 'babel' }))
  })
})
