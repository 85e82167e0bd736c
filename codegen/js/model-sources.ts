/** Where the methods of a model find the values of its inputs, parameters and cotangents. */
import type { Def } from '../../src/ir/expr.js'
import type { Entry } from '../../src/ir/program.js'
import type { Method } from '../../src/schedule/loop-program.js'
import { type Source, boundsOf } from './boundary.js'
import { access } from './results.js'
import { name } from './syntax.js'

export function sourcesOf(entry: Entry, method: Method): Map<Def, Source> {
  const sources = new Map<Def, Source>()
  for (const { name: label, def, default: value } of entry.inputs)
    sources.set(def, {
      label,
      value: access(name('data'), [label]),
      default: value,
      whole: def.integer,
      bounds: boundsOf(def),
    })
  for (const { path, def } of entry.params)
    sources.set(def, {
      label: path.join('.'),
      value: access(name('params'), path),
      default: undefined,
      whole: false,
      bounds: [],
    })
  const outputs = entry.outputs.filter(({ def }) => !def.integer)
  for (const [at, def] of method.seeds.entries()) {
    const output = outputs[at]?.name ?? def.name
    sources.set(def, {
      label: `cotangents.${output}`,
      value: access(name('cotangents'), [output]),
      default: undefined,
      whole: false,
      bounds: [],
    })
  }
  return sources
}
