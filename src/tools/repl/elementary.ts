/**
 * An expression as the textbook computes it: one elementary operation after the other, `h1 = x * w`, `h2 = h1 + b`.
 * The steps are those that were written, before any rewriting.
 */
import type { Expression, FunctionDeclaration } from '../../../grammar/ast.js'
import { isOperatorFunction, OPERATOR_FUNCTIONS } from '../../check/builtin-names.js'
import { everyExpression, everyStatement, expressionsOf, operandsOf } from '../../check/syntax.js'
import { evaluate, partials } from '../../ops/apply.js'
import { numbers } from '../../ops/number-algebra.js'
import { SIGNATURES, type OperatorName } from '../../ops/signatures.js'
import { libraryFunction } from './infer-shapes.js'
import { postorder, rebuild } from './syntax-tree.js'
import type { Workspace } from './workspace.js'

export type Operand =
  | { readonly kind: 'variable'; readonly text: string }
  | { readonly kind: 'constant'; readonly text: string; readonly value: number }
  | { readonly kind: 'step'; readonly text: string; readonly at: number }

export interface ElementaryStep {
  /** `h3`. */
  readonly name: string
  readonly operator: OperatorName
  readonly operands: readonly Operand[]
  readonly text: string
}

export interface Computation {
  readonly variables: readonly string[]
  readonly steps: readonly ElementaryStep[]
  readonly result: Operand
}

const BINARY = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '^': 'pow', and: 'and', or: 'or' } as const
const COMPARISON = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const
const INFIX: Partial<Record<OperatorName, string>> = {
  add: '+', sub: '-', mul: '*', div: '/', lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=', and: 'and', or: 'or',
} // prettier-ignore

/** The steps of an expression; undefined where a part of it is no elementary operation on numbers. */
export function computationOf(e: Expression, workspace: Workspace): Computation | undefined {
  const expanded = expandNames(e, workspace)
  if (!expanded) return undefined
  return new Recorder().run(expanded)
}

class Recorder {
  private readonly variables: string[] = []
  private readonly steps: ElementaryStep[] = []
  private readonly known = new Map<string, Operand>()

  run(root: Expression): Computation | undefined {
    const results = new Map<Expression, Operand | undefined>()
    for (const e of postorder(root)) {
      const result = this.operand(e, (operand) => results.get(operand))
      results.set(e, result)
    }
    const result = results.get(root)
    return result && { variables: this.variables, steps: this.steps, result }
  }

  private operand(e: Expression, of: (e: Expression) => Operand | undefined): Operand | undefined {
    switch (e.kind) {
      case 'number':
        return { kind: 'constant', text: e.text, value: Number(e.text) }
      case 'name':
        return this.name(e.name)
      case 'unary':
        return e.operator === '+'
          ? of(e.operand)
          : this.step(e.operator === '-' ? 'neg' : 'not', [of(e.operand)])
      case 'binary':
        return e.operator === '@' ? undefined : this.step(BINARY[e.operator], [of(e.left), of(e.right)])
      case 'comparison':
        return e.operators
          .map((operator, at) =>
            this.step(COMPARISON[operator], [of(e.operands[at]), of(e.operands[at + 1])]),
          )
          .reduce((all, next) => this.step('and', [all, next]))
      case 'conditional':
        return this.step('select', [of(e.condition), of(e.consequent), of(e.alternate)])
      case 'call':
        return this.call(e.callee, e.arguments.map((argument) => (argument.name ? undefined : of(argument.value)))) // prettier-ignore
      default:
        return undefined
    }
  }

  private name(name: string): Operand {
    if (name === 'pi' || name === 'π') return { kind: 'constant', text: 'pi', value: Math.PI }
    if (name === 'inf' || name === '∞') return { kind: 'constant', text: 'inf', value: Infinity }
    // The callee of a call is no variable; it is never asked for.
    return { kind: 'variable', text: name }
  }

