/** What the functions on expressions are called with. Callers without a type checker are told what is wrong. */
import { Diagnostics } from '../base/diagnostic.js'
import { isRecord, shown } from '../base/given.js'
import { NnError } from '../base/nn-error.js'

export function fail(message: string): never {
  const diagnostics = new Diagnostics()
  diagnostics.add({ severity: 'error', code: 'invalid-argument', message, notes: [] })
  throw new NnError(message, diagnostics.list)
}

/** A variable as expressions know it: names are compared after Unicode normalisation. */
export function variableName(name: unknown): string {
  const normalised = typeof name === 'string' ? name.trim().normalize('NFKC') : ''
  if (!/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u.test(normalised))
    fail(`the name of a variable is expected, such as 'x', not ${shown(name)}`)
  return normalised
}

export function variableNames(names: unknown): readonly string[] {
  if (!Array.isArray(names)) fail(`a list of variables is expected, such as ['x', 'y'], not ${shown(names)}`)
  return names.map(variableName)
}

export const notAnExpression = (given: unknown): never =>
  fail(`an expression is a text, or what a function of this library returned, not ${shown(given)}`)

/** Options have one name: another one is a slip. */
export function checkAssumptions(options: unknown): void {
  if (!isRecord(options)) fail(`the options are an object, such as { assume: 'x > 0' }, not ${shown(options)}`) // prettier-ignore
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'assume') fail(`there is no option '${name}'; what is known of variables is 'assume'`)
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (value !== undefined && !texts.every((text) => typeof text === 'string'))
      fail(`assume is a text such as 'x > 0', or a list of them, not ${shown(value)}`)
  }
}

/** The values of the variables by the names that expressions know. */
export function valuesOf(at: unknown): ReadonlyMap<string, number> {
  if (!isRecord(at)) fail(`the values are an object, such as { x: 2 }, not ${shown(at)}`)
  const values = new Map<string, number>()
  for (const [name, value] of Object.entries(at)) {
    if (typeof value !== 'number') fail(`the value of '${name}' is a number, not ${shown(value)}`)
    values.set(name.normalize('NFKC'), value)
  }
  return values
}
