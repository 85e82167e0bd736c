/**
 * Functions with own derivatives. A call of one becomes a definition with identity, of which derivatives are known by rules
 * alone: as stated, or by the body for parameters without a statement.
 */
import type { DerivativeDeclaration } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { ComputedDef, Def, Expr, Index, OwnRule } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isEqual } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { axesOf } from './axes.js'
import { closed, outerIndices } from './define.js'
import { type Env, report, type RuleSite } from './env.js'
import { messages } from './messages.js'
import { asTensor, stretched } from './pointwise.js'
import { withRanges } from './ranges.js'
import { Scope, type UserFunction } from './scope.js'
import { showShape } from './show.js'
import { type Request, type Steps, valueOf } from './task.js'
import { type Tensor, tensor, type Value } from './value.js'

/** A parameter as a definition of its own: two with the same value are two variables. */
interface Argument {
  readonly def: ComputedDef
  /** The indices bound around the call on which it depends: its leading axes. */
  readonly outer: readonly Index[]
  readonly value: Tensor
}

/** Elaborates a body; if the function has own rules, its parameters and its result become definitions they speak of. */
export function* withOwnRules(
  env: Env,
  found: UserFunction,
  parameters: readonly string[],
  span: Span,
  body: (env: Env) => Request,
): Steps<Value> {
  const rules = env.context.ownRules.get(found.declaration)
  if (!rules || rules.length === 0) return yield body(env)
  const site = siteOf(env, found.declaration)
  if (site) return isSameCall(env, site) ? site.whole : yield body(env)
  const args = new Map<string, Argument>()
  for (const name of parameters) {
    const binding = env.scope.value(name)
    if (binding?.kind !== 'value' || binding.value.kind !== 'tensor') continue
    const argument = argumentOf(env, name, binding.value, span)
    args.set(name, argument)
    env.scope.bind(name, argument.value, binding.span, 'parameter')
  }
  const value = yield body({ ...env, scope: new Scope(env.scope) })
  const { name } = found.declaration.signature
  if (value.kind === 'tuple')
    return report(env, messages.ruleOfSeveral(name.name), rules[0].signature.name.span)
  if (value.kind !== 'tensor' || env.context.probing) return value
  const call = new RuledCall(env, found, args, value, span)
  for (const rule of rules) yield* call.state(rule)
  call.derive()
  return call.whole
}

const siteOf = (env: Env, declaration: object): RuleSite | undefined => {
  for (let site = env.context.site; site; site = site.outer) if (site.of === declaration) return site
  return undefined
}

/** Within its own rule a call with the same arguments is the result; others are their bodies. */
const isSameCall = (env: Env, { args }: RuleSite): boolean =>
  [...args].every(([name, argument]) => {
    const binding = env.scope.value(name)
    return (
      binding?.kind === 'value' &&
      binding.value.kind === 'tensor' &&
      binding.value.element === argument.element &&
      binding.value.shape.length === argument.shape.length
    )
  })

function argumentOf(env: Env, name: string, value: Tensor, span: Span): Argument {
  const { graph } = env.context
  const element = closed(graph, value.element, env.path)
  const outer = outerIndices(graph, value.shape, element)
  const idx = [...outer, ...axesOf(graph, value.shape)]
  const def = nominal(graph, name, idx, element, element.integer, span)
  return { def, outer, value: tensor(value.shape, graph.read(def, idx)) }
}

function nominal(
  graph: Graph,
  name: string,
  idx: readonly Index[],
  element: Expr,
  integer: boolean,
  span: Span,
): ComputedDef {
  const def = graph.nominal({
    name,
    shape: idx.map((index) => index.extent),
    integer,
    facts: element.facts,
    origin: { span },
    auto: true,
  })
  graph.setBody(def, idx, element)
  return def
}

/** One call of a function with rules. */
class RuledCall {
  readonly whole: Tensor
  private readonly graph: Graph
  private readonly outer: readonly Index[]
  private readonly axes: readonly Index[]
  private readonly result: ComputedDef
  private readonly ruled = new Set<string>()

  constructor(
    private readonly env: Env,
    private readonly found: UserFunction,
    private readonly args: ReadonlyMap<string, Argument>,
    value: Tensor,
    private readonly span: Span,
  ) {
    const { graph } = env.context
    this.graph = graph
    const element = closed(graph, value.element, env.path)
    const outer = new Set(outerIndices(graph, value.shape, element))
    for (const argument of args.values()) for (const index of argument.outer) outer.add(index)
    this.outer = [...outer]
    this.axes = axesOf(graph, value.shape)
    const idx = [...this.outer, ...this.axes]
    // A step has a slope by its rule, so it is no whole number.
    this.result = nominal(graph, this.name, idx, element, false, span)
    this.whole = tensor(value.shape, graph.read(this.result, idx))
  }

  private get name(): string {
    return this.found.declaration.signature.name.name
  }

  /** A rule of the file. */
  *state(rule: DerivativeDeclaration): Steps<void> {
    const { env, graph, whole } = this
    const by = rule.by?.name ?? rule.signature.parameters[0]?.name.name
    const argument = this.args.get(by)
    this.ruled.add(by)
    if (!argument) return
    const scope = new Scope(env.scope)
    const given = rule.given && this.given(rule.given.name, rule.given.span)
    if (rule.given && given)
      scope.bind(rule.given.name, tensor(whole.shape, graph.read(given, [...this.outer, ...this.axes])), rule.given.span, 'parameter') // prettier-ignore
    const site: RuleSite = {
      of: this.found.declaration,
      args: new Map([...this.args].map(([name, { value }]) => [name, value])),
      whole,
      outer: env.context.site,
    }
    const inner: Env = { ...env, scope, call: undefined, context: { ...env.context, site } }
    const ranged = yield* withRanges(inner, [], rule.values)
    if (rule.values.length !== 1) {
      report(env, messages.ruleOfSeveral(this.name), rule.signature.name.span)
      return
    }
    const value = asTensor(inner, yield valueOf(rule.values[0], ranged), rule.values[0])
    if (!value) return
    if (given) this.addPullback(rule, argument, given, value)
    else this.addPartial(rule, argument, value)
  }

