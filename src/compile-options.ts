/** What a compilation is told, and whether it can be meant so: callers in JavaScript have no type checker. */
import { type Target, TARGETS } from '../codegen/target.js'
import { isRecord, shown } from './base/given.js'

export type Dtype = 'f32' | 'f64'
export interface CompileOptions {
  /** As it shall appear in messages, maps and comments; imports are resolved from it. */
  readonly filename?: string
  /** Storage of tensors. Without it models use f32 and functions f64; arithmetic is f64 always. */
  readonly dtype?: Dtype
  /** Values for constants and model sizes: `{ hidden: 128 }`. */
  readonly define?: Readonly<Record<string, number>>
  readonly sourcemap?: boolean
  /** What computes: `js` by default. `auto` is WebAssembly for entries with arrays, JavaScript where a platform lacks it. */
  readonly target?: Target | undefined
  /** The name of a file beside the module, which the bytes of WebAssembly are read from; without it they are part of its text. */
  readonly wasmFile?: string | undefined
  /** Checks the program after each pass; a mistake found is a bug of the compiler, and thrown. */
  readonly verify?: boolean
  /** Compiles every function and model, exported or not. */
  readonly exportAll?: boolean
  /** Forward mode too: functions get `f.jvp(args, tangents)`. */
  readonly tangents?: boolean
  /**
   * Gradients of recurrences over T steps keep about √T states and compute the others a second time, segment by segment:
   * memory for √T steps, one forward run more.
   */
  readonly checkpoint?: 'sqrt' | undefined
  /** `libm`: elementary functions call `Math` in loops too, not those of the module, which are faster, within 2.5 ulp. */
  readonly math?: 'libm' | 'fast' | undefined
  /** The text of an imported file; throws an `Error` that says why there is none. */
  readonly read?: (
    specifier: string,
    importer: string,
  ) => { readonly filename: string; readonly source: string }
}

export const isTarget = (value: unknown): value is Target => TARGETS.some((target) => target === value)

export const isDtype = (value: unknown): value is Dtype => value === 'f32' || value === 'f64'

function mistakeInDefine(define: unknown): string | undefined {
  if (!isRecord(define)) return 'define is an object of numbers, as in { hidden: 128 }'
  for (const [name, value] of Object.entries(define))
    if (typeof value !== 'number' || !Number.isFinite(value))
      return `define.${name} is a number, not ${shown(value)}`
  return undefined
}

const flag = (name: string) => (value: unknown) =>
  typeof value === 'boolean' ? undefined : `${name} is true or false, not ${shown(value)}`
const text = (name: string) => (value: unknown) =>
  typeof value === 'string' ? undefined : `${name} is a text, not ${shown(value)}`

/** What is wrong with the value of each option that is given. */
const OPTIONS: Readonly<Record<keyof CompileOptions, (value: unknown) => string | undefined>> = {
  filename: text('filename'),
  dtype: (value) => (isDtype(value) ? undefined : `dtype is 'f32' or 'f64', not ${shown(value)}`),
  define: mistakeInDefine,
  sourcemap: flag('sourcemap'),
  target: (value) => (isTarget(value) ? undefined : `target is 'js', 'wasm' or 'auto', not ${shown(value)}`),
  wasmFile: text('wasmFile'),
  verify: flag('verify'),
  exportAll: flag('exportAll'),
  tangents: flag('tangents'),
  checkpoint: (value) =>
    value === 'sqrt' ? undefined : `checkpoint is 'sqrt' or not given, not ${shown(value)}`,
  math: (value) =>
    value === 'libm' || value === 'fast' ? undefined : `math is 'libm' or 'fast', not ${shown(value)}`,
  read: (value) => (typeof value === 'function' ? undefined : `read is a function, not ${shown(value)}`),
}

export const mistakeInOption = (name: keyof CompileOptions, value: unknown): string | undefined =>
  value === undefined ? undefined : OPTIONS[name](value)

const isOption = (name: string): name is keyof CompileOptions => Object.hasOwn(OPTIONS, name)

/** The first mistake in what stands for options. Callers may have settings of their own among them. */
export function mistakeIn(options: unknown): string | undefined {
  if (!isRecord(options)) return `the options are an object, not ${shown(options)}`
  for (const [name, value] of Object.entries(options)) {
    const mistake = isOption(name) ? mistakeInOption(name, value) : undefined
    if (mistake !== undefined) return mistake
  }
  return undefined
}
