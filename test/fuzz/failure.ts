import type { Random } from '../../src/verify/random.js'

export interface Failure {
  /** What was given, as short as it was found to be. */
  readonly input: string
  readonly what: string
}

/** How much was compared, and what differed. */
export interface Outcome {
  readonly compared: number
  readonly failure?: Failure
}

/** One kind of random test: draws, compares, and shrinks what fails. */
export interface Kind {
  readonly name: string
  readonly doc: string
  /** So many cases take about half a second. */
  readonly few: number
  readonly run: (random: Random) => Outcome | Promise<Outcome>
}