  /** What the file does not state follows from the body. */
  derive(): void {
    const { graph, result, outer, axes, name, span } = this
    for (const [parameter, argument] of this.args) {
      if (this.ruled.has(parameter) || argument.def.integer || !result.body) continue
      const given = this.given('g', span)
      const idx = [...outer, ...axes]
      const plain = graph.define({ name, idx, body: this.body(idx), origin: { span }, auto: true })
      const weighted = graph.mul(graph.read(given, idx), graph.read(plain, idx))
      const def = graph.derivative({
        name: `${name}_by_${parameter}`,
        batch: outer,
        of: graph.sum(axes, weighted),
        wrt: argument.def,
        at: argument.outer,
        origin: { span },
      })
      const own = axesOf(graph, argument.value.shape)
      this.add({ function: name, span, isStated: false, argument, def, idx: [...outer, ...own], given })
    }
  }

  private body(idx: readonly Index[]): Expr {
    const { graph, result } = this
    if (!result.body) throw new Error(`'${result.name}' has no body`)
    const renaming = new Map(result.idx.map((index, axis) => [index, idx[axis]]))
    return substitute(graph, result.body, renaming)
  }

  private given(name: string, span: Span): ReturnType<Graph['input']> {
    const shape = this.result.idx.map((index) => index.extent)
    return this.graph.input({ name, shape, origin: { span } })
  }

  /** A partial derivative, element by element: of a function of numbers. */
  private addPartial(rule: DerivativeDeclaration, argument: Argument, value: Tensor): void {
    const { env, graph, whole } = this
    const fits = (shape: readonly Expr[]): boolean =>
      shape.length <= whole.shape.length &&
      shape.every((extent, at) => {
        const wanted = whole.shape[whole.shape.length - shape.length + at]
        return isOne(extent) || isEqual(graph, extent, wanted)
      })
    const [expression] = rule.values
    if (!fits(argument.value.shape)) {
      const shapes = [argument.value.shape, whole.shape].map((shape) => shown(graph, shape))
      report(env, messages.rulePartial(this.name, shapes[0], shapes[1]), expression.span)
      return
    }
    if (!fits(value.shape)) {
      const shapes = [value.shape, whole.shape].map((shape) => shown(graph, shape))
      report(env, messages.ruleShape(this.name, shapes[0], shapes[1]), expression.span)
      return
    }
    const idx = [...this.outer, ...this.axes]
    const body = closed(graph, stretched(graph, value, whole.shape), env.path)
    const def = graph.define({ name: `${this.name}_by_${argument.def.name}`, idx, body, origin: { span: rule.span }, auto: true }) // prettier-ignore
    this.add({ function: this.name, span: rule.span, isStated: true, argument, def, idx, given: undefined })
  }

  private addPullback(
    rule: DerivativeDeclaration,
    argument: Argument,
    given: ReturnType<Graph['input']>,
    value: Tensor,
  ): void {
    const { env, graph } = this
    const { shape } = argument.value
    const fits =
      value.shape.length === shape.length &&
      shape.every((extent, at) => isEqual(graph, extent, value.shape[at]))
    if (!fits && value.shape.length > 0) {
      const shapes = [value.shape, shape].map((each) => shown(graph, each))
      report(env, messages.ruleShape(this.name, shapes[0], shapes[1]), rule.values[0].span)
      return
    }
    const idx = [...this.outer, ...axesOf(graph, shape)]
    const body = closed(graph, value.element, env.path)
    const def = graph.define({ name: `${this.name}_by_${argument.def.name}`, idx, body, origin: { span: rule.span }, auto: true }) // prettier-ignore
    this.add({ function: this.name, span: rule.span, isStated: true, argument, def, idx, given })
  }

  private add(spec: {
    readonly function: string
    readonly span: Span
    readonly isStated: boolean
    readonly argument: Argument
    readonly def: Def
    readonly idx: readonly Index[]
    readonly given: OwnRule['given']
  }): void {
    const { graph, outer, whole, result } = this
    const { argument, def, idx, given } = spec
    const renaming = new Map(idx.map((index, axis) => [index, def.idx[axis]]))
    const own = given
      ? axesOf(graph, argument.value.shape)
      : placesIn(graph, argument.value.shape, whole.shape)
    const at = [...argument.outer, ...own].map((place) => substitute(graph, place, renaming))
    const rule: OwnRule = {
      function: spec.function,
      span: spec.span,
      isStated: spec.isStated,
      argument: argument.def,
      def,
      at,
      given,
      outer: outer.length,
    }
    result.rules = [...result.rules, rule]
  }
}

const shown = (graph: Graph, shape: readonly Expr[]): string =>
  shape.length === 0 ? 'a number' : showShape(graph, shape)

const isOne = (extent: Expr): boolean => extent.kind === 'num' && extent.value.isOne

/** Where the element of a larger shape reads an argument that is broadcast to it. */
function placesIn(graph: Graph, shape: readonly Expr[], whole: readonly Expr[]): Expr[] {
  const axes = axesOf(graph, whole)
  return shape.map((extent, at) => {
    const position = whole.length - shape.length + at
    return isOne(extent) && !isOne(whole[position]) ? graph.zero : axes[position]
  })
}
