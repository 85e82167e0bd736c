import { Diagnostics } from '../base/diagnostic.js'
import { NnError } from '../base/nn-error.js'
import { checkExpression } from '../check/check-expression.js'
import { printTextLatex } from '../../codegen/latex/print-text.js'
import { parseDefinedExpression } from '../../grammar/parse.js'
import type { Expr as Node, InputDef } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import { Graph } from '../ir/graph.js'
import { readsIn, replaceNodes } from '../ir/walk.js'
import type { Step } from '../rewrite/trace.js'
import { reasonOf } from '../simplify/reason.js'
import { inFew } from '../simplify/simplify-expression.js'
import { Balance } from '../simplify/balance.js'
import { shareFactors } from '../simplify/shared-factors.js'
import { NodeCounts } from '../simplify/count.js'
import { Cancellations } from '../simplify/series/cancellations.js'
import { recogniser, stabiliser } from '../simplify/stabilise.js'
import { type Assumed, readAssumptions } from './assumption.js'
import { functionText } from './compile.js'
import { provenRange, type Range } from './range.js'
import { printCondition, printExpression } from './print.js'

/** One rule that fired: its name, and the part of the expression before and after. */
export interface TraceStep {
  readonly rule: string
  readonly before: string
  readonly after: string
  /** Where they hold the rule may be applied: both are then the same. */
  readonly conditions: readonly string[]
}

/** @internal The same in words; what a result demands itself is no condition of the step. */
export const traceOf = (graph: Graph, steps: readonly Step[]): readonly TraceStep[] =>
  steps.map((step) => ({
    rule: reasonOf(step),
    before: printExpression(step.before),
    after: printExpression(step.after),
    conditions: [...new Set(inFew(graph, step.after, step.conditions ?? []).map(printCondition))],
  }))

/** What is known of an expression besides its value. */
export interface History {
  readonly steps?: readonly Step[]
  readonly conditions?: readonly Node[]
  /** How it is printed, where that is not as it is computed: the formula of a derivative, which may have no value at a kink. */
  readonly shown?: Node
}

/** The spellings that are computed: accurate, and with what they have in common computed once. */
export function stableForms(graph: Graph, nodes: readonly Node[]): readonly Node[] {
  const recognised = recogniser(graph)
  const rewriter = stabiliser(graph, { final: true, looksThrough: true })
  const cancellations = new Cancellations(graph)
  const balance = new Balance(graph)
  return shareFactors(
    graph,
    nodes.map((node) => balance.of(cancellations.avoid(rewriter.rewrite(recognised.rewrite(node))))),
  )
}

/** What is assumed of variables. */
export interface Assumptions {
  /** `'x > 0'`, `'0 <= p <= 1'`, `'n integer'`: one of them, several with commas, or a list. */
  readonly assume?: string | readonly string[]
}

function assumedInputs(
  graph: Graph,
  assume: string | readonly string[],
  known?: ReadonlyMap<string, Assumed>,
): Map<string, InputDef> {
  const found = readAssumptions(assume, known)
  return new Map([...found].map(([name, assumed]) => [name, graph.input({ name, shape: [], ...assumed })]))
}

/** A scalar expression over real variables. Immutable. */
export class Expression {
  /** @internal */
  constructor(
    readonly graph: Graph,
    readonly node: Node,
    /** All names of the graph, also those that the expression no longer contains. */
    readonly names: ReadonlyMap<string, InputDef>,
    /** Made when it is first asked for: who only computes with an expression needs none. */
    private readonly history: () => History = () => ({}),
  ) {}

  private made: History | undefined
  private get past(): History {
    return (this.made ??= this.history())
  }

  static parse(text: string, { assume = [] }: Assumptions = {}): Expression {
    const source = { filename: 'expression', text }
    const diagnostics = new Diagnostics()
    const graph = new Graph()
    const free = assumedInputs(graph, assume)
    const syntax = parseDefinedExpression(source, diagnostics)
    const checked = syntax && checkExpression(syntax.expression, { graph, diagnostics, free, parts: syntax.parts }) // prettier-ignore
    if (!checked || diagnostics.hasErrors) {
      const [first] = diagnostics.list
      throw new NnError(first ? first.message : 'not an expression', diagnostics.list)
    }
    return new Expression(graph, checked.expr, checked.free)
  }

  /** The same of variables of which something is assumed. */
  assuming({ assume = [] }: Assumptions): Expression {
    const known = new Map([...this.names].map(([name, { facts, integer }]) => [name, { facts, integer }]))
    const found = assumedInputs(this.graph, assume, known)
    if (found.size === 0) return this
    const values = new Map<Node, Node>()
    for (const [name, input] of found) {
      const def = this.names.get(name)
      if (def) values.set(this.graph.read(def, []), this.graph.read(input, []))
    }
    const names = new Map([...this.names].map(([name, def]) => [name, found.get(name) ?? def]))
    const assumed = (node: Node): Node => replaceNodes(this.graph, node, values)
    return new Expression(this.graph, assumed(this.node), names, () => {
      const { steps, conditions } = this.past
      return { steps, conditions, shown: assumed(this.shown) }
    })
  }

  /** @internal What is printed. */
  get shown(): Node {
    return this.past.shown ?? this.node
  }

  /** Another expression over the same variables. */
  with(node: Node, history: History | (() => History) = {}): Expression {
    return new Expression(this.graph, node, this.names, typeof history === 'function' ? history : () => history) // prettier-ignore
  }

  /** In `.nn` syntax. Where the text would explode, shared parts come first, one per line, as `t1 = …`. */
  toString(): string {
    return printExpression(this.shown)
  }

  toJSON(): string {
    return this.toString()
  }

  /** What `console.log` and the prompt of Node show. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** The same in LaTeX; what is shared stands below what is made of it. */
  toLatex(): string {
    return printTextLatex(this.toString().split('\n').toReversed())
  }

  /** A JavaScript function `f` of the free names, in order, with all that it needs; accurate in tails and near zeros. */
  toJs(): string {
    return functionText(this.stable(), this.free.map((name) => this.input(name))) // prettier-ignore
  }

  /** The variables that occur, in order of appearance. */
  get free(): readonly string[] {
    const defs = new Set(new Dependencies().components(readsIn(this.node).map((read) => read.def)).flat())
    return [...this.names].filter(([, def]) => defs.has(def)).map(([name]) => name)
  }

  /** Numbers, names and operators of the expression written out. */
  get nodeCount(): number {
    return new NodeCounts().of(this.shown)
  }

  /** The narrowest range that is proven: `[0, 0.25]` of `sigmoid(x) * (1 - sigmoid(x))`. */
  get range(): Range {
    return provenRange(this.node)
  }

  /** The rules that fired on the way to this expression. */
  get trace(): readonly TraceStep[] {
    return traceOf(this.graph, this.past.steps ?? [])
  }

  /** Where one of them fails the expression that this one came from was undefined. */
  get conditions(): readonly string[] {
    return [...new Set(this.limits.map(printCondition))]
  }

  /** @internal The same as nodes. */
  get limits(): readonly Node[] {
    return this.past.conditions ?? []
  }

  private found: Node | undefined
  /** @internal The node in the spelling that is computed, looked for once: expressions are evaluated at many points. */
  stable(): Node {
    return (this.found ??= stableForms(this.graph, [this.node])[0])
  }

  /** @internal */
  input(name: string): InputDef {
    const input = this.names.get(name)
    if (!input) throw new Error(`'${name}' is no variable here`)
    return input
  }
}
