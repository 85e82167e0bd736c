/** Sums of what counts under conditions on data, as choices: `[c] a + [not c, d] b` is `if c then a else [d] b`, and each condition is looked at once. */
import type { AppliedOperator, Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { conjunctsOfClosed } from '../../ir/normal/condition.js'
import { procedure } from '../../rewrite/rule.js'

interface Piece {
  readonly conditions: readonly Expr[]
  readonly body: Expr
}

/** More pieces that hang together are looked through so often; those that are left stay as they are. */
const ROUNDS = 64

export const piecesOfData = procedure({
  name: 'pieces of data',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    const pieces: Piece[] = []
    const others: Term[] = []
    for (const term of e.terms) {
      const piece = pieceOf(graph, term)
      if (piece) pieces.push(piece)
      else others.push(term)
    }
    if (pieces.length < 2) return undefined
    const choices = new Choices(graph)
    const chosen = choices.of(pieces)
    return choices.made ? graph.add(chosen, graph.addTerms(e.constant, others)) : undefined
  },
})

const LOGICAL: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['lt', 'le', 'not'])

/** What counts where comparisons of data hold; conditions on indices stay guards, which become the bounds of loops. */
function pieceOf(graph: Graph, { node, coefficient }: Term): Piece | undefined {
  if (node.kind === 'apply')
    return LOGICAL.has(node.operator) ? { conditions: [node], body: graph.num(coefficient) } : undefined
  if (node.kind !== 'guard' || node.conditions.some(({ kind }) => kind !== 'apply')) return undefined
  return { conditions: node.conditions, body: graph.scale(coefficient, node.body) }
}

interface Occurrences {
  holds: number
  fails: number
}

class Choices {
  made = false

  constructor(private readonly graph: Graph) {}

  /**
   * In a nest of choices the conditions on the way to a piece stand together as one, which holds the one of a piece further up: the
   * innermost are put together first, and the conditions of what comes of them taken apart.
   */
  of(pieces: readonly Piece[]): Expr {
    const { graph } = this
    const groups = new Map<Expr, Piece[]>()
    const plain: Piece[] = []
    const put = (piece: Piece): void => {
      const closed = innermost(piece.conditions)
      const group = closed ? groups.get(closed) : plain
      if (group) group.push(piece)
      else if (closed) groups.set(closed, [piece])
    }
    for (const piece of pieces) put(piece)
    for (const closed of fromInside(groups.keys())) {
      const group = (groups.get(closed) ?? []).map(({ conditions, body }) => ({
        conditions: conditions.filter((condition) => condition !== closed),
        body,
      }))
      if (group.length > 0) put({ conditions: conjunctsOfClosed(closed), body: this.sum(group) })
    }
    return graph.addAll(together(graph, plain).map((group) => this.sum(group)))
  }

  private sum(pieces: readonly Piece[]): Expr {
    const { graph } = this
    const parts: Expr[] = []
    let left = pieces
    for (let round = 0; round < ROUNDS && left.length > 1; round++) {
      const condition = this.decisive(left)
      if (!condition) break
      this.made = true
      const opposite = graph.not(condition)
      const where = (holding: Expr): Expr =>
        this.sum(
          left
            .filter(({ conditions }) => conditions.includes(holding))
            .map(({ conditions, body }) => ({ conditions: conditions.filter((each) => each !== holding), body })), // prettier-ignore
        )
      parts.push(graph.select(condition, where(condition), where(opposite)))
      left = left.filter(
        ({ conditions }) => !conditions.includes(condition) && !conditions.includes(opposite),
      )
    }
    return graph.addAll([...parts, ...left.map(({ conditions, body }) => graph.guard(conditions, body))])
  }

  /** The condition that most pieces ask for, some to hold and some to fail. */
  private decisive(pieces: readonly Piece[]): Expr | undefined {
    const { graph } = this
    const counts = new Map<Expr, Occurrences>()
    for (const { conditions } of pieces)
      for (const condition of conditions) {
        const isOpposite = isNegative(condition)
        const plain = isOpposite ? graph.not(condition) : condition
        const count = counts.get(plain) ?? { holds: 0, fails: 0 }
        counts.set(plain, count)
        if (isOpposite) count.fails++
        else count.holds++
      }
    let best: Expr | undefined
    let most = 0
    for (const [condition, { holds, fails }] of counts)
      if (holds > 0 && fails > 0 && holds + fails > most) [best, most] = [condition, holds + fails]
    return best
  }
}

const isNegative = (e: Expr): boolean => e.kind === 'apply' && (e.operator === 'not' || e.operator === 'ne')

/** The last that was made of those that stand for several. */
function innermost(conditions: readonly Expr[]): Expr | undefined {
  let found: Expr | undefined
  for (const condition of conditions)
    if (isClosed(condition) && (!found || condition.id > found.id)) found = condition
  return found
}

const isClosed = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'and'

/** These and those that they hold; what holds another one was made after it. */
function fromInside(closed: Iterable<Expr>): readonly Expr[] {
  const found = new Set(closed)
  // What is added on the way is walked, too.
  for (const condition of found)
    for (const inner of conjunctsOfClosed(condition)) if (isClosed(inner)) found.add(inner)
  return [...found].sort((a, b) => b.id - a.id)
}

/** Pieces that share conditions, or the opposites of conditions, with one another. */
function together(graph: Graph, pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const groupOf = new Map<Expr, Piece[]>()
  const groups = new Set<Piece[]>()
  for (const piece of pieces) {
    const keys = piece.conditions.map((condition) => (isNegative(condition) ? graph.not(condition) : condition)) // prettier-ignore
    const known = new Set(keys.flatMap((key) => [groupOf.get(key)].filter((group) => group !== undefined)))
    const [own = [], ...more] = [...known].sort((a, b) => b.length - a.length)
    own.push(piece)
    groups.add(own)
    for (const group of more) {
      groups.delete(group)
      for (const other of group) {
        own.push(other)
        for (const condition of other.conditions)
          groupOf.set(isNegative(condition) ? graph.not(condition) : condition, own)
      }
    }
    for (const key of keys) groupOf.set(key, own)
  }
  return [...groups]
}
