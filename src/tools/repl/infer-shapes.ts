/** Shapes of undeclared names that cannot be numbers: `x[i]`, `A @ x`, the argument of `softmax`. */
import type {
  Call,
  Expression,
  FunctionDeclaration,
  Reduction,
  TypeExpression,
} from '../../../grammar/ast.js'
import type { Span } from '../../base/source.js'
import { everyExpression, operandsOf } from '../../check/syntax.js'
import { LIBRARY, outlineOf } from '../../std/library.js'

const SQUARE: ReadonlySet<string> = new Set([
  'inv',
  'det',
  'cofactors',
  'logdet',
  'cholesky',
  'solve',
  'trace',
])
const OVER_ENTRIES: ReadonlySet<string> = new Set(['sum', 'mean', 'prod', 'logsumexp', 'argmax', 'argmin'])
const LETTERS = ['n', 'm', 'k', 'd', 'p', 'q', 'r', 's']

/** An axis of a name; axes of equal extent are joined. */
class Axis {
  private parent: Axis | undefined
  wanted: string | undefined

  /** `extent`: as it was declared. */
  constructor(public extent?: Expression) {}

  root(): Axis {
    return this.parent?.root() ?? this
  }

  join(other: Axis): void {
    const [a, b] = [this.root(), other.root()]
    if (a === b) return
    b.parent = a
    a.wanted ??= b.wanted
    a.extent ??= b.extent
  }
}

export function inferShapes(
  expressions: readonly Expression[],
  isOpen: (name: string) => boolean,
  functionOf: (name: string) => FunctionDeclaration | undefined,
  taken: ReadonlySet<string>,
  declared: (name: string) => TypeExpression | undefined,
): ReadonlyMap<string, TypeExpression> {
  const axes = new Map<string, Axis[]>()
  const known = new Map<string, Axis[]>()
  const sizes = new Map<string, Axis>()
  const all = [...everyExpression(expressions)]
  const bound = new Set(
    all.flatMap((e) => (e.kind === 'reduction' ? e.binders.map(({ name }) => name.name) : [])),
  )
  const give = (e: Expression, rank: number): Axis[] | undefined => {
    if (e.kind !== 'name' || bound.has(e.name)) return undefined
    const present = axes.get(e.name) ?? known.get(e.name)
    if (present) return present
    const type = declared(e.name)
    if (type) {
      const own = axesOf(type, sizes)
      known.set(e.name, own)
      return own
    }
    if (!isOpen(e.name)) return undefined
    const made = Array.from({ length: rank }, () => new Axis())
    axes.set(e.name, made)
    return made
  }
  for (const e of all) {
    if (e.kind === 'subscript') give(e.object, e.subscripts.length)
    if (e.kind === 'call') called(e, give, functionOf)
  }
  for (const e of all) if (e.kind === 'binary' && e.operator === '@') multiplied(e.left, e.right, give)
  for (const e of all) if (e.kind === 'reduction') ranged(e, give)
  return named(axes, expressions[0].span, taken)
}

/** The axes of a declared name: those of one size are one. */
function axesOf({ dimensions = [] }: TypeExpression, sizes: Map<string, Axis>): Axis[] {
  return dimensions.map((dimension) => {
    if (dimension.kind !== 'extent') return new Axis()
    const { value } = dimension
    const name = value.kind === 'name' ? value.name : value.kind === 'number' ? value.text : undefined
    const axis = (name === undefined ? undefined : sizes.get(name)) ?? new Axis(value)
    if (name !== undefined) sizes.set(name, axis)
    return axis
  })
}

type Give = (e: Expression, rank: number) => Axis[] | undefined

function called(e: Call, give: Give, functionOf: (name: string) => FunctionDeclaration | undefined): void {
  if (e.callee.kind !== 'name') return
  const { name } = e.callee
  const [first] = e.arguments
  if (SQUARE.has(name) && first) {
    const matrix = give(first.value, 2)
    if (matrix?.length === 2) matrix[0].join(matrix[1])
    const second = name === 'solve' ? e.arguments[1]?.value : undefined
    const right = second && give(second, isMatrix(second) ? 2 : 1)
    if (matrix && right) matrix[0].join(right[0])
  }
  if (OVER_ENTRIES.has(name) && e.arguments.length === 1) overEntries(first.value, give)
  const sizes = new Map<string, Axis>()
  for (const [at, { type }] of (functionOf(name)?.signature.parameters ?? []).entries()) {
    const argument = e.arguments.find((each) => each.name?.name === functionOf(name)?.signature.parameters[at].name.name) ?? e.arguments[at] // prettier-ignore
    const dimensions = (type?.dimensions ?? []).filter(({ kind }) => kind === 'extent')
    if (!argument || argument.name || dimensions.length === 0 || type?.name) continue
    const given = give(argument.value, dimensions.length)
    if (given?.length !== dimensions.length) continue
    for (const [axis, dimension] of dimensions.entries()) {
      if (dimension.kind !== 'extent' || dimension.value.kind !== 'name') continue
      const size = sizes.get(dimension.value.name) ?? new Axis()
      sizes.set(dimension.value.name, size)
      size.wanted ??= dimension.value.name
      given[axis].join(size)
    }
  }
}

