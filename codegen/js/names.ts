/** Names in generated modules: those of the user where JavaScript allows them, with `_` behind where it does not. */
import { isIdentifier } from './syntax.js'

const RESERVED = `arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null package
  private protected public return static super switch this throw true try typeof undefined var void while with yield
  async get set of`

/** Globals that generated code reads. */
const GLOBALS = `Array ArrayBuffer Boolean Error Float32Array Float64Array Infinity Int32Array JSON Map Math NaN Number
  Object RangeError Set String TypeError Uint32Array BigInt64Array BigUint64Array globalThis isNaN console
  Uint8Array Promise URL WebAssembly fetch process`

const words = (text: string): string[] => text.split(/\s+/)

const KEYWORDS: ReadonlySet<string> = new Set(words(RESERVED))
const TAKEN: readonly string[] = [...words(RESERVED), ...words(GLOBALS)]

/** What an exported name must not be. */
export const isReserved = (name: string): boolean => KEYWORDS.has(name)

/** One scope of names, inside another or not. A name given out is taken in this scope from then on. */
export class Names {
  private readonly taken: Set<string>
  /** How often a name was wanted, so that the next one of a thousand is found at once. */
  private readonly counts = new Map<string, number>()

  /** `isKept`: names that are given to none. */
  constructor(
    private readonly outer?: Names,
    private readonly isKept: (name: string) => boolean = () => false,
  ) {
    this.taken = new Set(outer ? [] : TAKEN)
  }

  has(name: string): boolean {
    return this.taken.has(name) || this.isKept(name) || (this.outer?.has(name) ?? false)
  }

  /** The wanted name if it is free and legal, else one like it. */
  create(wanted: string): string {
    let name = legal(wanted)
    if (isReserved(name)) name += '_'
    const stem = /\d$/.test(name) ? `${name}_` : name
    let count = this.counts.get(stem) ?? 2
    while (this.has(name)) name = `${stem}${count++}`
    this.counts.set(stem, count)
    this.taken.add(name)
    return name
  }
}

/** As nearly all names are. */
const PLAIN = /^[A-Za-z_$][A-Za-z0-9_$]*$/

/** Characters that no identifier has become `_`; primes are spelled out. */
function legal(text: string): string {
  if (PLAIN.test(text)) return text
  const spelled = text.replaceAll(/['′]/g, '_prime').replaceAll(/[^\p{ID_Continue}$]/gu, '_')
  return isIdentifier(spelled) ? spelled : `_${spelled}`
}
