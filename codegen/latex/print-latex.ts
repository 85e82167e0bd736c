/** Scalar expressions as LaTeX, in the order of terms and factors that the text printer uses. */
import { level } from '../../grammar/precedence.js'
import type { Apply, Expr, Factor, Guard } from '../../src/ir/expr.js'
import { printExpr } from '../../src/ir/print.js'
import { isAnonymous, OperandOrder } from '../../src/ir/print-order.js'
import { joined } from '../../src/ir/print-pieces.js'
import { ONE, type Rational } from '../../src/ir/rational.js'
import { overOneNumber } from '../../src/ir/term.js'
import { SIGNATURES, type Arguments, type OperatorName } from '../../src/ops/signatures.js'
import { OPERATORS } from '../../src/ops/table.js'

export interface Piece {
  readonly text: string
  readonly level: number
}

export const atom = (text: string): Piece => ({ text, level: level.postfix })
export const within = (piece: Piece, least: number): string =>
  piece.level >= least ? piece.text : `\\left(${piece.text}\\right)`

export function printLatex(root: Expr): string {
  const printer = new LatexPrinter()
  for (const node of printer.order.walk([root])) printer.set(node, printer.compose(node))
  return printer.piece(root).text
}

const GREEK = /^(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega)$/ // prettier-ignore

/** `x1` is `x_{1}`, `alpha` is α; longer names stand upright. */
export function nameText(name: string): string {
  const [, stem, digits] = /^(.*?)(\d*)$/u.exec(name) ?? ['', name, '']
  const plain = stem.replaceAll('_', '\\_')
  const letter = GREEK.test(stem) ? `\\${stem}` : [...stem].length === 1 ? plain : `\\mathrm{${plain}}`
  return digits === '' ? letter : `${letter}_{${digits}}`
}

export function numberPiece(value: Rational): Piece {
  if (value.isNegative) return { text: `-${numberPiece(value.negate()).text}`, level: level.sign }
  const decimal = String(value.toNumber())
  if (value.isInteger || (value.d > 9n && /^\d+\.\d{1,12}$/.test(decimal))) return atom(value.isInteger ? String(value.n) : decimal) // prettier-ignore
  const [, digits, exponent] = /^([\d.]+)e([+-]\d+)$/.exec(decimal) ?? []
  if (value.d > 9n && exponent !== undefined) {
    const power = `10^{${Number(exponent)}}`
    return digits === '1'
      ? { text: power, level: level.power }
      : { text: `${digits} \\cdot ${power}`, level: level.product }
  }
  return atom(`\\frac{${value.n}}{${value.d}}`)
}

const RELATIONS = { lt: '<', le: '\\le', eq: '=', ne: '\\ne' } as const
const MIRRORED = { lt: '>', le: '\\ge', eq: '=', ne: '\\ne' } as const

class LatexPrinter {
  readonly order = new OperandOrder({
    index: (index) => `i_{${index.ordinal}}`,
    position: (index) => index.ordinal,
    size: (size) => size.name,
    definition: (def) => def.name,
  })
  private readonly pieces = new Map<Expr, Piece>()

  set(e: Expr, piece: Piece): void {
    this.pieces.set(e, piece)
  }

  piece(e: Expr): Piece {
    return this.pieces.get(e) ?? this.compose(e)
  }

  compose(e: Expr): Piece {
    switch (e.kind) {
      case 'num':
        return numberPiece(e.value)
      case 'constant':
        return atom({ pi: '\\pi', inf: '\\infty', nan: '\\mathrm{NaN}' }[e.name])
      case 'size':
        return atom(nameText(e.name))
      case 'index':
        return atom(`i_{${e.ordinal}}`)
      case 'read':
        return e.args.length === 0 && (e.def.kind !== 'computed' || !isAnonymous(e.def))
          ? atom(nameText(e.def.name))
          : atom(`\\mathtt{${printExpr(e)}}`)
      case 'add':
        return this.sum(this.order.terms(e), e.constant)
      case 'mul':
        return this.product(ONE, this.order.factors(e))
      case 'apply':
        return this.apply(e)
      case 'test':
        return { text: `${this.piece(e.operand).text} ${e.test === 'ge0' ? '\\ge' : '='} 0`, level: level.comparison } // prettier-ignore
      case 'guard':
        return this.guard(e)
      case 'stop':
        return this.piece(e.operand)
    }
  }