/** `sum((x - y)^2)`: what is summed over its entries is a vector, and so is all that it is made of, unless a product says more. */
function overEntries(e: Expression, give: Give): void {
  const parts = [...everyExpression([e])]
  const isPointwise = parts.every(({ kind }) => kind === 'name' || kind === 'number' || kind === 'unary' || kind === 'binary' || kind === 'call') // prettier-ignore
  if (!isPointwise || parts.some((part) => part.kind === 'binary' && part.operator === '@')) return
  const callees = new Set(parts.flatMap((part) => (part.kind === 'call' ? [part.callee] : [])))
  const vectors = parts.filter((part) => !callees.has(part)).flatMap((part) => [give(part, 1) ?? []])
  const axes = vectors.filter((vector) => vector.length === 1).map(([axis]) => axis)
  for (const axis of axes.slice(1)) axes[0].join(axis)
}

/** `A @ x`: capital letters are matrices; the last axis of the left meets the first of the last two of the right. */
function multiplied(left: Expression, right: Expression, give: Give): void {
  let last = left
  while (last.kind === 'binary' && last.operator === '@') last = last.right
  let first = right
  while (first.kind === 'binary' && first.operator === '@') first = first.left
  const a = operandAxes(last, give)
  const b = operandAxes(first, give)
  // A vector at the end of a chain leaves the axis before it, if that is known: `(x' @ A) @ y`.
  const inner = a?.at(-1)
  const outer = b?.at(-2) ?? b?.at(-1)
  if (inner && outer) inner.join(outer)
}

/** `sum[i] x[i] * y[i]`: the axes that an index without bounds of its own runs along are one. */
function ranged({ binders, body, filter }: Reduction, give: Give): void {
  for (const { name, lower, upper } of binders) {
    if (lower || upper) continue
    const [first, ...others] = [body, ...(filter ? [filter] : [])].flatMap((e) =>
      axesAlong(e, name.name, give),
    )
    for (const axis of others) first.join(axis)
  }
}

function axesAlong(root: Expression, index: string, give: Give): Axis[] {
  const found: Axis[] = []
  const pending = [root]
  for (let e = pending.pop(); e; e = pending.pop()) {
    // An inner index of the same name is another one.
    if (e.kind === 'reduction' && e.binders.some(({ name }) => name.name === index)) continue
    if (e.kind === 'subscript') {
      const own = axesOfValue(e.object, e.subscripts.length, give)
      for (const [at, part] of e.subscripts.entries())
        if (part.kind === 'name' && part.name === index && own?.length === e.subscripts.length)
          found.push(own[at])
    }
    pending.push(...operandsOf(e))
  }
  return found
}

/** The axes of `x`, `A'`, `A @ x` and `-x`, as far as they are those of names. */
function axesOfValue(e: Expression, rank: number, give: Give): readonly Axis[] | undefined {
  switch (e.kind) {
    case 'name':
      return give(e, rank)
    case 'transpose':
      return axesOfValue(e.operand, rank, give)?.toReversed()
    case 'unary':
      return axesOfValue(e.operand, rank, give)
    case 'binary': {
      if (e.operator !== '@') return undefined
      const [left, right] = [operandAxes(e.left, give), operandAxes(e.right, give)]
      return left && right && [...left.slice(0, -1), ...right.slice(1)]
    }
    default:
      return undefined
  }
}

const isMatrix = (e: Expression): boolean => e.kind === 'name' && /^\p{Lu}/u.test(e.name)

function operandAxes(e: Expression, give: Give): readonly Axis[] | undefined {
  const inner = e.kind === 'transpose' ? e.operand : e
  if (inner.kind !== 'name') return undefined
  const given = give(inner, isMatrix(inner) ? 2 : 1)
  return e.kind === 'transpose' ? given?.toReversed() : given
}

function named(
  axes: ReadonlyMap<string, readonly Axis[]>,
  span: Span,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, TypeExpression> {
  const names = new Map<Axis, string>()
  const used = new Set(taken)
  for (const each of axes.values())
    for (const axis of each) {
      const root = axis.root()
      if (names.has(root) || root.extent) continue
      const name = [...(root.wanted ? [root.wanted] : []), ...LETTERS].find((letter) => !used.has(letter)) ?? `n${used.size}` // prettier-ignore
      used.add(name)
      names.set(root, name)
    }
  return new Map(
    [...axes].map(([name, each]) => {
      const dimensions = each.map((axis) => ({
        kind: 'extent' as const,
        value: axis.root().extent ?? { kind: 'name' as const, name: names.get(axis.root()) ?? 'n', span },
        span,
      }))
      return [name, { dimensions, span }]
    }),
  )
}

/** The declaration of a function of the library. */
export function libraryFunction(name: string): FunctionDeclaration | undefined {
  const file = LIBRARY.find(({ functions }) => functions.includes(name))
  const declared = file && outlineOf(file).declarations.find((declaration) => declaration.name === name)
  const syntax = declared?.syntax()
  return syntax?.kind === 'function' ? syntax : undefined
}
