/**
 * What is dear and computed in several definitions gets one of its own: `v' @ tanh(w x + b)` and its gradients by v, w, b and x take as many hyperbolic
 * tangents as there are entries, not five times as many. Results that a program names have been folded before; this is for what it does not name.
 */
import { Dependencies } from '../ir/dependencies.js'
import type { ComputedDef, Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { findUnsafeRead } from '../ir/prove.js'
import { postorder, rewrite } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'
import { unify } from './fold.js'
import { redefine } from './inline.js'

/** Operators that cost no more than a load and a store. */
const CHEAP: ReadonlySet<OperatorName> = new Set<OperatorName>(['add', 'sub', 'mul', 'div', 'neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'trunc', 'mod', 'idiv', 'min', 'max', 'clamp', 'sqrt', 'relu', 'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'select']) // prettier-ignore

/** First the largest parts that bodies have in common, then what those have in common with others. */
const ROUNDS = 2

export function shareDear(): Pass {
  return {
    name: 'share',
    doc: 'Gives what is dear and computed in several definitions one of its own',
    run: (program) => {
      let current = program
      for (let round = 0; round < ROUNDS; round++) {
        const next = shareOnce(current)
        if (next === current) break
        current = next
      }
      return current
    },
  }
}

function shareOnce(program: Program): Program {
  const { graph } = program
  const dear = new Dear()
  const roots = program.entries.flatMap(rootsOf)
  const wanted = findShared(new Dependencies().components(roots).flat(), dear)
  if (wanted.size === 0) return program
  const made = new Map<number, ComputedDef[]>()
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      if (!isPlain(def) || !def.body) return undefined
      const parts = largest(def.body, (node) => wanted.has(node.skeleton) && dear.isPart(node))
      const reads = new Map<Expr, Expr>()
      for (const part of parts) {
        const own = rebuilt.expr(part)
        const read = findUnsafeRead(graph, own) ? undefined : readOf(graph, own, def, made)
        if (read) reads.set(own, read)
      }
      if (reads.size === 0) return undefined
      const body = rewrite(
        graph,
        rebuilt.expr(def.body),
        (original, result) => reads.get(original) ?? result,
        (node) => node.free.length > 0,
      )
      const filter = (def.reduction?.filter ?? []).map((condition) => rebuilt.expr(condition))
      return redefine(graph, def, body, filter)
    },
  })
}

/** The skeletons of dear parts that occur in more than one definition. */
function findShared(reachable: readonly Def[], dear: Dear): ReadonlySet<number> {
  const seen = new Set<number>()
  const shared = new Set<number>()
  for (const def of reachable) {
    if (!isPlain(def) || !def.body) continue
    const own = new Set<number>()
    for (const node of postorder([def.body])) if (dear.isPart(node)) own.add(node.skeleton)
    for (const skeleton of own) {
      if (seen.has(skeleton)) shared.add(skeleton)
      seen.add(skeleton)
    }
  }
  return shared
}

/** Computed entry by entry, in any order. */
const isPlain = (def: Def): def is ComputedDef =>
  def.kind === 'computed' &&
  !def.nominal &&
  !def.routine &&
  (def.idx.length > 0 || def.reduction !== undefined)

/** The parts that are wanted, and are not inside of others; the whole body is none. */
function largest(body: Expr, isWanted: (node: Expr) => boolean): readonly Expr[] {
  const found: Expr[] = []
  const seen = new Set<Expr>()
  const pending = [body]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (next !== body && isWanted(next)) found.push(next)
    else pending.push(...next.operands)
  }
  return found
}

/** The part as a read of a definition, which is made where there is none yet. */
function readOf(
  graph: Graph,
  part: Expr,
  reader: ComputedDef,
  made: Map<number, ComputedDef[]>,
): Expr | undefined {
  const known = made.get(part.skeleton) ?? []
  for (const def of known) {
    const args = def.body && unify(def.body, part, def.idx)
    if (args) return graph.read(def, args)
  }
  const name = part.kind === 'apply' && part.operator !== 'select' ? part.operator : 'shared'
  const def = graph.define({ name, idx: part.free, body: part, origin: reader.origin, auto: true })
  const indices = [...reader.idx, ...(reader.reduction?.idx ?? [])]
  def.indexNames = part.free.map(
    (index, axis) => reader.indexNames[indices.indexOf(index)] ?? def.indexNames[axis],
  )
  made.set(part.skeleton, [...known, def])
  return graph.read(def, part.free)
}

/** Which expressions hold an operator that costs more than a load and a store. */
class Dear {
  private readonly memo = new NodeMap<boolean>()

  /** A part that is worth a definition, and can be one. */
  isPart(node: Expr): boolean {
    return (
      node.free.length > 0 &&
      !node.integer &&
      node.kind !== 'guard' &&
      node.kind !== 'test' &&
      node.kind !== 'stop' &&
      this.isDear(node)
    )
  }

  private isDear(root: Expr): boolean {
    for (const node of postorder([root], (e) => this.memo.get(e) === undefined)) {
      const own = node.kind === 'apply' && !CHEAP.has(node.operator)
      this.memo.set(node, own || node.operands.some((operand) => this.memo.get(operand)))
    }
    return this.memo.get(root) ?? false
  }
}
