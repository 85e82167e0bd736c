/** Sums that a nest of loops adds to from start to end: lanes are added up once, after the outermost of the loops. */
import type { Local, Loop, Statement } from '../../src/schedule/loop-program.js'
import { nodesOf } from '../../src/schedule/scalars.js'
import { scalarsOf } from '../../src/schedule/split.js'
import type { Body } from './body.js'
import { type Code, type Variable, get, op, opAt, vector } from './code.js'

/** Partial sums in 64 bits, in as many vectors as were asked for. */
export class NestSum {
  private readonly vectors: Variable[] = []

  constructor(
    private readonly body: Body,
    private readonly local: Local,
  ) {}

  parts(count: number): readonly Variable[] {
    while (this.vectors.length < count) this.vectors.push(this.body.variable('v128', this.local.name))
    return this.vectors.slice(0, count)
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
