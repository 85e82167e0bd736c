/**
 * Where what is made of a matrix is read only under conditions, the unit matrix stands for it elsewhere: a matrix that has no inverse is
 * an error only where its inverse is asked for.
 */
import { anyOf, askable } from '../ir/any-of.js'
import { operandsUnder } from '../ir/conditions-around.js'
import { definitionsReadBy, Dependencies, expressionsOf } from '../ir/dependencies.js'
import type { Def, Expr, Index, MatrixDef, MatrixOperand, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { conjuncts } from '../ir/normal/condition.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import { postorder, substitute } from '../ir/walk.js'

export function spareMatrices(): Pass {
  return {
    name: 'spare-matrices',
    doc: 'Puts the unit matrix where conditions say that nothing is asked of a matrix',
    run: (program) => {
      const { graph } = program
      if (!graph.definitions.all.some((def) => def.kind === 'matrix')) return program
      const wanted = new Wanted(graph, program.entries.flatMap(rootsOf))
      return mapEntries(program, {
        replace: (def, rebuilt) => {
          if (def.kind !== 'matrix') return undefined
          const conditions = wanted.where(def)
          if (conditions.length === 0) return undefined
          const [matrix, ...others] = def.operands
          const operands = [{ ...matrix, value: unitUnless(graph, conditions, matrix) }, ...others]
          const { name, operator, subject, origin, auto } = def
          return graph.matrix({
            name,
            operator,
            batch: def.idx.slice(0, def.batch),
            operands: operands.map(({ idx, value: entry }) => ({ idx, value: rebuilt.expr(entry) })),
            subject,
            origin,
            auto,
          })
        },
      })
    },
  }
}

/** The matrix under the conditions, also under those that it stands under already. */
function unitUnless(
  graph: Graph,
  conditions: readonly Expr[],
  { idx: [row, column], value }: MatrixOperand,
): Expr {
  const unit = graph.eq0(graph.sub(row, column))
  const isChoice = value.kind === 'apply' && value.operator === 'select' && value.args[2] === unit
  const [stated, matrix] = isChoice ? value.args : [graph.one, value]
  return graph.select(graph.and([stated, ...conditions]), matrix, unit)
}

/** Under which conditions definitions are read, from their readers down. */
class Wanted {
  private readonly dependencies = new Dependencies()
  /** Matrices and what is made of them. */
  private readonly leading = new Set<Def>()
  /** One condition a reader, over the definition's own indices. */
  private readonly reasons = new Map<Def, Expr[]>()

  constructor(
    private readonly graph: Graph,
    roots: readonly Def[],
  ) {
    const components = this.dependencies.components(roots)
    for (const component of components)
      if (
        component.some(
          (def) => def.kind === 'matrix' || this.dependencies.of(def).some((read) => this.leading.has(read)),
        )
      )
        for (const def of component) this.leading.add(def)
    for (const def of roots) this.want(def, graph.one)
    for (const component of components.reverse()) {
      const isRecurrence = this.dependencies.isRecurrence(component)
      for (const def of component)
        if (this.leading.has(def)) this.read(def, isRecurrence ? graph.one : this.condition(def))
    }
  }

  /** Conditions on the indices that count matrices; none where it is always wanted. */
  where(def: MatrixDef): readonly Expr[] {
    const counting = def.idx.slice(0, def.batch)
    const conditions = conjuncts(this.condition(def)).filter((each) =>
      each.free.every((index) => counting.includes(index)),
    )
    return askable(this.graph, conditions).filter((each) => !this.dependsOn(each, def))
  }

  private want(def: Def, condition: Expr): void {
    const present = this.reasons.get(def)
    if (present) present.push(condition)
    else this.reasons.set(def, [condition])
  }

  private condition(def: Def): Expr {
    const reasons = this.reasons.get(def) ?? []
    return reasons.length === 0 ? this.graph.one : anyOf(this.graph, reasons)
  }

  /** Tells what a definition reads under which conditions, given its own. */
  private read(def: Def, own: Expr): void {
    const { graph } = this
    const filter = def.kind === 'computed' ? (def.reduction?.filter ?? []) : []
    for (const root of expressionsOf(def)) {
      const conditions = new Map([[root, [filter.includes(root) ? own : graph.and([own, ...filter])]]])
      for (const node of this.leadingNodes(root).reverse()) {
        const condition = anyOf(graph, conditions.get(node) ?? [graph.one])
        if (node.kind === 'read') this.want(node.def, transported(graph, condition, node))
        for (const [operand, under] of operandsUnder(graph, node)) {
          const all = graph.and([condition, ...under])
          const present = conditions.get(operand)
          if (present) present.push(all)
          else conditions.set(operand, [all])
        }
      }
    }
  }

  /** The nodes that read what leads to a matrix, operands first. */
  private leadingNodes(root: Expr): Expr[] {
    const found = new Set<Expr>()
    for (const node of postorder([root]))
      if (
        (node.kind === 'read' && this.leading.has(node.def)) ||
        node.operands.some((operand) => found.has(operand))
      )
        found.add(node)
    return [...found]
  }

  /** Walks all that a condition needs: for the few conditions on matrices. */
  private dependsOn(condition: Expr, def: Def): boolean {
    return this.dependencies
      .components(definitionsReadBy(condition))
      .some((component) => component.includes(def))
  }
}

/** What is said where a definition is read, of its own indices: what is said of others is left out. */
function transported(graph: Graph, condition: Expr, { def, args }: Read): Expr {
  const renaming = new Map<Index, Index>()
  for (const [axis, arg] of args.entries()) if (arg.kind === 'index') renaming.set(arg, def.idx[axis])
  const conditions = conjuncts(condition).filter(({ free }) => free.every((index) => renaming.has(index)))
  return substitute(graph, graph.and(conditions), renaming)
}
