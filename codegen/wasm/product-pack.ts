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
 * An operand with the entries of a row side by side. A vector of each row at a time, and all rows of them: where those lie side by
 * side, memory is read in order. Steps are in bytes.
 */
export function packFunction(name: string, element: Element): Function {
  const body = new Body()
  const toAt = body.param('i32', 'to')
  const toRowStep = body.param('i32', 'toRowStep')
  const fromAt = body.param('i32', 'from')
  const rowStep = body.param('i32', 'rowStep')
  const columnStep = body.param('i32', 'columnStep')
  const rows = body.param('i32', 'rows')
  const columns = body.param('i32', 'columns')

  const [loadLane, storeLane] = element === 'f32' ? (['v128.load32_lane', 'v128.store32_lane'] as const) : (['v128.load64_lane', 'v128.store64_lane'] as const) // prettier-ignore

  const next = (count: number, store: (place: Code, entries: Code) => void): void => {
    const [at, place, r] = ['at', 'place', 'r'].map((own) => body.variable('i32', own))
    body.set(at, get(fromAt))
    body.set(place, get(toAt))
    body.count(r, i32(0), get(rows), 1, () => {
      let entries: Code = vector('i64x2', 0)
      let address: Code = get(at)
      for (let lane = 0; lane < count; lane++) {
        entries = opAt({ lane }, loadLane, address, entries)
        address = plus(address, get(columnStep))
      }
      store(get(place), entries)
      body.set(at, plus(get(at), get(rowStep)))
      body.set(place, plus(get(place), get(toRowStep)))
    })
    body.set(fromAt, plus(get(fromAt), op('i32.mul', get(columnStep), i32(count))))
    body.set(toAt, plus(get(toAt), i32(count * sizeOf(element))))
    body.set(columns, plus(get(columns), i32(-count)))
  }
  const lanes = lanesOf(element)
  body.while(op('i32.ge_s', get(columns), i32(lanes)), () =>
    next(lanes, (place, entries) => body.store('v128.store', {}, place, entries)),
  )
  body.while(get(columns), () => next(1, (place, entry) => body.store(storeLane, { lane: 0 }, place, entry)))
  return body.finish(name, 'an operand with the entries of a row side by side', undefined)
}
