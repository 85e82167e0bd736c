import type { RecurStatement, Statement, Target } from '../../../grammar/ast.js'
import type { Span } from '../../base/source.js'

interface Stepped {
  readonly target: Target
  readonly span: Span
  readonly doc: string | undefined
  /** How many leading subscripts are steps. */
  readonly steps: number
}

/** Deeper recurrences are a mistake. */
const DEEPEST = 16

/** The names that a recurrence steps, by the equation that shows it: as `src/check/recurrence-scan.ts` finds them. */
export function steppedNames(statement: RecurStatement): Stepped[] {
  const found = new Map<string, Stepped>()
  const fixed = new Map<string, Stepped>()
  const own = statement.binders.length
  const stack: { statement: Statement; steps: readonly string[] }[] = [{ statement, steps: [] }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { statement: at, steps } = next
    if (at.kind === 'recur') {
      if (steps.length > DEEPEST) continue
      const inner = [...steps, ...at.binders.map((binder) => binder.name.name)]
      stack.push(...at.body.map((each) => ({ statement: each, steps: inner })).toReversed())
    } else if (at.kind === 'definition') {
      for (const target of at.targets) {
        const { name } = target.name
        const count = leadingSteps(target, steps)
        const stepped = { target, span: at.span, doc: at.doc, steps: count }
        if (count >= own && !found.has(name)) found.set(name, stepped)
        else if (target.subscripts?.some(({ kind }) => kind !== 'binder') && !fixed.has(name))
          fixed.set(name, { ...stepped, steps: own })
      }
    }
  }
  // Initial values alone are a mistake; the name is known all the same.
  for (const [name, stepped] of fixed) if (!found.has(name)) found.set(name, stepped)
  return [...found.values()]
}

function leadingSteps({ subscripts = [] }: Target, steps: readonly string[]): number {
  let count = 0
  for (const step of steps) {
    const subscript = subscripts[count]
    if (subscript?.kind !== 'binder' || subscript.name.name !== step || subscript.lower || subscript.upper)
      break
    count++
  }
  return count
}
