/** Each node of an expression in `.nn` syntax as a textbook sets it: `4x + 1`, `2x * y^2 + 2x / y^2`. */
import { level } from '../../grammar/precedence.js'
import type { Apply, Expr, Guard, Index, Read } from '../ir/expr.js'
import { differencePiece, testPiece, type Composing } from '../ir/print-conditions.js'
import { OperandOrder } from '../ir/print-order.js'
import { atom, call, joined, numberPiece, shortNumber, within, type Piece } from '../ir/print-pieces.js'
import { ONE, type Rational } from '../ir/rational.js'
import { overOneNumber } from '../ir/term.js'
import { conditional, flipped, fractionPiece, rootOfNumber, signed } from './textbook-pieces.js'
import { conjuncts, intervalOf } from './intervals.js'
import { isPlain, namesIn } from './plain.js'

const RELATIONS = { lt: '<', le: '<=', eq: '==', ne: '!=' } as const
const MIRRORED = { lt: '>', le: '>=', eq: '==', ne: '!=' } as const

const LETTERS = ['k', 'i', 'j', 'l', 'p', 'q', 'r', 's']
/** Reductions shown within each other. */
const DEEPEST = 40

export class TextbookPrinter {
  readonly order: OperandOrder
  private readonly pieces = new Map<Expr, Piece>()
  /** Beside an `if` what counts under a condition is one, too. */
  private isBesideChoices = false
  /** Beside `x / 2` a half is `1 / 2`, else 0.5. */
  private isBesideFractions = false

  /** The indices in scope and what they are printed as. */
  constructor(
    private readonly indices: ReadonlyMap<Index, Piece> = new Map(),
    private readonly depth = 0,
  ) {
    const places = [...indices.keys()]
    this.order = new OperandOrder({
      index: (index) => indices.get(index)?.text ?? `i${index.ordinal}`,
      position: (index) => places.indexOf(index),
      size: (size) => size.name,
      definition: (def) => def.name,
    })
  }

  print(root: Expr): Piece {
    for (const node of this.ordered(root)) this.set(node, this.compose(node))
    return this.piece(root)
  }

  /** The nodes of what is printed, operands first. */
  ordered(root: Expr): readonly Expr[] {
    const nodes = this.order.walk([root])
    this.isBesideChoices = nodes.some((e) => e.kind === 'apply' && e.operator === 'select')
    this.isBesideFractions = nodes.some(
      (e) => e.kind === 'add' && e.terms.some(({ coefficient }) => shortNumber(coefficient) === undefined),
    )
    return nodes
  }

  set(e: Expr, piece: Piece): void {
    this.pieces.set(e, piece)
  }

  piece(e: Expr): Piece {
    return this.pieces.get(e) ?? this.compose(e)
  }

  compose(e: Expr): Piece {
    switch (e.kind) {
      case 'num':
        return this.number(e.value)
      case 'constant':
      case 'size':
        return atom(e.name)
      case 'index':
        return this.indices.get(e) ?? atom(`i${e.ordinal}`)
      case 'read':
        return this.read(e)
      case 'add':
        return this.sum(this.order.terms(e), e.constant)
      case 'mul':
        return this.product(ONE, e)
      case 'apply':
        return this.apply(e)
      case 'test':
        return testPiece(this.whole, e)
      case 'guard':
        return this.guard(e)
      case 'stop':
        return call('stop_gradient', [this.piece(e.operand)])
    }
  }

  /** For comparisons of whole numbers, which put terms on both sides. */
  private get whole(): Composing {
    return { style: 'display', order: this.order, piece: (e) => this.piece(e), isNamed: () => false }
  }

  private read({ def, args }: Read): Piece {
    const pieces = args.map((arg) => this.piece(arg))
    if (def.kind === 'matrix' && args.length === 0) return call(def.operator, [atom(def.subject)])
    if (def.kind !== 'computed' || def.nominal || !def.body || this.depth > DEEPEST)
      return atom(
        args.length === 0
          ? def.name
          : `${def.name}[${joined(
              pieces.map(({ text }) => text),
              ', ',
            )}]`,
      )
    const indices = new Map(def.idx.map((index, axis): [Index, Piece] => [index, pieces[axis]]))
    const bound = def.reduction?.idx ?? []
    const parts = [def.body, ...(def.reduction?.filter ?? [])]
    const taken = new Set([...[...indices.values()].map(({ text }) => text), ...namesIn(parts)])
    for (const [at, index] of bound.entries()) {
      const wanted = [def.indexNames[def.idx.length + at], ...LETTERS].filter((name) => name !== undefined)
      const name = wanted.find((letter) => !taken.has(letter)) ?? `k${this.depth}_${at}`
      taken.add(name)
      indices.set(index, atom(name))
    }
    const inner = new TextbookPrinter(indices, this.depth + 1)
    if (!def.reduction) return inner.print(def.body)
    const asFilter = def.reduction.kind === 'sum' && def.body.kind === 'guard'
    const conditions = asFilter && def.body.kind === 'guard' ? def.body.conditions : def.reduction.filter
    const body = asFilter && def.body.kind === 'guard' ? def.body.body : def.body
    const binders = bound.map((index) => `${inner.print(index).text} < ${inner.print(index.extent).text}`)
    const filter = conditions.map((condition) => within(inner.print(condition), level.and + 1)).join(' and ')
    const head = `${def.reduction.kind}[${binders.join(', ')}${filter ? ` if ${filter}` : ''}]`
    return { text: `${head} ${within(inner.print(body), level.reduction)}`, level: level.reduction }
  }

