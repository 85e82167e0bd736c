/** What a program consists of. */
import { boundIn, Dependencies, expressionsOf, ruledBy } from './dependencies.js'
import type { Def, Expr, Size } from './expr.js'
import type { Entry, Program } from './program.js'
import { rootsOf } from './program-map.js'
import { postorder } from './walk.js'

function namedBy(entry: Entry): Def[] {
  return [
    ...entry.params.map((parameter) => parameter.def),
    ...entry.inputs.map((input) => input.def),
    ...entry.sizes.map((binding) => binding.input),
    ...rootsOf(entry),
    ...(entry.backward?.cotangents ?? []),
    ...(entry.backward?.gradients ?? []).map(({ wrt }) => wrt),
    ...(entry.tangent?.inputs ?? []),
  ]
}

/** All expressions of a definition: what it computes, its extents, and the bounds of whole-numbered data. */
export function allExpressionsOf(def: Def): readonly Expr[] {
  return [
    ...expressionsOf(def),
    ...[...def.idx, ...boundIn(def)].map((index) => index.extent),
    ...(def.kind === 'input' ? def.bounds : []),
  ]
}

/** The expressions of an entry itself: checks, and fans of initial values. */
export function expressionsOfEntry(entry: Entry): readonly Expr[] {
  const fans = entry.params.flatMap(({ initial }) =>
    'fanIn' in initial ? [initial.fanIn, initial.fanOut] : [],
  )
  return [...entry.checks.map((check) => check.expr), ...fans]
}

/** All definitions that the entries need, in order of creation: what a body reads comes first, recurrences aside. */
export function definitionsOf(program: Program): Def[] {
  const dependencies = new Dependencies(ruledBy)
  const found = new Set<Def>()
  const readBy = (expressions: readonly Expr[]): Def[] =>
    postorder(expressions).flatMap((node) => (node.kind === 'read' ? [node.def] : []))
  const pending: Def[] = [
    ...program.entries.flatMap(namedBy),
    ...readBy([...program.entries.flatMap(expressionsOfEntry), ...program.graph.assumptions]),
  ]
  for (let def = pending.pop(); def !== undefined; def = pending.pop()) {
    if (found.has(def)) continue
    found.add(def)
    pending.push(...dependencies.of(def))
    if (def.kind === 'input') pending.push(...readBy(def.bounds))
  }
  return [...found].sort((a, b) => a.id - b.id)
}

/** All sizes of a program, in order of creation. */
export function sizesOf(program: Program, definitions: readonly Def[]): Size[] {
  const roots = [
    ...definitions.flatMap(allExpressionsOf),
    ...program.entries.flatMap(expressionsOfEntry),
    ...program.graph.assumptions,
  ]
  const bound = program.entries.flatMap((entry) => entry.sizes.map((binding) => binding.size))
  const sizes = new Set([...bound, ...postorder(roots).filter((node): node is Size => node.kind === 'size')])
  return [...sizes].sort((a, b) => a.id - b.id)
}
