/** `init`: the parameters of a model before training. */
import type { Def, Expr } from '../../src/ir/expr.js'
import type { Entry, Parameter } from '../../src/ir/program.js'
import type { ElementType } from '../../src/schedule/loop-program.js'
import { extentsOf, sizeNames } from './boundary.js'
import { type ExtentNames, countJs, extentJs } from './extent.js'
import { ARRAY_TYPES } from './kernel.js'
import type { ModuleParts } from './parts.js'
import { nested } from './results.js'
import {
  type Js,
  array,
  binary,
  call,
  create,
  element,
  math,
  member,
  name,
  negative,
  number,
  object,
  string,
} from './syntax.js'
import type { Writer } from './writer.js'

/** The sizes that the initial parameters depend on. */
export const initialSizes = (entry: Entry): string[] =>
  sizeNames(
    entry.params.flatMap(({ def, initial }) => [
      ...extentsOf(def),
      ...('fanIn' in initial ? [initial.fanIn, initial.fanOut] : []),
    ]),
  )

export function writeInit(
  writer: Writer,
  entry: Entry,
  own: string,
  head: string,
  elementOf: (def: Def) => ElementType,
  shapes: string,
  parts: ModuleParts,
): void {
  const names = parts.localNames()
  for (const parameter of ['options', 'seed', 'sizes']) names.create(parameter)
  const wanted = initialSizes(entry)
  const options = ['seed', 'sizes', ...entry.inputs.map((input) => input.name)]
  writer.blank()
  writer.about(`The parameters of \`${entry.name}\` before training; equal seeds, equal numbers.`)
  writer.function(head, own, ['options = {}'], () => {
    const list = array([...new Set(options)].map(string))
    writer.expression(call(parts.use('checkNames'), string('init'), name('options'), list))
    writer.doc('const { seed = 0 } = options;')
    const spelled = new Map(wanted.map((size) => [size, names.create(size)]))
    if (wanted.length > 0) {
      const values = entry.inputs
        .filter(({ def }) => sizeNames(extentsOf(def)).some((size) => wanted.includes(size)))
        .map((input) => ({ key: input.name, value: member(name('options'), input.name) }))
      const given = member(name('options'), 'sizes')
      const sizes = array(wanted.map(string))
      writer.constant('sizes', call(parts.use('findSizes'), sizes, name(shapes), object(values), given))
      const fields = [...spelled].map(([size, local]) => (size === local ? size : `${size}: ${local}`))
      writer.doc(`const { ${fields.join(', ')} } = sizes;`)
    }
    const extents: ExtentNames = {
      size: (size) => name(spelled.get(size.name) ?? size.name),
      scalar: (def) => {
        throw new Error(`the shape of a parameter depends on '${def.name}'`)
      },
      runtime: (part) => parts.use(part),
    }
    const leaves = entry.params.map((parameter) => ({
      path: parameter.path,
      value: initialJs(parameter, elementOf(parameter.def), extents, parts),
    }))
    writer.return(nested(leaves))
  })
}

function initialJs(
  { def, path, initial }: Parameter,
  type: ElementType,
  extents: ExtentNames,
  parts: ModuleParts,
): Js {
  const shape = extentsOf(def)
  const isScalar = shape.length === 0
  const fresh = create(ARRAY_TYPES[type], isScalar ? number(1) : countJs(shape, extents))
  const label = string(path.join('.'))
  const drawn = (part: string, ...more: readonly Js[]): Js => {
    const filled = call(parts.use(part), fresh, name('seed'), label, ...more)
    return isScalar ? element(filled, number(0)) : filled
  }
  const normal = (deviation: Js) => drawn('fillNormal', number(0), deviation)
  const root = (top: number, fan: Expr) => math('sqrt', binary('/', number(top), extentJs(fan, extents)))
  switch (initial.kind) {
    case 'zeros':
      return isScalar ? number(0) : fresh
    case 'value':
      return valueJs(initial.def, fresh, isScalar, extents)
    case 'normal':
      return drawn('fillNormal', number(initial.mean), number(initial.deviation))
    case 'uniform':
      return drawn('fillUniform', number(initial.low), number(initial.high))
    case 'he':
      return normal(root(2, initial.fanIn))
    case 'lecun':
      return normal(root(1, initial.fanIn))
    case 'glorot': {
      const fans = binary('+', extentJs(initial.fanIn, extents), extentJs(initial.fanOut, extents))
      const bound = math('sqrt', binary('/', number(6), foldSum(fans)))
      return drawn('fillUniform', negative(bound), bound)
    }
    case 'orthogonal': {
      const [rows, columns] = [number(1), number(1), ...shape.map((e) => extentJs(e, extents))].slice(-2)
      return drawn('fillOrthogonal', rows, columns)
    }
  }
}

function foldSum(e: Js): Js {
  return e.kind === 'binary' && e.left.kind === 'number' && e.right.kind === 'number'
    ? number(e.left.value + e.right.value)
    : e
}

/** `param w = e`: numbers of a table, or one number in every place. */
function valueJs(def: Def, fresh: Js, isScalar: boolean, extents: ExtentNames): Js {
  if (def.kind === 'table') {
    const values = def.values.map((value) => number(value))
    if (isScalar) return values[0]
    if (fresh.kind === 'call') return { ...fresh, args: [array(values)] }
  }
  if (def.kind !== 'computed' || !def.body || def.reduction)
    throw new Error(`the initial value '${def.name}' is not compiled`)
  const value = extentJs(def.body, extents)
  return isScalar ? value : call(member(fresh, 'fill'), value)
}