  private number(value: Rational): Piece {
    if (!this.isBesideFractions || shortNumber(value.abs()) !== undefined) return numberPiece(value)
    return fractionPiece(value)
  }

  private sum(
    terms: readonly { readonly node: Expr; readonly coefficient: Rational }[],
    constant: Rational,
  ): Piece {
    const divided = overOneNumber(terms, constant)
    if (divided)
      return { text: `(${this.sum(divided.terms, divided.constant).text}) / ${divided.divisor}`, level: level.product } // prettier-ignore
    const all = terms.map(({ node, coefficient }) => signed(coefficient.isNegative, this.product(coefficient.abs(), node))) // prettier-ignore
    if (!constant.isZero) {
      const last = { negative: constant.isNegative, piece: this.number(constant.abs()) }
      if (all[0]?.negative && !constant.isNegative) all.unshift(last)
      else all.push(last)
    }
    const [first, ...rest] = all
    if (rest.length === 0 && !first.negative) return first.piece
    const head = within(first.piece, first.negative ? level.reduction : level.sum + 1)
    let text = first.negative ? `-${head}` : head
    for (const { negative, piece } of rest) text += (negative ? ' - ' : ' + ') + within(piece, level.sum + 1)
    return { text, level: rest.length === 0 ? level.sign : level.sum }
  }

  /** `coefficient · node` for a coefficient that is not negative. */
  private product(coefficient: Rational, node: Expr): Piece {
    const factors = node.kind === 'mul' && !this.isNamed(node) ? this.order.factors(node) : undefined
    if (!factors && coefficient.isOne) return this.piece(node)
    if (node.kind === 'guard' && this.isChoice(node)) return this.guard(node, coefficient)
    const above: Piece[] = []
    const below: Piece[] = []
    let scale = coefficient
    const powers: { readonly base: Piece; readonly exponent: Rational; readonly stays?: boolean }[] = []
    for (const factor of factors ?? [{ base: node, exponent: ONE }]) {
      const { base, exponent } = factor
      const root = rootOfNumber(factor)
      if (root) scale = scale.times(exponent.isNegative ? root.outside.inverse() : root.outside)
      if (!root) powers.push({ base: this.piece(base), exponent, stays: base.kind === 'guard' })
      else if (!root.inside.isOne) powers.push({ base: this.number(root.inside), exponent })
    }
    const short = shortNumber(scale)
    const head = short ?? (scale.n === 1n ? '' : String(scale.n))
    if (short === undefined) below.push(atom(String(scale.d)))
    for (const { base, exponent, stays } of powers)
      if (exponent.isNegative && !stays) below.push(this.power(base, exponent.negate()))
      else above.push(this.power(base, exponent))
    const number = head === '1' && above.length > 0 ? '' : head
    if (below.length === 0 && above.length === 1 && number === '') return above[0]
    const numerator = this.numerator(number, above)
    if (below.length === 0) return { text: numerator, level: level.product }
    const texts = below.map((piece) => within(piece, level.power))
    const denominator = below.length === 1 ? texts[0] : `(${this.times(below)})`
    return { text: `${numerator} / ${denominator}`, level: level.product }
  }

  private isNamed(node: Expr): boolean {
    return this.pieces.get(node)?.level === level.postfix && node.kind === 'mul'
  }

