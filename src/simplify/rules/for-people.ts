/** The rules for expressions that people read, in the order in which they are tried. */
import type { Rewrite } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { bounds } from './bounds.js'
import { choices } from './choices.js'
import { decided } from './decided.js'
import { exactValues } from './exact-values.js'
import { exponents } from './exponents.js'
import { extremes } from './extremes.js'
import { factorials } from './factorials.js'
import { inFront } from './in-front.js'
import { inverses, shorterOperators, shorterProducts, shorterSums, sumsOfAngles } from './identities.js'
import {
  exponentialsOfLogarithms,
  inverseFunctions,
  powersOfProducts,
  productsOfPowers,
  productsOfRoots,
  shorterLogarithms,
  signOfQuotient,
  sumsOfLogarithms,
  termsIntoLogarithms,
} from './laws.js'
import { monotone } from './monotone.js'
import { moduli } from './modulus.js'
import { polar } from './polar.js'
import { powersInFront } from './powers-in-front.js'
import { periods, tangents, squareOfTangent } from './periods.js'
import { comparedExtremes, pieces, signedComparisons, solvedComparisons } from './piecewise.js'
import { guardsBesidePoles } from './poles.js'
import { provenLaws } from './proven.js'
import { RECOGNISE } from './sets.js'
import { cheapestShape } from './shape.js'
import { divisorsIntoSums, nestedFractions, oneFraction, shortestShape } from './shortest.js'
import { remainders } from './remainders.js'
import { surds } from './surds.js'
import { guardsOfExcess } from './vanishing.js'
import { together } from './together.js'
import { widening, type Report } from './widen.js'

const RECOGNISE_MORE: readonly Rewrite[] = [
  guardsBesidePoles,
  guardsOfExcess,
  ...decided,
  ...RECOGNISE,
  ...signedComparisons,
  ...solvedComparisons,
  ...comparedExtremes,
  ...pieces,
  ...sumsOfAngles,
  ...inverses,
  ...shorterSums,
  ...shorterProducts,
  ...periods,
  tangents,
  squareOfTangent,
  ...exactValues,
  ...bounds,
]

interface ForPeople {
  readonly report: Report
  readonly counts: NodeCounts
  readonly shortest: boolean
  readonly formula: boolean
}

/** What is computed in numbers is left to `sets.ts`: these may widen a domain, and then report where. */
export const rulesForPeople = ({ report, counts, shortest, formula }: ForPeople): readonly Rewrite[] => [
  ...widening(report),
  ...inverseFunctions(report),
  signOfQuotient(report),
  ...RECOGNISE_MORE,
  ...shorterLogarithms(counts),
  ...provenLaws(counts),
  ...extremes(counts),
  ...monotone(report, counts),
  ...choices(counts),
  ...together(counts),
  ...(shortest
    ? [
        ...shorterOperators,
        ...polar(counts),
        ...remainders(report, counts),
        ...factorials(report, counts),
        ...exponents(report, counts),
        ...moduli(report, counts),
        ...surds(report, counts),
        ...sumsOfLogarithms(report, counts),
        termsIntoLogarithms(counts),
        exponentialsOfLogarithms(report, counts),
        productsOfPowers(counts, report),
        powersOfProducts(report, counts),
        productsOfRoots(report, counts),
        ...shortestShape(report),
      ]
    : [
        ...inFront(counts, formula),
        productsOfPowers(counts),
        ...cheapestShape({ collects: false }),
        oneFraction(report, formula),
        nestedFractions(report),
      ]),
  ...(shortest || formula ? [powersInFront(report, counts), divisorsIntoSums(report, counts)] : []),
]
