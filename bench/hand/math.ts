/**
 * Elementary functions by tables and polynomials, which are several times faster than those of `Math`: those of generated modules, so
 * that what is compared is the code around them.
 */
import { fastExp, fastTanh } from '../../src/ops/runtime/elementary.js'

export interface Elementary {
  exp(x: number): number
  tanh(x: number): number
}

export const library: Elementary = { exp: Math.exp, tanh: Math.tanh }
export const polynomials: Elementary = { exp: fastExp, tanh: fastTanh }
export { fastExp as exp, fastTanh as tanh }
