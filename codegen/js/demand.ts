/** Conditions on sizes and whole-numbered arguments, tested before anything is computed. */
import type { ComputedDef, Expr } from '../../src/ir/expr.js'
import type { Check } from '../../src/ir/program.js'
import { type ExtentNames, extentJs, scalarsIn, sizesIn } from './extent.js'
import type { Names } from './names.js'
import type { ModuleParts } from './parts.js'
import { type Js, binary, call, name, number, object, string } from './syntax.js'
import type { Writer } from './writer.js'

/** What a check depends on: that of the least value over some positions on their ranges, too. */
export function expressionsOf({ expr }: Check): readonly Expr[] {
  const least = leastIn(expr)
  if (!least) return [expr]
  return [least.body, ...least.filter, ...least.indices.map((index) => index.extent)]
}

/** The condition, as a loop where it must hold at each of some positions. */
export function writeDemand(
  { expr, message, span }: Check,
  writer: Writer,
  extents: ExtentNames,
  names: Names,
  parts: ModuleParts,
): void {
  const depends = expressionsOf({ expr, message, span })
  const known = new Map<string, Js>([
    ...depends.flatMap(sizesIn).map((size): [string, Js] => [size.name, extents.size(size)]),
    ...depends.flatMap(scalarsIn).map((def): [string, Js] => [def.name, extents.scalar(def, [])]),
  ])
  const test = (value: Expr, own: ExtentNames): void =>
    writer.expression(
      call(
        parts.use('demand'),
        binary('>=', extentJs(value, own), number(0)),
        object([...known].map(([key, of]) => ({ key, value: of }))),
        string(message),
      ),
    )
  const least = leastIn(expr)
  if (!least) return test(expr, extents)
  const locals = least.indices.map((_, at) => names.create(least.def.indexNames[at]))
  const own: ExtentNames = { ...extents, index: (index) => name(locals[least.indices.indexOf(index)]) }
  const [first, ...rest] = least.filter.map((condition) => conditionJs(condition, own))
  const holds = rest.reduce((all, one) => binary('&&', all, one), first)
  const inside = (): void =>
    least.filter.length === 0
      ? test(least.body, own)
      : writer.choose(holds, () => test(least.body, own), undefined)
  const loops = least.indices.reduceRight<() => void>(
    (body, index, at) => () =>
      writer.loop(
        locals[at],
        number(0),
        binary('<', name(locals[at]), extentJs(index.extent, own)),
        `${locals[at]}++`,
        body,
      ),
    inside,
  )
  loops()
}

/** The least value that a check reads, if it is one over positions. */
function leastIn(expr: Expr) {
  if (expr.kind !== 'read' || expr.def.kind !== 'computed') return undefined
  const def: ComputedDef = expr.def
  if (def.reduction?.kind !== 'min' || !def.body) return undefined
  return { def, indices: def.reduction.idx, filter: def.reduction.filter, body: def.body }
}

const conditionJs = (e: Expr, names: ExtentNames): Js =>
  e.kind === 'test'
    ? binary(e.test === 'ge0' ? '>=' : '===', extentJs(e.operand, names), number(0))
    : extentJs(e, names)
