/**
 * The inner part of products of matrices: one strip of columns, as wide as one or two vectors, of all rows. Four rows at a time their
 * sums stay in at most eight vectors, which V8 keeps in registers, on the way through the depth.
 */
import { Body } from './body.js'
import { type Code, type Function, type Variable, get, i32, op, plus, scaled, vector } from './code.js'
import {
  type Element,
  VECTOR,
  addVectors,
  lanesOf,
  loadSplat,
  loadVector,
  mulVectors,
  storePart,
} from './lanes.js'

/** Rows whose sums are made at a time. */
const ROWS = 4

/**
 * `panel[r, c] += Σ_k left[r, k] · right[k, c]` for at most `vectors` vectors of columns. All steps are in bytes; the right operand has
 * the type of the panel.
 */
export function stripFunction(name: string, left: Element, panel: Element, vectors: 1 | 2): Function {
  const body = new Body()
  const param = (own: string): Variable => body.param('i32', own)
  const strip: Strip = {
    left,
    panel,
    vectors,
    panelAt: param('panelAt'),
    panelRowStep: param('panelRowStep'),
    leftAt: param('leftAt'),
    leftRowStep: param('leftRowStep'),
    leftDepthStep: param('leftDepthStep'),
    rightAt: param('rightAt'),
    rightDepthStep: param('rightDepthStep'),
    rows: param('rows'),
    depth: param('depth'),
    columns: param('columns'),
  }
  const rest = get(strip.rows)
  body.while(op('i32.ge_s', rest, i32(ROWS)), () => addRows(body, strip, ROWS))
  for (let rows = ROWS / 2; rows >= 1; rows /= 2)
    body.if(op('i32.and', rest, i32(rows)), () => addRows(body, strip, rows))
  const doc = `panel[r, c] += sum of left[r, k] * right[k, c] for at most ${vectors * lanesOf(panel)} columns`
  return body.finish(name, doc, undefined)
}

interface Strip {
  readonly left: Element
  readonly panel: Element
  readonly vectors: 1 | 2
  readonly panelAt: Variable
  readonly panelRowStep: Variable
  readonly leftAt: Variable
  readonly leftRowStep: Variable
  readonly leftDepthStep: Variable
  readonly rightAt: Variable
  readonly rightDepthStep: Variable
  /** Those that are left. */
  readonly rows: Variable
  readonly depth: Variable
  readonly columns: Variable
}

/** The next so many rows. */
function addRows(body: Body, strip: Strip, count: number): void {
  const { left, panel, vectors } = strip
  const range = [...Array.from({ length: count }).keys()]
  const across = [...Array.from({ length: vectors }).keys()]
  const sums = range.map((r) => across.map((v) => body.variable('v128', `sum${r}_${v}`)))
  for (const sum of sums.flat()) body.set(sum, vector('i64x2', 0))
  const lefts = range.map((r) => body.variable('i32', `left${r}`))
  for (const [r, at] of lefts.entries()) body.set(at, r === 0 ? get(strip.leftAt) : plus(get(lefts[r - 1]), get(strip.leftRowStep))) // prettier-ignore
  const right = body.variable('i32', 'right')
  body.set(right, get(strip.rightAt))
  const rest = body.variable('i32', 'k')
  body.set(rest, get(strip.depth))
  body.while(get(rest), () => {
    const row = across.map((v) => body.let(loadVector(panel, panel, get(right), v * VECTOR), `right${v}`))
    for (const [r, at] of lefts.entries()) {
      const factor = body.let(loadSplat(left, panel, get(at)), 'factor')
      for (const [v, entry] of row.entries())
        body.set(sums[r][v], addVectors(panel, get(sums[r][v]), mulVectors(panel, factor, entry)))
      body.set(at, plus(get(at), get(strip.leftDepthStep)))
    }
    body.set(right, plus(get(right), get(strip.rightDepthStep)))
    body.set(rest, plus(get(rest), i32(-1)))
  })

  const lanes = lanesOf(panel)
  const last = vectors - 1
  const whole = (r: number, v: number): void => body.store('v128.store', { offset: v * VECTOR }, get(strip.panelAt), raised(r, v)) // prettier-ignore
  const raised = (r: number, v: number): Code => addVectors(panel, loadVector(panel, panel, get(strip.panelAt), v * VECTOR), get(sums[r][v])) // prettier-ignore
  const next = (): void => body.set(strip.panelAt, plus(get(strip.panelAt), get(strip.panelRowStep)))
  body.if(
    op('i32.eq', get(strip.columns), i32(vectors * lanes)),
    () => {
      for (const r of range) {
        for (const v of across) whole(r, v)
        next()
      }
    },
    () => {
      const part = body.let(plus(get(strip.columns), i32(-last * lanes)), 'part')
      for (const r of range) {
        for (const v of across.slice(0, last)) whole(r, v)
        const sum = body.let(raised(r, last), 'sum')
        storePart(body, panel, get(strip.panelAt), last * VECTOR, sum, part)
        next()
      }
    },
  )
  body.set(strip.leftAt, plus(get(strip.leftAt), scaled(get(strip.leftRowStep), count)))
  body.set(strip.rows, plus(get(strip.rows), i32(-count)))
}
