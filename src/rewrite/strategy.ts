import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import { withMapped } from '../ir/walk.js'
import { findMatch } from './match.js'
import { markOf, Marks } from './marks.js'
import { prepared, type PreparedRule } from './prepared.js'
import {
  namedVariables,
  rootOf,
  type Procedure,
  type Rewrite,
  type RewriteContext,
  type Root,
} from './rule.js'
import type { Step } from './trace.js'
import { opaque, type View } from './view.js'

type Candidate = PreparedRule | Procedure

const holds = (marks: number, wanted: number): boolean => (marks & wanted) === wanted

function neededMarks(candidate: Candidate): number {
  if (candidate.kind !== 'procedure') return candidate.marks
  return candidate.among ? markOf(candidate.among) : 0
}

/** Rewrites ready for use, filed by the root of their left sides, in the order in which they are tried. */
export class RuleSet {
  private readonly byRoot = new Map<Root, Candidate[]>()
  /** Those of a root for which the same operators stand below it. */
  private readonly byMarks = new Map<Root, Map<number, readonly Candidate[]>>()

  constructor(rewrites: readonly Rewrite[]) {
    for (const rewrite of rewrites) {
      const candidate = rewrite.kind === 'rule' ? prepared(rewrite) : rewrite
      const filed = this.byRoot.get(candidate.root)
      if (filed) filed.push(candidate)
      else this.byRoot.set(candidate.root, [candidate])
    }
  }

  /** What an expression may be an instance of. */
  candidatesFor(e: Expr, marks: Marks): readonly Candidate[] {
    const root = rootOf(e)
    const all = root && this.byRoot.get(root)
    if (!all) return NO_CANDIDATES
    const near = marks.ofOperands(e)
    let byMarks = this.byMarks.get(root)
    if (!byMarks) this.byMarks.set(root, (byMarks = new Map()))
    let found = byMarks.get(near)
    if (!found) {
      found = all.filter((candidate) => holds(near, neededMarks(candidate)))
      byMarks.set(near, found)
    }
    return found
  }
}

const NO_CANDIDATES: readonly Candidate[] = []

export interface RewriterOptions {
  /** Behind which reads the rules may look. */
  readonly view?: View
  /** Rules fired in all before the rewriter stops firing. */
  readonly budget?: number
  /** Whether a step may be made: of those that may not the next rule is tried. */
  readonly takes?: (step: Step) => boolean
  readonly onStep?: (step: Step) => void
}

const BUDGET = 1_000_000

interface Frame {
  readonly node: Expr
  readonly operands: readonly Expr[]
  next: number
  /** What the node was rewritten to: it settles as that does. */
  becomes: Expr | undefined
}

/**
 * Applies rules bottom-up until none fires. Each node is settled once; the memo lasts as long as the rewriter, so that
 * expressions that share parts share the work.
 */
export class Rewriter {
  private readonly settled = new NodeMap<Expr>()
  private budget: number
  private readonly view: View
  private readonly context: RewriteContext
  private readonly marks: Marks

  constructor(
    private readonly graph: Graph,
    private readonly rules: RuleSet,
    private readonly options: RewriterOptions = {},
  ) {
    this.budget = options.budget ?? BUDGET
    this.view = options.view ?? opaque
    this.marks = new Marks(this.view !== opaque)
    this.context = { graph, view: this.view, fire: (e) => this.fire(e)?.after }
  }

  rewrite(root: Expr): Expr {
    const { settled } = this
    const known = settled.get(root)
    if (known) return known
    // The path from the root to the node in work. What is on it cannot wait for itself: it counts as settled there.
    const path: Frame[] = []
    const open = new Set<Expr>()
    const enter = (node: Expr): void => {
      open.add(node)
      path.push({ node, operands: node.operands, next: 0, becomes: undefined })
    }
    const leave = (node: Expr, result: Expr): void => {
      settled.set(node, result)
      open.delete(node)
      path.pop()
    }
    enter(root)
    while (path.length > 0) {
      const frame = path[path.length - 1]
      const { node, operands } = frame
      if (frame.becomes) {
        leave(node, settled.get(frame.becomes) ?? frame.becomes)
        continue
      }
      if (frame.next < operands.length) {
        const operand = operands[frame.next++]
        if (!settled.has(operand) && !open.has(operand)) enter(operand)
        continue
      }
      const rebuilt = withMapped(this.graph, node, settled)
      const next = rebuilt === node ? this.fireAndReport(node) : rebuilt
      if (!next || open.has(next)) leave(node, next ?? node)
      else if (settled.has(next)) leave(node, settled.get(next) ?? next)
      else {
        frame.becomes = next
        enter(next)
      }
    }
    return settled.get(root) ?? root
  }

  private fireAndReport(e: Expr): Expr | undefined {
    if (this.budget <= 0) return undefined
    const fired = this.fire(e)
    if (!fired) return undefined
    this.budget--
    this.options.onStep?.(fired)
    return fired.after
  }

  private fire(e: Expr): Step | undefined {
    for (const candidate of this.rules.candidatesFor(e, this.marks)) {
      const after =
        candidate.kind === 'procedure' ? candidate.apply(e, this.context) : this.applyRule(candidate, e)
      if (!after || after === e) continue
      const step = { rule: candidate.name, before: e, after }
      if (this.options.takes?.(step) !== false) return step
    }
    return undefined
  }

  private applyRule(candidate: PreparedRule, e: Expr): Expr | undefined {
    const { graph, marks } = this
    const { pattern } = candidate
    if (!holds(marks.ofOperands(e), pattern.marks)) return undefined
    if (pattern.farMarks !== 0 && !holds(marks.belowOperands(e), pattern.farMarks)) return undefined
    const match = findMatch(graph, pattern, e, pattern.rule.looksThrough === false ? opaque : this.view)
    if (!match) return undefined
    const values = new Map<string, Expr>()
    for (const [node, { name }] of pattern.variables) {
      const bound = match.bindings.get(node)
      if (bound) values.set(name, bound)
    }
    const [, right] = pattern.rule.of(
      graph.algebra,
      namedVariables((name) => values.get(name) ?? graph.nan),
    )
    return match.complete(graph.scale(pattern.scale.inverse(), right))
  }
}
