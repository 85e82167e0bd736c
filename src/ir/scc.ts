/** Strongly connected components (Tarjan 1972), iterative. */

/** A node that was entered. */
interface Entered<N> {
  readonly node: N
  readonly order: number
  readonly targets: readonly N[]
  next: number
  /** The first node entered that is reached from it and has no component yet. */
  lowest: number
  isOpen: boolean
}

/**
 * The components of the graph reachable from the roots, dependencies first. Nodes within a component stand in the
 * order in which they were entered; everything is deterministic.
 */
export function stronglyConnected<N>(roots: readonly N[], successors: (node: N) => readonly N[]): N[][] {
  const entered = new Map<N, Entered<N>>()
  const open: Entered<N>[] = []
  const components: N[][] = []

  const enter = (node: N): Entered<N> => {
    const order = entered.size
    const made = { node, order, targets: successors(node), next: 0, lowest: order, isOpen: true }
    entered.set(node, made)
    open.push(made)
    return made
  }
  const close = (last: Entered<N>): void => {
    const component = open.splice(open.lastIndexOf(last))
    for (const member of component) member.isOpen = false
    components.push(component.map(({ node }) => node))
  }

  for (const root of roots) {
    if (entered.has(root)) continue
    const stack = [enter(root)]
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (top.next < top.targets.length) {
        const target = top.targets[top.next++]
        const known = entered.get(target)
        if (!known) stack.push(enter(target))
        else if (known.isOpen) top.lowest = Math.min(top.lowest, known.order)
        continue
      }
      stack.pop()
      if (top.lowest === top.order) close(top)
      const parent = stack[stack.length - 1]
      if (parent) parent.lowest = Math.min(parent.lowest, top.lowest)
    }
  }
  return components
}
