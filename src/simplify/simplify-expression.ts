import type { AppliedOperator, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { conjuncts, isFalse, isTrue } from '../ir/normal/condition.js'
import { asTerm } from '../ir/term.js'
import { postorder } from '../ir/walk.js'
import { Rewriter, RuleSet } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { conditionsOf, type Rewritten } from './conditions.js'
import { underOneRoot } from './constant-roots.js'
import { numbersInFront, signsInside } from './content.js'
import { NodeCounts } from './count.js'
import { underDemands } from './demanded.js'
import { demandsOf } from './domain.js'
import { withoutImplied } from './implied.js'
import { withoutShortReductions } from './reductions.js'
import { reductionFinder, withinReductions } from './within-reductions.js'
import { inWords } from './rules/wording.js'
import type { Report } from './rules/widen.js'
import { rulesForPeople } from './rules/for-people.js'

export interface SimplifiedExpression {
  readonly expr: Expr
  /** Conditions of no further definition of `expr`: where they fail the given expression was undefined. */
  readonly conditions: readonly Expr[]
  readonly trace: readonly Step[]
}

export interface SimplifyExpressionOptions {
  /**
   * Also by laws after which numbers may overflow on the way, and with all common factors taken out: for reading. Derivatives are
   * computed too, and look as a textbook has them.
   */
  readonly shortest?: boolean
  /** The formula of a derivative, which is read and not computed: with powers and variables in front, and whole squares. */
  readonly formula?: boolean
}

/** A shorter expression of the same value, for people: it may be defined in more places, and then says where. */
export function simplifyExpression(
  graph: Graph,
  e: Expr,
  options: SimplifyExpressionOptions = {},
): SimplifiedExpression {
  const plain = new Simplifier(graph, options).of(e)
  return (options.shortest && whereDefined(graph, e, plain, options)) || plain
}

/** Operators that are less, or another one, of what has a sign. */
const SIGNED: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['abs', 'sign', 'max', 'min', 'relu', 'clamp', 'log', 'select', 'atan', 'atan2', 'hypot', 'lgamma', 'lt', 'le', 'eq', 'ne']) // prettier-ignore

/** Shorter by what the expression demands of its variables to have a value: `|x| log(x)` is `x log(x)`. */
function whereDefined(
  graph: Graph,
  e: Expr,
  plain: SimplifiedExpression,
  options: SimplifyExpressionOptions,
): SimplifiedExpression | undefined {
  const parts = postorder([plain.expr])
  if (parts.length > LARGEST || !parts.some((part) => part.kind === 'apply' && SIGNED.has(part.operator)))
    return undefined
  const plainly = new Simplifier(graph)
  const demanded = underDemands(graph, e, (demand) => plainly.of(demand).expr)
  if (!demanded) return undefined
  const { expr, conditions, trace } = new Simplifier(graph, options).of(demanded.expr)
  const restored = demanded.restored(expr)
  const counts = new NodeCounts()
  if (counts.of(restored) >= counts.of(plain.expr)) return undefined
  const all = [...conditions.map(demanded.restored), ...demanded.conditions]
  return { expr: restored, conditions: inFew(graph, restored, all), trace }
}

/** Simplifies expressions of one graph: what they share is simplified once. */
export class Simplifier {
  private readonly reported = new Set<Expr>()
  /** By what was rewritten, in the order in which they fired. */
  private readonly fired = new Map<Expr, Step & Rewritten>()
  private readonly counts = new NodeCounts()
  private readonly rewriter: Rewriter
  private readonly arranged: (e: Expr) => Expr
  private readonly holdsReduction = reductionFinder()

  constructor(
    private readonly graph: Graph,
    private readonly options: SimplifyExpressionOptions = {},
  ) {
    const { reported, fired, counts } = this
    const { shortest = false, formula = false } = options
    const report: Report = (condition) => {
      if (!isTrue(condition)) reported.add(condition)
    }
    const rules = new RuleSet(rulesForPeople({ report, counts, shortest, formula }))
    this.rewriter = new Rewriter(graph, rules, {
      // What is defined nowhere, as `exp(log(-2))`, would seem to have a value.
      takes: () => {
        const isNowhere = [...reported].some(isFalse)
        if (isNowhere) reported.clear()
        return !isNowhere
      },
      onStep: (step) => {
        fired.set(step.before, { ...step, conditions: [...reported] })
        reported.clear()
      },
    })
    const [underRoot, inFront] = [underOneRoot(graph, counts), numbersInFront(graph)]
    this.arranged = (e) => inFront(underRoot(e))
  }

