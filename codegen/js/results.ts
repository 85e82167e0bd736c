/** Nested results: `{ loss, grads: { l1: { W, b } } }` out of paths. */
import { type Js, type Property, element, isIdentifier, member, object, string } from './syntax.js'

export interface Leaf {
  readonly path: readonly string[]
  readonly value: Js
}

export function nested(leaves: readonly Leaf[]): Js {
  const groups = new Map<string, Leaf[]>()
  for (const leaf of leaves) {
    const [first] = leaf.path
    groups.set(first, [...(groups.get(first) ?? []), leaf])
  }
  const properties = [...groups].map(([key, inner]): Property => {
    const [only] = inner
    if (inner.length === 1 && only.path.length === 1) return { key, value: only.value }
    return { key, value: nested(inner.map(({ path, value }) => ({ path: path.slice(1), value }))) }
  })
  return object(properties)
}

export type ModelMethod = 'forward' | 'loss' | 'backward'

/** `params.l1?.W`: what is missing on the way is reported by the check of the value. */
export function access(root: Js, path: readonly string[]): Js {
  return path.reduce((object, part, at) => {
    if (isIdentifier(part)) return member(object, part, at > 0)
    return element(object, string(part))
  }, root)
}
