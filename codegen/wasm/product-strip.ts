/**
 * The inner part of products of matrices: a strip of columns, some vectors wide, of all rows. A few rows at a time their sums stay in
 * vectors on the way through the depth. V8 makes all loads of a round before it computes, and has fifteen vector registers: eight sums, six
 * vectors that are loaded and one product fill them, and a tile any larger, or two rounds written out, runs at half the speed.
 */
import { Body } from './body.js'
import {
  type Code,
  type Function,
  type Get,
  type Variable,
  get,
  i32,
  op,
  plus,
  scaled,
  vector,
} from './code.js'
import {
  type Element,
  VECTOR,
  addVectors,
  lanesOf,
  loadSplat,
  loadVector,
  mulVectors,
  sizeOf,
  storePart,
} from './lanes.js'

export interface Strip {
  readonly name: string
  readonly left: Element
  readonly right: Element
  readonly panel: Element
  /** How wide it is. */
  readonly vectors: 1 | 2 | 4
  /** The rows of a tile; what they leave over is done by smaller ones. */
  readonly tiles: readonly (1 | 2 | 4)[]
  /** The entries of the right operand lie side by side, row by row as wide as the strip. */
  readonly packed: boolean
  /** The last vector may be cut short: a last parameter says how many columns there are. */
  readonly partial: boolean
  /** Two loops around the depth: last parameters say how often, and how far from the end of one round the next begins. */
  readonly nested?: boolean
}

/**
 * `panel[r, c] += Σ_k left[r, k] · right[k, c]`. All steps are in bytes. What is packed has no step of the right operand.
 */
export function stripFunction(strip: Strip): Function {
  const body = new Body()
  const param = (own: string): Variable => body.param('i32', own)
  const loop = (which: string): Around => ({
    count: param(`${which}Count`),
    left: param(`${which}Left`),
    right: param(`${which}Right`),
  })
  const place: Place = {
    panelAt: param('panelAt'),
    panelRowStep: param('panelRowStep'),
    leftAt: param('leftAt'),
    leftRowStep: param('leftRowStep'),
    leftDepthStep: param('leftDepthStep'),
    rows: param('rows'),
    rightAt: param('rightAt'),
    depth: param('depth'),
    rightDepthStep: strip.packed ? undefined : param('rightDepthStep'),
    columns: strip.partial ? param('columns') : undefined,
    loops: strip.nested === true ? ['', 'outer'].map(loop) : [],
  }
  const width = strip.vectors * lanesOf(strip.panel)
  const rest = get(place.rows)
  for (const tile of strip.tiles)
    body.while(op('i32.ge_s', rest, i32(tile)), () => addTile(body, strip, place, tile))
  const doc = `panel[r, c] += sum of left[r, k] * right[k, c], ${strip.partial ? 'at most ' : ''}${width} columns`
  return body.finish(strip.name, doc, undefined)
}

interface Place {
  readonly panelAt: Variable
  readonly panelRowStep: Variable
  readonly leftAt: Variable
  readonly leftRowStep: Variable
  readonly leftDepthStep: Variable
  /** Those that are left. */
  readonly rows: Variable
  readonly rightAt: Variable
  readonly depth: Variable
  readonly rightDepthStep: Variable | undefined
  readonly columns: Variable | undefined
  /** Around the depth, from inside to outside. */
  readonly loops: readonly Around[]
}

interface Around {
  readonly count: Variable
  readonly left: Variable
  readonly right: Variable
}

/** The next so many rows. */
function addTile(body: Body, strip: Strip, place: Place, rows: number): void {
  const { left, right, panel, vectors } = strip
  const across = [...Array.from({ length: vectors }).keys()]
  const range = [...Array.from({ length: rows }).keys()]
  const sums = range.map((r) => across.map((v) => body.variable('v128', `sum${r}_${v}`)))
  for (const sum of sums.flat()) body.set(sum, vector('i64x2', 0))
  // One address and steps from it that do not change: V8 adds them in passing.
  const steps = range.map((r) => (r < 2 ? undefined : body.let(op('i32.mul', get(place.leftRowStep), i32(r)), `step${r}`))) // prettier-ignore
  const from = body.variable('i32', 'from')
  body.set(from, get(place.leftAt))
  const at = body.variable('i32', 'at')
  body.set(at, get(place.rightAt))
  const leftAt = (r: number): Code => r === 0 ? get(from) : plus(get(from), steps[r] ?? get(place.leftRowStep)) // prettier-ignore
  const round = (): void => {
    const entries = across.map((v) => body.let(loadVector(right, panel, get(at), v * lanesOf(panel) * sizeOf(right)), `right${v}`)) // prettier-ignore
    for (const r of range) {
      const factor = body.let(loadSplat(left, panel, leftAt(r)), `left${r}`)
      for (const [v, entry] of entries.entries())
        body.set(sums[r][v], addVectors(panel, get(sums[r][v]), mulVectors(panel, factor, entry)))
    }
    body.set(from, plus(get(from), get(place.leftDepthStep)))
    body.set(at, plus(get(at), place.rightDepthStep ? get(place.rightDepthStep) : i32(vectors * VECTOR)))
  }
  if (place.rightDepthStep) {
    const k = body.variable('i32', 'k')
    const along = (): void => body.count(k, i32(0), get(place.depth), 1, round)
    const rounds = place.loops.reduce((inner, { count, left, right }) => {
      const index = body.variable('i32', 'index')
      return () =>
        body.count(index, i32(0), get(count), 1, () => {
          inner()
          body.set(from, plus(get(from), get(left)))
          body.set(at, plus(get(at), get(right)))
        })
    }, along)
    rounds()
  } else {
    const end = body.let(plus(get(place.rightAt), scaled(get(place.depth), vectors * VECTOR)), 'end')
    body.while(op('i32.ne', get(at), end), round)
  }
  for (const row of sums) addRow(body, strip, place, row.map(get))
  body.set(place.leftAt, plus(get(place.leftAt), scaled(get(place.leftRowStep), rows)))
  body.set(place.rows, plus(get(place.rows), i32(-rows)))
}

/** Adds sums to the next row of the panel. */
function addRow(
  body: Body,
  { panel, vectors }: Strip,
  { panelAt, panelRowStep, columns }: Place,
  sums: readonly Get[],
): void {
  const lanes = lanesOf(panel)
  for (const [v, sum] of sums.entries()) {
    const offset = v * VECTOR
    const raised = addVectors(panel, loadVector(panel, panel, get(panelAt), offset), sum)
    const whole = (value: Code): void => body.store('v128.store', { offset }, get(panelAt), value)
    if (!columns || v < vectors - 1) whole(raised)
    else {
      const value = body.let(raised, 'value')
      const count = plus(get(columns), i32(-v * lanes))
      body.if(
        op('i32.eq', get(columns), i32(vectors * lanes)),
        () => whole(value),
        () => storePart(body, panel, get(panelAt), offset, value, count),
      )
    }
  }
  body.set(panelAt, plus(get(panelAt), get(panelRowStep)))
}
