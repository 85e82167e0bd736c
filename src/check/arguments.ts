/** Which argument belongs to which parameter. */
import type { Argument, Expression, Parameter } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import { closest } from '../base/suggest.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'

export interface Bound {
  readonly parameter: Parameter
  /** Absent: the default of the parameter applies. */
  readonly argument: Expression | undefined
}

/** Positional arguments first, then named ones; undefined after a mistake. */
export function bindArguments(
  env: Env,
  name: string,
  parameters: readonly Parameter[],
  args: readonly Argument[],
  span: Span,
  declared: Span,
): Bound[] | undefined {
  const given = new Map<string, Expression>()
  const note = [{ message: `'${name}' is declared here`, span: declared }]
  let named = false
  for (const [at, argument] of args.entries()) {
    if (!argument.name) {
      if (named) {
        report(env, messages.positionalAfterNamed(), argument.span)
        return undefined
      }
      const parameter = parameters[at]
      if (!parameter) {
        report(env, messages.tooManyArguments(name, parameters.length, args.length), argument.span, note)
        return undefined
      }
      given.set(parameter.name.name, argument.value)
      continue
    }
    named = true
    const wanted = argument.name.name
    if (!parameters.some((parameter) => parameter.name.name === wanted)) {
      const near = closest(wanted, parameters.map((parameter) => parameter.name.name)) // prettier-ignore
      report(env, messages.unknownArgument(name, wanted, near), argument.name.span, note)
      return undefined
    }
    if (given.has(wanted)) {
      report(env, messages.argumentTwice(name, wanted), argument.name.span)
      return undefined
    }
    given.set(wanted, argument.value)
  }
  for (const parameter of parameters)
    if (!given.has(parameter.name.name) && !parameter.default) {
      report(env, messages.missingArgument(name, parameter.name.name), span, note)
      return undefined
    }
  return parameters.map((parameter) => ({ parameter, argument: given.get(parameter.name.name) }))
}
