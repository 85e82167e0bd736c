/**
 * When buffers are used: the statements of a method are its steps, one after the other, and those of a branch that hangs on a flag are steps
 * too. A loop is one step, so that what it uses together stays apart; but of a block of rows nothing is left for the next one, and so what
 * is done with each is as many steps. Targets let buffers that are never used in one step share memory.
 */
import type { Buffer, Lifetime, Local, Loop, Method, Scalar, Statement } from './loop-program.js'
import { nodesOf } from './scalars.js'
import { touchedBy } from './split.js'

/** `results` are computed, and arrays of results read, after the last statement. */
export function lifetimesOf(
  body: readonly Statement[],
  results: readonly Scalar[],
  flags: ReadonlySet<Local>,
  sharing: Method['sharing'],
): ReadonlyMap<Buffer, Lifetime> {
  const found = new Map<Buffer, Lifetime>()
  const steps = stepsOf(body, flags)
  const use = (buffers: Iterable<Buffer>, at: number, under: readonly Local[]): void => {
    for (const touched of buffers) {
      const buffer = sharing.get(touched) ?? touched
      const before = found.get(buffer)
      const isAlways = under.length === 0 || before?.flags.length === 0
      const either = isAlways ? [] : [...new Set([...(before?.flags ?? []), ...under])]
      const until = buffer.role === 'result' ? steps.length : at
      found.set(buffer, { from: before?.from ?? at, until, flags: either })
    }
  }
  for (const [at, { statement, under }] of steps.entries()) use(touchedBy([statement]).buffers, at, under)
  use(touchedBy([], results).buffers, steps.length, [])
  keepThroughBlocks(found, steps)
  return found
}

export interface Step {
  readonly statement: Statement
  readonly under: readonly Local[]
  /** The loop over blocks of rows that it is in. */
  readonly blocks: Loop | undefined
}

export const isOverBlocks = (statement: Statement): statement is Loop =>
  statement.kind === 'loop' && statement.ragged === true

export function stepsOf(body: readonly Statement[], flags: ReadonlySet<Local>, blocks?: Loop): Step[] {
  return body.flatMap((statement): Step[] => {
    if (statement.kind === 'title' || statement.kind === 'remark') return []
    if (!blocks && isOverBlocks(statement)) return stepsOf(statement.body, flags, statement)
    const under = statement.kind === 'branch' ? flagsIn(statement.condition, flags) : []
    if (statement.kind !== 'branch' || under.length === 0) return [{ statement, under, blocks }]
    return statement.consequent.map((inner) => ({ statement: inner, under, blocks }))
  })
}

/** The first and the last step of each loop over blocks. */
function rangesOfBlocks(steps: readonly Pick<Step, 'blocks'>[]): { from: number; until: number }[] {
  return steps.flatMap(({ blocks }, from) => {
    if (!blocks || (from > 0 && steps[from - 1].blocks === blocks)) return []
    let until = from
    while (steps.at(until + 1)?.blocks === blocks) until++
    return [{ from, until }]
  })
}

/** What is used outside of a loop over blocks too is needed from its first block to its last one. */
export function keepThroughBlocks<B, L extends Pick<Lifetime, 'from' | 'until'>>(
  found: Map<B, L>,
  steps: readonly Pick<Step, 'blocks'>[],
): void {
  for (const { from, until } of rangesOfBlocks(steps))
    for (const [buffer, lifetime] of found) {
      const isInside = lifetime.from >= from && lifetime.until <= until
      if (isInside || lifetime.until < from || lifetime.from > until) continue
      found.set(buffer, { ...lifetime, from: Math.min(lifetime.from, from), until: Math.max(lifetime.until, until) }) // prettier-ignore
    }
}

/** The flags of which one must be set, if the condition asks for nothing else. */
export function flagsIn(condition: Scalar, flags: ReadonlySet<Local>): readonly Local[] {
  const nodes = nodesOf([condition])
  const isFlag = (node: Scalar): boolean => node.kind === 'local' && flags.has(node.local)
  if (!nodes.every((node) => isFlag(node) || (node.kind === 'apply' && node.operator === 'or'))) return []
  return nodes.flatMap((node) => (node.kind === 'local' ? [node.local] : []))
}
