/** Own derivative rules while definitions are rebuilt: a result made anew has rules that speak of what is new too. */
import { Dependencies, ruledBy } from './dependencies.js'
import type { ComputedDef, Def, Expr } from './expr.js'
import type { Graph } from './graph.js'

export const isRuled = (def: Def): def is ComputedDef => def.kind === 'computed' && def.rules.length > 0

/** The results of rules that definitions depend on, through rules too. */
export function ruledResults(graph: Graph, roots: readonly Def[]): ComputedDef[] {
  if (!graph.definitions.all.some(isRuled)) return []
  return new Dependencies(ruledBy).components(roots).flat().filter(isRuled)
}

/** Hands the rules of results on to what stands for them. */
export class RuleTransfer {
  /** The derivatives that rules state, in the order in which they were made: none needs a later one. */
  readonly roots: readonly Def[]
  private readonly users = new Map<Def, ComputedDef[]>()

  constructor(
    graph: Graph,
    roots: readonly Def[],
    private readonly at: (def: Def) => Def,
    private readonly rebuild: (e: Expr) => Expr,
  ) {
    for (const result of ruledResults(graph, roots))
      for (const def of [result, ...result.rules.flatMap((rule) => [rule.argument, rule.def])]) {
        const present = this.users.get(def)
        if (present) present.push(result)
        else this.users.set(def, [result])
      }
    const derivatives = [...this.users.values()].flatMap((results) => results.flatMap(({ rules }) => rules.map((rule) => rule.def))) // prettier-ignore
    this.roots = [...new Set(derivatives)].sort((a, b) => a.id - b.id)
  }

  /** Told of each definition as it is replaced. */
  settled(def: Def): void {
    for (const result of this.users.get(def) ?? []) {
      const made = this.at(result)
      if (made === result || made.kind !== 'computed' || !made.nominal) continue
      made.rules = result.rules.map((rule) => ({
        ...rule,
        argument: this.at(rule.argument),
        def: this.at(rule.def),
        at: rule.at.map(this.rebuild),
      }))
    }
  }
}
