/**
 * When buffers are used: the statements of a method are its steps, one after the other, and those of a branch that hangs on a flag are steps
 * too. A loop is one step, so that what it uses together stays apart. Targets let buffers that are never used in one step share memory.
 */
import type { Buffer, Lifetime, Local, Method, Scalar, Statement } from './loop-program.js'
import { nodesOf } from './scalars.js'
import { touchedBy } from './split.js'

/** `results` are read after the last statement. */
export function lifetimesOf(
  body: readonly Statement[],
  results: readonly Scalar[],
  flags: ReadonlySet<Local>,
  sharing: Method['sharing'],
): ReadonlyMap<Buffer, Lifetime> {
  const found = new Map<Buffer, Lifetime>()
  const use = (buffers: Iterable<Buffer>, at: number, under: readonly Local[]): void => {
    for (const touched of buffers) {
      const buffer = sharing.get(touched) ?? touched
      const before = found.get(buffer)
      const isAlways = under.length === 0 || before?.flags.length === 0
      const either = isAlways ? [] : [...new Set([...(before?.flags ?? []), ...under])]
      found.set(buffer, { from: before?.from ?? at, until: at, flags: either })
    }
  }
  const steps = stepsOf(body, flags)
  for (const [at, { statement, under }] of steps.entries()) use(touchedBy([statement]).buffers, at, under)
  use(touchedBy([], results).buffers, steps.length, [])
  return found
}

interface Step {
  readonly statement: Statement
  readonly under: readonly Local[]
}

function stepsOf(body: readonly Statement[], flags: ReadonlySet<Local>): Step[] {
  return body.flatMap((statement): Step[] => {
    if (statement.kind === 'title' || statement.kind === 'remark') return []
    const under = statement.kind === 'branch' ? flagsIn(statement.condition, flags) : []
    if (statement.kind !== 'branch' || under.length === 0) return [{ statement, under }]
    return statement.consequent.map((inner) => ({ statement: inner, under }))
  })
}

/** The flags of which one must be set, if the condition asks for nothing else. */
export function flagsIn(condition: Scalar, flags: ReadonlySet<Local>): readonly Local[] {
  const nodes = nodesOf([condition])
  const isFlag = (node: Scalar): boolean => node.kind === 'local' && flags.has(node.local)
  if (!nodes.every((node) => isFlag(node) || (node.kind === 'apply' && node.operator === 'or'))) return []
  return nodes.flatMap((node) => (node.kind === 'local' ? [node.local] : []))
}
