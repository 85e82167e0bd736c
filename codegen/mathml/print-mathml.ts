/** Expressions as presentation MathML. */
import type { Binder, Expression } from '../../grammar/ast.js'
import { binaryLevel, level, unaryLevel } from '../../grammar/precedence.js'
import { operandsOf } from '../../src/check/syntax.js'

interface Piece {
  readonly markup: string
  readonly level: number
  /** Of a choice. */
  readonly rows?: string
}

export function printMathml(root: Expression): string {
  const pieces = new Map<Expression, Piece>()
  const stack: { readonly e: Expression; readonly leave: boolean }[] = [{ e: root, leave: false }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.leave)
      pieces.set(
        top.e,
        pieceOf(top.e, (e) => pieces.get(e) ?? atom('')),
      )
    else {
      stack.push({ e: top.e, leave: true })
      for (const operand of operandsOf(top.e)) stack.push({ e: operand, leave: false })
    }
  }
  const body = pieces.get(root)?.markup ?? ''
  return `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${body}</math>`
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const atom = (markup: string): Piece => ({ markup, level: level.postfix })
const mi = (text: string): string => `<mi>${escaped(text)}</mi>`
const mn = (text: string): string => `<mn>${escaped(text)}</mn>`
const mo = (text: string): string => `<mo>${escaped(text)}</mo>`
const row = (...parts: readonly string[]): string => `<mrow>${parts.join('')}</mrow>`
const bracketed = (markup: string): string => row(mo('('), markup, mo(')'))
const within = (piece: Piece, least: number): string =>
  piece.level >= least ? piece.markup : bracketed(piece.markup)

const RELATIONS = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '==': '=', '!=': '≠' } as const
const REDUCTIONS: Readonly<Record<string, string>> = { sum: '∑', prod: '∏' }
const GREEK: Readonly<Record<string, string>> = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', lambda: 'λ', mu: 'μ',
  nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', inf: '∞',
} // prettier-ignore

/** `x1` is x with a subscript. */
function nameMarkup(name: string): string {
  const [, stem, digits] = /^(.*?)(\d*)$/u.exec(name) ?? ['', name, '']
  const letter = mi(GREEK[stem] ?? stem)
  return digits === '' || stem === '' ? mi(GREEK[name] ?? name) : `<msub>${letter}${mn(digits)}</msub>`
}

function pieceOf(e: Expression, of: (e: Expression) => Piece): Piece {
  switch (e.kind) {
    case 'number':
      return atom(mn(e.text))
    case 'name':
      return atom(nameMarkup(e.name))
    case 'unary': {
      const own = unaryLevel[e.operator]
      const sign = e.operator === 'not' ? '¬' : e.operator === '-' ? '−' : '+'
      return { markup: row(mo(sign), within(of(e.operand), own)), level: own }
    }
    case 'binary':
      return binary(e.operator, of(e.left), of(e.right))
    case 'comparison': {
      const parts = e.operands.flatMap((operand, at) => {
        const side = within(of(operand), level.sum)
        return at === 0 ? [side] : [mo(RELATIONS[e.operators[at - 1]]), side]
      })
      return { markup: row(...parts), level: level.comparison }
    }
    case 'conditional': {
      const line = (value: string, condition: string): string =>
        `<mtr><mtd>${value}</mtd><mtd>${condition}</mtd></mtr>`
      const table = line(of(e.consequent).markup, `${row('<mtext>if </mtext>', of(e.condition).markup)}`)
      const last = of(e.alternate)
      // `if … else if …` has one brace.
      const rows = table + (last.rows ?? line(last.markup, '<mtext>otherwise</mtext>'))
      const cases = row(mo('{'), `<mtable columnalign="left">${rows}</mtable>`)
      return { markup: cases, level: level.conditional, rows }
    }
    case 'reduction': {
      const sign = REDUCTIONS[e.reduction]
      const head = sign === undefined ? mi(e.reduction) : mo(sign)
      const below = row(
        ...e.binders.flatMap((binder, at) => [...(at > 0 ? [mo(',')] : []), binderMarkup(binder, of)]),
        ...(e.filter ? [mo(','), of(e.filter).markup] : []),
      )
      return {
        markup: row(`<munder>${head}${below}</munder>`, within(of(e.body), level.product)),
        level: level.reduction,
      }
    }
    case 'call':
      return call(e.callee, e.arguments.map(({ value }) => of(value)), of) // prettier-ignore
    case 'subscript': {
      const parts = e.subscripts.flatMap((part, at) => [...(at > 0 ? [mo(',')] : []), part.kind === 'slice' ? mo(':') : of(part).markup]) // prettier-ignore
      return atom(`<msub>${within(of(e.object), level.postfix)}${row(...parts)}</msub>`)
    }
    case 'member':
      return atom(row(of(e.object).markup, mo('.'), mi(e.name.name)))
    case 'transpose':
      return atom(`<msup>${within(of(e.operand), level.postfix)}${mo('⊤')}</msup>`)
    case 'array':
      return atom(row(mo('['), ...e.elements.flatMap((element, at) => [...(at > 0 ? [mo(',')] : []), of(element).markup]), mo(']'))) // prettier-ignore
  }
}

function binary(
  operator: '+' | '-' | '*' | '@' | '/' | '^' | 'and' | 'or',
  left: Piece,
  right: Piece,
): Piece {
  const own = binaryLevel[operator]
  switch (operator) {
    case '/':
      // A fraction has parentheses in a power only.
      return { markup: `<mfrac>${row(left.markup)}${row(right.markup)}</mfrac>`, level: level.power }
    case '^':
      return { markup: `<msup>${row(within(left, level.postfix))}${row(right.markup)}</msup>`, level: own }
    case '*':
    case '@': {
      const sign = left.markup.endsWith('</mn>') && right.markup.startsWith('<mn>') ? mo('·') : mo('\u2062')
      return { markup: row(within(left, own), sign, within(right, own + 1)), level: own }
    }
    case '+':
    case '-':
      return {
        markup: row(within(left, own), mo(operator === '-' ? '−' : '+'), within(right, own + 1)),
        level: own,
      }
    case 'and':
    case 'or':
      return {
        markup: row(within(left, own), mo(operator === 'and' ? '∧' : '∨'), within(right, own + 1)),
        level: own,
      }
  }
}

function binderMarkup({ name, lower, upper }: Binder, of: (e: Expression) => Piece): string {
  const below = lower ? [of(lower.value).markup, mo(lower.inclusive ? '≤' : '<')] : []
  const above = upper ? [mo(upper.inclusive ? '≤' : '<'), of(upper.value).markup] : []
  return row(...below, mi(name.name), ...above)
}

function call(callee: Expression, args: readonly Piece[], of: (e: Expression) => Piece): Piece {
  const name = callee.kind === 'name' ? callee.name : ''
  const [first] = args
  if (name === 'sqrt' && args.length === 1) return atom(`<msqrt>${first.markup}</msqrt>`)
  if (name === 'abs' && args.length === 1) return atom(row(mo('|'), first.markup, mo('|')))
  if (name === 'exp' && args.length === 1) return { markup: `<msup>${mi('e')}${row(first.markup)}</msup>`, level: level.power } // prettier-ignore
  const list = args.flatMap((arg, at) => [...(at > 0 ? [mo(',')] : []), arg.markup])
  const head = name === '' ? of(callee).markup : mi(name === 'sigmoid' ? 'σ' : name)
  return atom(row(head, mo('\u2061'), bracketed(list.join(''))))
}
