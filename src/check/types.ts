/** Types of parameters and definitions: shapes with sizes that are checked against values, or bound by them. */
import type { Dimension, Expression, TypeExpression } from '../../grammar/ast.js'
import type { Note } from '../base/diagnostic.js'
import type { Span } from '../base/source.js'
import type { Expr } from '../ir/expr.js'
import { isEqual, linearIn } from '../ir/prove.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { sizeScalar } from './inference.js'
import { Scope } from './scope.js'
import { showExpr, showShape } from './show.js'
import { namesIn } from './syntax.js'
import { type Steps, valueOf } from './task.js'
import { scalar } from './value.js'

export const isWholeType = (type: TypeExpression | undefined): boolean =>
  type?.name?.name === 'int' || type?.name?.name === 'bool'

export const SCALAR_TYPES: ReadonlySet<string> = new Set(['int', 'real', 'bool'])

const dimensionsOf = (type: TypeExpression): readonly Dimension[] => type.dimensions ?? []

/** How many leading axes a value has beyond its declared ones; undefined after a mistake. */
export interface Match {
  readonly excess: number
}

/** What is matched against a type: for messages. */
export interface Subject {
  readonly name: string
  readonly span: Span
  /** Extra leading axes are mapped over. */
  readonly mayExceed: boolean
}

/** Checks a shape against a type and binds the sizes it determines in `env.scope`. */
export function* matchType(
  env: Env,
  type: TypeExpression,
  shape: readonly Expr[],
  subject: Subject,
): Steps<Match | undefined> {
  const { graph } = env.context
  const dimensions = dimensionsOf(type)
  const rest = dimensions.findIndex((dimension) => dimension.kind === 'rest')
  const fixed = dimensions.filter((dimension) => dimension.kind !== 'rest')
  const excess = shape.length - fixed.length
  if (excess < 0 || (excess > 0 && rest < 0 && !subject.mayExceed)) {
    const wanted = fixed.length === 0 ? 'a scalar' : axesText(fixed.length) + (rest >= 0 ? ' or more' : '')
    const found = shape.length === 0 ? 'a scalar' : showShape(graph, shape)
    report(env, messages.rank(`'${subject.name}'`, wanted, found), subject.span, [{ message: 'its type is stated here', span: type.span }]) // prettier-ignore
    return undefined
  }
  const before = rest < 0 ? 0 : rest
  const pairs = fixed.map((dimension, at) => ({
    dimension,
    at,
    extent: shape[rest < 0 || at >= before ? at + excess : at],
  }))
  let sound = true
  let open = pairs
  // Sizes bound by one axis are known for the others: `[2l, 4b]` after `[l]`.
  while (open.length > 0) {
    const later: typeof open = []
    for (const pair of open) {
      const result = yield* matchExtent(env, pair.dimension, pair.extent, { ...subject, at: pair.at })
      if (result === 'mistake') sound = false
      if (result === 'later') later.push(pair)
    }
    if (later.length === open.length) {
      for (const { dimension } of later) report(env, messages.sizeUnknown([...unknownNames(env, dimension)][0] ?? ''), dimension.span) // prettier-ignore
      return undefined
    }
    open = later
  }
  return sound ? { excess: rest < 0 ? excess : 0 } : undefined
}

const axesText = (count: number): string => (count === 1 ? 'one axis' : `${count} axes`)

const expressionOf = (dimension: Dimension): Expression | undefined =>
  dimension.kind === 'rest' ? undefined : dimension.value

function unknownNames(env: Env, dimension: Dimension): Set<string> {
  const value = expressionOf(dimension)
  if (!value) return new Set()
  return new Set([...namesIn([value])].filter((name) => !env.scope.value(name)))
}

function* matchExtent(
  env: Env,
  dimension: Dimension,
  extent: Expr,
  subject: Subject & { readonly at: number },
): Steps<'fits' | 'mistake' | 'later'> {
  const { graph } = env.context
  const value = expressionOf(dimension)
  if (!value) return 'fits'
  const unknown = [...unknownNames(env, dimension)]
  if (unknown.length > 1) return 'later'
  if (value.kind === 'name' && unknown.length === 1) {
    env.scope.bind(value.name, scalar(extent), subject.span, 'size')
    return 'fits'
  }
  const scope = new Scope(env.scope)
  const standIn = unknown.length === 1 ? graph.size(unknown[0]) : undefined
  if (standIn) scope.bind(unknown[0], scalar(standIn), dimension.span, 'size')
  const declared = sizeScalar(env, yield valueOf(value, { ...env, scope }), value)
  if (!declared) return 'mistake'
  if (!standIn) {
    if (isEqual(graph, declared, extent)) return 'fits'
    report(
      env,
      mismatch(env, subject, declared, extent, value),
      subject.span,
      originNotes(env, dimension, value),
    )
    return 'mistake'
  }
  const split = linearIn(graph, declared, standIn)
  const solution = split && graph.div(graph.sub(extent, split.rest), split.coefficient)
  if (!solution?.integer) {
    const text = showExpr(graph, declared)
    report(env, messages.unsolvable(text, showExpr(graph, extent)), subject.span, [{ message: `'${subject.name}' is declared here`, span: dimension.span }]) // prettier-ignore
    return 'mistake'
  }
  env.scope.bind(unknown[0], scalar(solution), subject.span, 'size')
  return 'fits'
}

function mismatch(
  env: Env,
  subject: Subject & { readonly at: number },
  declared: Expr,
  extent: Expr,
  value: Expression,
) {
  const { graph } = env.context
  const what = value.kind === 'name' ? `size ${value.name}` : `axis ${subject.at}`
  return messages.sizeMismatch(
    `${what} of '${subject.name}'`,
    showExpr(graph, declared),
    showExpr(graph, extent),
  )
}

/** Where the sizes of a dimension were settled. */
function originNotes(env: Env, dimension: Dimension, value: Expression): Note[] {
  const notes: Note[] = [{ message: 'the type is stated here', span: dimension.span }]
  for (const name of namesIn([value])) {
    const binding = env.scope.value(name)
    if (binding?.kind !== 'value' || !binding.span || binding.value.kind !== 'tensor') continue
    const text = showExpr(env.context.graph, binding.value.element)
    notes.push({ message: `${name} = ${text} comes from here`, span: binding.span })
  }
  return notes
}

/**
 * The shape of a type whose sizes are the caller's: unknown names become symbolic sizes, bound in `env.scope`.
 * `..` stands for the extents given.
 */
export function* declaredShape(
  env: Env,
  type: TypeExpression | undefined,
  rest: readonly Expr[],
  declareSizes: boolean,
): Steps<Expr[] | undefined> {
  const { graph } = env.context
  const shape: Expr[] = []
  let sound = true
  for (const dimension of type?.dimensions ?? []) {
    if (dimension.kind === 'rest') {
      shape.push(...rest)
      continue
    }
    if (declareSizes)
      for (const name of unknownNames(env, dimension))
        env.scope.bind(name, scalar(graph.size(name)), dimension.span, 'size')
    const extent = sizeScalar(env, yield valueOf(dimension.value, env), dimension.value)
    const isEmpty = declareSizes && extent?.kind === 'num' && extent.facts.high < 1
    if (extent && isEmpty) report(env, messages.emptyAxis(showExpr(graph, extent)), dimension.span)
    if (extent && !isEmpty) shape.push(extent)
    else sound = false
  }
  return sound ? shape : undefined
}
