/** Values of the entries of a text, by the interpreter. */
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { check, type Options } from './checking.js'

type Nested = number | readonly Nested[]

function flat(value: Nested): number[] {
  return typeof value === 'number' ? [value] : value.flatMap((inner) => flat(inner))
}

function extents(value: Nested): number[] {
  return typeof value === 'number' ? [] : [value.length, ...(value.length > 0 ? extents(value[0]) : [])]
}

/** All results of an entry, row-major, for nested arrays as data; parameters of models are given by path. */
export function evaluate(
  text: string,
  entry: string,
  data: Readonly<Record<string, Nested>>,
  options?: Options,
): number[][] {
  const { program, errors } = check(text, options)
  if (errors.length > 0) throw new Error(errors.join('\n'))
  const found = program.entries.find(({ name }) => name === entry)
  if (!found) throw new Error(`no entry '${entry}'`)
  const values = new Map(
    [
      ...found.inputs.map(({ name, def }) => ({ name, def })),
      ...found.params.map(({ path, def }) => ({ name: path.join('.'), def })),
    ].map(({ name, def }) => {
      const given = data[name]
      if (given === undefined) throw new Error(`no data for '${name}'`)
      return [def, flat(given)] as const
    }),
  )
  const sizes = new Map(
    found.sizes.map(({ size, input, axis }) => {
      const name = found.inputs.find(({ def }) => def === input)?.name ?? ''
      return [size, extents(data[name])[axis]] as const
    }),
  )
  const run = interpret({ field: NUMBERS, sizes, data: values })
  const roots = [...found.outputs.map(({ def }) => def), ...(found.loss ? [found.loss] : [])]
  return roots.map((def) => [...run.array(def)])
}
