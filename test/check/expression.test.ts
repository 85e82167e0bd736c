import { expect, test } from 'vitest'
import { parseExpression } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { checkExpression } from '../../src/check/check-expression.js'
import { showExpr } from '../../src/check/show.js'
import { Graph } from '../../src/ir/graph.js'

function elaborate(text: string): { kind: string; shown: string; free: string[]; messages: string[] } {
  const diagnostics = new Diagnostics()
  const graph = new Graph()
  const e = parseExpression({ filename: 'expression', text }, diagnostics)
  const checked = e && checkExpression(e, { graph, diagnostics })
  return {
    kind: checked?.expr.kind ?? 'none',
    shown: checked ? showExpr(graph, checked.expr) : '',
    free: [...(checked?.free.keys() ?? [])],
    messages: diagnostics.list.map(({ message }) => message),
  }
}

test('free names are real scalars, in order of appearance', () => {
  expect(elaborate('3x - x + 2x + 1')).toMatchObject({ shown: '4x + 1', free: ['x'] })
  expect(elaborate('sum[i < 3] a * i + pi').free).toEqual(['a'])
})

test('functions of the library', () => {
  expect(elaborate('silu(x)')).toMatchObject({ kind: 'mul', free: ['x'] })
  expect(elaborate('rellu(x)').messages).toEqual(["there is no function 'rellu'"])
})

const count = 30_000
test.each([
  ['a sum', Array.from({ length: count }, (_, i) => `exp(x*${i})`).join(' + '), 'add'],
  ['a product', Array.from({ length: count }, (_, i) => `(x+${i})`).join(' * '), 'mul'],
  ['calls inside calls', 'sin('.repeat(count) + 'x' + ')'.repeat(count), 'apply'],
  ['prefixes', '-'.repeat(count) + 'sin(x)', 'apply'],
  ['powers', Array.from({ length: count }, () => 'x').join('^'), 'apply'],
])(
  '30,000 terms: %s',
  (_, text, kind) => {
    expect(elaborate(text).kind).toBe(kind)
  },
  300_000,
)

test('a tower of brackets is a mistake, not a crash', () => {
  expect(elaborate('['.repeat(20_000) + 'x' + ']'.repeat(20_000)).messages).toEqual([
    'an array has at most 16 axes',
  ])
})
