import fc from 'fast-check'
import type {
  BinaryOperator,
  Binder,
  ComparisonOperator,
  Expression,
  Name,
  ReductionName,
  Slice,
} from '../../grammar/ast.js'
import type { Span } from '../../src/base/source.js'

/** Random trees that a text can spell: what the parser never makes is not made here either. */

export const span: Span = { source: { filename: 'made up', text: '' }, start: 0, end: 0 }

const NAMES = [
  'x',
  'y',
  'W',
  'e',
  'e3',
  'd',
  'i',
  'loss',
  'out',
  'param',
  'by',
  'μ',
  'ŷ',
  'h̃',
  'x1',
  'pi',
  'inf',
]
const REDUCTIONS: ReductionName[] = ['sum', 'prod', 'mean', 'max', 'argmin', 'logsumexp', 'any']

export const name: fc.Arbitrary<Name> = fc
  .constantFrom(...NAMES)
  .map((text) => ({ kind: 'name', name: text.normalize('NFKC'), span }))

const number: fc.Arbitrary<Expression> = fc
  .constantFrom('0', '1', '2', '10', '1.5', '.5', '1e-5', '2e3')
  .map((text) => ({ kind: 'number', text, span }))

const direction = fc.constantFrom<readonly ComparisonOperator[]>(['<', '<=', '=='], ['>', '>=', '=='])

function comparison(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const chain = direction.chain((allowed) =>
    fc
      .array(fc.constantFrom(...allowed), { minLength: 1, maxLength: 3 })
      .chain((operators) =>
        fc
          .array(operand, { minLength: operators.length + 1, maxLength: operators.length + 1 })
          .map((operands): Expression => ({ kind: 'comparison', operands, operators, span })),
      ),
  )
  const unequal = fc
    .tuple(operand, operand)
    .map((operands): Expression => ({ kind: 'comparison', operands, operators: ['!='], span }))
  return fc.oneof(chain, unequal)
}

export function binder(value: fc.Arbitrary<Expression>): fc.Arbitrary<Binder> {
  const bound = fc.record({ value, inclusive: fc.boolean() })
  return fc
    .record({
      name,
      lower: fc.option(bound, { nil: undefined }),
      upper: fc.option(bound, { nil: undefined }),
    })
    .map((parts) => ({ kind: 'binder', ...parts, span }))
}

function binary(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc
    .tuple(
      fc.constantFrom<BinaryOperator>('+', '-', '*', '@', '/', '^', 'and', 'or'),
      operand,
      operand,
      fc.boolean(),
    )
    .map(([operator, left, right, implicit]) => {
      const node = { kind: 'binary' as const, operator, left, right, span }
      return operator === '*' && implicit ? { ...node, implicit } : node
    })
}

function call(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const reduction: fc.Arbitrary<Expression> = fc
    .constantFrom(...REDUCTIONS)
    .map((text) => ({ kind: 'name', name: text, span }))
  const transposed: fc.Arbitrary<Expression> = name.map((of) => ({ kind: 'transpose', operand: of, span }))
  const member: fc.Arbitrary<Expression> = fc
    .tuple(operand, name)
    .map(([object, of]) => ({ kind: 'member', object, name: of, span }))
  return fc
    .record({
      callee: fc.oneof(name, reduction, transposed, member),
      positional: fc.array(operand, { maxLength: 2 }),
      named: fc.array(fc.tuple(name, operand), { maxLength: 2 }),
    })
    .map(({ callee, positional, named }) => ({
      kind: 'call',
      callee,
      arguments: [
        ...positional.map((value) => ({ value, span })),
        ...named.map(([of, value]) => ({ name: of, value, span })),
      ],
      span,
    }))
}

function subscript(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const slice: fc.Arbitrary<Slice> = fc
    .record({
      start: fc.option(operand, { nil: undefined }),
      end: fc.option(operand, { nil: undefined }),
    })
    .map((parts) => ({ kind: 'slice', ...parts, span }))
  return fc
    .record({
      object: operand,
      subscripts: fc.array(fc.oneof(operand, slice), { minLength: 1, maxLength: 3 }),
    })
    .map((parts) => ({ kind: 'subscript', ...parts, span }))
}

/** Expressions of every kind, rather small or rather large. */
function expressionOf(depthSize: 'xsmall' | 'medium'): fc.Arbitrary<Expression> {
  return fc.letrec<{ expression: Expression }>((tie) => tree(tie('expression'), depthSize)).expression
}

function tree(operand: fc.Arbitrary<Expression>, depthSize: 'xsmall' | 'medium') {
  const prefix: fc.Arbitrary<Expression> = fc
    .record({ operator: fc.constantFrom<'-' | '+' | 'not'>('-', '+', 'not'), operand })
    .map((parts) => ({ kind: 'unary', ...parts, span }))
  const conditional: fc.Arbitrary<Expression> = fc
    .record({ condition: operand, consequent: operand, alternate: operand })
    .map((parts) => ({ kind: 'conditional', ...parts, span }))
  const reduction: fc.Arbitrary<Expression> = fc
    .record({
      reduction: fc.constantFrom(...REDUCTIONS),
      binders: fc.array(binder(operand), { minLength: 1, maxLength: 2 }),
      filter: fc.option(operand, { nil: undefined }),
      body: operand,
    })
    .map((parts) => ({ kind: 'reduction', ...parts, span }))
  const transpose: fc.Arbitrary<Expression> = operand.map((of) => ({ kind: 'transpose', operand: of, span }))
  const member: fc.Arbitrary<Expression> = fc
    .tuple(operand, name)
    .map(([object, of]) => ({ kind: 'member', object, name: of, span }))
  const array: fc.Arbitrary<Expression> = fc
    .array(operand, { minLength: 1, maxLength: 3 })
    .map((elements) => ({ kind: 'array', elements, span }))
  return {
    expression: fc.oneof(
      { depthSize, withCrossShrink: true },
      { weight: 3, arbitrary: name },
      { weight: 2, arbitrary: number },
      { weight: 6, arbitrary: binary(operand) },
      { weight: 3, arbitrary: prefix },
      comparison(operand),
      conditional,
      { weight: 2, arbitrary: reduction },
      call(operand),
      subscript(operand),
      member,
      transpose,
      array,
    ),
  }
}

export const expression = expressionOf('medium')
export const smallExpression = expressionOf('xsmall')
