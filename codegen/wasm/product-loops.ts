/**
 * Loops around a small product that all add to one panel, as the window of a convolution does: the product's kernel runs them inside, so that
 * sums stay in registers.
 */
import type { AddProduct, Constant, Local, Loop, Scalar } from '../../src/schedule/loop-program.js'
import { isNumber } from '../../src/schedule/scalars.js'
import { type Affine, affineOf, type LoopScope } from './affine.js'

export interface ProductNest {
  /** Outermost first. */
  readonly levels: readonly Level[]
  readonly product: AddProduct
}

interface Level {
  readonly loop: Loop
  readonly constants: readonly Constant[]
  /** Where the operands begin, in terms of the index. */
  readonly left: Affine
  readonly right: Affine
}

/** Kernels take so many loops. */
export const LEVELS = 2
/** Larger products pack their operands instead. */
const LARGEST = { volume: 4096, depth: 64 }

export function productNestOf(outermost: Loop): ProductNest | undefined {
  const loops: { loop: Loop; constants: readonly Constant[] }[] = []
  let loop = outermost
  for (;;) {
    if (loop.descending || loop.step !== 1 || loops.length === LEVELS) return undefined
    const last = loop.body.at(-1)
    const before = loop.body.slice(0, -1)
    const constants = before.filter((statement) => statement.kind === 'constant')
    if (constants.length < before.length || constants.some(({ local }) => local.type !== 'integer')) return undefined // prettier-ignore
    loops.push({ loop, constants })
    if (last?.kind === 'product') return planned(loops, last)
    if (last?.kind !== 'loop') return undefined
    loop = last
  }
}

function planned(
  loops: readonly { loop: Loop; constants: readonly Constant[] }[],
  product: AddProduct,
): ProductNest | undefined {
  if (!isSmall(product)) return undefined
  const constants = new Map(loops.flatMap((each) => each.constants.map(({ local, value }) => [local, value] as const))) // prettier-ignore
  const { panel, left, right } = product
  const same = [panel.offset, panel.rowStep, left.rowStep, left.depthStep, right.depthStep]
  const levels: Level[] = []
  for (const { loop, constants: own } of loops) {
    const scope = scopeOf(loop.index, constants)
    const bounds = loops.flatMap((other) => [other.loop.from, other.loop.to])
    if ([...same, ...bounds].some((scalar) => scope.varies(scalar))) return undefined
    const [start, other] = [left.offset, right.offset].map((offset) => affineOf(offset, scope))
    if (!start || !other || ![start, other].every((position) => isSteady(position, loops[0].loop)))
      return undefined
    levels.push({ loop, constants: own, left: start, right: other })
  }
  return { levels, product }
}

function isSmall({ right, rows, depth, columns }: AddProduct): boolean {
  if (!isNumber(right.columnStep, 1)) return false
  if (rows.kind !== 'number' || depth.kind !== 'number' || columns.kind !== 'number') return false
  return depth.value <= LARGEST.depth && rows.value * depth.value * columns.value <= LARGEST.volume
}

/** Steps of the index are as far as they are before the loops. */
const isSteady = ({ terms }: Affine, { index }: Loop): boolean =>
  terms.every((term) => !term.index || term.factors.every(({ depth }) => depth < index.depth))

function scopeOf(index: Local, constants: ReadonlyMap<Local, Scalar>): LoopScope {
  const known = new Map<Scalar, boolean>()
  const varies = (scalar: Scalar): boolean => {
    if (scalar.depth < index.depth) return false
    let found = known.get(scalar)
    if (found === undefined) known.set(scalar, (found = find(scalar)))
    return found
  }
  const find = (scalar: Scalar): boolean => {
    switch (scalar.kind) {
      case 'number':
        return false
      case 'local': {
        const value = constants.get(scalar.local)
        return scalar.local === index || (value !== undefined && varies(value))
      }
      case 'load':
        return varies(scalar.offset)
      case 'apply':
        return scalar.args.some(varies)
    }
  }
  return { index, constants, settings: new Map(), sums: new Set(), varies }
}
