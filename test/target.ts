/** What runs generated code runs it in both forms: the suite runs such tests a second time for WebAssembly (`vitest.config.ts`). */
import type { Target } from '../src/compile.js'

export const TARGET: Target = process.env.NNC_TEST_TARGET === 'wasm' ? 'wasm' : 'js'

/** Options of a check: what has been compared at several points over one target needs one over the other. */
export const ENOUGH = TARGET === 'wasm' ? { points: 1 } : {}
