/** Expressions as text, in one scope of names. Iterative: the depth of an expression does not matter. */
import { level } from '../../grammar/precedence.js'
import type { Apply, ComputedDef, Expr, Guard, Index, Read } from './expr.js'
import {
  conjunctionPiece,
  differencePiece,
  sumOfTerms,
  termPiece,
  testPiece,
  type Composing,
} from './print-conditions.js'
import { OperandOrder, type Names } from './print-order.js'
import { atom, call, listed, numberPiece, within, type Piece, type Style } from './print-pieces.js'
import { ONE, ZERO } from './rational.js'

/** What an index is printed as: a name, or in a reduction shown in place, the subscript it was read at. */
export interface ScopedIndex {
  readonly piece: Piece
  readonly position: number
}

export interface Scope extends Names {
  readonly indices: ReadonlyMap<Index, ScopedIndex>
  /** A reduction shown in place of a read of it, or nothing if it is to be read by name. */
  inline(read: Read, args: readonly Piece[]): Piece | undefined
}

/** Texts grow exponentially with sharing; beyond this length an operand is left out. */
const LONGEST_OPERAND = 1 << 22
const ELLIPSIS = atom('…')

/** The operators printed under another name than their own. */
const SPELLED: ReadonlyMap<string, string> = new Map([['idiv', 'div']])

const RELATIONS = { lt: '<', le: '<=', eq: '==', ne: '!=' } as const

export class ExpressionPrinter implements Composing {
  readonly order: OperandOrder
  private readonly pieces = new Map<Expr, Piece>()
  private readonly named = new Set<Expr>()

  constructor(
    readonly style: Style,
    private readonly scope: Scope,
  ) {
    this.order = new OperandOrder(scope)
  }

  print(root: Expr): Piece {
    for (const node of this.order.walk([root]))
      if (!this.pieces.has(node)) this.pieces.set(node, this.compose(node))
    return this.piece(root)
  }

  /** Remembers the piece of a node that the caller composed. */
  keep(e: Expr, piece: Piece): void {
    this.pieces.set(e, piece)
  }

  /** From now on the node is printed as this name. */
  name(e: Expr, name: string): void {
    this.named.add(e)
    this.pieces.set(e, atom(name))
  }

  isNamed(e: Expr): boolean {
    return this.named.has(e)
  }

  piece(e: Expr): Piece {
    const piece = this.pieces.get(e)
    if (!piece) throw new Error(`a ${e.kind} is printed before its operands`)
    return piece.text.length > LONGEST_OPERAND ? ELLIPSIS : piece
  }

  /** The piece of a node whose operands have theirs. */
  compose(e: Expr): Piece {
    switch (e.kind) {
      case 'num':
        return numberPiece(e.value)
      case 'constant':
        return atom(e.name)
      case 'size':
        return atom(this.scope.size(e))
      case 'index':
        return this.scope.indices.get(e)?.piece ?? atom(this.scope.index(e))
      case 'read':
        return this.read(e)
      case 'add':
        return sumOfTerms(this, { terms: this.order.terms(e), constant: e.constant })
      case 'mul':
        return termPiece(this, { node: e, coefficient: ONE })
      case 'apply':
        return this.apply(e)
      case 'test':
        return testPiece(this, e)
      case 'guard':
        return this.guard(e)
      case 'stop':
        return call('stop_gradient', [this.piece(e.operand)])
    }
  }

  private read(e: Read): Piece {
    const args = e.args.map((arg) => this.piece(arg))
    const inlined = this.scope.inline(e, args)
    if (inlined) return inlined
    const name = this.scope.definition(e.def)
    if (args.length === 0 && this.style === 'display') return atom(name)
    return atom(`${name}[${listed(args)}]`)
  }

  private apply(e: Apply): Piece {
    // The conditions of a nested `and` are shown in one row: the `and`s below it have no pieces.
    if (e.operator === 'and') return conjunctionPiece(this, this.order.operands(e))
    const args = e.args.map((arg) => this.piece(arg))
    switch (e.operator) {
      case 'lt':
      case 'le':
      case 'eq':
      case 'ne': {
        const [left, right] = args.map((arg) => within(arg, level.sum))
        return { text: `${left} ${RELATIONS[e.operator]} ${right}`, level: level.comparison }
      }
      case 'or': {
        const [x, y] = this.order.operands(e).map((arg) => this.piece(arg))
        return { text: `${within(x, level.or)} or ${within(y, level.or + 1)}`, level: level.or }
      }
      case 'not': {
        const [operand] = e.args
        if (operand.kind === 'test' && operand.test === 'eq0') return differencePiece(this, operand.operand)
        if (this.style === 'display' && operand.kind === 'apply' && operand.operator === 'eq') {
          const [left, right] = operand.args.map((arg) => within(this.piece(arg), level.sum))
          return { text: `${left} != ${right}`, level: level.comparison }
        }
        return { text: `not ${within(args[0], level.not)}`, level: level.not }
      }
      case 'pow':
        return {
          text: `${within(args[0], level.postfix)}^${within(args[1], level.power)}`,
          level: level.power,
        }
      case 'select':
        return conditional(args[0], args[1], args[2])
      default:
        return call(SPELLED.get(e.operator) ?? e.operator, args)
    }
  }

  private guard(e: Guard): Piece {
    const condition = conjunctionPiece(this, this.order.conditions(e.conditions))
    if (this.style === 'display' && e.body.kind === 'num')
      return sumOfTerms(this, { terms: [{ node: e, coefficient: ONE }], constant: ZERO })
    return conditional(condition, this.piece(e.body), atom('0'))
  }
}

function conditional(condition: Piece, consequent: Piece, alternate: Piece): Piece {
  const plain = (piece: Piece): string => within(piece, level.conditional + 1)
  return {
    text: `if ${plain(condition)} then ${plain(consequent)} else ${alternate.text}`,
    level: level.conditional,
  }
}

/** `sum[k if filter] body`; a guard that is the whole body of a sum is a filter. */
export function reductionPiece(
  printer: ExpressionPrinter,
  { reduction, body }: ComputedDef,
  binders: readonly string[],
): Piece {
  if (!reduction || !body) throw new Error('no reduction to print')
  const asFilter = reduction.kind === 'sum' && printer.style === 'display' && body.kind === 'guard'
  const inner = asFilter && body.kind === 'guard' ? body.body : body
  const conditions = asFilter && body.kind === 'guard' ? body.conditions : reduction.filter
  const own = printer.print(inner)
  for (const condition of conditions) printer.print(condition)
  const filter =
    conditions.length === 0
      ? ''
      : ` if ${conjunctionPiece(printer, printer.order.conditions(conditions)).text}`
  return {
    text: `${reduction.kind}[${binders.join(', ')}${filter}] ${within(own, level.reduction)}`,
    level: level.reduction,
  }
}
