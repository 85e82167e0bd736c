/** A row times a matrix: the rows of the matrix stream through once, several side by side. */
import { Body } from './body.js'
import { type Code, type Function, type Variable, get, i32, op, plus } from './code.js'
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

/** Rows of the matrix that are added at a time: as many as can be. */
const DEPTHS = [8, 2, 1]

/** `panel[c] += Σ_k left[k] · right[k, c]`. Steps are in bytes. */
export function rowFunction(name: string, left: Element, right: Element, panel: Element): Function {
  const body = new Body()
  const param = (own: string): Variable => body.param('i32', own)
  const panelAt = param('panelAt')
  const leftAt = param('leftAt')
  const leftDepthStep = param('leftDepthStep')
  const rightAt = param('rightAt')
  const rightDepthStep = param('rightDepthStep')
  const depth = param('depth')
  const columns = param('columns')

  /** The next so many rows of the matrix. */
  const add = (count: number): void => {
    const range = [...Array.from({ length: count }).keys()]
    const factors = range.map(() => {
      const factor = body.let(loadSplat(left, panel, get(leftAt)), 'factor')
      body.set(leftAt, plus(get(leftAt), get(leftDepthStep)))
      return factor
    })
    const rights = range.map((k) => {
      const at = body.variable('i32', `right${k}`)
      body.set(at, get(rightAt))
      body.set(rightAt, plus(get(rightAt), get(rightDepthStep)))
      return at
    })
    const to = body.variable('i32', 'to')
    body.set(to, get(panelAt))
    const sum = (): Code =>
      addVectors(
        panel,
        loadVector(panel, panel, get(to)),
        rights
          .map((at, k) => mulVectors(panel, factors[k], loadVector(right, panel, get(at))))
          .reduce((a, b) => addVectors(panel, a, b)),
      )
    const rest = body.variable('i32', 'rest')
    body.set(rest, get(columns))
    body.while(op('i32.ge_s', get(rest), i32(lanesOf(panel))), () => {
      body.store('v128.store', {}, get(to), sum())
      body.set(to, plus(get(to), i32(VECTOR)))
      for (const at of rights) body.set(at, plus(get(at), i32(lanesOf(panel) * sizeOf(right))))
      body.set(rest, plus(get(rest), i32(-lanesOf(panel))))
    })
    body.if(get(rest), () => storePart(body, panel, get(to), 0, body.let(sum(), 'sum'), get(rest)))
    body.set(depth, plus(get(depth), i32(-count)))
  }

  for (const count of DEPTHS) body.while(op('i32.ge_s', get(depth), i32(count)), () => add(count))
  return body.finish(name, 'panel[c] += sum of left[k] * right[k, c]', undefined)
}
