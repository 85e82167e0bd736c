/**
 * Products of matrices. The right operand is packed, a strip of columns of a block of the depth at a time, so that it is read from the
 * first-level cache and side by side; so is the left one where what is next along the depth lies far away. A right operand whose rows lie
 * apart is transposed on the way. Operands of another type than the panel are neither packed nor transposed.
 */
import { Body } from './body.js'
import { type Code, type Function, type Variable, choose, get, i32, op, plus, scaled } from './code.js'
import { type Element, VECTOR, lanesOf, sizeOf } from './lanes.js'
import { packFunction, packRightFunction } from './product-pack.js'
import { rowFunction } from './product-row.js'
import { stripFunction } from './product-strip.js'

/** Vectors of columns of a packed strip. */
const STRIP = 4
/** Bytes of the depth that are packed at a time, of one column. */
const DEPTH = 1024
/** Rows for which the right operand is packed once. */
const ROWS = 64
/** Products of fewer rows read the right operand where it lies. */
const PACKED_ROWS = 8
/** Products of fewer columns read the left operand where it lies. */
const PACKED_COLUMNS = 48
/** From row to row of a packed left operand: not a power of two, so that rows do not compete for the same lines of the cache. */
const LEFT_STEP = DEPTH + 4 * VECTOR
const LEFT_AT = (DEPTH / 4) * STRIP * VECTOR

/** This much memory from address 0 on belongs to the kernels. */
export const PRODUCT_SCRATCH_BYTES = LEFT_AT + ROWS * LEFT_STEP

/** So many bytes after an operand or panel may be read, though they are neither used nor written: memory must not end there. */
export const PRODUCT_SLACK_BYTES = 4 * VECTOR

export interface ProductFunctions {
  readonly add: Function
  /** What it calls. */
  readonly parts: readonly Function[]
}

/**
 * `panel[r · panelRowStep + c] += Σ_k left[r · leftRowStep + k · leftDepthStep] · right[k · rightDepthStep + c · rightColumnStep]`, computed
 * in the type of the panel. Parameters, all i32: panelAt, panelRowStep, leftAt, leftRowStep, leftDepthStep, rightAt, rightDepthStep,
 * rightColumnStep, rows, depth, columns; addresses in bytes, steps in elements. The last step of a right operand of another type than the
 * panel is 1.
 */
export function productFunctions(left: Element, right: Element, panel: Element): ProductFunctions {
  const name = left === right && left === panel ? `addProduct_${panel}` : `addProduct_${left}_${right}_${panel}` // prettier-ignore
  const types = { left, right, panel }
  const kernels: Kernels = {
    packed: stripFunction({ ...types, right: panel, name: `${name}_packed`, vectors: STRIP, tiles: [2, 1], packed: true, partial: false }), // prettier-ignore
    wide: stripFunction({
      ...types,
      name: `${name}_wide`,
      vectors: 2,
      tiles: [4, 2, 1],
      packed: false,
      partial: true,
    }),
    narrow: stripFunction({
      ...types,
      name: `${name}_narrow`,
      vectors: 1,
      tiles: [4, 1],
      packed: false,
      partial: true,
    }),
    row: rowFunction(`${name}_row`, left, right, panel),
    packRight: packRightFunction(`${name}_right`, right, panel, STRIP),
    pack: left === panel || right === panel ? packFunction(`${name}_pack`, panel) : undefined,
  }
  const add = new Driver(types, kernels).write(name)
  return { add, parts: Object.values(kernels).filter((each) => each !== undefined) }
}

interface Kernels {
  readonly packed: Function
  readonly wide: Function
  readonly narrow: Function
  readonly row: Function
  readonly packRight: Function
  readonly pack: Function | undefined
}

interface Types {
  readonly left: Element
  readonly right: Element
  readonly panel: Element
}

