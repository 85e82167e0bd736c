/**
 * The scalar expressions of one definition as a flat list of instructions, operands before users: compiled once,
 * run for every element. Which operands an instruction needs depends on values (guards, selections), so the list
 * is not run through but demanded from its roots.
 */
import type {
  Apply,
  ComputedDef,
  Def,
  DerivativeDef,
  Expr,
  Factor,
  Index,
  MatrixDef,
  Size,
} from '../ir/expr.js'
import { operandsOf, postorder } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'
import { OPERATORS } from '../ops/table.js'

export type Operation =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'index'; readonly position: number }
  | { readonly kind: 'read'; readonly def: Def }
  | { readonly kind: 'add'; readonly constant: number; readonly coefficients: readonly number[] }
  | { readonly kind: 'mul'; readonly exponents: readonly number[]; readonly factors: readonly Factor[] }
  | { readonly kind: 'apply'; readonly operator: OperatorName; readonly expr: Apply }
  | { readonly kind: 'select' | 'and' | 'or' | 'guard' | 'stop' }
  | { readonly kind: 'test'; readonly test: 'ge0' | 'eq0' }

export type Instruction = Operation & {
  /** Slots of operands. Of a guard: its conditions, then its body. */
  readonly operands: readonly number[]
  /** Whole-numbered or piecewise constant: computed in plain numbers, no derivative passes. */
  readonly discrete: boolean
  /** Depends on an index of the reduction: not kept from one of its entries to the next. */
  readonly varies: boolean
}

export interface Code {
  readonly instructions: readonly Instruction[]
  readonly slots: ReadonlyMap<Expr, number>
  /** Every instruction needs all its operands: nothing is evaluated conditionally. */
  readonly straight: boolean
}

export type Compiled = ComputedDef | DerivativeDef
/** What is computed, and not given. */
export type Made = Compiled | MatrixDef

export const isMade = (def: Def): def is Made =>
  def.kind === 'computed' || def.kind === 'derivative' || def.kind === 'matrix'

const CONDITIONAL: ReadonlySet<Operation['kind']> = new Set(['guard', 'select', 'and', 'or'] as const)

/** The expressions that an element of a definition is computed from. */
export function rootsOf(def: Made): readonly Expr[] {
  if (def.kind === 'matrix') return def.operands.map((operand) => operand.value)
  if (def.kind === 'derivative') return [...def.at, def.of]
  if (!def.body) throw new Error(`'${def.name}' has no body`)
  const { reduction } = def
  return reduction
    ? [...reduction.idx.map((index) => index.extent), ...reduction.filter, def.body]
    : [def.body]
}

/** Indices in the order of their values at run time: the definition's own, then the reduction's. */
export const indicesOf = (def: Compiled): readonly Index[] =>
  def.kind === 'computed' && def.reduction ? [...def.idx, ...def.reduction.idx] : def.idx

export const compileDefinition = (def: Compiled): Code =>
  compileExpressions(rootsOf(def), indicesOf(def), def.idx.length)

/** `indices[fixed…]` are those that change while the rest of the element is kept. */
export function compileExpressions(roots: readonly Expr[], indices: readonly Index[], fixed: number): Code {
  const slots = new Map<Expr, number>()
  const positions = new Map(indices.map((index, position) => [index, position]))
  const running = new Set(indices.slice(fixed))
  const instructions = postorder(roots).map((expr, slot): Instruction => {
    slots.set(expr, slot)
    return {
      ...operationOf(expr, positions),
      operands: orderedOperands(expr).map((operand) => {
        const at = slots.get(operand)
        if (at === undefined) throw new Error('an operand comes after its user')
        return at
      }),
      discrete: isDiscrete(expr),
      varies: expr.free.some((index) => running.has(index)),
    }
  })
  return { instructions, slots, straight: instructions.every(({ kind }) => !CONDITIONAL.has(kind)) }
}

const isDiscrete = (expr: Expr): boolean =>
  expr.integer ||
  expr.kind === 'test' ||
  (expr.kind === 'apply' && expr.operator !== 'select' && OPERATORS[expr.operator].derivative.kind === 'zero')

/** Conditions on indices alone come before those that read: the former may keep the latter in range. */
function orderedOperands(expr: Expr): readonly Expr[] {
  if (expr.kind !== 'guard') return operandsOf(expr)
  const reading = expr.conditions.filter(reads)
  return [...expr.conditions.filter((condition) => !reading.includes(condition)), ...reading, expr.body]
}

const reads = (expr: Expr): boolean => postorder([expr]).some((node) => node.kind === 'read')

function operationOf(expr: Expr, positions: ReadonlyMap<Index, number>): Operation {
  switch (expr.kind) {
    case 'num':
      return { kind: 'number', value: expr.value.toNumber() }
    case 'constant':
      return { kind: 'number', value: CONSTANTS[expr.name] }
    case 'size':
      return { kind: 'size', size: expr }
    case 'index': {
      const position = positions.get(expr)
      if (position === undefined) throw new Error('an index is not bound by the definition it stands in')
      return { kind: 'index', position }
    }
    case 'read':
      return { kind: 'read', def: expr.def }
    case 'add':
      return {
        kind: 'add',
        constant: expr.constant.toNumber(),
        coefficients: expr.terms.map((term) => term.coefficient.toNumber()),
      }
    case 'mul':
      return {
        kind: 'mul',
        exponents: expr.factors.map((factor) => factor.exponent.toNumber()),
        factors: expr.factors,
      }
    case 'apply':
      switch (expr.operator) {
        case 'select':
        case 'and':
        case 'or':
          return { kind: expr.operator }
        default:
          return { kind: 'apply', operator: expr.operator, expr }
      }
    case 'test':
      return { kind: 'test', test: expr.test }
    case 'guard':
      return { kind: 'guard' }
    case 'stop':
      return { kind: 'stop' }
  }
}

const CONSTANTS = { pi: Math.PI, inf: Infinity, nan: NaN } as const
