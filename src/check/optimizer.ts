/** What makes a function an optimizer: the parameters, their gradient and states go in, new ones come out. */
import type { FunctionDeclaration, ModelDeclaration } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Input, Output } from '../ir/program.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { showShape } from './show.js'

/**
 * The shape of what an optimizer updates, where none is stated: all entries of one array of parameters in a row, whatever its
 * axes are. Undefined for what is no optimizer. `first` is its first input.
 */
export function updatedShape(
  graph: Graph,
  declaration: FunctionDeclaration | ModelDeclaration,
  first: Input | undefined,
): readonly Expr[] | undefined {
  if (declaration.kind === 'model' || declaration.word !== 'optimizer') return undefined
  return first ? shapeOf(first) : [graph.size('n')]
}

/** The results of an optimizer are called after what they replace: the new `m` is `m1`. */
export function updatedNames({ word, signature }: FunctionDeclaration): string[] | undefined {
  if (word !== 'optimizer') return undefined
  const plain = signature.parameters.filter((parameter) => !parameter.default)
  return plain.filter((_, at) => at !== 1).map(({ name }) => `${name.name}1`)
}

/**
 * The parameters and their gradient stand first, states have no default, settings have one; the results are the new
 * parameters and states, in the shapes of the old ones.
 */
export function requireConvention(
  env: Env,
  { signature }: FunctionDeclaration,
  inputs: readonly Input[],
  outputs: readonly Output[],
): void {
  const { name, parameters } = signature
  const plain = parameters.filter((parameter) => !parameter.default)
  if (plain.length < 2 || parameters.slice(0, 2).some((parameter) => parameter.default)) {
    report(env, messages.optimizerParameters(name.name), name.span)
    return
  }
  const shapes = new Map(inputs.map((input) => [input.name, shapeOf(input)]))
  const [whole] = shapes.values()
  let sound = true
  for (const [at, parameter] of parameters.entries()) {
    const shape = shapes.get(parameter.name.name) ?? []
    const isNumber = shape.length === 0
    const fits = parameter.default ? isNumber : isSame(shape, whole) || (isNumber && at >= 2)
    if (fits && isRow(whole)) continue
    report(
      env,
      parameter.default
        ? messages.optimizerSetting(parameter.name.name)
        : messages.optimizerShape(parameter.name.name, at >= 2),
      parameter.span,
    )
    sound = false
  }
  if (!sound) return
  const updated = plain.filter((parameter) => parameter !== plain[1])
  if (outputs.length !== updated.length) {
    report(env, messages.optimizerResults(name.name, updated.length, outputs.length), name.span)
    return
  }
  const { graph } = env.context
  for (const [at, { name: old, span }] of updated.entries()) {
    const found = shapeOf(outputs[at])
    const wanted = shapes.get(old.name) ?? []
    if (isSame(found, wanted)) continue
    const shown = (shape: readonly Expr[]) => (shape.length === 0 ? 'a number' : showShape(graph, shape))
    report(env, messages.optimizerResult(at + 1, old.name, shown(wanted), shown(found)), span)
  }
}

const shapeOf = ({ def }: Input | Output): readonly Expr[] => def.idx.map((index) => index.extent)

/** One axis of any length. */
const isRow = (shape: readonly Expr[]): boolean => shape.length === 1 && shape[0].kind === 'size'

const isSame = (a: readonly Expr[], b: readonly Expr[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis])
