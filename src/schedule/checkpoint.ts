/**
 * Gradients of recurrences in memory for about √T states: definitions are written again so that a loop over segments of
 * time can compute them. All of it is definitions with the values they had; `segment-loop.ts` puts them into loops.
 */
import type { Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { readWhole } from './rings.js'
import { SegmentPlan } from './segment-plan.js'
import { moveLoop, type Remark, type SegmentLoop } from './segments.js'
import { familiesOf, SideFinder } from './sides.js'
import { type Component, Definitions, TimeAxes } from './time-axes.js'

export interface Checkpoints {
  readonly loops: readonly SegmentLoop[]
  /** What stands for each root. */
  readonly replaced: ReadonlyMap<Def, Def>
  readonly remarks: readonly Remark[]
}

/** Plans the loops over segments for the recurrences that the roots depend on: one pair of loops after the other. */
export function planCheckpoints(graph: Graph, roots: readonly Def[]): Checkpoints {
  let loops: readonly SegmentLoop[] = []
  let excluded = new Set<Def>()
  let replaced = new Map<Def, Def>(roots.map((root) => [root, root]))
  for (;;) {
    const results = [...replaced.values()]
    const kept = loops.flatMap(({ restores }) => [...restores.values()])
    const definitions = new Definitions(graph, [...results, ...kept])
    const axes = new TimeAxes(definitions, new Set(results), excluded)
    const next = nextPlan(definitions, axes)
    if (!next) return { loops, replaced, remarks: remarksOn(definitions, loops) }
    const { plan, family } = next
    const whole = readWhole(graph, results.map(plan.current), plan.loops)
    if (whole) {
      // What only depends on data may as well stand before the loop.
      const component = definitions.componentOf.get(plan.original(whole))
      const given = component && !component.recurrent && !plan.dependsOnForward(component)
      for (const def of given ? component.defs : family) excluded.add(def)
      continue
    }
    replaced = new Map([...replaced].map(([root, def]) => [root, plan.current(def)]))
    excluded = new Set([...excluded].map(plan.current))
    for (const { tiles, perSegment } of plan.loops)
      for (const def of [...tiles.keys(), ...perSegment.keys()]) excluded.add(def)
    loops = [...loops.map((loop) => moveLoop(loop, plan.computed)), ...plan.loops]
  }
}

function nextPlan(
  definitions: Definitions,
  axes: TimeAxes,
): { plan: SegmentPlan; family: ReadonlySet<Def> } | undefined {
  for (const family of familiesOf(definitions, axes)) {
    const sides = new SideFinder(definitions, axes, family).find()
    const isRun = (def: Def): boolean => definitions.componentOf.get(def)?.recurrent === true
    if (sides && [...sides.copied].some(isRun) && [...sides.backward].some(isRun))
      return { plan: new SegmentPlan(definitions, axes, sides), family }
  }
  return undefined
}

/** The user's recurrences whose states a recurrence of cotangents needs, or is read with, and that are in no loop over segments. */
function remarksOn(definitions: Definitions, loops: readonly SegmentLoop[]): Remark[] {
  const inLoops = new Set<Def>(loops.flatMap(({ tiles }) => [...tiles.keys()]))
  const isReverse = (def: Def): boolean =>
    definitions.componentOf.get(def)?.recurrent === true && def.kind === 'computed' && def.nominal && def.auto
  const needed = new Set<Def>()
  for (const component of [...definitions.components].reverse()) {
    const sources = definitions.sourcesOf(component)
    if (component.defs.some((def) => isReverse(def) || needed.has(def)) || sources.some(isReverse))
      for (const def of sources) needed.add(def)
  }
  return definitions.components.flatMap((component): Remark[] => {
    const state = component.defs.find((def) => def.nominal && !def.auto)
    if (!component.recurrent || !state || inLoops.has(state) || !component.defs.some((def) => needed.has(def))) return [] // prettier-ignore
    return [{ def: state, because: reasonFor(component) }]
  })
}

function reasonFor({ dimension }: Component): string {
  if (!dimension) return 'it is nested, or reads steps at no fixed distance'
  if (dimension.descending) return 'it runs from the last step to the first'
  return 'something reads its steps all at once'
}
