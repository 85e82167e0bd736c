/** Which characters make names, and the one spelling under which a name is compared. */

const NAME = /(?!ᵀ)[\p{L}_](?:(?!ᵀ)[\p{L}\p{Nd}\p{Mn}\p{Mc}_₀-₉])*/uy
const WHOLE_NAME = /^[\p{L}_][\p{L}\p{Nd}\p{Mn}\p{Mc}_]*$/u
const OPERAND_END = /[\p{L}\p{Nd}\p{Mn}\p{Mc}_₀-₉⁰¹²³⁴-⁹'\])]/u

/** The name that starts at `at`, as written; the empty string if there is none. */
export function nameAt(text: string, at: number): string {
  NAME.lastIndex = at
  return NAME.exec(text)?.[0] ?? ''
}

/** Whether a `'` at `at` follows an operand directly, so that it transposes rather than opens a string. */
export function followsOperand(text: string, at: number): boolean {
  if (at === 0) return false
  const last = text.charCodeAt(at - 1)
  const start = last >= 0xdc00 && last <= 0xdfff && at > 1 ? at - 2 : at - 1
  return OPERAND_END.test(text.slice(start, at))
}

const SYMBOLS = new Map([
  ['π', 'pi'],
  ['∞', 'inf'],
  ['∂', 'd'],
])

/** A name as it is compared and generated: NFKC, with `π` as `pi`, `∞` as `inf` and `∂` as `d`. */
export function normaliseName(written: string): string {
  return SYMBOLS.get(written) ?? written.normalize('NFKC')
}

/** Whether a name is still a name after normalisation (`ﷺ` becomes four words). */
export function isName(name: string): boolean {
  return WHOLE_NAME.test(name)
}

const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `⁻¹²` as `-12`. */
export function superscriptText(written: string): string {
  return [...written].map((character) => (character === '⁻' ? '-' : DIGITS.indexOf(character))).join('')
}

/** Numbers of other languages, `1_000`, `0xff`, `0b11`: here they would be the product of a number and a name. */
export const STRANGE_NUMBER = /^(?:\d+_[\d_]*|0[xX][\da-fA-F]+|0[bB][01]+)$/
