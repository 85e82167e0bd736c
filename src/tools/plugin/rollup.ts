import type { Plugin } from 'rollup'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'

export type { Options, Pattern } from './options.js'

/** Rollup: `plugins: [nnc()]`. */
export default function nnc(options?: Options): Plugin {
  return unplugin.rollup(options)
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
