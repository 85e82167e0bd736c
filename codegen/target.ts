/** What computes: JavaScript, WebAssembly, or `auto`: WebAssembly for entries with arrays, with JavaScript to fall back on. */
export const TARGETS = ['js', 'wasm', 'auto'] as const
export type Target = (typeof TARGETS)[number]
