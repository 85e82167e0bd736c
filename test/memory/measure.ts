/** The bytes of the arrays that a generated module makes, and a way to spoil what they hold. */
import { randomUUID } from 'node:crypto'
import { PRODUCT_SCRATCH_BYTES } from '../../codegen/wasm/product.js'
import { evaluate } from '../codegen/load.js'

export interface Measured {
  readonly module: Record<string, unknown>
  /** Forgets what there is: the module's own tables. */
  begin(): void
  /** Bytes of all arrays since then, and of memory of WebAssembly as far as arrays lie in it; not what its kernels pack operands in. */
  bytes(): number
  /** Fills all of it with what is no number. */
  spoil(): void
}

/** The module in terms of constructors that keep account. */
export async function measured(code: string): Promise<Measured> {
  const buffers = new Set<ArrayBuffer>()
  /** How far arrays reach into memory of WebAssembly. */
  const ends = new Map<ArrayBuffer, number>()
  const noteView = (made: object): void => {
    if (!ArrayBuffer.isView(made) || !(made.buffer instanceof ArrayBuffer) || buffers.has(made.buffer)) return
    const end = made.byteOffset + made.byteLength
    ends.set(made.buffer, Math.max(ends.get(made.buffer) ?? PRODUCT_SCRATCH_BYTES, end))
  }
  const watched = <T extends object>(constructor: T): T =>
    new Proxy(constructor, {
      construct(target, args: readonly unknown[]) {
        const made: unknown = Reflect.construct(Object(target), args)
        if (made instanceof ArrayBuffer) buffers.add(made)
        else if (ArrayBuffer.isView(made))
          if (typeof args[0] === 'number' && made.buffer instanceof ArrayBuffer) buffers.add(made.buffer)
          else if (args[0] instanceof ArrayBuffer) noteView(made)
        return Object(made)
      },
    })
  // Another text each time, so that each is a module of its own.
  const key = `nncMeasured${randomUUID().replaceAll('-', '')}`
  const names = { ArrayBuffer, Float32Array, Float64Array, Int32Array }
  const own = Object.fromEntries(
    Object.entries(names).map(([name, constructor]) => [name, watched(constructor)]),
  )
  Reflect.set(globalThis, key, own)
  const module = await evaluate(`const { ${Object.keys(names).join(', ')} } = globalThis.${key};\n${code}`)
  return {
    module,
    begin() {
      buffers.clear()
      ends.clear()
    },
    bytes() {
      const made = [...buffers].reduce((total, { byteLength }) => total + byteLength, 0)
      return [...ends.values()].reduce((total, end) => total + end - PRODUCT_SCRATCH_BYTES, made)
    },
    spoil() {
      for (const buffer of buffers) new Uint8Array(buffer).fill(0xff)
      // Memory that has grown is in another buffer.
      for (const buffer of ends.keys())
        if (buffer.byteLength > 0) new Uint8Array(buffer, PRODUCT_SCRATCH_BYTES).fill(0xff)
    },
  }
}
