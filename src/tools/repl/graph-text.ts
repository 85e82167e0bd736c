/** Computation graphs in the formats of other programs. */
import type { Computation, ElementaryStep, Operand } from './elementary.js'

export const GRAPH_FORMATS = ['text', 'dot', 'mermaid', 'svg'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

export const isGraphFormat = (text: string): text is GraphFormat =>
  GRAPH_FORMATS.some((format) => format === text)

export function graphAs(format: Exclude<GraphFormat, 'text'>, computation: Computation): string {
  switch (format) {
    case 'dot':
      return dot(computation)
    case 'mermaid':
      return mermaid(computation)
    case 'svg':
      return svg(computation)
  }
}

const isNode = (operand: Operand): boolean => operand.kind !== 'constant'

const edges = ({ steps }: Computation): { readonly from: string; readonly to: string }[] =>
  steps.flatMap(({ name, operands }) => operands.filter(isNode).map(({ text }) => ({ from: text, to: name })))

const label = ({ name, text }: ElementaryStep): string => `${name} = ${text}`

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

function dot(computation: Computation): string {
  const { variables, steps } = computation
  return [
    'digraph computation {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...variables.map((name) => `  ${quoted(name)} [shape=ellipse];`),
    ...steps.map((step) => `  ${quoted(step.name)} [label=${quoted(label(step))}];`),
    ...edges(computation).map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    '}',
  ].join('\n')
}

function mermaid(computation: Computation): string {
  const { variables, steps } = computation
  const names = new Map(variables.map((name, at) => [name, `v${at + 1}`]))
  const id = (name: string): string => names.get(name) ?? name
  const escaped = (text: string): string =>
    text.replace(/"/g, '#quot;').replace(/</g, '#lt;').replace(/>/g, '#gt;')
  return [
    'flowchart LR',
    ...variables.map((name) => `  ${id(name)}(["${escaped(name)}"])`),
    ...steps.map((step) => `  ${step.name}["${escaped(label(step))}"]`),
    ...edges(computation).map(({ from, to }) => `  ${id(from)} --> ${to}`),
  ].join('\n')
}

const BOX = { height: 28, gap: 16, between: 56, margin: 12, letter: 7.6 }

/** Each node stands one column behind the last of its operands. */
function svg(computation: Computation): string {
  const { variables, steps } = computation
  const column = new Map(variables.map((name) => [name, 0]))
  for (const { name, operands } of steps)
    column.set(name, 1 + Math.max(0, ...operands.filter(isNode).map(({ text }) => column.get(text) ?? 0)))
  const texts = new Map([...variables.map((name): [string, string] => [name, name]), ...steps.map((step): [string, string] => [step.name, label(step)])]) // prettier-ignore
  const columns: string[][] = []
  for (const [name, at] of column) (columns[at] ??= []).push(name)
  const widthOf = (name: string): number => (texts.get(name) ?? '').length * BOX.letter + 16
  const places = new Map<string, { x: number; y: number; width: number }>()
  const tallest = Math.max(...columns.map((names) => names.length))
  let x = BOX.margin
  for (const names of columns) {
    const width = Math.max(...names.map(widthOf))
    const free = (tallest - names.length) * (BOX.height + BOX.gap)
    for (const [row, name] of names.entries())
      places.set(name, { x, y: BOX.margin + free / 2 + row * (BOX.height + BOX.gap), width })
    x += width + BOX.between
  }
  const height = 2 * BOX.margin + tallest * (BOX.height + BOX.gap) - BOX.gap
  const escaped = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  const lines = edges(computation).flatMap(({ from, to }) => {
    const [a, b] = [places.get(from), places.get(to)]
    if (!a || !b) return []
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2]
    const bend = (x2 - x1) / 2
    return [
      `<path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" marker-end="url(#tip)"/>`,
    ]
  })
  const boxes = [...places].flatMap(([name, place]) => {
    const round = variables.includes(name) ? BOX.height / 2 : 4
    return [
      `<rect x="${place.x}" y="${place.y}" width="${place.width}" height="${BOX.height}" rx="${round}"/>`,
      `<text x="${place.x + place.width / 2}" y="${place.y + BOX.height / 2}">${escaped(texts.get(name) ?? '')}</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${x - BOX.between + BOX.margin}" height="${height}">`,
    '<style>rect{fill:#fff;stroke:#456}path{fill:none;stroke:#456}text{font:13px monospace;text-anchor:middle;dominant-baseline:central;fill:#123}</style>', // prettier-ignore
    '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#456;stroke:none"/></marker>', // prettier-ignore
    ...lines,
    ...boxes,
    '</svg>',
  ].join('\n')
}
