/** Strongly connected components (Tarjan 1972), iterative. */

/**
 * The components of the graph reachable from the roots, dependencies first. Nodes within a component stand in the
 * order in which they were entered; everything is deterministic.
 */
export function stronglyConnected<N>(roots: readonly N[], successors: (node: N) => readonly N[]): N[][] {
  const entered = new Map<N, number>()
  const lowest = new Map<N, number>()
  const open: N[] = []
  const isOpen = new Set<N>()
  const components: N[][] = []
  const low = (node: N): number => lowest.get(node) ?? Infinity

  const enter = (node: N): { node: N; next: number; targets: readonly N[] } => {
    entered.set(node, entered.size)
    lowest.set(node, entered.size - 1)
    open.push(node)
    isOpen.add(node)
    return { node, next: 0, targets: successors(node) }
  }
  const close = (node: N): void => {
    const from = open.lastIndexOf(node)
    const component = open.splice(from)
    for (const member of component) isOpen.delete(member)
    components.push(component)
  }

  for (const root of roots) {
    if (entered.has(root)) continue
    const stack = [enter(root)]
    while (stack.length > 0) {
      const frame = stack[stack.length - 1]
      if (frame.next < frame.targets.length) {
        const target = frame.targets[frame.next++]
        const index = entered.get(target)
        if (index === undefined) stack.push(enter(target))
        else if (isOpen.has(target)) lowest.set(frame.node, Math.min(low(frame.node), index))
        continue
      }
      stack.pop()
      if (low(frame.node) === entered.get(frame.node)) close(frame.node)
      const parent = stack[stack.length - 1]
      if (parent) lowest.set(parent.node, Math.min(low(parent.node), low(frame.node)))
    }
  }
  return components
}
