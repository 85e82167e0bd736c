/** Expansions as loops over arrays, and their errors. */
import { Arithmetic, type Shape } from '../../../codegen/wasm/arithmetic.js'
import { Body } from '../../../codegen/wasm/body.js'
import { type Code, type Import, get, opAt } from '../../../codegen/wasm/code.js'
import { MEMORY, encodeModule } from '../../../codegen/wasm/encode.js'
import type { Expansion } from '../../../codegen/wasm/math/elementary.js'
import { evaluate } from '../../../src/ops/apply.js'
import { type OperatorName, SIGNATURES } from '../../../src/ops/signatures.js'

export const SHAPES: readonly Shape[] = ['f32x4', 'f64x2', 'f64']

/** How many numbers are computed at once. */
const BLOCK = 4096

export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

export const numbersOf = (shape: Shape, values: readonly number[]): Numbers =>
  shape === 'f32x4' ? Float32Array.from(values) : Float64Array.from(values)

/** The expansion in a loop of its own; arguments are arrays of the same length. */
export function loopOf(
  shape: Shape,
  arity: number,
  expand: Expansion,
): (...args: readonly Numbers[]) => Numbers {
  const size = shape === 'f32x4' ? 4 : 8
  const body = new Body()
  const bytes = body.param('i32', 'bytes')
  const at = body.variable('i32', 'at')
  const place = (array: number): { offset: number } => ({ offset: array * BLOCK * size })
  const load = (array: number): Code =>
    opAt(place(array), shape === 'f64' ? 'f64.load' : 'v128.load', get(at))
  const imports = new Map<OperatorName, Import>()
  const calleeOf = (operator: OperatorName): Import => {
    const takes = Array.from({ length: SIGNATURES[operator] }, (): 'f64' => 'f64')
    const made = imports.get(operator) ?? { kind: 'import', name: operator, takes, gives: 'f64' }
    imports.set(operator, made)
    return made
  }
  body.set(at, { kind: 'constant', type: 'i32', value: 0 })
  body.count(at, get(at), get(bytes), shape === 'f64' ? 8 : 16, () => {
    const args = Array.from({ length: arity }, (_, array) => body.let(load(array), 'x'))
    const result = expand(new Arithmetic(shape, body, calleeOf), ...args)
    body.store(shape === 'f64' ? 'f64.store' : 'v128.store', place(arity), get(at), result)
  })
  const memory = new WebAssembly.Memory({ initial: Math.ceil(((arity + 1) * BLOCK * size) / 65536) })
  const module = { imports: [...imports.values()], functions: [body.finish('run', '', undefined, true)] }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeModule(module)), {
    [MEMORY.module]: {
      [MEMORY.name]: memory,
      ...Object.fromEntries(
        [...imports.keys()].map((name) => [name, (...at: number[]) => evaluate(name, at)]),
      ),
    },
  })
  const { run } = exports
  if (typeof run !== 'function') throw new Error('run is a function')

  const view = (array: number): Numbers =>
    shape === 'f32x4'
      ? new Float32Array(memory.buffer, array * BLOCK * size, BLOCK)
      : new Float64Array(memory.buffer, array * BLOCK * size, BLOCK)
  return (...args) => {
    const results = args[0].slice()
    for (let start = 0; start < results.length; start += BLOCK) {
      const part = results.subarray(start, start + BLOCK)
      for (const [array, whole] of args.entries()) view(array).set(whole.subarray(start, start + BLOCK))
      run(part.length * size)
      part.set(view(arity).subarray(0, part.length))
    }
    return results
  }
}

/** The distance of the numbers of a shape around `x`. */
export function spacing(shape: Shape, x: number): number {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(x))
  const exponent = (bits.getUint32(0) >>> 20) - 1023
  return shape === 'f32x4' ? 2 ** (Math.max(exponent, -126) - 23) : 2 ** (Math.max(exponent, -1022) - 52)
}

const LARGEST = { f32x4: 2 ** 128 - 2 ** 104, f64x2: Number.MAX_VALUE, f64: Number.MAX_VALUE }

/**
 * The error in ulp, of an exact value `high + low`. NaN, infinities and the sign of zero must be those of the value rounded: Infinity
 * where they are not.
 */
export function ulps(shape: Shape, found: number, high: number, low = 0): number {
  const rounded = shape === 'f32x4' ? Math.fround(high) : high
  if (Object.is(found, rounded))
    return Number.isFinite(found) ? Math.abs(found - high - low) / spacing(shape, high) : 0
  if (Number.isNaN(found) || Number.isNaN(rounded)) return Infinity
  if (found === rounded) return high === 0 || Math.abs(high) < spacing(shape, 0) / 2 ? Infinity : 0
  if (!Number.isFinite(high)) return Infinity
  // Overflow counts as the number that would follow the largest.
  const next = LARGEST[shape] + spacing(shape, LARGEST[shape])
  const value = Number.isFinite(found) ? found : shape === 'f32x4' ? Math.sign(found) * next : found
  return Math.abs(value - high - low) / spacing(shape, high)
}
