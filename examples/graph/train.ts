/** Trains `graph.nn` on a karate club: from its two heads alone, which side does everyone take? */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf, bestOf } from '../shared/metrics.js'
import { FRIENDSHIPS, MEMBERS, SIDES } from './karate.js'

readCommand({
  about:
    'A graph network knows the sides of the two heads of a club, and finds those of the other 32 members from their friendships.',
  command: 'npx tsx examples/graph/train.ts',
})

// Both directions of each friendship, and everybody to himself, with the weights 1/√(degree · degree) of the paper.
const edges = [
  ...FRIENDSHIPS,
  ...FRIENDSHIPS.map(([a, b]) => [b, a] as const),
  ...Array.from({ length: MEMBERS }, (_, i) => [i, i] as const),
]
const degree = new Float32Array(MEMBERS)
for (const [, target] of edges) degree[target]++
const graph = {
  // Nothing is known of the members but who they are.
  x: Float32Array.from({ length: MEMBERS ** 2 }, (_, at) => (at % (MEMBERS + 1) === 0 ? 1 : 0)),
  source: Int32Array.from(edges, ([source]) => source),
  target: Int32Array.from(edges, ([, target]) => target),
  weight: Float32Array.from(edges, ([source, target]) => 1 / Math.sqrt(degree[source] * degree[target])),
}
const heads = Float32Array.from({ length: MEMBERS }, (_, i) => (i === 0 || i === MEMBERS - 1 ? 1 : 0))
const data = { ...graph, label: SIDES, mask: heads }

type Sizes = { readonly nodes: number; readonly edges: number }
const { Club, adam } = await compile<{
  Club: Model<Sizes, typeof data, { readonly probs: Float32Array }>
  adam: Optimizer
}>(new URL('graph.nn', import.meta.url))
const parameters = Club.init({ seed: 1 })
const bound = Club.bind({ nodes: MEMBERS, edges: edges.length })
fit(bound, parameters, {
  steps: 200,
  optimizer: adam,
  settings: { decay: 5e-4 },
  batch: () => data,
  rate: 0.02,
})

const sides = bestOf(bound.forward(parameters, graph).probs, 2)
const others = [...sides.keys()].filter((i) => heads[i] === 0)
const wrong = others.filter((i) => sides[i] !== SIDES[i])
console.log(
  `on the wrong side: ${wrong.length === 0 ? 'nobody' : wrong.map((i) => `member ${i + 1}`).join(', ')}`,
)
expectAtLeast(
  'accuracy on the 32 other members',
  accuracyOf(
    others.map((i) => SIDES[i]),
    others.map((i) => sides[i]),
  ),
  0.9,
)
console.log(`${elapsed()} in all`)
