import type { Plugin } from 'vite'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'

export type { Options, Pattern } from './options.js'

/** Vite: `plugins: [nnc()]`. */
export default function nnc(options?: Options): Plugin {
  return unplugin.vite(options)
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
