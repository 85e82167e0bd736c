import { evaluate } from './apply.js'
import type { Algebra } from './operator.js'
import type { OperatorName } from './signatures.js'

/** What an algebra needs of its elements; `algebraOf` adds a method per operator. */
export interface Elements<E> {
  /** The operator applied to as many arguments as its signature says. */
  apply(name: OperatorName, args: readonly E[]): E
  /** The exact rational `numerator / denominator`. */
  number(numerator: number, denominator?: number): E
  readonly pi: E
  readonly infinity: E
}

/**
 * An algebra from one function, for elements that treat all operators alike: numbers, tape entries, expressions.
 * Written out by name, so that a new operator is a compile error here.
 */
export function algebraOf<E>({ apply, number, pi, infinity }: Elements<E>): Algebra<E> {
  const unary = (name: OperatorName) => (x: E) => apply(name, [x])
  const binary = (name: OperatorName) => (x: E, y: E) => apply(name, [x, y])
  const ternary = (name: OperatorName) => (x: E, y: E, z: E) => apply(name, [x, y, z])
  return {
    add: binary('add'),
    sub: binary('sub'),
    mul: binary('mul'),
    div: binary('div'),
    neg: unary('neg'),
    pow: binary('pow'),
    abs: unary('abs'),
    sign: unary('sign'),
    floor: unary('floor'),
    ceil: unary('ceil'),
    round: unary('round'),
    trunc: unary('trunc'),
    mod: binary('mod'),
    idiv: binary('idiv'),
    min: binary('min'),
    max: binary('max'),
    clamp: ternary('clamp'),
    sqrt: unary('sqrt'),
    cbrt: unary('cbrt'),
    hypot: binary('hypot'),
    relu: unary('relu'),
    exp: unary('exp'),
    expm1: unary('expm1'),
    log: unary('log'),
    log1p: unary('log1p'),
    log2: unary('log2'),
    log10: unary('log10'),
    xlogy: binary('xlogy'),
    sigmoid: unary('sigmoid'),
    logit: unary('logit'),
    softplus: unary('softplus'),
    log_sigmoid: unary('log_sigmoid'),
    log1mexp: unary('log1mexp'),
    sin: unary('sin'),
    cos: unary('cos'),
    tan: unary('tan'),
    asin: unary('asin'),
    acos: unary('acos'),
    atan: unary('atan'),
    atan2: binary('atan2'),
    sinh: unary('sinh'),
    cosh: unary('cosh'),
    tanh: unary('tanh'),
    asinh: unary('asinh'),
    acosh: unary('acosh'),
    atanh: unary('atanh'),
    erf: unary('erf'),
    erfc: unary('erfc'),
    erfcx: unary('erfcx'),
    log_erfc: unary('log_erfc'),
    normal_cdf: unary('normal_cdf'),
    normal_pdf: unary('normal_pdf'),
    erfcx_derivative: binary('erfcx_derivative'),
    log_erfc_derivative: binary('log_erfc_derivative'),
    gaussian: unary('gaussian'),
    exprel: binary('exprel'),
    lgamma: unary('lgamma'),
    digamma: unary('digamma'),
    polygamma: binary('polygamma'),
    lgamma_difference: binary('lgamma_difference'),
    polygamma_difference: ternary('polygamma_difference'),
    lbeta: binary('lbeta'),
    lt: binary('lt'),
    le: binary('le'),
    gt: binary('gt'),
    ge: binary('ge'),
    eq: binary('eq'),
    ne: binary('ne'),
    and: binary('and'),
    or: binary('or'),
    not: unary('not'),
    select: ternary('select'),
    number,
    pi,
    infinity,
  }
}

/** Binary64, with conditions as 0 and 1. */
export const numbers: Algebra<number> = algebraOf({
  apply: evaluate,
  number: (numerator, denominator = 1) => numerator / denominator,
  pi: Math.PI,
  infinity: Infinity,
})
