import type { Field } from './field.js'
import { NUMBERS } from './field.js'
import type { Random } from './random.js'

/** Half a unit in the last place of an f32. */
export const SINGLE_ROUNDING = 2 ** -24

/**
 * Arithmetic in which every result is off by a random part of the rounding of an f32: what it changes, an f32 module may
 * change too. (Monte Carlo arithmetic: Parker 1997.) Whole numbers stay, as they count and compare.
 */
export const noisy = (random: Random): Field<number> => ({
  ...NUMBERS,
  apply: (operator, args) => disturbed(NUMBERS.apply(operator, args), random),
})

export const disturbed = (value: number, random: Random): number =>
  Number.isInteger(value) ? value : value * (1 + random.between(-1, 1) * SINGLE_ROUNDING)
