/** What the process that measures asks the process of one system, and what comes back. */
import type { Values } from '../../networks.js'
import type { Task } from './tasks.js'

export type Question =
  | { readonly ask: 'results'; readonly task: Task }
  /** Runs for so long, so that all is compiled; then finds how often to run for `least` milliseconds of CPU time. */
  | { readonly ask: 'warm'; readonly milliseconds: number; readonly least: number }
  /** CPU time of one run. */
  | { readonly ask: 'time' }

export type Reply =
  | { readonly kind: 'results'; readonly results: readonly Values[] }
  /** The system does not do this. */
  | { readonly kind: 'none' }
  | { readonly kind: 'warm' }
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly reason: string }