/** The loops over blocks of rows, of the depth and of columns. */
class Driver {
  private readonly body = new Body()
  private readonly panelAt = this.param('panelAt')
  private readonly panelRowStep = this.param('panelRowStep')
  private readonly leftAt = this.param('leftAt')
  private readonly leftRowStep = this.param('leftRowStep')
  private readonly leftDepthStep = this.param('leftDepthStep')
  private readonly rightAt = this.param('rightAt')
  private readonly rightDepthStep = this.param('rightDepthStep')
  private readonly rightColumnStep = this.param('rightColumnStep')
  private readonly rows = this.param('rows')
  private readonly depth = this.param('depth')
  private readonly columns = this.param('columns')
  /** The operands of a block, packed or where they lie. */
  private readonly left = this.body.variable('i32', 'left')
  private readonly leftStep = this.body.variable('i32', 'leftStep')
  private readonly leftNext = this.body.variable('i32', 'leftNext')
  private readonly rightBlock = this.body.variable('i32', 'rightBlock')
  /** The next strip of it: one step is from row to row, the other from column to column. */
  private readonly right = this.body.variable('i32', 'right')
  private readonly rightStep = this.body.variable('i32', 'rightStep')
  private readonly rightNext = this.body.variable('i32', 'rightNext')

  constructor(
    private readonly types: Types,
    private readonly kernels: Kernels,
  ) {}

  private param(name: string): Variable {
    return this.body.param('i32', name)
  }

  write(name: string): Function {
    const { body, types, kernels, panelAt, leftAt, rightAt, rows, depth, columns } = this
    for (const step of [this.leftRowStep, this.leftDepthStep]) this.scale(step, types.left)
    for (const step of [this.rightDepthStep, this.rightColumnStep]) this.scale(step, types.right)
    this.scale(this.panelRowStep, types.panel)
    body.while(op('i32.gt_s', get(rows), i32(0)), () => {
      const height = body.let(lesser(get(rows), i32(ROWS)), 'height')
      body.if(
        op('i32.and', op('i32.eq', height, i32(1)), op('i32.eqz', this.isApart())),
        () => body.call(kernels.row, get(panelAt), get(leftAt), get(this.leftDepthStep), get(rightAt), get(this.rightDepthStep), get(depth), get(columns)), // prettier-ignore
        () => this.blocksOfDepth(height),
      )
      body.set(panelAt, plus(get(panelAt), op('i32.mul', height, get(this.panelRowStep))))
      body.set(leftAt, plus(get(leftAt), op('i32.mul', height, get(this.leftRowStep))))
      body.set(rows, plus(get(rows), i32(-ROWS)))
    })
    const doc = 'panel[r * panelRowStep + c] += sum of left[r * leftRowStep + k * leftDepthStep] * right[k * rightDepthStep + c * rightColumnStep]' // prettier-ignore
    return body.finish(name, doc, undefined)
  }

  /** The entries of a row of the right operand. */
  private isApart(): Code {
    const { right, panel } = this.types
    return right !== panel ? i32(0) : op('i32.ne', get(this.rightColumnStep), i32(sizeOf(right)))
  }

  private scale(step: Variable, element: Element): void {
    this.body.set(step, scaled(get(step), sizeOf(element)))
  }

  private blocksOfDepth(height: Code): void {
    const { body, left, rightBlock, leftDepthStep, rightDepthStep } = this
    const most = i32(DEPTH / sizeOf(this.types.panel))
    const rest = body.variable('i32', 'rest')
    const nextLeft = body.variable('i32', 'nextLeft')
    body.set(rest, get(this.depth))
    body.set(rightBlock, get(this.rightAt))
    body.set(nextLeft, get(this.leftAt))
    body.while(op('i32.gt_s', get(rest), i32(0)), () => {
      // As many blocks as it takes, of one length as far as that can be.
      const blocks = op('i32.div_u', plus(get(rest), plus(most, i32(-1))), most)
      const deep = body.let(choose(op('i32.le_s', get(rest), most), get(rest), op('i32.div_u', get(rest), blocks)), 'deep') // prettier-ignore
      body.set(left, get(nextLeft))
      body.set(this.leftStep, get(this.leftRowStep))
      body.set(this.leftNext, get(leftDepthStep))
      this.packLeft(height, deep)
      this.strips(height, deep)
      body.set(nextLeft, plus(get(nextLeft), op('i32.mul', deep, get(leftDepthStep))))
      body.set(rightBlock, plus(get(rightBlock), op('i32.mul', deep, get(rightDepthStep))))
      body.set(rest, op('i32.sub', get(rest), deep))
    })
  }