  private call(callee: Expression, args: readonly (Operand | undefined)[]): Operand | undefined {
    if (callee.kind !== 'name') return undefined
    const { name } = callee
    if ((name === 'max' || name === 'min') && args.length > 1) return args.reduce((all, next) => this.step(name, [all, next])) // prettier-ignore
    if (!isOperatorFunction(name)) return undefined
    const operator = OPERATOR_FUNCTIONS[name]
    return SIGNATURES[operator] === args.length ? this.step(operator, args) : undefined
  }

  private step(operator: OperatorName, args: readonly (Operand | undefined)[]): Operand | undefined {
    const operands: Operand[] = []
    for (const arg of args) {
      if (!arg) return undefined
      operands.push(arg)
    }
    const text = stepText(operator, operands)
    const constants = operands.flatMap((operand) => (operand.kind === 'constant' ? [operand.value] : []))
    if (constants.length === operands.length) {
      const value = evaluate(operator, constants)
      return { kind: 'constant', text: /[-+*/^ ]/.test(text) && INFIX[operator] ? `(${text})` : text, value }
    }
    const present = this.known.get(text)
    if (present) return present
    for (const operand of operands)
      if (operand.kind === 'variable' && !this.variables.includes(operand.text))
        this.variables.push(operand.text)
    const at = this.steps.length
    const name = `h${at + 1}`
    this.steps.push({ name, operator, operands, text })
    const made: Operand = { kind: 'step', text: name, at }
    this.known.set(text, made)
    return made
  }
}

function stepText(operator: OperatorName, operands: readonly Operand[]): string {
  const [a, b, c] = operands.map(({ text }) => text)
  const infix = INFIX[operator]
  if (infix) return `${a} ${infix} ${b}`
  switch (operator) {
    case 'neg':
      return `-${a}`
    case 'pow':
      return `${a}^${b}`
    case 'not':
      return `not ${a}`
    case 'select':
      return `if ${a} then ${b} else ${c}`
    default:
      return `${operator}(${operands.map(({ text }) => text).join(', ')})`
  }
}

// ── Numbers ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Traced {
  readonly values: readonly number[]
  /** For each variable the tangents of all steps. */
  readonly tangents: readonly (readonly number[])[]
  /** The cotangent of each step. */
  readonly cotangents: readonly number[]
  /** The gradient, in the order of the variables. */
  readonly gradient: readonly number[]
}

export function trace(
  { variables, steps, result }: Computation,
  at: Readonly<Record<string, number>>,
): Traced {
  const values: number[] = []
  const valueOf = (operand: Operand): number =>
    operand.kind === 'constant'
      ? operand.value
      : operand.kind === 'step'
        ? values[operand.at]
        : at[operand.text]
  const slopes: (readonly number[])[] = []
  for (const { operator, operands } of steps) {
    const args = operands.map(valueOf)
    const value = evaluate(operator, args)
    values.push(value)
    slopes.push(slopesOf(operator, operands, args, value))
  }
  const tangents = variables.map((variable) => {
    const own: number[] = []
    const tangentOf = (operand: Operand): number =>
      operand.kind === 'step'
        ? own[operand.at]
        : operand.kind === 'variable' && operand.text === variable
          ? 1
          : 0
    for (const [n, { operands }] of steps.entries())
      own.push(operands.reduce((sum, operand, m) => sum + product(slopes[n][m], tangentOf(operand)), 0))
    return own
  })
  const cotangents = steps.map(() => 0)
  const gradient = variables.map((name) => (result.kind === 'variable' && result.text === name ? 1 : 0))
  if (result.kind === 'step') cotangents[result.at] = 1
  for (let n = steps.length - 1; n >= 0; n--)
    for (const [m, operand] of steps[n].operands.entries()) {
      const contribution = product(slopes[n][m], cotangents[n])
      if (operand.kind === 'step') cotangents[operand.at] += contribution
      else if (operand.kind === 'variable') gradient[variables.indexOf(operand.text)] += contribution
    }
  return { values, tangents, cotangents, gradient }
}

/** Nothing depends on a zero: it is not multiplied with an infinite slope. */
const product = (slope: number, derivative: number): number =>
  derivative === 0 || slope === 0 ? 0 : slope * derivative

