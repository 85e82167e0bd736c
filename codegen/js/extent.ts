/** Extents and checks: whole-numbered expressions of the IR over sizes, in JavaScript. */
import type { Add, Def, Expr, Index, Mul, Size, TableDef } from '../../src/ir/expr.js'
import { Rational } from '../../src/ir/rational.js'
import { postorder } from '../../src/ir/walk.js'
import { applyJs, numberJs } from './scalar.js'
import { type Js, binary, element, math, member, name, negative, number } from './syntax.js'

/** What the expression refers to. */
export interface ExtentNames {
  size(size: Size): Js
  /** A whole-numbered scalar input; an entry of a tensor, where there can be any. */
  scalar(def: Def, at: readonly Js[]): Js
  /** Only where the value of each entry is written, not for extents. */
  index?(index: Index): Js
  runtime(name: string): string
}

export function extentJs(e: Expr, names: ExtentNames): Js {
  const recur = (part: Expr) => extentJs(part, names)
  switch (e.kind) {
    case 'num':
      return rationalJs(e.value)
    case 'constant':
      return numberJs({ pi: Math.PI, inf: Infinity, nan: NaN }[e.name])
    case 'size':
      return names.size(e)
    case 'read':
      return names.scalar(e.def, e.args.map(recur))
    case 'add':
      return sumJs(e, recur)
    case 'mul':
      return productJs(e, recur)
    case 'apply':
      return applyJs(e.operator, e.args.map(recur), (part) => names.runtime(part))
    case 'test':
      return choice(binary(e.test === 'ge0' ? '>=' : '===', recur(e.operand), number(0)), number(1))
    case 'guard':
      return choice(
        e.conditions.map(recur).reduce((all, one) => binary('&&', all, one)),
        recur(e.body),
      )
    case 'stop':
      return recur(e.operand)
    case 'index':
      if (!names.index) throw new Error('an extent depends on an index')
      return names.index(e)
  }
}

const choice = (test: Js, yes: Js): Js => ({ kind: 'conditional', test, yes, no: number(0) })

/** The product of the extents of a shape: the number of elements. */
export function countJs(extents: readonly Expr[], names: ExtentNames): Js {
  const factors = extents
    .filter((extent) => extent.kind !== 'num' || !extent.value.isOne)
    .map((extent) => extentJs(extent, names))
  const known = factors.every((factor) => factor.kind === 'number')
  if (known)
    return number(factors.reduce((count, factor) => count * (factor.kind === 'number' ? factor.value : 1), 1))
  return factors.reduce((product, factor) => binary('*', product, factor))
}

export const sizesIn = (e: Expr): Size[] =>
  postorder([e]).filter((node): node is Size => node.kind === 'size')

/** The scalar inputs that an extent depends on. */
export const scalarsIn = (e: Expr): Def[] =>
  postorder([e]).flatMap((node) => (node.kind === 'read' && node.def.kind !== 'table' ? [node.def] : []))

/** An entry of a table, whose array has a name. */
export function tableJs(def: TableDef, at: readonly Js[], names: ExtentNames, array: string): Js {
  const offset = at.reduce<Js | undefined>(
    (outer, own, axis) =>
      outer ? binary('+', binary('*', outer, extentJs(def.idx[axis].extent, names)), own) : own,
    undefined,
  )
  return offset ? element(name(array), offset) : number(def.values[0])
}

function rationalJs(value: Rational): Js {
  const top = number(Number(value.n))
  return value.isInteger ? top : binary('/', top, number(Number(value.d)))
}

/** Terms that are added first, so that a sum starts without a sign where it can. */
function sumJs({ constant, terms }: Add, recur: (e: Expr) => Js): Js {
  const parts = terms.map(({ node, coefficient }) => ({
    isNegative: coefficient.isNegative,
    js: scaled(recur(node), coefficient.abs()),
  }))
  if (!constant.isZero) parts.push({ isNegative: constant.isNegative, js: rationalJs(constant.abs()) })
  const [first, ...rest] = [
    ...parts.filter((part) => !part.isNegative),
    ...parts.filter((part) => part.isNegative),
  ]
  return rest.reduce(
    (sum, part) => binary(part.isNegative ? '-' : '+', sum, part.js),
    first.isNegative ? negative(first.js) : first.js,
  )
}

function scaled(js: Js, coefficient: Rational): Js {
  if (coefficient.isOne) return js
  const top = Number(coefficient.n) === 1 ? js : binary('*', number(Number(coefficient.n)), js)
  return coefficient.isInteger ? top : binary('/', top, number(Number(coefficient.d)))
}

function productJs({ factors }: Mul, recur: (e: Expr) => Js): Js {
  const powers = factors.map(({ base, exponent }) => ({
    isNegative: exponent.isNegative,
    js: powerJs(recur(base), exponent.abs()),
  }))
  const product = (parts: typeof powers): Js =>
    parts.map((part) => part.js).reduce((left, right) => binary('*', left, right), number(1))
  const above = powers.filter((part) => !part.isNegative)
  const below = powers.filter((part) => part.isNegative)
  const top =
    above.length > 0 ? above.map((part) => part.js).reduce((l, r) => binary('*', l, r)) : product([])
  return below.length > 0 ? below.reduce((left, part) => binary('/', left, part.js), top) : top
}

function powerJs(base: Js, exponent: Rational): Js {
  if (exponent.isOne) return base
  // As kernels do: a power may round otherwise.
  if (exponent.equals(Rational.of(1, 2))) return math('sqrt', base)
  const power = binary('/', number(Number(exponent.n)), number(Number(exponent.d)))
  return {
    kind: 'call',
    callee: member(name('Math'), 'pow'),
    args: [base, exponent.isInteger ? number(Number(exponent.n)) : power],
    prefix: '',
  }
}
