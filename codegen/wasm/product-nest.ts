/**
 * Sums of small products, as convolutions are: `panel[r, c] += Σ_a Σ_b Σ_k left[r, a, b, k] · right[a, b, k, c]`. Operands are read where
 * they lie.
 */
import { Body } from './body.js'
import { type Code, type Function, type Variable, get, i32, op, plus, scaled } from './code.js'
import { type Element, VECTOR, lanesOf, sizeOf } from './lanes.js'
import { stripFunction } from './product-strip.js'

export interface NestFunctions {
  readonly add: Function
  /** What it calls. */
  readonly parts: readonly Function[]
}

/**
 * Parameters, all i32: those of a product, then of the loop around it, and of the loop around that, the number of steps and how far the left
 * and the right operand of the next one are, in elements.
 */
export function nestFunctions(left: Element, right: Element, panel: Element): NestFunctions {
  const name = left === right && left === panel ? `addProducts_${panel}` : `addProducts_${left}_${right}_${panel}` // prettier-ignore
  const strip = { left, right, panel, packed: false, partial: true, nested: true } as const
  const wide = stripFunction({ ...strip, name: `${name}_wide`, vectors: 2, tiles: [4, 2, 1] })
  const narrow = stripFunction({ ...strip, name: `${name}_narrow`, vectors: 1, tiles: [4, 1] })
  return { add: driver(name, { left, right, panel }, wide, narrow), parts: [wide, narrow] }
}

interface Types {
  readonly left: Element
  readonly right: Element
  readonly panel: Element
}

/** The loops over strips of columns. */
function driver(name: string, types: Types, wide: Function, narrow: Function): Function {
  const body = new Body()
  const param = (own: string): Variable => body.param('i32', own)
  const [panelAt, panelRowStep, leftAt, leftRowStep, leftDepthStep] = ['panelAt', 'panelRowStep', 'leftAt', 'leftRowStep', 'leftDepthStep'].map(param) // prettier-ignore
  const [rightAt, rightDepthStep, rows, depth, columns] = ['rightAt', 'rightDepthStep', 'rows', 'depth', 'columns'].map(param) // prettier-ignore
  const [count, leftStep, rightStep] = ['count', 'leftStep', 'rightStep'].map(param)
  const [outerCount, outerLeftStep, outerRightStep] = ['outerCount', 'outerLeftStep', 'outerRightStep'].map(param) // prettier-ignore
  const scale = (step: Variable, element: Element): void => body.set(step, scaled(get(step), sizeOf(element)))
  for (const step of [leftRowStep, leftDepthStep, leftStep, outerLeftStep]) scale(step, types.left)
  for (const step of [rightDepthStep, rightStep, outerRightStep]) scale(step, types.right)
  scale(panelRowStep, types.panel)
  // From where the loop inside ends to where it begins again.
  const behind = (step: Variable, times: Variable, inner: Variable): void =>
    body.set(step, op('i32.sub', get(step), op('i32.mul', get(times), get(inner))))
  behind(outerLeftStep, count, leftStep)
  behind(outerRightStep, count, rightStep)
  behind(leftStep, depth, leftDepthStep)
  behind(rightStep, depth, rightDepthStep)
  const lanes = lanesOf(types.panel)
  const nest = [count, leftStep, rightStep, outerCount, outerLeftStep, outerRightStep].map(get)
  const strips = (callee: Function, vectors: number, least: number): void =>
    body.while(op('i32.ge_s', get(columns), i32(least)), () => {
      const width = i32(vectors * lanes)
      const own: Code = op('i32.select', get(columns), width, op('i32.lt_s', get(columns), width))
      body.call(callee, get(panelAt), get(panelRowStep), get(leftAt), get(leftRowStep), get(leftDepthStep), get(rows), get(rightAt), get(depth), get(rightDepthStep), own, ...nest) // prettier-ignore
      body.set(panelAt, plus(get(panelAt), i32(vectors * VECTOR)))
      body.set(rightAt, plus(get(rightAt), i32(vectors * lanes * sizeOf(types.right))))
      body.set(columns, plus(get(columns), i32(-vectors * lanes)))
    })
  strips(wide, 2, lanes + 1)
  strips(narrow, 1, 1)
  const doc = 'panel[r, c] += sum of left[r, a, b, k] * right[a, b, k, c]'
  return body.finish(name, doc, undefined)
}
