/**
 * A number made of small arrays, as it is computed: one operation on whole arrays after the other, their values, and the
 * cotangents of the result by each. The derivatives are those that the language has for names defined in a function.
 */
import type { Definition, Expression, FunctionDeclaration } from '../../../grammar/ast.js'
import { printExpression } from '../../../grammar/print-expression.js'
import { operandsOf } from '../../check/syntax.js'
import { expandNames } from './elementary.js'
import { postorder, Trees } from './syntax-tree.js'
import type { Query, Workspace } from './workspace.js'

export interface TensorSteps {
  /** `h1`, `h2`, … and what each of them is. */
  readonly steps: readonly { readonly name: string; readonly text: string }[]
  /** A query whose results are the steps, and the cotangents of the last of them by what is named. */
  readonly query: (cotangents: readonly string[]) => Query
}

/** Calls that look at what their operands are made of. */
const WHOLE: ReadonlySet<string> = new Set(['d', 'grad', 'jacobian', 'hessian', 'jvp', 'vjp', 'hvp'])

/** Steps are `h1`, `h2`, …, unless variables are called so. */
const LETTERS = ['h', 't', 'u', 's', 'step']

/** Undefined where there is nothing to be seen but one name or number. */
export function tensorSteps(e: Expression, query: Query, workspace: Workspace): TensorSteps | undefined {
  const root = expandNames(e, workspace) ?? e
  const { span } = root
  const trees = new Trees(span)
  const taken = [...query.variables, ...workspace.valueNames()]
  const letter = LETTERS.find((each) => !taken.some((name) => name.startsWith(each) && /^\D+\d+$/.test(name)))
  if (letter === undefined) return undefined
  const definitions: Definition[] = []
  const steps: { readonly name: string; readonly text: string }[] = []
  const known = new Map<string, Expression>()
  const inside = insideWholes(root)
  const constant = constants(root)
  const done = new Map<Expression, Expression>()
  for (const each of postorder(root)) {
    if (inside.has(each)) continue
    const value = withSteps(each, (operand) => done.get(operand) ?? operand)
    if (!isStep(each) || constant.has(each)) {
      done.set(each, value)
      continue
    }
    const text = printExpression(value)
    const name = `${letter}${steps.length + 1}`
    const same = known.get(text)
    const step = same ?? trees.name(name)
    done.set(each, step)
    if (same) continue
    known.set(text, step)
    steps.push({ name, text })
    definitions.push({ kind: 'definition', targets: [{ name: { kind: 'name', name, span }, span }], values: [value], span }) // prettier-ignore
  }
  const last = steps.at(-1)
  const [declaration] = query.file.statements.filter((statement) => statement.kind === 'function')
  if (!last || !declaration) return undefined
  const named = (name: string) => ({ kind: 'name' as const, name, span })
  return {
    steps,
    query: (cotangents) => {
      const targets = cotangents.map((_, at) => ({ name: named(`${last.name}_${at}`), span }))
      const derivatives = trees.call('grad', [last.name, ...cotangents].map(named))
      const gradient: Definition = { kind: 'definition', targets, values: [derivatives], span }
      const results = [...steps.map(({ name }) => name), ...targets.map(({ name }) => name.name)]
      const body: FunctionDeclaration = {
        ...declaration,
        body: [
          ...declaration.body.filter(({ kind }) => kind !== 'return'),
          ...definitions,
          ...(targets.length > 0 ? [gradient] : []),
          { kind: 'return', values: results.map(named), span },
        ],
      }
      const statements = query.file.statements.map((each) => (each === declaration ? body : each))
      return { ...query, file: { ...query.file, statements } }
    },
  }
}

/** What stands inside of something that is one step as a whole: a reduction binds names that hold nowhere else. */
function insideWholes(root: Expression): ReadonlySet<Expression> {
  const inside = new Set<Expression>()
  for (const e of postorder(root)) {
    const isWhole =
      e.kind === 'reduction' ||
      e.kind === 'subscript' ||
      e.kind === 'array' ||
      (e.kind === 'call' && (e.callee.kind !== 'name' || WHOLE.has(e.callee.name)))
    if (isWhole) for (const part of postorder(e)) if (part !== e) inside.add(part)
    if (e.kind === 'call') inside.add(e.callee)
  }
  return inside
}

/** What has no variable in it. */
function constants(root: Expression): ReadonlySet<Expression> {
  const found = new Set<Expression>()
  for (const e of postorder(root)) {
    const isPlain = e.kind === 'number' || (e.kind === 'name' && (e.name === 'pi' || e.name === 'inf'))
    const isMade = (e.kind === 'binary' || e.kind === 'unary') && operandsOf(e).every((operand) => found.has(operand)) // prettier-ignore
    if (isPlain || isMade) found.add(e)
  }
  return found
}

/** A transpose belongs to the product that it stands in: a row is no matrix. */
const isStep = (e: Expression): boolean => e.kind !== 'name' && e.kind !== 'number' && e.kind !== 'transpose'

function withSteps(e: Expression, of: (operand: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return { ...e, operand: of(e.operand) }
    case 'binary':
      return { ...e, left: of(e.left), right: of(e.right) }
    case 'comparison':
      return { ...e, operands: e.operands.map(of) }
    case 'conditional':
      return { ...e, condition: of(e.condition), consequent: of(e.consequent), alternate: of(e.alternate) }
    case 'call':
      return { ...e, arguments: e.arguments.map((argument) => ({ ...argument, value: of(argument.value) })) }
    case 'reduction':
    case 'subscript':
    case 'member':
    case 'array':
    case 'number':
    case 'name':
      return e
  }
}
