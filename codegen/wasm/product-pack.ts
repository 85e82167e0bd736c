/** Copies of operands of a product in the order in which it reads them. */
import { Body } from './body.js'
import { type Code, type Function, get, i32, op, opAt, plus, scaled, vector } from './code.js'
import { type Element, VECTOR, lanesOf, loadVector, sizeOf } from './lanes.js'

/** `depth` rows of the right operand, some vectors of each, one after another and in the type of the panel. Steps are in bytes. */
export function packRightFunction(name: string, right: Element, panel: Element, vectors: number): Function {
  const body = new Body()
  const to = body.param('i32', 'to')
  const from = body.param('i32', 'from')
  const step = body.param('i32', 'step')
  const depth = body.param('i32', 'depth')
  const end = body.let(plus(get(to), scaled(get(depth), vectors * VECTOR)), 'end')
  body.while(op('i32.ne', get(to), end), () => {
    for (let v = 0; v < vectors; v++) {
      const entries = loadVector(right, panel, get(from), v * lanesOf(panel) * sizeOf(right))
      body.store('v128.store', { offset: v * VECTOR }, get(to), entries)
    }
    body.set(from, plus(get(from), get(step)))
    body.set(to, plus(get(to), i32(vectors * VECTOR)))
  })
  return body.finish(name, 'rows of the right operand, some columns of each, one after another', undefined)
}

/**
 * The left operand with the entries of a row side by side. A vector of each row at a time, and all rows of them: where those lie side by
 * side, memory is read in order. Steps are in bytes; up to a vector behind a row is written, too.
 */
export function packLeftFunction(name: string, element: Element): Function {
  const body = new Body()
  const to = body.param('i32', 'to')
  const toRowStep = body.param('i32', 'toRowStep')
  const from = body.param('i32', 'from')
  const rowStep = body.param('i32', 'rowStep')
  const depthStep = body.param('i32', 'depthStep')
  const rows = body.param('i32', 'rows')
  const depth = body.param('i32', 'depth')
  const lane = element === 'f32' ? 'v128.load32_lane' : 'v128.load64_lane'

  const column = (count: number): void => {
    const [at, place, r] = ['at', 'place', 'r'].map((own) => body.variable('i32', own))
    body.set(at, get(from))
    body.set(place, get(to))
    body.count(r, i32(0), get(rows), 1, () => {
      let entries: Code = vector('i64x2', 0)
      let address: Code = get(at)
      for (let l = 0; l < count; l++) {
        entries = opAt({ lane: l }, lane, address, entries)
        address = plus(address, get(depthStep))
      }
      body.store('v128.store', {}, get(place), entries)
      body.set(at, plus(get(at), get(rowStep)))
      body.set(place, plus(get(place), get(toRowStep)))
    })
    body.set(from, plus(get(from), op('i32.mul', get(depthStep), i32(count))))
    body.set(to, plus(get(to), i32(count * sizeOf(element))))
    body.set(depth, plus(get(depth), i32(-count)))
  }
  const lanes = lanesOf(element)
  body.while(op('i32.ge_s', get(depth), i32(lanes)), () => column(lanes))
  body.while(get(depth), () => column(1))
  return body.finish(name, 'the left operand with the entries of a row side by side', undefined)
}
