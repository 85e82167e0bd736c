/** Random models: layers of rows, and a loss of several terms. */
import type { Random } from '../../src/verify/random.js'
import { drawLayer, type Layer, type Rows } from './layers.js'

export interface Model {
  readonly layers: readonly Layer[]
  readonly outs: readonly Rows[]
  readonly terms: readonly Term[]
}

interface Term {
  readonly reads: Rows
  readonly text: string
}

const DATA: Rows = { name: 'x', width: 3 }
/** Wider rows make products that nobody waits for. */
const WIDEST = 24

export function drawModel(random: Random): Model {
  const rows: Rows[] = [DATA]
  const from = (): Rows => (random.uniform() < 0.6 ? rows[rows.length - 1] : random.choose(rows))
  const alike = ({ width }: Rows): Rows => random.choose(rows.filter((other) => other.width === width))
  const layers: Layer[] = []
  const count = random.integer(1, 7)
  for (let at = 0; at < count; at++) {
    const layer = drawLayer({ random, name: `h${at}`, from, alike })
    if (layer.makes.width > WIDEST) continue
    layers.push(layer)
    rows.push(layer.makes)
  }
  const terms = Array.from({ length: random.integer(1, 4) }, () => drawTerm(random, from()))
  const outs = [...new Set(Array.from({ length: random.integer(0, 3) }, from))].filter(({ name }) => name !== 'x') // prettier-ignore
  return { layers, outs, terms }
}

function drawTerm(random: Random, reads: Rows): Term {
  const a = reads.name
  const text = random.choose([
    `(mean[s] sum[i] (${a}[s, i] - 0.3)^2)`,
    `(mean[s] -log(0.01 + sigmoid(${a}[s, 0])))`,
    `(mean[s] ((logsumexp[i] ${a}[s, i]) - ${a}[s, ${reads.width - 1}]))`,
    `sqrt(0.5 + sum[s, i] ${a}[s, i]^2)`,
    `0.1 * (max[s, i] ${a}[s, i])`,
    `(mean[s, i] ${a}[s, i] * weight[s])`,
    `(sum[s if word[s] > 0] ${a}[s, 0])`,
    `log(1 + sum[i] (mean[s] ${a}[s, i])^2)`,
  ])
  return { reads, text }
}

export function sourceOf({ layers, outs, terms }: Model): string {
  const body = layers.flatMap(({ lines }) => lines)
  const text = [...body, terms.map((term) => term.text).join(' + ')].join('\n')
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text)
  const inputs = [
    'x: [n, 3]',
    ...(used('word') ? ['word: int[n]'] : []),
    ...(used('weight') ? ['weight: [n]'] : []),
    ...(used('seq') ? ['seq: [n, 5, 3]'] : []),
    ...(used('img') ? ['img: [n, 6, 6]'] : []),
  ]
  return [
    `model Net(${inputs.join(', ')}) {`,
    ...body.map((line) => `  ${line}`),
    ...outs.map(({ name }) => `  out ${name}`),
    `  loss ${terms.map((term) => term.text).join(' + ')}`,
    '}',
  ].join('\n')
}

/** Models with less: a term or an output fewer, a layer that nobody reads, one that another of the same width stands for. */
export function* smallerModels(model: Model): Generator<Model> {
  const { layers, outs, terms } = model
  for (const at of outs.keys()) yield { ...model, outs: outs.toSpliced(at, 1) }
  if (terms.length > 1) for (const at of terms.keys()) yield { ...model, terms: terms.toSpliced(at, 1) }
  for (const [at, layer] of layers.entries()) {
    const { name, width } = layer.makes
    const rest = layers.toSpliced(at, 1)
    const isRead = [...rest.flatMap((other) => other.reads), ...outs, ...terms.map((term) => term.reads)].some((rows) => rows.name === name) // prettier-ignore
    if (!isRead) yield { ...model, layers: rest }
    const instead = [DATA, ...layers.slice(0, at).map((other) => other.makes)].filter((other) => other.width === width) // prettier-ignore
    for (const other of isRead ? instead : []) {
      const renamed = (text: string): string => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), other.name)
      const same = (rows: Rows): Rows => (rows.name === name ? other : rows)
      yield {
        layers: rest.map(({ reads, lines, makes }) => ({ reads: reads.map(same), lines: lines.map(renamed), makes })),
        outs: outs.filter((rows) => rows.name !== name),
        terms: terms.map(({ reads, text }) => ({ reads: same(reads), text: renamed(text) })),
      } // prettier-ignore
    }
  }
}
