/** What a module offers: tools that replace one module by the next compare it. */
import type { ScheduledEntry } from '../../src/schedule/loop-program.js'
import { returned, shapeOf } from './typings.js'

export interface ModuleInterface {
  /** The names that the module exports. */
  readonly exports: readonly string[]
  /** By model, its parameters with their types and shapes: where two are equal, parameters of one fit the other. */
  readonly parameters: Readonly<Record<string, string>>
}

export function moduleInterface(
  entries: readonly ScheduledEntry[],
  exports: readonly string[],
  dtype: 'f32' | 'f64' = 'f32',
): ModuleInterface {
  const models = entries.filter(({ entry }) => entry.kind === 'model')
  const parameters = models.map(({ entry }) => {
    const shapes = entry.params.map(
      ({ path, def }) => `${path.join('.')}: ${returned(def, dtype)} ${shapeOf(def)}`,
    )
    return [entry.name, shapes.join('; ')]
  })
  return { exports, parameters: Object.fromEntries(parameters) }
}
