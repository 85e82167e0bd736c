/** What all levels of nested derivatives of the interpreter share: sizes and shapes, code, what depends on what. */
import type { Def, DerivativeDef, Expr, OwnRule, Size } from '../ir/expr.js'
import { Dependencies, ruledBy } from '../ir/dependencies.js'
import { type Code, type Compiled, compileDefinition } from './code.js'
import { dependentsOf, reachableFrom, readIn } from './dependence.js'
import type { KinkMonitor } from './kinks.js'

/** Values of `stop_gradient` by the place where they were computed: filled by the first run, kept by later ones. */
export class StopValues {
  readonly #values = new Map<string, number>()

  keep(place: string, value: number): number {
    const kept = this.#values.get(place)
    if (kept !== undefined) return kept
    this.#values.set(place, value)
    return value
  }

  has(place: string): boolean {
    return this.#values.has(place)
  }
}

export class Shared {
  readonly shapes = new Map<Def, readonly number[]>()
  /** What all evaluation so far has cost, in instructions. */
  work = 0
  readonly #dependencies = new Dependencies(ruledBy)
  readonly #codes = new Map<Def, Code>()
  readonly #dependents = new Map<DerivativeDef, ReadonlySet<Def>>()
  readonly #givenDependents = new Map<Def, ReadonlySet<Def>>()
  readonly #constants = new Map<Expr, boolean>()

  constructor(
    readonly sizes: ReadonlyMap<Size, number>,
    readonly monitor: KinkMonitor,
    readonly stops: StopValues | undefined,
    /** The result of rules whose own body is to be differentiated. */
    readonly plain: Def | undefined,
  ) {}

  codeOf(def: Compiled): Code {
    let code = this.#codes.get(def)
    if (!code) this.#codes.set(def, (code = compileDefinition(def)))
    return code
  }

  dependentsOf(def: DerivativeDef): ReadonlySet<Def> {
    let found = this.#dependents.get(def)
    if (!found) {
      found = dependentsOf(def.wrt, readIn(def.of), this.#dependencies)
      this.#dependents.set(def, found)
    }
    return found
  }

  /** What a pullback computes anew for each cotangent. The result itself, which it may read, is there. */
  dependentsOfGiven({ def, given }: OwnRule): ReadonlySet<Def> {
    let found = this.#givenDependents.get(def)
    if (!found) {
      const others = (read: Def): readonly Def[] =>
        read.kind === 'computed' && read.rules.some((rule) => rule.def === def) ? [] : ruledBy(read)
      found = given ? dependentsOf(given, [def], new Dependencies(others)) : new Set<Def>()
      if (given) found = new Set([...found, def])
      this.#givenDependents.set(def, found)
    }
    return found
  }

  /** Whether no data reach it, nor what is differentiated by. */
  isConstant(expr: Expr, variables: readonly Def[]): boolean {
    const known = this.#constants.get(expr)
    if (known !== undefined && variables.length === 0) return known
    const reached = [...reachableFrom(readIn(expr), this.#dependencies)]
    const constant = reached.every(
      (def) => def.kind !== 'input' && def.kind !== 'param' && !variables.includes(def),
    )
    if (variables.length === 0) this.#constants.set(expr, constant)
    return constant
  }
}
