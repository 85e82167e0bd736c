/** Bodies of loops as far as vectors can run them: statements over numbers, branches, loops inside. */
import type { Branch, Loop, Statement } from '../../src/schedule/loop-program.js'

/** What vectors can do. */
export type Simple = Exclude<Statement, { readonly kind: 'call' | 'product' | 'routine' | 'fill' | 'copy' }>

export function isSimple(statements: readonly Statement[]): statements is readonly Simple[] {
  return statements.every((statement) => {
    switch (statement.kind) {
      case 'branch':
        return isSimple(statement.consequent) && isSimple(statement.alternate)
      case 'loop':
        return isSimple(statement.body)
      case 'call':
      case 'product':
      case 'routine':
      case 'fill':
      case 'copy':
        return false
      default:
        return true
    }
  })
}

export const asSimple = (statements: readonly Statement[]): readonly Simple[] => {
  if (!isSimple(statements)) throw new Error('a loop inside of an innermost loop')
  return statements
}

/** All of them, those inside of others too. */
export function opened(statements: readonly Simple[]): Simple[] {
  return statements.flatMap((statement): Simple[] =>
    statement.kind === 'branch' || statement.kind === 'loop'
      ? [statement, ...opened(within(statement))]
      : [statement],
  )
}

/** The number of steps, if it is known. */
export const stepsOf = ({ from, to }: Loop): number | undefined =>
  from.kind === 'number' && to.kind === 'number' ? to.value - from.value : undefined

export const within = (statement: Branch | Loop): readonly Simple[] =>
  statement.kind === 'loop'
    ? asSimple(statement.body)
    : [...asSimple(statement.consequent), ...asSimple(statement.alternate)]

export const storesIn = (loop: Loop): boolean => opened(asSimple([loop])).some(({ kind }) => kind === 'store')
