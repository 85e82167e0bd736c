import type { RspackPluginInstance } from '@rspack/core'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'

export type { Options, Pattern } from './options.js'

/** Rspack: `plugins: [nnc()]`. */
export default function nnc(options?: Options): RspackPluginInstance {
  return unplugin.rspack(options)
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
