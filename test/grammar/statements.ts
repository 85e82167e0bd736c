import fc from 'fast-check'
import type {
  Definition,
  Dimension,
  Expression,
  Parameter,
  Signature,
  SizeParameter,
  Statement,
  Target,
  TypeExpression,
} from '../../grammar/ast.js'
import { binder, name, smallExpression as expression, span } from './syntax.js'

/** Random statements, blocks included. */

function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined })
}

const values = fc.array(expression, { minLength: 1, maxLength: 2 })
const doc = maybe(fc.constantFrom('one line', 'two\nlines', 'a gap\n\nin it'))

/** A name or a comparison would declare an index. */
const position: fc.Arbitrary<Expression> = expression.filter(
  ({ kind }) => kind !== 'name' && kind !== 'comparison',
)

const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  expression.map((value): Dimension => ({ kind: 'extent', value, span })),
  fc.tuple(name, expression).map(([of, value]): Dimension => ({ kind: 'named', name: of, value, span })),
  fc.constant<Dimension>({ kind: 'rest', span }),
)

const type: fc.Arbitrary<TypeExpression> = fc
  .record({ name: maybe(name), dimensions: maybe(fc.array(dimension, { maxLength: 2 })) })
  .map((parts) => (parts.name ? { ...parts, span } : { dimensions: parts.dimensions ?? [], span }))

const target: fc.Arbitrary<Target> = fc.record({
  name,
  subscripts: maybe(fc.array(fc.oneof(binder(expression), position), { minLength: 1, maxLength: 2 })),
  type: maybe(type),
  span: fc.constant(span),
})
const targets = fc.array(target, { minLength: 1, maxLength: 2 })

const size: fc.Arbitrary<SizeParameter> = fc.record({
  name,
  default: maybe(expression),
  span: fc.constant(span),
})
const parameter: fc.Arbitrary<Parameter> = fc.record({
  name,
  type: maybe(type),
  default: maybe(expression),
  doc,
  span: fc.constant(span),
})
const signature: fc.Arbitrary<Signature> = fc.record({
  name,
  sizes: maybe(fc.array(size, { maxLength: 2 })),
  parameters: fc.array(parameter, { maxLength: 3 }),
  span: fc.constant(span),
})

const definition: fc.Arbitrary<Definition> = fc.record({
  kind: fc.constant('definition'),
  targets,
  values,
  doc,
  span: fc.constant(span),
})

const simple: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 4, arbitrary: definition },
  fc.tuple(definition, fc.boolean()).map(([of, exported]): Statement => {
    const { doc: above, ...rest } = of
    return { kind: 'const', exported, definition: rest, doc: above, span }
  }),
  fc
    .record({ signature, by: maybe(name), given: maybe(name), values })
    .map((parts): Statement => ({ kind: 'derivative', ...parts, span })),
  fc
    .array(fc.record({ name, as: maybe(name) }), { minLength: 1, maxLength: 2 })
    .map((names): Statement => ({ kind: 'import', names, from: { text: './a b.nn', span }, span })),
  fc
    .record({
      target,
      initial: maybe(
        fc.record({ kind: fc.constantFrom('value' as const, 'draw' as const), value: expression }),
      ),
    })
    .map((parts): Statement => ({ kind: 'param', ...parts, span })),
  fc.record({ targets, values: maybe(values) }).map((parts): Statement => ({ kind: 'out', ...parts, span })),
  expression.map((value): Statement => ({ kind: 'loss', value, span })),
  values.map((results): Statement => ({ kind: 'return', values: results, span })),
  values.map((conditions): Statement => ({ kind: 'assume', conditions, span })),
)

/** Statements of every kind. */
export const statement: fc.Arbitrary<Statement> = fc.letrec<{ statement: Statement }>((tie) => {
  const body = fc.array(tie('statement'), { maxLength: 3 })
  const exported = fc.boolean()
  const word = fc.constantFrom('fn' as const, 'optimizer' as const)
  return {
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: simple },
      fc
        .record({ word, exported, signature, body, doc })
        .map((parts): Statement => ({ kind: 'function', ...parts, short: false, span })),
      fc
        .record({ word, exported, signature, values, doc })
        .map(({ values: results, ...parts }): Statement => {
          return {
            kind: 'function',
            ...parts,
            body: [{ kind: 'return', values: results, span }],
            short: true,
            span,
          }
        }),
      fc
        .record({ exported, signature, body, doc })
        .map((parts): Statement => ({ kind: 'model', ...parts, span })),
      fc
        .record({
          binders: fc.array(binder(expression), { minLength: 1, maxLength: 2 }),
          filter: maybe(expression),
          body,
        })
        .map((parts): Statement => ({ kind: 'recur', ...parts, span })),
    ),
  }
}).statement