  private sum(
    terms: readonly { readonly node: Expr; readonly coefficient: Rational }[],
    constant: Rational,
  ): Piece {
    const divided = overOneNumber(terms, constant)
    if (divided) return atom(`\\frac{${this.sum(divided.terms, divided.constant).text}}{${divided.divisor}}`)
    const all = terms.map(({ node, coefficient }) => ({
      negative: coefficient.isNegative,
      piece: this.product(coefficient.abs(), node.kind === 'mul' ? this.order.factors(node) : [{ base: node, exponent: ONE }]), // prettier-ignore
    }))
    if (!constant.isZero) {
      const signed = { negative: constant.isNegative, piece: numberPiece(constant.abs()) }
      if (all[0]?.negative && !constant.isNegative) all.unshift(signed)
      else all.push(signed)
    }
    const [first, ...rest] = all
    if (rest.length === 0 && !first.negative) return first.piece
    const head = within(first.piece, first.negative ? level.product : level.sum + 1)
    let text = first.negative ? `-${head}` : head
    for (const { negative, piece } of rest) text += (negative ? ' - ' : ' + ') + within(piece, level.sum + 1)
    return { text, level: rest.length === 0 ? level.sign : level.sum }
  }

  private product(coefficient: Rational, factors: readonly Factor[]): Piece {
    const above: Piece[] = []
    const below: Piece[] = []
    for (const { base, exponent } of factors)
      if (exponent.isNegative) below.push(this.power(base, exponent.negate()))
      else above.push(this.power(base, exponent))
    const asFraction = below.length > 0 && !coefficient.isInteger
    if (asFraction) {
      if (coefficient.n !== 1n) above.unshift(atom(String(coefficient.n)))
      below.unshift(atom(String(coefficient.d)))
    } else if (!coefficient.isOne) above.unshift(numberPiece(coefficient))
    if (below.length === 0 && above.length === 1) return above[0]
    const numerator = above.length === 0 ? '1' : this.times(above)
    if (below.length === 0) return { text: numerator, level: level.product }
    return atom(`\\frac{${numerator}}{${below.length === 1 ? below[0].text : this.times(below)}}`)
  }

  private times(pieces: readonly Piece[]): string {
    if (pieces.length === 1) return pieces[0].text
    return pieces
      .map((piece) => within(piece, level.power))
      .reduce((all, text) => all + (/\d$/.test(all) && /^\d/.test(text) ? ' \\cdot ' : ' ') + text)
  }

  private power(base: Expr, exponent: Rational): Piece {
    const piece = this.piece(base)
    if (exponent.isOne) return piece
    if (exponent.n === 1n && exponent.d === 2n) return atom(`\\sqrt{${piece.text}}`)
    const shown = exponent.isInteger ? String(exponent.n) : `${exponent.n}/${exponent.d}`
    return { text: `${within(piece, level.postfix)}^{${shown}}`, level: level.power }
  }

  private apply(e: Apply): Piece {
    const args = e.args.map((arg) => this.piece(arg))
    switch (e.operator) {
      case 'lt':
      case 'le':
      case 'eq':
      case 'ne': {
        const mirrored = e.args[0].kind === 'num'
        const [left, right] = (mirrored ? args.toReversed() : args).map((arg) => within(arg, level.sum))
        const sign = (mirrored ? MIRRORED : RELATIONS)[e.operator]
        return { text: `${left} ${sign} ${right}`, level: level.comparison }
      }
      case 'pow':
        return { text: `${within(args[0], level.postfix)}^{${args[1].text}}`, level: level.power }
      case 'and':
      case 'or':
        return { text: joined(args.map((arg) => within(arg, level.not)), e.operator === 'and' ? ' \\land ' : ' \\lor '), level: level.and } // prettier-ignore
      case 'expm1':
        return { text: operatorLatex(e.operator, args.map((arg) => arg.text)), level: level.sum } // prettier-ignore
      default:
        return atom(operatorLatex(e.operator, args.map((arg) => arg.text))) // prettier-ignore
    }
  }

  private guard({ conditions, body }: Guard): Piece {
    const texts = this.order.conditions(conditions).map((condition) => this.piece(condition).text)
    const condition = joined(texts, ' \\land ')
    if (body.kind === 'num' && body.value.isOne) return atom(`\\mathbf{1}_{${condition}}`)
    return atom(operatorLatex('select', [condition, this.piece(body).text, '0']))
  }
}

export function operatorLatex<K extends OperatorName>(operator: K, args: readonly string[]): string {
  if (!isArguments(operator, args)) throw new Error(`'${operator}' with ${args.length} arguments`)
  return OPERATORS[operator].latex(...args)
}

function isArguments<K extends OperatorName>(
  operator: K,
  args: readonly string[],
): args is Arguments<string, K> {
  return args.length === SIGNATURES[operator]
}