  of(e: Expr): SimplifiedExpression {
    if (!this.holdsReduction(e)) return this.settled(e)
    const inner: SimplifiedExpression[] = []
    const given = withinReductions(this.graph, e, (body) => {
      const simplified = this.settled(body)
      // Nothing can be said of where one of many terms is undefined.
      if (simplified.expr === body || simplified.conditions.length > 0) return body
      inner.push(simplified)
      return simplified.expr
    })
    const whole = this.settled(given)
    if (inner.length === 0) return whole
    return new Simplified(whole.expr, () => ({
      conditions: whole.conditions,
      trace: [...inner, whole].flatMap(({ trace }) => trace),
    }))
  }

  private settled(e: Expr): SimplifiedExpression {
    const { graph, rewriter, arranged } = this
    const { shortest } = this.options
    const written = shortest ? withoutShortReductions(graph, e, this.counts) : e
    const settled = rewriter.rewrite(written)
    const first = arranged(settled)
    // Without its number a sum may be what another is: `(2 - 2x²) / √(1 - x²)`.
    const last = first === settled ? first : arranged(rewriter.rewrite(first))
    const expr = shortest ? signsInside(graph, inWords(graph, e, last)) : last
    return new Simplified(expr, () => {
      return this.history(first === last ? [written] : [written, first], expr)
    })
  }

  /** What is found on the way from these down, also that of which nothing is left. */
  private history(from: readonly Expr[], expr: Expr): History {
    const { graph, fired, rewriter } = this
    if (fired.size === 0) return { conditions: [], trace: [] }
    const found = conditionsOf(graph, from, fired, (part) => rewriter.rewrite(part))
    // Those of parts that other expressions share fired for the first of them.
    const trace = [...fired].flatMap(([before, step]) => (found.seen.has(before) ? step : []))
    return { conditions: inFew(graph, expr, found.conditions), trace }
  }
}

interface History {
  readonly conditions: readonly Expr[]
  readonly trace: readonly Step[]
}

/** What is said of the way is found out when somebody asks. */
class Simplified implements SimplifiedExpression {
  private known: History | undefined

  constructor(
    readonly expr: Expr,
    private readonly history: () => History,
  ) {}

  get conditions(): readonly Expr[] {
    return (this.known ??= this.history()).conditions
  }

  get trace(): readonly Step[] {
    return (this.known ??= this.history()).trace
  }
}

/** Larger expressions are not simplified twice. */
const LARGEST = 200

/** More conditions are no list that somebody reads. */
const MOST = 8

/** Without those that others or the result imply, and with those as one that say one thing: `x != 0` and `x >= 0` are `x > 0`. */
export function inFew(graph: Graph, expr: Expr, all: readonly Expr[]): readonly Expr[] {
  if (all.length === 0) return all
  const demanded = new Set(demandsOf(graph, expr))
  const conditions = all.filter((condition) => !demanded.has(condition))
  if (conditions.length === 0 || conditions.length > MOST) return conditions
  const simplifier = new Simplifier(graph)
  const left = withoutImplied(graph, expr, conditions, (condition) => {
    const simplified = simplifier.of(condition)
    return simplified.conditions.length === 0 ? simplified.expr : condition
  })
  if (left.length === 0) return left
  const together = simplifier.of(graph.and(left))
  if (together.conditions.length > 0) return left
  const parts = conjuncts(together.expr).map((condition) => withoutNumber(graph, condition))
  return [...left.filter((each) => parts.includes(each)), ...parts.filter((each) => !left.includes(each))]
}

/** `x != 0` for `x / 2 != 0`. */
function withoutNumber(graph: Graph, condition: Expr): Expr {
  if (condition.kind !== 'apply' || condition.operator !== 'ne' || condition.args[1] !== graph.zero) return condition // prettier-ignore
  const { node, coefficient } = asTerm(condition.args[0])
  return coefficient.isZero ? condition : graph.apply('ne', [node, graph.zero])
}
