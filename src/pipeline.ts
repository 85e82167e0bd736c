/** The compiler as a list: what happens to a checked program before it is scheduled. */
import { differentiate, type DifferentiateOptions } from './differentiate/differentiate.js'
import { expandDerivatives } from './differentiate/expand-pass.js'
import type { Pass } from './ir/pass.js'
import { balanceNumbers } from './simplify/balance.js'
import { factorise } from './simplify/factorise.js'
import { shareDear } from './simplify/share-dear.js'
import { shareFactorsOfNumbers } from './simplify/shared-factors.js'
import { simplify } from './simplify/simplify.js'
import { stabilise } from './simplify/stabilise.js'
import { spareMatrices } from './simplify/spare-matrices.js'

/**
 * Order matters: logarithms meet exponentials before either is differentiated; derivatives are simplified in textbook
 * form; what loses digits in floating point is respelled last, what is dear is computed once, what products have in common is taken out, and operators on
 * matrices, whole until then, become routines, with the unit matrix where nothing is asked of them.
 */
export function pipeline(options: DifferentiateOptions = {}): readonly Pass[] {
  return [
    stabilise(),
    expandDerivatives(options),
    differentiate(options),
    simplify(),
    stabilise({ final: true }),
    shareDear(),
    balanceNumbers(),
    shareFactorsOfNumbers(),
    spareMatrices(),
    factorise(),
  ]
}

/** Names for `nnc dump --after`: `check` is the program before any pass. */
export const PASS_NAMES: readonly string[] = ['check', ...pipeline().map((pass) => pass.name)]