  private numerator(number: string, above: readonly Piece[]): string {
    if (above.length === 0) return number === '' ? '1' : number
    const product = joined(
      above.map((piece) => within(piece, level.power)),
      ' * ',
    )
    if (number === '') return product
    // `2e3` is a number: a name that would be read so keeps its sign of multiplication.
    return /^(?:\p{L}|\()/u.test(product) && !/^[eE]\d/.test(product)
      ? number + product
      : `${number} * ${product}`
  }

  private times(pieces: readonly Piece[]): string {
    const [first, ...rest] = pieces
    return /^\d+$/.test(first.text)
      ? this.numerator(first.text, rest)
      : joined(
          pieces.map((piece) => within(piece, level.power)),
          ' * ',
        )
  }

  private power(piece: Piece, exponent: Rational): Piece {
    if (exponent.isOne) return piece
    if (exponent.n === 1n && exponent.d === 2n) return call('sqrt', [piece])
    const power = exponent.isNegative ? `(${exponent})` : (shortNumber(exponent) ?? `(${exponent})`)
    return { text: `${within(piece, level.postfix)}^${power}`, level: level.power }
  }

  private apply(e: Apply): Piece {
    const args = e.args.map((arg) => this.piece(arg))
    switch (e.operator) {
      case 'lt':
      case 'le':
      case 'eq':
      case 'ne':
        return this.comparison(e.operator, e.args[0], e.args[1])
      case 'and':
        return this.conjunction(e.args)
      case 'or': {
        const texts = args.map((arg, at) => within(arg, at === 0 ? level.or : level.or + 1))
        return { text: joined(texts, ' or '), level: level.or }
      }
      case 'not': {
        const [operand] = e.args
        if (operand.kind === 'test' && operand.test === 'eq0')
          return differencePiece(this.whole, operand.operand)
        if (operand.kind === 'apply' && operand.operator === 'eq')
          return this.comparison('ne', operand.args[0], operand.args[1])
        return { text: `not ${within(args[0], level.not)}`, level: level.not }
      }
      case 'pow':
        return {
          text: `${within(args[0], level.postfix)}^${within(args[1], level.postfix)}`,
          level: level.power,
        }
      case 'select':
        return conditional(args[0], args[1], args[2])
      case 'idiv':
        return call('div', args)
      default:
        return call(e.operator, args)
    }
  }

  /** The number stands on the right: `x > 0` for `0 < x`, `x != 1` for `x - 1 != 0`. */
  private comparison(operator: keyof typeof RELATIONS, left: Expr, right: Expr): Piece {
    const relation = (a: Piece, sign: string, b: Piece): Piece => ({
      text: `${within(a, level.sum)} ${sign} ${within(b, level.sum)}`,
      level: level.comparison,
    })
    const isZero = (e: Expr): boolean => e.kind === 'num' && e.value.isZero
    const [side, sign] = isZero(left)
      ? [right, MIRRORED[operator]]
      : [left, isZero(right) ? RELATIONS[operator] : undefined]
    if (sign !== undefined && side.kind === 'add' && !side.constant.isZero) {
      const terms = this.order.terms(side)
      const flip = terms.every(({ coefficient }) => coefficient.isNegative)
      const opposite = flip ? flipped(sign) : sign
      const isMultiple = terms.length === 1 && !terms[0].coefficient.isZero
      const scale = isMultiple ? terms[0].coefficient.abs() : ONE
      const shown = terms.map(({ node, coefficient }) => ({
        node,
        coefficient: (flip ? coefficient.negate() : coefficient).dividedBy(scale),
      }))
      const constant = (flip ? side.constant : side.constant.negate()).dividedBy(scale)
      return relation(this.sum(shown, constant.minus(constant)), opposite, this.number(constant))
    }
    if (
      sign !== undefined &&
      side.kind === 'add' &&
      side.terms.every(({ coefficient }) => coefficient.isNegative)
    ) {
      const terms = this.order.terms(side).map(({ node, coefficient }) => ({ node, coefficient: coefficient.negate() })) // prettier-ignore
      return relation(this.sum(terms, side.constant), flipped(sign), this.number(side.constant))
    }
    if (sign !== undefined && side.kind === 'add' && side.terms.length === 2) {
      const [first, second] = this.order.terms(side)
      if (first.coefficient.isOne && second.coefficient.isMinusOne)
        return relation(this.piece(first.node), sign, this.piece(second.node))
    }
    if (left.kind === 'num') return relation(this.piece(right), MIRRORED[operator], this.piece(left))
    return relation(this.piece(left), RELATIONS[operator], this.piece(right))
  }

  /** All of them: `0 < x < 1` where two are the ends of an interval. */
  private conjunction(conditions: readonly Expr[]): Piece {
    const left = conjuncts(conditions)
    const pieces: Piece[] = []
    for (let condition = left.shift(); condition; condition = left.shift()) {
      const other = left.findIndex((each) => intervalOf(condition, each) !== undefined)
      const interval = other < 0 ? undefined : intervalOf(condition, left[other])
      if (interval) {
        const { low, above, inner, below, high } = interval
        const [a, x, b] = [low, inner, high].map((e) => within(this.piece(e), level.sum))
        pieces.push({
          text: `${a} ${RELATIONS[above]} ${x} ${RELATIONS[below]} ${b}`,
          level: level.comparison,
        })
        left.splice(other, 1)
      } else pieces.push(this.piece(condition))
    }
    if (pieces.length === 1) return pieces[0]
    const texts = pieces.map((piece, at) => within(piece, at === 0 ? level.and : level.and + 1))
    return { text: joined(texts, ' and '), level: level.and }
  }

  private isChoice({ body }: Guard): boolean {
    return !isPlain(body) || this.isBesideChoices
  }

  private guard(e: Guard, coefficient = ONE): Piece {
    const { conditions, body } = e
    const condition = this.conjunction(this.order.conditions(conditions))
    if (this.isChoice(e)) return conditional(condition, this.product(coefficient, body), atom('0'))
    // Conditions are numbers, 0 or 1, and a polynomial times 0 is 0.
    if (body.kind === 'num' && body.value.isOne) return condition
    if (body.kind === 'num' && body.value.isMinusOne)
      return { text: `-${within(condition, level.sum + 1)}`, level: level.sign }
    const own = this.piece(body)
    return {
      text: /^[\d.]+$/.test(own.text)
        ? `${own.text}(${condition.text})`
        : `${within(own, level.product)} * (${condition.text})`,
      level: level.product,
    }
  }
}
