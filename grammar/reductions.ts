import type { ReductionName } from './ast.js'

// prettier-ignore
const NAMES: readonly ReductionName[] = [
  'sum', 'prod', 'mean', 'max', 'min', 'argmax', 'argmin', 'logsumexp', 'any', 'all',
]

const SPELLINGS: ReadonlyMap<string, ReductionName> = new Map<string, ReductionName>([
  ...NAMES.map((name): [string, ReductionName] => [name, name]),
  ['Σ', 'sum'],
  ['∑', 'sum'],
  ['Π', 'prod'],
  ['∏', 'prod'],
])

/** The reduction that a word names, if it names one. */
export function reductionOf(word: string): ReductionName | undefined {
  return SPELLINGS.get(word)
}

// prettier-ignore
const FREE_NAMES: Record<ReductionName, string> = {
  sum: 'total', prod: 'product', mean: 'μ', max: 'largest', min: 'smallest',
  argmax: 'best', argmin: 'worst', logsumexp: 'lse', any: 'some', all: 'every',
}

/** A name to propose to somebody who calls a tensor like a reduction. */
export function freeNameFor(word: string): string {
  if (word === 'Σ') return 'S'
  const reduction = SPELLINGS.get(word)
  return reduction ? FREE_NAMES[reduction] : word + '_'
}
