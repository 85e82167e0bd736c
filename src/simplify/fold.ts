/**
 * Folding: an expression equal to the body of a definition, up to the names of indices, becomes a read of it. That gives
 * `softmax` its name back in a gradient, and shares work across definitions.
 */
import type { ComputedDef, Expr, Index, Term } from '../ir/expr.js'
import { mapEntries } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { operandsOf, postorder, rewrite } from '../ir/walk.js'
import { Costs } from './cost.js'

/** Less work than a load is not worth a name. */
const WORTHWHILE = 3
/** Definitions with one skeleton that are tried for one node. */
const CANDIDATES = 8

export function foldDefinitions(program: Program): Program {
  const { graph } = program
  const costs = new Costs()
  /** Finished definitions: none of them depends on the one in work, for they come in the order of dependencies. */
  const finished = new Map<number, ComputedDef[]>()
  /** Those that are a multiple of something, by what. */
  const negatives = new Map<number, readonly ComputedDef[]>()
  const memo = new Map<Expr, Expr>()

  /** Most expressions hold nothing that looks like a definition: they are not rebuilt. */
  const fold = (e: Expr): Expr =>
    postorder([e]).some((node) => find(node))
      ? rewrite(graph, e, (original, rebuilt) => find(rebuilt) ?? find(original) ?? rebuilt, undefined, memo)
      : e

  const find = (e: Expr): Expr | undefined => {
    if (e.kind === 'read' || e.kind === 'index') return undefined
    for (const def of finished.get(e.skeleton) ?? []) {
      const args = def.body && unify(def.body, e, def.idx)
      if (args) return graph.read(def, args)
    }
    return findNegative(e)
  }

  /** `-2 (p - y)` where `2 (p - y)` is known: the gradients by predictions and by what they should be. */
  const findNegative = (e: Expr): Expr | undefined => {
    const scaled = scaledIn(e)
    for (const def of (scaled && negatives.get(scaled.node.skeleton)) ?? []) {
      const own = def.body && scaledIn(def.body)
      if (!scaled || !own?.coefficient.equals(scaled.coefficient.negate())) continue
      const args = unify(own.node, scaled.node, def.idx)
      if (args) return graph.neg(graph.read(def, args))
    }
    return undefined
  }

  const finish = (def: ComputedDef): void => {
    if (!def.body || def.reduction || def.nominal || !costs.reaches(def.body, WORTHWHILE)) return
    const { skeleton } = def.body
    const filed = finished.get(skeleton) ?? []
    if (filed.length >= CANDIDATES || filed.includes(def)) return
    finished.set(skeleton, [...filed, def])
    const scaled = scaledIn(def.body)
    if (scaled) negatives.set(scaled.node.skeleton, [...(negatives.get(scaled.node.skeleton) ?? []), def].slice(0, CANDIDATES)) // prettier-ignore
    // What was looked at before this definition was known may be it.
    if (memo.size > 0) memo.clear()
  }

  return mapEntries(program, {
    replace: (def, rebuilt) => {
      if (def.kind !== 'computed' || def.nominal || !def.body) return undefined
      const body = fold(rebuilt.expr(def.body))
      const filter = (def.reduction?.filter ?? []).map((condition) => fold(rebuilt.expr(condition)))
      const unchanged = body === def.body && filter.every((c, at) => c === def.reduction?.filter[at])
      const { name, idx, origin, auto, reduction } = def
      const head = reduction && { kind: reduction.kind, idx: reduction.idx, filter }
      const made = unchanged ? def : graph.define({ name, idx, reduction: head, body, origin, auto })
      finish(made)
      return made
    },
    body: (e) => fold(e),
  })
}

/** A multiple other than 1. */
const scaledIn = (e: Expr): Term | undefined =>
  e.kind === 'add' && e.constant.isZero && e.terms.length === 1 ? e.terms[0] : undefined

/** The indices that `pattern` must be read at to be `e`: a renaming of `idx`, or nothing. */
export function unify(pattern: Expr, e: Expr, idx: readonly Index[]): Expr[] | undefined {
  const renaming = new Map<Index, Index>()
  const seen = new Map<Expr, Expr>()
  const pending: (readonly [Expr, Expr])[] = [[pattern, e]]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [p, s] = pair
    if (seen.get(p) === s) continue
    if (seen.has(p) || p.kind !== s.kind || p.skeleton !== s.skeleton) return undefined
    seen.set(p, s)
    if (p.kind === 'index' && s.kind === 'index') {
      if (p.extent !== s.extent) return undefined
      renaming.set(p, s)
      continue
    }
    if (p.free.length === 0) {
      if (p !== s) return undefined
      continue
    }
    if (!isSameNode(p, s)) return undefined
    const theirs = operandsOf(s)
    for (const [at, operand] of operandsOf(p).entries()) pending.push([operand, theirs[at]])
  }
  const args = idx.map((index) => renaming.get(index))
  return args.every((arg) => arg !== undefined) ? args.flatMap((arg) => arg ?? []) : undefined
}

/** Equal but for the operands. */
function isSameNode(p: Expr, s: Expr): boolean {
  switch (p.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
      return p === s
    case 'read':
      return s.kind === 'read' && p.def === s.def
    case 'add':
      return (
        s.kind === 'add' &&
        p.constant.equals(s.constant) &&
        p.terms.length === s.terms.length &&
        p.terms.every(({ coefficient }, at) => coefficient.equals(s.terms[at].coefficient))
      )
    case 'mul':
      return (
        s.kind === 'mul' &&
        p.factors.length === s.factors.length &&
        p.factors.every(({ exponent }, at) => exponent.equals(s.factors[at].exponent))
      )
    case 'apply':
      return s.kind === 'apply' && p.operator === s.operator && p.args.length === s.args.length
    case 'test':
      return s.kind === 'test' && p.test === s.test
    case 'guard':
      return s.kind === 'guard' && p.conditions.length === s.conditions.length
    case 'stop':
      return s.kind === 'stop'
  }
}
