/** Positions as sums over the index of a loop: which accesses lie side by side, which are apart, which are the same place. */
import type { Local, Scalar } from '../../src/schedule/loop-program.js'
import type { Body } from './body.js'
import { type Code, i32, op, plus, scaled } from './code.js'
import type { ScalarLowering } from './scalar.js'

/** `scale · factors`, times the index or not. */
export interface Term {
  readonly scale: number
  /** They do not change in the loop. */
  readonly factors: readonly Scalar[]
  readonly index: boolean
}

/** `coefficient · index + rest`. */
export interface Affine {
  readonly terms: readonly Term[]
  /** Where it is known. */
  readonly coefficient: number | undefined
}

/** What of a loop is asked for. */
export interface LoopScope {
  readonly index: Local
  /** The constants of the body. */
  readonly constants: ReadonlyMap<Local, Scalar>
  /** What the variables of the body are ever set to. */
  readonly settings: ReadonlyMap<Local, readonly Scalar[]>
  /** Variables that are added to or multiplied. */
  readonly sums: ReadonlySet<Local>
  /** Whether a scalar differs from step to step. */
  varies(scalar: Scalar): boolean
}

/** The scalar in terms of the index; `undefined` if it depends on it otherwise, or on data. */
export function affineOf(scalar: Scalar, scope: LoopScope): Affine | undefined {
  const terms = termsOf(scalar, scope)
  if (!terms) return undefined
  const collected = new Map<string, Term>()
  for (const term of terms) {
    const key = `${term.index} ${term.factors.map(({ id }) => id).join()}`
    collected.set(key, { ...term, scale: (collected.get(key)?.scale ?? 0) + term.scale })
  }
  const all = [...collected.values()].filter(({ scale }) => scale !== 0)
  const ofIndex = all.filter(({ index }) => index)
  const isKnown = ofIndex.every(({ factors }) => factors.length === 0)
  return { terms: all, coefficient: isKnown ? ofIndex.reduce((sum, { scale }) => sum + scale, 0) : undefined }
}

function termsOf(scalar: Scalar, scope: LoopScope): readonly Term[] | undefined {
  if (scalar.kind === 'number') return [{ scale: scalar.value, factors: [], index: false }]
  if (!scope.varies(scalar)) return [{ scale: 1, factors: [scalar], index: false }]
  if (scalar.kind === 'local') {
    if (scalar.local === scope.index) return [{ scale: 1, factors: [], index: true }]
    const value = scope.constants.get(scalar.local)
    return value && termsOf(value, scope)
  }
  if (scalar.kind === 'load') return undefined
  const [a, b] = scalar.args.map((arg) => termsOf(arg, scope))
  switch (scalar.operator) {
    case 'add':
      return a && b && [...a, ...b]
    case 'sub':
      return a && b && [...a, ...b.map((term) => ({ ...term, scale: -term.scale }))]
    case 'neg':
      return a?.map((term) => ({ ...term, scale: -term.scale }))
    case 'mul':
      return a && b && product(a, b)
    default:
      return undefined
  }
}

function product(a: readonly Term[], b: readonly Term[]): readonly Term[] | undefined {
  if (a.some(({ index }) => index) && b.some(({ index }) => index)) return undefined
  return a.flatMap((x) =>
    b.map((y) => ({
      scale: x.scale * y.scale,
      factors: [...x.factors, ...y.factors].sort((one, other) => one.id - other.id),
      index: x.index || y.index,
    })),
  )
}

/** How far the positions of one step are apart, if that is known. */
export function distance(a: Affine, b: Affine): number | undefined {
  const rest = new Map<string, number>()
  for (const [sign, { terms }] of [
    [1, a],
    [-1, b],
  ] as const)
    // prettier-ignore
    for (const { scale, factors, index } of terms) {
      const key = `${index} ${factors.map(({ id }) => id).join()}`
      rest.set(key, (rest.get(key) ?? 0) + sign * scale)
    }
  const CONSTANT = 'false '
  for (const [key, scale] of rest) if (scale !== 0 && key !== CONSTANT) return undefined
  return rest.get(CONSTANT) ?? 0
}

/** Whether steps of the loop, of which there are so many, never meet: at the same position only in the same step, or never at all. */
export function isApart(a: Affine, b: Affine, steps: number): boolean {
  const between = distance(a, b)
  if (between === undefined || a.coefficient === 0) return false
  if (between === 0) return true
  if (a.coefficient === undefined) return false
  return between % a.coefficient !== 0 || Math.abs(between) >= Math.abs(a.coefficient) * steps
}

/** The sum of some of the terms, over 32 bits. */
export function sumCode(
  { terms }: Affine,
  which: (term: Term) => boolean,
  scalars: ScalarLowering,
  body: Body,
): Code {
  return terms
    .filter(which)
    .map(({ scale, factors }) => {
      const product = factors
        .map((factor) => scalars.whole(factor))
        .reduce<Code | undefined>((left, right) => (left ? op('i32.mul', left, right) : right), undefined)
      return product ? scaled(body.let(product), scale) : i32(scale)
    })
    .reduce(plus, i32(0))
}
