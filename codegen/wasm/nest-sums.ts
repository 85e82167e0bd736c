/**
 * Sums that a nest of loops adds to from start to end: lanes are added up once, after the outermost of the loops. In the largest loops of few
 * terms they stay in the type of the terms.
 */
import type { Local, Loop, Statement } from '../../src/schedule/loop-program.js'
import { nodesOf } from '../../src/schedule/scalars.js'
import { scalarsOf } from '../../src/schedule/split.js'
import type { Body } from './body.js'
import { type Code, type Variable, get, op, opAt, shuffle, vector } from './code.js'
import { LONG_SUM } from './demand.js'
import { stepsOf } from './vector-body.js'

const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]

/** Partial sums in 64 bits, in as many vectors as were asked for. */
export class NestSum {
  private readonly vectors: Variable[] = []
  private short: Variable | undefined
  private isShortUsed = false

  constructor(
    private readonly body: Body,
    private readonly local: Local,
  ) {}

  parts(count: number): readonly Variable[] {
    while (this.vectors.length < count) this.vectors.push(this.body.variable('v128', this.local.name))
    return this.vectors.slice(0, count)
  }

  /** The lanes of a sum of few terms of 32 bits, where a loop of them is open. */
  get few(): Variable | undefined {
    if (this.short) this.isShortUsed = true
    return this.short
  }

  get isOpen(): boolean {
    return this.short !== undefined
  }

  /** A loop that adds few terms. */
  open(): void {
    this.short = this.body.variable('v128', this.local.name)
    this.isShortUsed = false
  }

  /** What stands before and after that loop. */
  close(): { readonly before: () => void; readonly after: () => void } | undefined {
    const { body, short, isShortUsed } = this
    this.short = undefined
    if (!short || !isShortUsed) return undefined
    const [low, high] = this.parts(2)
    const half = (lanes: Code): Code => op('f64x2.promote_low_f32x4', lanes)
    return {
      before: () => body.set(short, vector('f32x4', 0)),
      after: () => {
        body.set(low, op('f64x2.add', get(low), half(get(short))))
        body.set(high, op('f64x2.add', get(high), half(shuffle(get(short), get(short), HIGH_HALF))))
      },
    }
  }

  get isUsed(): boolean {
    return this.vectors.length > 0
  }

  start(): void {
    for (const variable of this.vectors) this.body.set(variable, vector('f64x2', 0))
  }

  /** What the lanes add up to. */
  total(): Code {
    const sum = this.vectors.map((each): Code => get(each)).reduce((a, b) => op('f64x2.add', a, b))
    const whole = this.body.let(sum)
    return op('f64.add', opAt({ lane: 0 }, 'f64x2.extract_lane', whole), opAt({ lane: 1 }, 'f64x2.extract_lane', whole)) // prettier-ignore
  }
}

/** Locals of the surroundings that the loop adds to and does not look at. */
export function sumsOf(loop: Loop): Local[] {
  const sums = new Set<Local>()
  const others = new Set<Local>()
  let hasLoops = false
  const pending: Statement[] = [...loop.body]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'accumulate' && next.operator === 'add') sums.add(next.local)
    else if (next.kind === 'call') return []
    else if ('local' in next) others.add(next.local)
    for (const node of nodesOf(scalarsOf(next))) if (node.kind === 'local') others.add(node.local)
    if (next.kind === 'loop') {
      hasLoops = true
      pending.push(...next.body)
    }
    if (next.kind === 'branch') pending.push(...next.consequent, ...next.alternate)
  }
  return hasLoops ? [...sums].filter((local) => !others.has(local) && local.type === 'real') : []
}

/** Whether a loop adds so few terms to a sum that they may be added in their own type. */
export const isFew = (loop: Loop, local: Local): boolean => termsIn([loop], local) <= LONG_SUM

function termsIn(statements: readonly Statement[], local: Local): number {
  return statements.reduce((count, statement) => {
    switch (statement.kind) {
      case 'accumulate':
        return count + Number(statement.local === local)
      case 'loop': {
        const each = termsIn(statement.body, local)
        return each === 0 ? count : count + each * (stepsOf(statement) ?? Infinity)
      }
      case 'branch':
        return count + termsIn(statement.consequent, local) + termsIn(statement.alternate, local)
      default:
        return count
    }
  }, 0)
}
