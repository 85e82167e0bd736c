import type { WebpackPluginInstance } from 'webpack'
import type { Options } from './options.js'
import { unplugin } from './plugin.js'

export type { Options, Pattern } from './options.js'

/** webpack: `plugins: [nnc()]`. */
export default function nnc(options?: Options): WebpackPluginInstance {
  return unplugin.webpack(options)
}

/** What `require` gives: configurations are CommonJS still. */
export { nnc as 'module.exports' }
