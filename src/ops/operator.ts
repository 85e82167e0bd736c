import type { Arguments, OperatorName } from './signatures.js'

/**
 * A place where scalar operators can be applied: numbers (tape, duals), IR nodes (symbolic), text (docs).
 * Rules and partial derivatives are written once over an algebra and read in each.
 */
export type Algebra<E> = {
  readonly [K in OperatorName]: (...args: Arguments<E, K>) => E
} & {
  /** The exact rational `numerator / denominator` (both safe integers). */
  number(numerator: number, denominator?: number): E
  readonly pi: E
  readonly infinity: E
}

/** A closed interval of the extended reals; `[-Infinity, Infinity]` says nothing. */
export interface Interval {
  readonly low: number
  readonly high: number
}

export interface Facts {
  readonly parity?: 'odd' | 'even'
  readonly monotone?: 'increasing' | 'decreasing'
  /** The value is whole for all arguments, or if all arguments are. */
  readonly integer?: true | 'if arguments'
  /** A real number for every real argument, overflow aside: absent where there is a pole or a domain. */
  readonly total?: boolean
  /** Where an operator that is not total is real: one entry per argument; absent where no box says it. */
  readonly domain?: readonly Domain[]
  /** Never 0 for real arguments, although 0 may be the infimum. */
  readonly nonzero?: true
}

/** The arguments for which a function is real. */
export interface Domain {
  readonly above?: number
  readonly from?: number
  readonly below?: number
  readonly to?: number
  readonly nonzero?: true
}

export type Derivative<K extends OperatorName> =
  | {
      readonly kind: 'partials'
      /** One partial per argument, in textbook form, over any algebra; `y` is the value of the operator itself. */
      readonly of: <E>(m: Algebra<E>, args: Arguments<E, K>, y: E) => Arguments<E, K>
    }
  /** A structural zero: no cotangent is ever created. */
  | { readonly kind: 'zero'; readonly because: string }

/** How generated JavaScript spells the operator. */
export type JsSpelling =
  | { readonly kind: 'prefix'; readonly operator: '-' | '!' }
  | {
      readonly kind: 'infix'
      readonly operator: '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '===' | '!==' | '&&' | '||'
    }
  | { readonly kind: 'conditional' }
  /** `Math.name(…)`. */
  | { readonly kind: 'math'; readonly name: string }
  /** A function of the generated module's own, copied in when used; see `runtime/`. */
  | { readonly kind: 'runtime'; readonly name: string }

/** A point where the derivative is a decision, and the decided partials (per argument; NaN means "is NaN"). */
export interface Kink {
  readonly at: readonly number[]
  readonly partials: readonly number[]
  readonly because: string
}

/** Everything there is to know about one scalar operator. */
export interface Operator<K extends OperatorName> {
  readonly doc: string
  /** The value in binary64, within 8 ulp over the whole range; conditions give 0 or 1. */
  readonly evaluate: (...args: Arguments<number, K>) => number
  readonly derivative: Derivative<K>
  readonly facts: Facts
  /**
   * An enclosure of the values over boxes of arguments, for those in the domain and off the poles; arguments
   * are taken as real, so an infinite end is not reached. Not rounded outward; ends are never NaN.
   */
  readonly interval: (...args: Arguments<Interval, K>) => Interval
  /** Where tests and `nnc check` draw arguments from: one interval per argument, inside the domain, off kinks. */
  readonly sample: Arguments<readonly [number, number], K>
  readonly kinks: readonly Kink[]
  readonly js: JsSpelling
  /** LaTeX of the operator applied to arguments already printed. */
  readonly latex: (...args: Arguments<string, K>) => string
}

export type Family<Names extends OperatorName> = { readonly [K in Names]: Operator<K> }