  private packLeft(height: Code, deep: Code): void {
    const { body, types, left, leftStep, leftNext, columns } = this
    const { pack } = this.kernels
    if (!pack || types.left !== types.panel) return
    const size = i32(sizeOf(types.left))
    const isWorthIt = op('i32.and', op('i32.ne', get(leftNext), size), op('i32.ge_s', get(columns), i32(PACKED_COLUMNS))) // prettier-ignore
    body.if(isWorthIt, () => {
      body.call(pack, i32(LEFT_AT), i32(LEFT_STEP), get(left), get(leftStep), get(leftNext), height, deep)
      body.set(left, i32(LEFT_AT))
      body.set(leftStep, i32(LEFT_STEP))
      body.set(leftNext, size)
    })
  }

  /** Strips of columns, wide ones first. */
  private strips(height: Code, deep: Code): void {
    const { body, types, kernels, right, rightStep: step, rightNext: next } = this
    const { pack } = kernels
    const lanes = lanesOf(types.panel)
    const [panel, rest] = ['panel', 'rest'].map((own) => body.variable('i32', own))
    body.set(panel, get(this.panelAt))
    body.set(right, get(this.rightBlock))
    body.set(step, get(this.rightDepthStep))
    body.set(next, get(this.rightColumnStep))
    body.set(rest, get(this.columns))
    const common = [get(panel), get(this.panelRowStep), get(this.left), get(this.leftStep), get(this.leftNext), height] // prettier-ignore
    const strips = (vectors: number, least: number, write: (columns: Code) => void): void =>
      body.while(op('i32.ge_s', get(rest), i32(least)), () => {
        const width = vectors * lanes
        write(least < width ? lesser(get(rest), i32(width)) : i32(width))
        body.set(panel, plus(get(panel), i32(vectors * VECTOR)))
        body.set(right, plus(get(right), scaled(get(next), width)))
        body.set(rest, plus(get(rest), i32(-width)))
      })
    const isApart = body.let(this.isApart(), 'isApart')
    const transpose = (columns: Code): void => {
      if (pack) body.call(pack, i32(0), i32(STRIP * VECTOR), get(right), get(step), get(next), deep, columns)
    }
    // What is as wide as a strip lies as it should.
    const lies = body.let(types.right === types.panel ? op('i32.and', op('i32.eq', get(step), i32(STRIP * VECTOR)), op('i32.eqz', isApart)) : i32(0), 'lies') // prettier-ignore
    body.if(op('i32.or', op('i32.ge_s', height, i32(PACKED_ROWS)), op('i32.or', lies, isApart)), () =>
      strips(STRIP, STRIP * lanes, () => {
        const at = body.variable('i32', 'at')
        body.set(at, choose(lies, get(right), i32(0)))
        body.if(
          isApart,
          () => transpose(i32(STRIP * lanes)),
          () =>
            body.if(op('i32.eqz', lies), () =>
              body.call(kernels.packRight, i32(0), get(right), get(step), deep),
            ),
        )
        body.call(kernels.packed, ...common, get(at), deep)
      }),
    )
    body.if(op('i32.and', isApart, op('i32.ne', get(rest), i32(0))), () => {
      transpose(get(rest))
      body.set(right, i32(0))
      body.set(step, i32(STRIP * VECTOR))
      body.set(next, i32(sizeOf(types.panel)))
    })
    strips(2, lanes + 1, (columns) => body.call(kernels.wide, ...common, get(right), deep, get(step), columns)) // prettier-ignore
    strips(1, 1, (columns) => body.call(kernels.narrow, ...common, get(right), deep, get(step), columns))
  }
}

const lesser = (a: Code, b: Code): Code => op('i32.select', a, b, op('i32.lt_s', a, b))
