/** `init`: the parameters of a model before training. */
import type { Def, Expr } from '../../src/ir/expr.js'
import type { Entry, Input, Parameter } from '../../src/ir/program.js'
import type { ElementType } from '../../src/schedule/loop-program.js'
import { extentsOf, sizeNames } from './boundary.js'
import { type ExtentNames, countJs, extentJs, tableJs } from './extent.js'
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
      ...(initial.kind === 'value' && initial.def.kind === 'computed' && initial.def.body
        ? [initial.def.body]
        : []),
    ]),
  )

const OPTIONS: readonly string[] = ['seed', 'sizes']

/** The data that `init` accepts among its options, which go first where data have their names. */
export const initialData = (entry: Entry): Input[] =>
  entry.inputs.filter((input) => !OPTIONS.includes(input.name))

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
  for (const parameter of ['options', 'seed', 'sizes', POSITION]) names.create(parameter)
  const wanted = initialSizes(entry)
  const options = [...OPTIONS, ...initialData(entry).map((input) => input.name)]
  writer.blank()
  writer.about(`The parameters of \`${entry.name}\` before training; equal seeds, equal numbers.`)
  writer.function(head, own, ['options = {}'], () => {
    const list = array(options.map(string))
    writer.expression(call(parts.use('checkNames'), string('init'), name('options'), list))
    writer.doc('const { seed = 0 } = options;')
    const spelled = new Map(wanted.map((size) => [size, names.create(size)]))
    if (wanted.length > 0) {
      const values = initialData(entry)
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
    case 'value': {
      if (isScalar) return entryJs(initial.def, [], extents, parts)
      if (initial.def.kind === 'computed' && initial.def.body?.free.length === 0)
        return call(member(fresh, 'fill'), entryJs(initial.def, [], extents, parts))
      const at = positionsIn(shape, extents)
      const value = entryJs(initial.def, at, extents, parts)
      return call(parts.use('fillEach'), { kind: 'arrow', parameter: POSITION, body: value }, fresh)
    }
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

/** The parameter of the function that says the value of each entry: its place in memory. */
const POSITION = 'at'

/** The subscripts of the entry at `POSITION`. */
function positionsIn(shape: readonly Expr[], extents: ExtentNames): Js[] {
  return shape.map((extent, axis) => {
    const inner = shape.slice(axis + 1)
    const row =
      inner.length === 0
        ? name(POSITION)
        : math('floor', binary('/', name(POSITION), countJs(inner, extents)))
    return axis === 0 ? row : binary('%', row, extentJs(extent, extents))
  })
}

/** One entry of what `param w = e` says: made of numbers, sizes and positions. */
function entryJs(def: Def, at: readonly Js[], extents: ExtentNames, parts: ModuleParts): Js {
  if (def.kind === 'table') return tableJs(def, at, extents, parts.table(def, 'f64'))
  if (def.kind !== 'computed' || !def.body || def.reduction)
    throw new Error(`the initial value '${def.name}' is not compiled`)
  return extentJs(def.body, {
    ...extents,
    scalar: (read, args) => entryJs(read, args, extents, parts),
    index: (index) => at[def.idx.indexOf(index)],
  })
}
