/** Rebuilding definitions bottom-up: how passes change a program without touching what they do not change. */
import type { ComputedDef, Def, DerivativeDef, Expr, MatrixDef } from './expr.js'
import { definitionsReadBy, Dependencies } from './dependencies.js'
import type { Graph } from './graph.js'
import { NodeMap } from './node-map.js'
import { isRuled, RuleTransfer } from './rules.js'
import { stronglyConnected } from './scc.js'
import { rewrite } from './walk.js'

/** The new definitions as seen while rebuilding: expressions and definitions that came before. */
export interface Rebuilt {
  expr(e: Expr): Expr
  def(def: Def): Def
}

export interface Changes {
  /** A definition to stand for `def`. `undefined`: keep it, with its parts rebuilt. */
  readonly replace?: (def: Def, rebuilt: Rebuilt) => Def | undefined
  /** The new body (or filter condition, or operand) of a definition, or what a derivative is of, over its canonical indices. */
  readonly body?: (e: Expr, def: ComputedDef | MatrixDef | DerivativeDef) => Expr
  /** Told what stands for a definition, before anything that reads it is rebuilt. */
  readonly made?: (def: Def, result: Def) => void
  /** Drops own derivative rules, once all derivatives are taken. */
  readonly withoutRules?: boolean
}

/**
 * The definitions that stand for those reachable from the roots, dependencies first. A recurrence whose members change
 * is made anew under the same names.
 */
export function rebuildDefinitions(graph: Graph, roots: readonly Def[], changes: Changes): Map<Def, Def> {
  const dependencies = new Dependencies()
  const result = new Map<Def, Def>()
  const memo = new NodeMap<Expr>()
  const settle = (def: Def, made: Def): void => {
    result.set(def, made)
    rules.settled(def)
    changes.made?.(def, made)
  }
  const redirect = (original: Expr, rebuilt: Expr): Expr => {
    if (original.kind !== 'read' || rebuilt.kind !== 'read') return rebuilt
    const target = result.get(original.def) ?? original.def
    return target === rebuilt.def ? rebuilt : graph.read(target, rebuilt.args)
  }
  const isReplaced = (def: Def): boolean => (result.get(def) ?? def) !== def
  /** Most bodies read nothing that changed: they are not walked. */
  const rebuild = (e: Expr): Expr =>
    definitionsReadBy(e).some(isReplaced) ? rewrite(graph, e, redirect, undefined, memo) : e
  const rules = new RuleTransfer(
    graph,
    changes.withoutRules ? [] : roots,
    (def) => result.get(def) ?? def,
    rebuild,
  )
  const transformed = (e: Expr, def: ComputedDef | MatrixDef | DerivativeDef): Expr =>
    changes.body?.(rebuild(e), def) ?? rebuild(e)

  const passDefinition = (def: Def): Def => {
    const replaced = changes.replace?.(def, { expr: rebuild, def: (other) => result.get(other) ?? other })
    if (replaced) return replaced
    switch (def.kind) {
      case 'input':
      case 'param':
      case 'table':
        return def
      case 'computed':
        return rebuildComputed(graph, def, (e) => transformed(e, def))
      case 'matrix': {
        const operands = def.operands.map(({ idx, value }) => ({ idx, value: transformed(value, def) }))
        if (operands.every(({ value }, at) => value === def.operands[at].value)) return def
        const { name, operator, subject, origin, auto } = def
        const made = graph.matrix({
          name,
          operator,
          batch: def.idx.slice(0, def.batch),
          operands,
          subject,
          origin,
          auto,
        })
        made.indexNames = def.indexNames
        return made
      }
      case 'derivative': {
        const of = transformed(def.of, def)
        const at = def.at.map(rebuild)
        const wrt = result.get(def.wrt) ?? def.wrt
        if (of === def.of && wrt === def.wrt && at.every((arg, axis) => arg === def.at[axis])) return def
        const batch = def.idx.slice(0, def.idx.length - (wrt.idx.length - at.length))
        return graph.derivative({ name: def.name, batch, of, wrt, at, origin: def.origin })
      }
    }
  }

  const passRecurrence = (component: readonly Def[]): void => {
    const inside = new Set(component)
    const nominal = component.filter((def): def is ComputedDef => def.kind === 'computed' && def.nominal)
    const changed = component.some((def) => {
      if (def.kind !== 'computed') return def.kind === 'derivative' || def.kind === 'matrix'
      if (isRuled(def)) return true
      if (dependencies.of(def).some((other) => !inside.has(other) && (result.get(other) ?? other) !== other))
        return true
      return changes.body !== undefined && partsOf(def).some((e) => changes.body?.(e, def) !== e)
    })
    if (!changed) {
      for (const def of component) settle(def, def)
      return
    }
    for (const def of nominal) {
      const { name, indexNames, origin, auto, integer, facts } = def
      const shape = def.idx.map((index) => index.extent)
      settle(def, graph.nominal({ name, shape, indexNames, origin, auto, integer, facts }))
    }
    const structural = component.filter((def) => !nominal.some((other) => other === def))
    const among = new Set(structural)
    for (const [def] of stronglyConnected(structural, (d) =>
      dependencies.of(d).filter((other) => among.has(other)),
    ))
      settle(def, passDefinition(def))
    for (const def of nominal) {
      const target = result.get(def)
      if (target?.kind === 'computed' && def.body) graph.setBody(target, def.idx, transformed(def.body, def))
    }
  }

  for (const component of dependencies.components([...rules.roots, ...roots])) {
    if (dependencies.isRecurrence(component)) passRecurrence(component)
    else settle(component[0], passDefinition(component[0]))
  }
  return result
}

const partsOf = (def: ComputedDef): Expr[] => [
  ...(def.body ? [def.body] : []),
  ...(def.reduction?.filter ?? []),
]

function rebuildComputed(graph: Graph, def: ComputedDef, transform: (e: Expr) => Expr): Def {
  const { body } = def
  if (!body) throw new Error(`'${def.name}' has no body yet`)
  const next = transform(body)
  const filter = (def.reduction?.filter ?? []).map(transform)
  if (
    next === body &&
    !def.routine &&
    def.rules.length === 0 &&
    filter.every((condition, at) => condition === def.reduction?.filter[at])
  )
    return def
  const { name, idx, origin, auto, reduction, routine } = def
  if (def.nominal) {
    const shape = idx.map((index) => index.extent)
    const target = graph.nominal({
      name,
      shape,
      indexNames: def.indexNames,
      origin,
      auto,
      integer: def.integer,
      facts: def.facts,
    })
    graph.setBody(target, idx, next)
    return target
  }
  const head = reduction && { kind: reduction.kind, idx: reduction.idx, filter }
  const factors = routine?.factors && transform(routine.factors)
  if (factors && factors.kind !== 'read') throw new Error(`the factors of '${name}' were rewritten`)
  const made = graph.define({
    name,
    idx,
    reduction: head,
    body: next,
    origin,
    auto,
    ...(routine && { routine: { ...routine, factors } }),
  })
  // A copy of another definition is that one, with what it binds itself.
  if (made.indexNames.length === def.indexNames.length) made.indexNames = def.indexNames
  return made
}
