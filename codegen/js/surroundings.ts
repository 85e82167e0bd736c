/** What the writers of functions, optimizers and models are given. */
import type { ElementType, ScheduledEntry } from '../../src/schedule/loop-program.js'
import type { Kernel } from './kernel.js'
import type { ModuleParts } from './parts.js'
import type { Writer } from './writer.js'

/** What the writers of entries share. */
export interface Surroundings {
  readonly writer: Writer
  readonly parts: ModuleParts
  /** What the module itself calls something exported. */
  local(name: string): string
  readonly dtype: Exclude<ElementType, 'i32'> | undefined
  /** The constant that has the WebAssembly. */
  readonly wasm: string
}

/** The kernels of an entry. */
export interface Kernels {
  readonly own: readonly Kernel[]
  /** Those in JavaScript that stand in for others. */
  readonly fallback: readonly Kernel[] | undefined
}

/** An entry in loops, and what computes them. */
export interface TargetedEntry {
  readonly scheduled: ScheduledEntry
  readonly target: 'js' | 'wasm'
  /** For JavaScript, where a platform lacks WebAssembly. */
  readonly fallback?: ScheduledEntry | undefined
}
