/**
 * Products of matrices. The right operand is packed, a strip of columns of a block of the depth at a time, so that it is read from the
 * first-level cache and side by side; its entries beyond the last column are of whatever lies there, and are never stored.
 */
import { Body } from './body.js'
import { type Code, type Function, get, i32, op, plus, scaled } from './code.js'
import { type Element, VECTOR, lanesOf, loadVector, sizeOf } from './lanes.js'
import { rowFunction } from './product-row.js'
import { stripFunction } from './product-strip.js'

/** Vectors of columns of a strip. */
const STRIP = 2
/** The depth of a packed strip. */
const DEPTH = 256
/** Products of fewer rows read the right operand where it lies. */
const PACKED_ROWS = 8

/** This much memory from address 0 on belongs to the kernels. */
export const PRODUCT_SCRATCH_BYTES = DEPTH * STRIP * VECTOR

/** So many bytes after an operand or panel are read, though never used nor written: memory must not end there. */
export const PRODUCT_SLACK_BYTES = 2 * VECTOR * STRIP

export interface ProductFunctions {
  readonly add: Function
  /** What it calls. */
  readonly parts: readonly Function[]
}

/**
 * `panel[r · panelRowStep + c] += Σ_k left[r · leftRowStep + k · leftDepthStep] · right[k · rightDepthStep + c]`, computed in the type of
 * the panel. Parameters, all i32: panelAt, panelRowStep, leftAt, leftRowStep, leftDepthStep, rightAt, rightDepthStep, rows, depth, columns;
 * addresses in bytes, steps in elements.
 */
export function productFunctions(left: Element, right: Element, panel: Element): ProductFunctions {
  const name = left === right && left === panel ? `addProduct_${panel}` : `addProduct_${left}_${right}_${panel}` // prettier-ignore
  const wide = stripFunction(`${name}_wide`, left, panel, STRIP)
  const narrow = stripFunction(`${name}_narrow`, left, panel, 1)
  const row = rowFunction(`${name}_row`, left, right, panel)
  const body = new Body()
  const [panelAt, panelRowStep, leftAt, leftRowStep, leftDepthStep, rightAt, rightDepthStep, rows, depth, columns] =
    ['panelAt', 'panelRowStep', 'leftAt', 'leftRowStep', 'leftDepthStep', 'rightAt', 'rightDepthStep', 'rows', 'depth', 'columns'].map((own) => body.param('i32', own)) // prettier-ignore
  for (const [step, element] of [
    [panelRowStep, panel],
    [leftRowStep, left],
    [leftDepthStep, left],
    [rightDepthStep, right],
  ] as const)
    // prettier-ignore
    body.set(step, scaled(get(step), sizeOf(element)))
  const min = (a: Code, b: Code): Code => op('i32.select', a, b, op('i32.lt_s', a, b))

  const strips = (): void => {
    const packed = body.let(right === panel ? op('i32.ge_s', get(rows), i32(PACKED_ROWS)) : i32(1), 'packed')
    const width = STRIP * lanesOf(panel)
    body.while(op('i32.gt_s', get(depth), i32(0)), () => {
      const deep = body.let(min(get(depth), i32(DEPTH)), 'deep')
      const rest = body.variable('i32', 'rest')
      body.set(rest, get(columns))
      const to = body.variable('i32', 'to')
      body.set(to, get(panelAt))
      const from = body.variable('i32', 'from')
      body.set(from, get(rightAt))
      body.while(op('i32.gt_s', get(rest), i32(0)), () => {
        const wanted = body.let(min(get(rest), i32(width)), 'wanted')
        const at = body.variable('i32', 'at')
        const step = body.variable('i32', 'step')
        body.set(at, get(from))
        body.set(step, get(rightDepthStep))
        body.if(packed, () => {
          const place = body.variable('i32', 'place')
          body.set(place, i32(0))
          const end = body.let(scaled(deep, STRIP * VECTOR), 'end')
          body.while(op('i32.lt_s', get(place), end), () => {
            for (let v = 0; v < STRIP; v++)
              body.store('v128.store', { offset: v * VECTOR }, get(place), loadVector(right, panel, get(at), v * lanesOf(panel) * sizeOf(right))) // prettier-ignore
            body.set(at, plus(get(at), get(rightDepthStep)))
            body.set(place, plus(get(place), i32(STRIP * VECTOR)))
          })
          body.set(at, i32(0))
          body.set(step, i32(STRIP * VECTOR))
        })
        const args = [get(to), get(panelRowStep), get(leftAt), get(leftRowStep), get(leftDepthStep), get(at), get(step), get(rows), deep, wanted] // prettier-ignore
        body.if(
          op('i32.gt_s', wanted, i32(lanesOf(panel))),
          () => body.call(wide, ...args),
          () => body.call(narrow, ...args),
        )
        body.set(to, plus(get(to), i32(STRIP * VECTOR)))
        body.set(from, plus(get(from), i32(width * sizeOf(right))))
        body.set(rest, plus(get(rest), i32(-width)))
      })
      body.set(leftAt, plus(get(leftAt), op('i32.mul', deep, get(leftDepthStep))))
      body.set(rightAt, plus(get(rightAt), op('i32.mul', deep, get(rightDepthStep))))
      body.set(depth, plus(get(depth), i32(-DEPTH)))
    })
  }

  body.if(
    op('i32.eq', get(rows), i32(1)),
    () => body.call(row, get(panelAt), get(leftAt), get(leftDepthStep), get(rightAt), get(rightDepthStep), get(depth), get(columns)), // prettier-ignore
    strips,
  )
  const doc = 'panel[r * panelRowStep + c] += sum of left[r * leftRowStep + k * leftDepthStep] * right[k * rightDepthStep + c]' // prettier-ignore
  return { add: body.finish(name, doc, undefined), parts: [wide, narrow, row] }
}
