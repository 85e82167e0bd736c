/** What a build says about its `.nn` files, and what the query of one import says. */
import { closest } from '../../base/suggest.js'
import type { Dtype, Target } from '../../compile.js'
import { isRecord, shown } from '../../base/given.js'
import { mistakeInOption } from '../../compile-options.js'

/** A glob, from the working directory, or an expression that a path must match. */
export type Pattern = string | RegExp

export interface Options {
  /** Storage of tensors. Without it models use f32 and functions f64. */
  readonly dtype?: Dtype | undefined
  /** Values for constants and sizes of models: `{ hidden: 128 }`. */
  readonly define?: Readonly<Record<string, number>> | undefined
  /** Gradients of recurrences keep about √T of T states, and compute the others again. */
  readonly checkpoint?: 'sqrt'
  /** What computes: JavaScript, WebAssembly with SIMD, or `auto`: WebAssembly for what has arrays, JavaScript where it is missing. */
  readonly target?: Target | undefined
  /** The files to compile: all `.nn` files, unless given. */
  readonly include?: Pattern | readonly Pattern[]
  /** Files to leave alone. */
  readonly exclude?: Pattern | readonly Pattern[]
  /** Whether modules have source maps, as far as the build makes any: `true`, unless given. */
  readonly sourcemap?: boolean
  /** Whether `mlp.d.nn.ts` is written beside `mlp.nn`: `true`, unless given. */
  readonly types?: boolean
}

const NAMES: readonly (keyof Options)[] = [
  'dtype',
  'define',
  'checkpoint',
  'target',
  'include',
  'exclude',
  'sourcemap',
  'types',
]

/** What the compiler is given as it is. */
const COMPILED = ['dtype', 'define', 'checkpoint', 'target', 'sourcemap'] as const

const isPattern = (value: unknown): boolean => typeof value === 'string' || value instanceof RegExp

/** Options come from configuration files, most of which no type checker reads. */
export function checkOptions(given: Options = {}): Options {
  const wrong = mistakeIn(given)
  if (wrong !== undefined) throw new TypeError(`nnc: ${wrong}`)
  return given
}

function mistakeIn(given: unknown): string | undefined {
  if (!isRecord(given)) return 'the options are an object, as in { dtype: "f64" }'
  for (const name of Object.keys(given)) {
    if (NAMES.some((known) => known === name)) continue
    const near = closest(name, NAMES)
    return `there is no option '${name}'${near === undefined ? `; the options are ${NAMES.join(', ')}` : `; did you mean '${near}'?`}`
  }
  const { include, exclude, types } = given
  for (const name of COMPILED) {
    const mistake = mistakeInOption(name, given[name])
    if (mistake !== undefined) return mistake
  }
  for (const [name, value] of Object.entries({ include, exclude })) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (value !== undefined && !list.every(isPattern)) return `${name} is a glob, a RegExp or a list of them`
  }
  return types === undefined || typeof types === 'boolean' ? undefined : `types is true or false, not ${shown(types)}` // prettier-ignore
}

const listOf = (patterns: Pattern | readonly Pattern[]): readonly Pattern[] =>
  typeof patterns === 'string' || patterns instanceof RegExp ? [patterns] : patterns

/** Which modules are compiled. Patterns are about files, while bundlers match identifiers with their queries. */
export function fileFilter({ include = /\.nn$/, exclude = [] }: Options): {
  include: (string | RegExp)[]
  exclude: (string | RegExp)[]
} {
  return { include: listOf(include).flatMap(withQuery), exclude: listOf(exclude).flatMap(withQuery) }
}

function withQuery(pattern: Pattern): (string | RegExp)[] {
  if (typeof pattern === 'string') return [pattern, `${pattern}[?]*`]
  return [new RegExp(pattern.source.replace(/(?<!\\)\$$/, '(?:\\?.*)?$'), pattern.flags)]
}
