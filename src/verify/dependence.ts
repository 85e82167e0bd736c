import type { Def, Expr } from '../ir/expr.js'
import type { Dependencies } from '../ir/dependencies.js'
import { postorder } from '../ir/walk.js'

/** The definitions that an expression reads, directly. */
export function readIn(expr: Expr): Def[] {
  const found = new Set<Def>()
  for (const node of postorder([expr])) if (node.kind === 'read') found.add(node.def)
  return [...found]
}

/** The given definitions and all that they are computed from. */
export function reachableFrom(roots: readonly Def[], dependencies: Dependencies): Set<Def> {
  const reached = new Set(roots)
  const pending = [...roots]
  for (let next = pending.pop(); next; next = pending.pop())
    for (const read of dependencies.of(next))
      if (!reached.has(read)) {
        reached.add(read)
        pending.push(read)
      }
  return reached
}

/** Those among what `roots` are computed from that depend on `origin`. */
export function dependentsOf(origin: Def, roots: readonly Def[], dependencies: Dependencies): Set<Def> {
  const users = new Map<Def, Def[]>()
  for (const def of reachableFrom(roots, dependencies))
    for (const read of dependencies.of(def)) {
      const known = users.get(read)
      if (known) known.push(def)
      else users.set(read, [def])
    }
  const dependents = new Set<Def>()
  const pending = [origin]
  for (let next = pending.pop(); next; next = pending.pop())
    for (const user of users.get(next) ?? [])
      if (!dependents.has(user)) {
        dependents.add(user)
        pending.push(user)
      }
  return dependents
}
