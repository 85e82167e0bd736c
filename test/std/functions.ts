/** The functions and models of the library, compiled. */
import { load } from '../../src/load.js'
import { LIBRARY } from '../../src/std/library.js'

export type Numbers = number | readonly Numbers[]

interface Compiled {
  (...values: Numbers[]): number | Float64Array
  readonly grad: (...values: Numbers[]) => (number | Float64Array)[]
}

export const isCompiled = (value: unknown): value is Compiled => typeof value === 'function'

/** The exported functions of one file of the library. */
export async function functionsOf(specifier: string): Promise<(name: string) => Compiled> {
  const file = LIBRARY.find((each) => each.specifier === specifier)
  const module = await load(file?.text ?? '', { dtype: 'f64' })
  return (name) => {
    const found = module[name]
    if (!isCompiled(found)) throw new Error(`${specifier} has no function '${name}'`)
    return found
  }
}

interface Model {
  readonly forward: (params: unknown, data: unknown) => Readonly<Record<string, Float64Array>>
}

const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && 'forward' in value

/** The outs of a layer: `use('Dense[3]', 'x: [n, 2]', { W, b }, { x })`. */
export async function use(
  layer: string,
  specifier: string,
  data: string,
  params: unknown,
  values: Readonly<Record<string, Numbers>>,
  outs = 1,
): Promise<number[][]> {
  const [name] = layer.split('[')
  const results = Array.from({ length: outs }, (_, at) => `y${at}`).join(', ')
  const module = await load(
    `import { ${name} } from "${specifier}"
model Use(${data}) {
  param l: ${layer}
  ${results} = l(${Object.keys(values).join(', ')})
  out ${results}
}`,
    { dtype: 'f64' },
  )
  const model = module.Use
  if (!isModel(model)) throw new Error('no model')
  const found = model.forward({ l: params }, values)
  return results.split(', ').map((result) => [...found[result]])
}

/** Numbers that repeat from test to test. */
export function sequence(count: number, seed = 1): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 1073741824 - 1
  })
}

/** `count` numbers cut into rows of the last length, those into blocks of the length before, and so on. */
export function tensorOf(shape: readonly number[], seed = 1): Numbers {
  let rows: Numbers[] = sequence(shape.reduce((product, extent) => product * extent, 1), seed) // prettier-ignore
  for (const extent of shape.slice(1).reverse())
    rows = Array.from({ length: rows.length / extent }, (_, at) => rows.slice(at * extent, (at + 1) * extent))
  return rows
}

/** An entry of nested rows; NaN outside. */
export function at(tensor: Numbers, ...positions: readonly number[]): number {
  let value = tensor
  for (const position of positions)
    value = typeof value === 'number' || position >= value.length ? NaN : value[position]
  return typeof value === 'number' ? value : NaN
}
