import type { Plugin } from 'rolldown'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'

export type { Options, Pattern } from './options.js'

/** Rolldown: `plugins: [nnc()]`. */
export default function nnc(options?: Options): Plugin {
  return unplugin.rolldown(options)
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
