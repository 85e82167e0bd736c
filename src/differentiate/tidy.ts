/**
 * A derivative is brought into its plain form before the next one is taken of it: `1/(x + 1) - x/(x + 1)²` is `1/(x + 1)²`, and
 * no later pass finds that form again in what the next derivative makes of the difference.
 */
import { definitionsReadBy, expressionsOf } from '../ir/dependencies.js'
import type { ComputedDef, Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { stronglyConnected } from '../ir/scc.js'
import { postorder, rewrite, substituteAt } from '../ir/walk.js'
import { Rewriter, RuleSet } from '../rewrite/strategy.js'
import { throughDefinitions } from '../rewrite/view.js'
import { dropCancelled, Finiteness } from '../simplify/finite.js'
import { redefine } from '../simplify/inline.js'
import { RECOGNISE } from '../simplify/rules/sets.js'
import { cheapestShape } from '../simplify/rules/shape.js'

export class Tidier {
  private readonly rewriter: Rewriter

  /** `closed`: the definitions by which derivatives are taken. They must stay visible in what is rewritten. */
  constructor(
    private readonly graph: Graph,
    closed: ReadonlySet<Def>,
  ) {
    const plain = [dropCancelled(new Finiteness(false)), ...RECOGNISE, ...cheapestShape({ collects: false })]
    this.rewriter = new Rewriter(graph, new RuleSet(plain), { view: throughDefinitions(graph, closed) })
  }

  /** The definition in its plain form. Automatic ones that were made for it, from number `since` on, are too; those read once are written out. */
  tidy(root: ComputedDef, since: number): ComputedDef {
    const { graph, rewriter } = this
    const isOwn = (def: Def): def is ComputedDef =>
      def.kind === 'computed' &&
      !def.nominal &&
      def.rules.length === 0 &&
      (def === root || (def.auto && def.id >= since))
    const own = stronglyConnected([root], (def) =>
      expressionsOf(def).flatMap(definitionsReadBy).filter(isOwn),
    ).flat()
    const readers = new Map<Def, number>()
    for (const def of own)
      for (const node of postorder(expressionsOf(def)))
        if (node.kind === 'read') readers.set(node.def, (readers.get(node.def) ?? 0) + 1)
    const settled = new Map<Def, ComputedDef>()
    const memo = new Map<Expr, Expr>()
    const opened = (e: Expr): Expr =>
      definitionsReadBy(e).some((def) => settled.has(def))
        ? rewrite(graph, e, (_, node) => {
            const def = node.kind === 'read' ? settled.get(node.def) : undefined
            if (node.kind !== 'read' || !def) return node
            if (readers.get(node.def) !== 1 || def.reduction || !def.body) return graph.read(def, node.args)
            return substituteAt(graph, def.body, def.idx, node.args)
          }, undefined, memo) // prettier-ignore
        : e
    for (const def of own) {
      if (!isOwn(def) || !def.body) continue
      const parts = [def.body, ...(def.reduction?.filter ?? [])]
      const [body, ...filter] = parts.map((e) => rewriter.rewrite(opened(e)))
      settled.set(
        def,
        [body, ...filter].every((e, at) => e === parts[at]) ? def : redefine(graph, def, body, filter),
      )
    }
    return settled.get(root) ?? root
  }
}
