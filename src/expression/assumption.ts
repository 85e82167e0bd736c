/** `x > 0`, `0 <= p < 1`, `n != 0`, `n integer` as facts about a name. */
import type { Comparison, Expression } from '../../grammar/ast.js'
import { Diagnostics } from '../base/diagnostic.js'
import { error } from '../base/messages.js'
import { NnError } from '../base/nn-error.js'
import { parseExpression } from '../../grammar/parse.js'
import { checkExpression } from '../check/check-expression.js'
import { Graph } from '../ir/graph.js'
import type { Facts } from '../ir/expr.js'
import { REAL } from '../ir/facts.js'
import { messages } from './messages.js'

/** What is assumed of a value. */
export interface Assumed {
  readonly facts: Facts
  readonly integer: boolean
}

export interface Assumption extends Assumed {
  readonly name: string
}

const WORDS: Readonly<Record<string, Partial<Facts> & { readonly integer?: boolean }>> = {
  integer: { integer: true },
  whole: { integer: true },
  ℤ: { integer: true },
  positive: { low: 0, nonzero: true },
  negative: { high: 0, nonzero: true },
  nonnegative: { low: 0 },
  nonzero: { nonzero: true },
}

/** `n integer`, `n is an integer`, `n ∈ ℤ`, `x positive`; undefined where the text is no such sentence. */
export function assumptionInWords(
  text: string,
  known: (name: string) => Assumed | undefined,
): Assumption | undefined {
  const [, name = '', word = ''] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s+(?:is\s+|∈\s*|in\s+)?(?:an?\s+)?(\p{L}+)\s*$/u.exec(text) ?? [] // prettier-ignore
  if (!Object.hasOwn(WORDS, word)) return undefined
  const { integer, low, high, nonzero } = WORDS[word]
  const before = known(name.normalize('NFKC')) ?? { facts: REAL, integer: false }
  return {
    name: name.normalize('NFKC'),
    integer: before.integer || integer === true,
    facts: {
      finite: true,
      low: Math.max(before.facts.low, low ?? -Infinity),
      high: Math.min(before.facts.high, high ?? Infinity),
      nonzero: before.facts.nonzero || nonzero === true,
    },
  }
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/** What comparisons say, with what was known; undefined where one is of another kind. */
export function assumptionsOf(
  e: Expression,
  known: (name: string) => Assumed | undefined,
): readonly Assumption[] | undefined {
  const found = new Map<string, Facts>()
  for (const comparison of comparisonsOf(e)) {
    if (!comparison) return undefined
    for (const [at, operator] of comparison.operators.entries()) {
      const [left, right] = [comparison.operands[at], comparison.operands[at + 1]]
      const [subject, bound, sign] = left.kind === 'name' && numberOf(left) === undefined ? [left, numberOf(right), operator] : [right, numberOf(left), MIRRORED[operator]] // prettier-ignore
      if (subject.kind !== 'name' || bound === undefined) return undefined
      const before = found.get(subject.name) ?? known(subject.name)?.facts ?? REAL
      found.set(subject.name, narrowed(before, sign, bound))
    }
  }
  return [...found].map(([name, facts]) => ({ name, facts, integer: known(name)?.integer ?? false }))
}

function comparisonsOf(e: Expression): (Comparison | undefined)[] {
  const found: (Comparison | undefined)[] = []
  const stack = [e]
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.kind === 'binary' && each.operator === 'and') stack.push(each.right, each.left)
    else found.push(each.kind === 'comparison' ? each : undefined)
  }
  return found
}

function narrowed(before: Facts, sign: keyof typeof MIRRORED, bound: number): Facts {
  const { low, high, nonzero } = before
  switch (sign) {
    case '>':
    case '>=':
      return {
        ...before,
        low: Math.max(low, bound),
        nonzero: nonzero || bound > 0 || (bound === 0 && sign === '>'),
      }
    case '<':
    case '<=':
      return {
        ...before,
        high: Math.min(high, bound),
        nonzero: nonzero || bound < 0 || (bound === 0 && sign === '<'),
      }
    case '==':
      return {
        ...before,
        low: Math.max(low, bound),
        high: Math.min(high, bound),
        nonzero: nonzero || bound !== 0,
      }
    case '!=':
      return bound === 0 ? { ...before, nonzero: true } : before
  }
}

/** No real number is left. */
export const isContradiction = ({ low, high, nonzero }: Facts): boolean =>
  low > high || (nonzero && low === 0 && high === 0)

/** The value of an expression without variables. */
export function numberOf(e: Expression): number | undefined {
  const diagnostics = new Diagnostics()
  const checked = checkExpression(e, { graph: new Graph(), diagnostics })
  if (!checked || checked.free.size > 0) return undefined
  const { expr } = checked
  if (expr.kind === 'num') return expr.value.toNumber()
  return expr.facts.low === expr.facts.high ? expr.facts.low : undefined
}

/** What comes of all assumptions together; those that are none, or contradict each other, are mistakes. */
export function readAssumptions(
  assume: string | readonly string[],
  known: ReadonlyMap<string, Assumed> = new Map(),
): ReadonlyMap<string, Assumed> {
  const found = new Map<string, Assumed>()
  const knownOf = (name: string): Assumed | undefined => found.get(name) ?? known.get(name)
  for (const text of (typeof assume === 'string' ? [assume] : assume).flatMap((each) => each.split(','))) {
    const diagnostics = new Diagnostics()
    const inWords = assumptionInWords(text, knownOf)
    const syntax = inWords ? undefined : parseExpression({ filename: 'assumption', text }, diagnostics)
    const read = inWords ? [inWords] : syntax && assumptionsOf(syntax, knownOf)
    if (!read && !diagnostics.hasErrors) diagnostics.add(error(messages.notAnAssumption()))
    for (const { name, ...assumed } of read ?? []) {
      if (isContradiction(assumed.facts)) diagnostics.add(error(messages.contradiction(name)))
      found.set(name, assumed)
    }
    const [first] = diagnostics.list
    if (first) throw new NnError(first.message, diagnostics.list)
  }
  return found
}
