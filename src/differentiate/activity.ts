/** Where derivatives can flow: which operands of a node carry one, and which definitions depend on a variable. */
import type { Def, Expr } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import { differentiableOperands } from '../ir/smooth.js'

/** The nodes of an expression that a derivative can reach and that lead to an active read, operands first. */
export function activeNodes(roots: readonly Expr[], isActive: (def: Def) => boolean): Expr[] {
  const order: Expr[] = []
  const active = new Map<Expr, boolean>()
  const stack: { node: Expr; operands: readonly Expr[]; next: number }[] = []
  const enter = (node: Expr): void => {
    active.set(node, false)
    stack.push({ node, operands: differentiableOperands(node), next: 0 })
  }
  for (const root of roots) {
    if (!active.has(root)) enter(root)
    while (stack.length > 0) {
      const frame = stack[stack.length - 1]
      if (frame.next < frame.operands.length) {
        const operand = frame.operands[frame.next++]
        if (!active.has(operand)) enter(operand)
        continue
      }
      stack.pop()
      const { node, operands } = frame
      const own = node.kind === 'read' && isActive(node.def)
      if (own || operands.some((operand) => active.get(operand))) {
        active.set(node, true)
        order.push(node)
      }
    }
  }
  return order
}

/** On what the result of rules depends. */
const argumentsOf = (def: Def): readonly Def[] =>
  def.kind === 'computed' ? def.rules.map((rule) => rule.argument) : []

/** The components, dependencies first, that depend on the variables in a differentiable way; and that relation. */
export interface Activity {
  readonly components: readonly (readonly Def[])[]
  readonly dependencies: Dependencies
  isActive(def: Def): boolean
}

/** `plain` counts as its body, whatever rules it has. */
export function findActivity(roots: readonly Def[], variables: ReadonlySet<Def>, plain?: Def): Activity {
  const dependencies = new Dependencies(argumentsOf)
  const active = new Set<Def>(variables)
  const isActive = (def: Def): boolean => active.has(def)
  const components = dependencies.components(roots)
  const reaches = (def: Def): boolean => {
    if (def.kind === 'matrix')
      return (
        activeNodes(
          def.operands.map(({ value }) => value),
          isActive,
        ).length > 0
      )
    if (def.kind === 'computed' && def.rules.length > 0 && def !== plain)
      return argumentsOf(def).some(isActive)
    return (
      def.kind === 'computed' &&
      !(def.reduction?.kind === 'argmax' || def.reduction?.kind === 'argmin') &&
      activeNodes(def.body ? [def.body] : [], isActive).length > 0
    )
  }
  for (const component of components) {
    if (!dependencies.isRecurrence(component)) {
      if (reaches(component[0])) active.add(component[0])
      continue
    }
    // The members of a recurrence depend on each other: what one depends on, all do.
    if (component.some((def) => variables.has(def) || reaches(def)))
      for (const def of component) active.add(def)
  }
  return { components: components.filter((component) => component.some(isActive)), dependencies, isActive }
}
