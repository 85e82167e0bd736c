/**
 * Layers of a network with ReLU and cross-entropy behind the last one, in WebAssembly. A width that is no multiple of eight has columns
 * of zeros up to the next one in memory.
 */
import { crossEntropy, type Layer } from '../mlp.js'
import { assemble, countDown, type Floats, get, locals, type Machine, params, plus } from './assemble.js'
import { load, type Matrix, PRODUCTS, Products, store } from './products.js'

const CLIPPED = '(f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $x))'

/** y += b in each of the rows, and ReLU. */
const addBias = (name: string, result: string): string => `
(func (export "${name}") ${params('$y $b $rows $vectors')} ${locals('i32', '$left $at')} ${locals('v128', '$x')}
  ${countDown('$rows', `
  (local.set $left ${get('$vectors')})
  (local.set $at ${get('$b')})
  ${countDown('$left', `
  (local.set $x (f32x4.add ${load('$y')} ${load('$at')}))
  ${store('$y', 0, result)}
  (local.set $y ${plus('$y', 16)}) (local.set $at ${plus('$at', 16)})`)}`)})` // prettier-ignore

/** d = 0 where y is, and the sums of its columns. */
const mask = `
(func (export "mask") ${params('$d $y $b $rows $vectors')} ${locals('i32', '$left $at')} ${locals('v128', '$x')}
  ${countDown('$rows', `
  (local.set $left ${get('$vectors')})
  (local.set $at ${get('$b')})
  ${countDown('$left', `
  (local.set $x (v128.and ${load('$d')} (f32x4.gt ${load('$y')} (v128.const f32x4 0 0 0 0))))
  ${store('$d', 0, get('$x'))}
  ${store('$at', 0, `(f32x4.add ${load('$at')} ${get('$x')})`)}
  (local.set $d ${plus('$d', 16)}) (local.set $y ${plus('$y', 16)}) (local.set $at ${plus('$at', 16)})`)}`)})` // prettier-ignore

export const DENSE: readonly string[] = [
  ...PRODUCTS,
  addBias('add', get('$x')),
  addBias('addAndClip', CLIPPED),
  mask,
]

export interface Computed<Gradients> {
  /** Gives the loss. */
  run(): number
  readonly gradients: Gradients
}

/** Of inputs in rows, for which `dInput` takes the cotangents, if there is somebody who wants them. */
export function denseLayers(
  machine: Machine,
  layers: readonly Layer[],
  input: Floats,
  label: Int32Array,
  dInput?: Floats,
): Computed<readonly Layer[]> {
  const n = label.length
  const inputs = layers[0].W.length / layers[0].b.length
  const products = new Products(machine, Math.max(inputs, ...layers.map(({ b }) => b.length)))
  const [add, addAndClip, hide] = ['add', 'addAndClip', 'mask'].map((name) => machine.call(name))
  const stack: { k: number; width: number; W: Floats; b: Floats; dW: Floats; db: Floats; y: Floats; d: Floats }[] = [] // prettier-ignore
  for (const { W, b } of layers) {
    const k = stack.at(-1)?.width ?? inputs
    const width = Math.ceil(b.length / 8) * 8
    const own = { W: machine.floats(k * width), b: machine.floats(width) }
    for (let i = 0; i < W.length / b.length; i++)
      own.W.view.set(W.subarray(i * b.length, (i + 1) * b.length), i * width)
    own.b.view.set(b)
    stack.push({ ...own, k, width, dW: machine.floats(k * width), db: machine.floats(width), y: machine.floats(n * width), d: machine.floats(n * width) }) // prettier-ignore
  }
  const last = stack[stack.length - 1]
  const classes = layers[layers.length - 1].b.length
  const logits = new Float32Array(n * classes)
  const slopes = new Float32Array(n * classes)
  const below = (at: number): Floats => (at === 0 ? input : stack[at - 1].y)
  // Those without columns of zeros are the arrays of the memory.
  const gradients = layers.map(({ W, b }, at) => {
    const { dW, db, width } = stack[at]
    return width === b.length && dW.view.length === W.length
      ? { W: dW.view, b: db.view }
      : { W: new Float32Array(W.length), b: new Float32Array(b.length) }
  })

  return {
    gradients,
    run() {
      for (const [at, { k, width, W, b, y }] of stack.entries()) {
        products.times(matrix(below(at), k), matrix(W, width), matrix(y, width), n, k, width)
        const finish = at < stack.length - 1 ? addAndClip : add
        finish(y.at, b.at, n, width / 4)
      }
      for (let s = 0; s < n; s++)
        for (let c = 0; c < classes; c++) logits[s * classes + c] = last.y.view[s * last.width + c]
      const loss = crossEntropy(logits, label, slopes)
      for (const { db } of stack) db.view.fill(0)
      for (let s = 0; s < n; s++)
        for (let c = 0; c < classes; c++) {
          last.d.view[s * last.width + c] = slopes[s * classes + c]
          last.db.view[c] += slopes[s * classes + c]
        }
      for (let at = stack.length - 1; at >= 0; at--) {
        const { k, width, W, dW, d } = stack[at]
        products.times(turned(below(at), k), matrix(d, width), matrix(dW, width), k, n, width)
        const cotangents = at === 0 ? dInput : stack[at - 1].d
        if (!cotangents) break
        products.times(matrix(d, width), turned(W, width), matrix(cotangents, k), n, width, k)
        if (at > 0) hide(cotangents.at, below(at).at, stack[at - 1].db.at, n, k / 4)
      }
      for (const [at, { W, b }] of gradients.entries()) {
        const { dW, db, width } = stack[at]
        if (W === dW.view) continue
        const rows = W.length / b.length
        for (let i = 0; i < rows; i++) W.set(dW.view.subarray(i * width, i * width + b.length), i * b.length)
        b.set(db.view.subarray(0, b.length))
      }
      return loss
    },
  }
}

const matrix = ({ at }: Floats, width: number): Matrix => ({ at, row: 4 * width })
const turned = ({ at }: Floats, width: number): Matrix => ({ at, row: 4 * width, transposed: true })

/** A network of nothing but such layers. */
export async function mlpByHand(
  layers: readonly Layer[],
  x: Float32Array,
  label: Int32Array,
): Promise<Computed<readonly Layer[]>> {
  const machine = await assemble(DENSE, 2 ** 24)
  return denseLayers(machine, layers, machine.holding(x), label)
}
