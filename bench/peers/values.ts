/** Values of expressions as text, by mathjs: independent of the systems measured, but for mathjs itself. */
import { all, create } from 'mathjs'
import { numbers } from '../../src/ops/number-algebra.js'

export type Point = Readonly<Record<string, number>>
export type Value = (at: Point) => number

const math = create(all ?? {}, {})
math.import(
  {
    asin: Math.asin,
    acos: Math.acos,
    acosh: Math.acosh,
    atanh: Math.atanh,
    arcsin: Math.asin,
    arccos: Math.acos,
    arctan: Math.atan,
    asinh: Math.asinh,
    atan: Math.atan,
    atan2: Math.atan2,
    arcsinh: Math.asinh,
    arccosh: Math.acosh,
    arctanh: Math.atanh,
    sgn: Math.sign,
    sign: Math.sign,
    ln: Math.log,
    log1p: Math.log1p,
    expm1: Math.expm1,
    log2: Math.log2,
    log10: Math.log10,
    cbrt: Math.cbrt,
    hypot: Math.hypot,
    max: Math.max,
    min: Math.min,
    abs: Math.abs,
    floor: Math.floor,
    sqrt: Math.sqrt,
    exp: Math.exp,
    log: (x: number, base?: number) => (base === undefined ? Math.log(x) : Math.log(x) / Math.log(base)),
    sec: (x: number) => 1 / Math.cos(x),
    csc: (x: number) => 1 / Math.sin(x),
    cot: (x: number) => 1 / Math.tan(x),
    sech: (x: number) => 1 / Math.cosh(x),
    csch: (x: number) => 1 / Math.sinh(x),
    coth: (x: number) => 1 / Math.tanh(x),
    erf: numbers.erf,
    erfc: numbers.erfc,
    lgamma: numbers.lgamma,
    digamma: numbers.digamma,
    polygamma: numbers.polygamma,
    sigmoid: numbers.sigmoid,
    softplus: numbers.softplus,
    relu: numbers.relu,
    clamp: numbers.clamp,
    xlogy: numbers.xlogy,
    normal_cdf: numbers.normal_cdf,
    normal_pdf: numbers.normal_pdf,
    EXP1: Math.E,
  },
  { override: true },
)

/** NaN where the value is not a real number, or where there is none. */
export function valueOf(text: string): Value {
  const compiled = math.compile(text)
  return (at) => {
    const value: unknown = compiled.evaluate({ ...at })
    return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : NaN
  }
}

/** The slope by central differences, extrapolated to step 0 twice. */
export function slopeOf(value: Value): Value {
  return (at) => {
    const central = (h: number): number =>
      (value({ ...at, x: at.x + h }) - value({ ...at, x: at.x - h })) / (2 * h)
    const [h1, h2, h3] = [4e-3, 2e-3, 1e-3].map(central)
    const [r1, r2] = [(4 * h2 - h1) / 3, (4 * h3 - h2) / 3]
    return (16 * r2 - r1) / 15
  }
}