function slopesOf(
  operator: OperatorName,
  operands: readonly Operand[],
  args: readonly number[],
  value: number,
): readonly number[] {
  // No derivative passes through the arm that is not taken.
  if (operator === 'select') return [0, args[0] === 0 ? 0 : 1, args[0] === 0 ? 1 : 0]
  // A constant wins a tie.
  if ((operator === 'max' || operator === 'min') && args[0] === args[1] && operands.some(({ kind }) => kind === 'constant')) return operands.map(({ kind }) => (kind === 'constant' ? 1 : 0)) // prettier-ignore
  return partials(operator, numbers, args, value) ?? args.map(() => 0)
}

// ── Names of the session ───────────────────────────────────────────────────────────────────────────────────

const MOST_EXPANSIONS = 2_000

/** The expression with values and functions of the session, and those of the library, written out. */
export function expandNames(e: Expression, workspace: Workspace): Expression | undefined {
  let expansions = 0
  // What a reduction binds is no value of the session.
  const bound = boundIn(e)
  const inline = (root: Expression): Expression | undefined => {
    let failed = false
    const expanded = rebuild(root, (rebuilt) => {
      if (failed || expansions > MOST_EXPANSIONS) return rebuilt
      if (rebuilt.kind === 'name') {
        if (bound.has(rebuilt.name)) return rebuilt
        const [value] = workspace.value(rebuilt.name)?.statement.values ?? []
        if (value === undefined) return rebuilt
        expansions++
        return value
      }
      if (rebuilt.kind !== 'call' || rebuilt.callee.kind !== 'name') return rebuilt
      const { name } = rebuilt.callee
      const declaration = workspace.functions.get(name)?.declaration ?? (isOperatorFunction(name) ? undefined : libraryFunction(name)) // prettier-ignore
      if (!declaration) return rebuilt
      expansions++
      const bindings = new Map<string, Expression>()
      for (const [at, parameter] of declaration.signature.parameters.entries()) {
        const given = rebuilt.arguments.find((each) => each.name?.name === parameter.name.name) ?? rebuilt.arguments[at] // prettier-ignore
        const value = given?.value ?? parameter.default
        if (!value || parameter.type?.dimensions || captures(declaration, value)) failed = true
        else bindings.set(parameter.name.name, value)
      }
      for (const statement of declaration.body) {
        if (statement.kind === 'return' && statement.values.length === 1)
          return substituted(statement.values[0], bindings)
        const [target] = statement.kind === 'definition' ? statement.targets : []
        if (statement.kind !== 'definition' || target.subscripts || statement.values.length !== 1) break
        bindings.set(target.name.name, substituted(statement.values[0], bindings))
      }
      failed = true
      return rebuilt
    })
    return failed ? undefined : expanded
  }
  let current: Expression | undefined = e
  for (let before = -1; current && before !== expansions && expansions <= MOST_EXPANSIONS;) {
    before = expansions
    current = inline(current)
  }
  return expansions > MOST_EXPANSIONS ? undefined : current
}

const substituted = (e: Expression, bindings: ReadonlyMap<string, Expression>): Expression =>
  rebuild(e, (rebuilt) => (rebuilt.kind === 'name' ? (bindings.get(rebuilt.name) ?? rebuilt) : rebuilt))

const boundIn = (...roots: readonly Expression[]): ReadonlySet<string> =>
  new Set(
    everyExpression(roots).flatMap((e) =>
      e.kind === 'reduction' ? e.binders.map(({ name }) => name.name) : [],
    ),
  )

/** Whether a sum in a function binds a name that an argument means otherwise. */
function captures({ body }: FunctionDeclaration, value: Expression): boolean {
  const bound = boundIn(...[...everyStatement(body)].flatMap(expressionsOf))
  return bound.size > 0 && [...bound].some((name) => mentions(value, name))
}

/** Whether a name occurs. */
export function mentions(e: Expression, name: string): boolean {
  const stack = [e]
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.kind === 'name' && each.name === name) return true
    stack.push(...operandsOf(each))
  }
  return false
}
