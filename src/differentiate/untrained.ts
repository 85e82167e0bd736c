import { Dependencies } from '../ir/dependencies.js'
import type { Def, Expr, ParamDef } from '../ir/expr.js'
import type { Entry } from '../ir/program.js'
import { smoothOperands } from '../ir/smooth.js'

/**
 * The parameters that the loss depends on only through comparisons, roundings or positions of extremes: their gradient is 0
 * everywhere. What is stopped on purpose is not counted.
 */
export function untrainedParameters(entry: Entry): readonly ParamDef[] {
  if (!entry.loss) return []
  const dependencies = new Dependencies()
  const reached = reachedFrom(entry.loss, (def) => dependencies.of(def))
  const trained = reachedFrom(entry.loss, (def) =>
    def.kind === 'computed' && def.rules.length === 0 ? smoothlyRead(def) : dependencies.of(def),
  )
  return entry.params.map(({ def }) => def).filter((def) => reached.has(def) && !trained.has(def))
}

function reachedFrom(root: Def, next: (def: Def) => Iterable<Def>): ReadonlySet<Def> {
  const reached = new Set<Def>([root])
  for (const def of reached) for (const other of next(def)) reached.add(other)
  return reached
}

/** The definitions read where a derivative passes. */
function smoothlyRead({ body, reduction }: Extract<Def, { kind: 'computed' }>): ReadonlySet<Def> {
  const defs = new Set<Def>()
  if (!body || reduction?.kind === 'argmax' || reduction?.kind === 'argmin') return defs
  const nodes = new Set<Expr>([body])
  for (const node of nodes) {
    if (node.kind === 'read') defs.add(node.def)
    for (const operand of smoothOperands(node)) nodes.add(operand)
  }
  return defs
}
