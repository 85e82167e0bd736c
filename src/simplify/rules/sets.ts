/** Which rules run when. Each list is tried in order. */
import type { Rewrite } from '../../rewrite/rule.js'
import { anglesOfSides } from './angle-of-sides.js'
import { factoredAtBounds } from './bounded.js'
import { finalSums, recognisedSums, stableSums } from './add.js'
import { dividedDifference, lastDividedDifference } from './divided.js'
import { millsRatio, reciprocalOfErfcx, slopeOfLogErfc } from './erf.js'
import { commonFactor } from './taken-out.js'
import { densityBesideCdf, expectedExcess } from './excess.js'
import { differenceOfGammas, lgammaNearZeros } from './gamma.js'
import { quotientOfHyperbolics, slopeOfTanh } from './hyperbolic.js'
import { mergeExponentials, softmax, sumOfShares, weightedMean } from './exponential.js'
import { lastSpellings } from './last.js'
import { extremeProduct, logOfExtremeProduct } from './extreme-products.js'
import { logsOfOpenSums } from './log-of-sums.js'
import { finalLogarithms, recognisedLogarithms, stableLogarithms } from './log.js'
import {
  log1mexpOfExponential,
  logBehindRead,
  logOfExponentials,
  logOfPower,
  logOfProduct,
  logOfReduction,
  xlogyOfPositive,
} from './logarithm.js'
import { besideMills } from './mills.js'
import { powerLessOne } from './next-to-one.js'
import { besideOnePowers } from './one-plus.js'
import { powerMean } from './power-means.js'
import { recognisedProducts, stableProducts } from './mul.js'
import { piecesOfData } from './pieces-of-data.js'
import { productsOfShares } from './opposite-shares.js'
import { oppositePowers, powersApartFromZero, sharedPoles } from './poles.js'
import {
  logOfSquares,
  nonzeroSquares,
  rootAgainstRest,
  rootOfTwoSquares,
  rootWithoutGuard,
  differenceOfShares,
  shareOfRoot,
} from './root.js'
import { repeatedDifference } from './repeated-difference.js'
import { sharesOfExponentials } from './shares-of-exponentials.js'
import { besideStep, differenceOfCumulative, logarithmsOfSaturated, logOfDifference } from './saturated.js'
import { commonDenominator } from './shape.js'
import { differenceOfPowers, nestedGuard, norm, parity } from './structure.js'
import { differenceByStep } from './step.js'
import { lawOfCosines } from './triangle.js'
import { recognisedOperators } from './unary.js'

/** Shorter spellings of the same function, for people and compiler alike. */
export const RECOGNISE: readonly Rewrite[] = [
  mergeExponentials,
  ...recognisedLogarithms,
  ...recognisedOperators,
  ...recognisedProducts,
  ...recognisedSums,
  ...parity,
  nestedGuard,
  oppositePowers,
  sharedPoles,
  sumOfShares,
]

/** Forms that neither overflow nor cancel, of the same value and derivatives everywhere. */
export const ALWAYS: readonly Rewrite[] = [
  softmax,
  sharesOfExponentials,
  weightedMean,
  logOfReduction,
  ...recognisedLogarithms,
  ...stableLogarithms.slice(0, -1),
  logOfProduct,
  logOfPower,
  logOfExponentials,
  logOfDifference,
  logBehindRead,
  xlogyOfPositive,
  ...stableLogarithms.slice(-1),
  ...stableSums,
  ...stableProducts,
  millsRatio,
  ...RECOGNISE,
]

/** What must be done before differentiation, so that no derivative meets `log 0` or overflows. */
export const STABLE: readonly Rewrite[] = [
  ...besideOnePowers,
  dividedDifference,
  ...ALWAYS,
  norm,
  reciprocalOfErfcx,
  densityBesideCdf,
  logOfExtremeProduct,
  ...logsOfOpenSums,
  powerMean,
]

/** The last run before code is made. */
export const FINAL: readonly Rewrite[] = [
  ...besideOnePowers,
  lastDividedDifference,
  lawOfCosines,
  repeatedDifference,
  rootOfTwoSquares,
  nonzeroSquares,
  rootWithoutGuard,
  logOfSquares,
  ...ALWAYS,
  piecesOfData,
  powersApartFromZero,
  slopeOfTanh,
  slopeOfLogErfc,
  quotientOfHyperbolics,
  productsOfShares,
  factoredAtBounds,
  differenceOfPowers,
  commonDenominator,
  rootAgainstRest,
  ...anglesOfSides,
  shareOfRoot,
  differenceOfShares,
  expectedExcess,
  besideMills,
  differenceOfGammas,
  differenceByStep,
  powerLessOne,
  lgammaNearZeros,
  besideStep,
  differenceOfCumulative,
  ...lastSpellings,
  ...finalSums,
  ...finalLogarithms,
  ...logarithmsOfSaturated,
  logOfExtremeProduct,
  ...logsOfOpenSums,
  powerMean,
  extremeProduct,
  log1mexpOfExponential,
  commonFactor,
]
