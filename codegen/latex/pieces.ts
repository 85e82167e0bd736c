/** What LaTeX is put together of: names, numbers and operators, with parentheses where the precedence asks for them. */
import { level } from '../../grammar/precedence.js'
import type { Rational } from '../../src/ir/rational.js'
import { shortNumber } from '../../src/ir/print-pieces.js'
import { SIGNATURES, type Arguments, type OperatorName } from '../../src/ops/signatures.js'
import { OPERATORS } from '../../src/ops/table.js'

export interface Piece {
  readonly text: string
  readonly level: number
}

export const atom = (text: string): Piece => ({ text, level: level.postfix })
export const within = (piece: Piece, least: number): string =>
  piece.level >= least ? piece.text : `\\left(${piece.text}\\right)`

/** A fraction has parentheses in a power only. */
export const fraction = (above: string, below: string): Piece => ({
  text: `\\frac{${above}}{${below}}`,
  level: level.power,
})

const FUNCTION = /^\\(?:sin|cos|tan|sinh|cosh|tanh|log)(?=\\left\()/

/** A power, of a sine `\sin^{2}`. */
export function raised(base: Piece, exponent: string): Piece {
  const isFunction = base.level === level.postfix && FUNCTION.test(base.text) && /^\d+$/.test(exponent)
  return isFunction
    ? { text: base.text.replace(FUNCTION, (name) => `${name}^{${exponent}}`), level: level.power }
    : { text: `${within(base, level.postfix)}^{${exponent}}`, level: level.power }
}

const GREEK = /^(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)$/ // prettier-ignore

/** Letters that LaTeX has as commands; the others of the alphabet look like Latin ones. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['α', 'alpha'], ['β', 'beta'], ['γ', 'gamma'], ['δ', 'delta'], ['ε', 'varepsilon'], ['ϵ', 'epsilon'], ['ζ', 'zeta'],
  ['η', 'eta'], ['θ', 'theta'], ['ϑ', 'vartheta'], ['ι', 'iota'], ['κ', 'kappa'], ['λ', 'lambda'], ['μ', 'mu'], ['ν', 'nu'],
  ['ξ', 'xi'], ['π', 'pi'], ['ρ', 'rho'], ['σ', 'sigma'], ['τ', 'tau'], ['υ', 'upsilon'], ['φ', 'varphi'], ['ϕ', 'phi'],
  ['χ', 'chi'], ['ψ', 'psi'], ['ω', 'omega'], ['Γ', 'Gamma'], ['Δ', 'Delta'], ['Θ', 'Theta'], ['Λ', 'Lambda'], ['Ξ', 'Xi'],
  ['Π', 'Pi'], ['Σ', 'Sigma'], ['Υ', 'Upsilon'], ['Φ', 'Phi'], ['Ψ', 'Psi'], ['Ω', 'Omega'],
]) // prettier-ignore

/** `x1` and `x_1` are `x_{1}`, `sigma_max` has a subscript that stands upright as longer names do, `alpha` is α. */
export function nameText(name: string): string {
  const [, stem, digits] = /^(.*?)_?(\d*)$/u.exec(name) ?? ['', name, '']
  const [first, ...more] = stem.split('_')
  // Names that begin or end so have no subscript.
  if (more.length === 0 || [first, ...more].includes('')) return withSubscript(stem, digits)
  return `${wordText(first)}_{${[...more, ...(digits === '' ? [] : [digits])].map(wordText).join(', ')}}`
}

const withSubscript = (stem: string, digits: string): string =>
  digits === '' ? wordText(stem) : `${wordText(stem)}_{${digits}}`

function wordText(word: string): string {
  if (/^\d+$/.test(word)) return word
  const letter = LETTERS.get(word)
  if (letter !== undefined) return `\\${letter}`
  const plain = word.replaceAll('_', '\\_')
  return GREEK.test(word) ? `\\${word}` : [...word].length === 1 ? plain : `\\mathrm{${plain}}`
}

export function numberPiece(value: Rational): Piece {
  if (value.isNegative) return { text: `-${numberPiece(value.negate()).text}`, level: level.sign }
  const short = value.isInteger ? String(value.n) : shortNumber(value)
  return short === undefined ? fraction(String(value.n), String(value.d)) : writtenPiece(short)
}

/** A number as programs write it: `1e-7` is `10^{-7}`. */
export function writtenPiece(text: string): Piece {
  const [, digits, exponent] = /^([\d.]+)e([+-]?\d+)$/i.exec(text) ?? []
  if (digits === undefined) return atom(text)
  const power = `10^{${Number(exponent)}}`
  return digits === '1' ? { text: power, level: level.power } : { text: `${digits} \\cdot ${power}`, level: level.product } // prettier-ignore
}

/** What stands in no parentheses of the operator's own, and how tightly it must hold together. */
const OPERANDS: Partial<Record<OperatorName, readonly number[]>> = {
  xlogy: [level.product],
  mod: [level.product, level.power],
  hypot: [level.postfix, level.postfix],
  gaussian: [level.postfix],
}
/** How tightly what an operator is written as holds together, where that is no function with parentheses. */
const LEVELS: Partial<Record<OperatorName, number>> = {
  select: level.conditional,
  expm1: level.sum,
  exp: level.power,
  gaussian: level.power,
  xlogy: level.product,
  mod: level.product,
}

export function operatorPiece<K extends OperatorName>(operator: K, args: readonly Piece[]): Piece {
  const least = OPERANDS[operator] ?? []
  const texts = args.map((arg, at) => within(arg, least[at] ?? level.conditional))
  const last = args.at(-1)
  const isChain = operator === 'select' && last?.level === level.conditional
  const text = isChain
    ? withRowsOf(last.text, operatorLatex(operator, texts))
    : operatorLatex(operator, texts)
  return { text, level: LEVELS[operator] ?? (text.startsWith('\\log ') ? level.sign : level.postfix) }
}

const [OPEN, CLOSE] = ['\\begin{cases} ', ' \\end{cases}']

/** `if … else if …` has one brace: the rows of the last case stand below the others. */
const withRowsOf = (last: string, cases: string): string =>
  cases.replace(`${last} & \\text{otherwise}`, () => last.slice(OPEN.length, -CLOSE.length))

function operatorLatex<K extends OperatorName>(operator: K, args: readonly string[]): string {
  if (!isArguments(operator, args)) throw new Error(`'${operator}' with ${args.length} arguments`)
  return OPERATORS[operator].latex(...args)
}

function isArguments<K extends OperatorName>(
  operator: K,
  args: readonly string[],
): args is Arguments<string, K> {
  return args.length === SIGNATURES[operator]
}
