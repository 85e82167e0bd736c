/** A plain evaluator of expressions, by definition and without any cleverness, that refuses reads out of range. */
import { OPERATORS } from '../../src/ops/table.js'
import { SIGNATURES, type OperatorName, type Tuple } from '../../src/ops/signatures.js'
import type { Def, Expr, Index, Size } from '../../src/ir/expr.js'

export interface World {
  readonly sizes: ReadonlyMap<Size, number>
  readonly indices: ReadonlyMap<Index, number>
  /** The entry of an input, parameter or table at a position in range. */
  entry(def: Def, position: readonly number[]): number
}

export const inWorld = (
  entry: World['entry'] = () => 0,
  sizes: ReadonlyMap<Size, number> = new Map(),
): World => ({
  sizes,
  indices: new Map(),
  entry,
})

export const at = (world: World, indices: Iterable<readonly [Index, number]>): World => ({
  ...world,
  indices: new Map([...world.indices, ...indices]),
})

function tuple<N extends number>(values: readonly number[], length: N): Tuple<number, N>
function tuple(values: readonly number[], length: number): readonly number[] {
  if (values.length !== length) throw new Error(`${values.length} arguments for ${length}`)
  return values
}

export const applied = <K extends OperatorName>(operator: K, args: readonly number[]): number =>
  OPERATORS[operator].evaluate(...tuple(args, SIGNATURES[operator]))

const known = <K>(values: ReadonlyMap<K, number>, key: K, what: string): number => {
  const value = values.get(key)
  if (value === undefined) throw new Error(`${what} has no value`)
  return value
}

export function evaluate(e: Expr, world: World): number {
  const of = (operand: Expr): number => evaluate(operand, world)
  switch (e.kind) {
    case 'num':
      return e.value.toNumber()
    case 'constant':
      return { pi: Math.PI, inf: Infinity, nan: NaN }[e.name]
    case 'size':
      return known(world.sizes, e, `size ${e.name}`)
    case 'index':
      return known(world.indices, e, `index ${e.id}`)
    case 'read':
      return read(e.def, e.args.map(of), world)
    case 'add':
      return e.terms.reduce(
        (sum, term) => sum + term.coefficient.toNumber() * of(term.node),
        e.constant.toNumber(),
      )
    case 'mul':
      return e.factors.reduce((product, { base, exponent }) => product * of(base) ** exponent.toNumber(), 1)
    case 'apply':
      if (e.operator === 'select') return of(e.args[of(e.args[0]) === 0 ? 2 : 1])
      return applied(e.operator, e.args.map(of))
    case 'test':
      return Number(e.test === 'ge0' ? of(e.operand) >= 0 : of(e.operand) === 0)
    case 'guard':
      return e.conditions.every((condition) => of(condition) !== 0) ? of(e.body) : 0
    case 'stop':
      return of(e.operand)
  }
}

function read(def: Def, position: readonly number[], world: World): number {
  for (const [axis, { extent }] of def.idx.entries()) {
    const size = evaluate(extent, world)
    if (!(Number.isInteger(position[axis]) && position[axis] >= 0 && position[axis] < size))
      throw new RangeError(
        `'${def.name}' is read at ${position.join()} with ${size} entries along axis ${axis}`,
      )
  }
  if (def.kind !== 'computed') return world.entry(def, position)
  const { body, reduction } = def
  if (!body) throw new Error(`'${def.name}' has no body`)
  const inside = at(
    { ...world, indices: new Map() },
    def.idx.map((index, axis) => [index, position[axis]]),
  )
  if (!reduction) return evaluate(body, inside)
  const values = positions(reduction.idx.map(({ extent }) => evaluate(extent, inside)))
    .map((entry) =>
      at(
        inside,
        reduction.idx.map((index, axis) => [index, entry[axis]]),
      ),
    )
    .filter((entry) => reduction.filter.every((condition) => evaluate(condition, entry) !== 0))
    .map((entry) => evaluate(body, entry))
  switch (reduction.kind) {
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0)
    case 'prod':
      return values.reduce((product, value) => product * value, 1)
    case 'max':
      return Math.max(...values)
    case 'min':
      return Math.min(...values)
    case 'argmax':
      return values.indexOf(Math.max(...values))
    case 'argmin':
      return values.indexOf(Math.min(...values))
    case 'logsumexp':
      return Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0))
  }
}

/** All positions in a box, row-major. */
export function positions(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (all, extent) =>
      all.flatMap((position) =>
        Array.from({ length: Math.max(0, extent) }, (_, last) => [...position, last]),
      ),
    [[]],
  )
}
