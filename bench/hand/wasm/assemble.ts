/** Text of WebAssembly functions to functions, with a memory in which arrays are laid out once. */
import wabt from 'wabt'

export type Call = (...numbers: readonly number[]) => void

export interface Machine {
  call(name: string): Call
  floats(count: number): Floats
  holding(values: Float32Array): Floats
  integers(values: readonly number[]): number
}

/** An array in the memory: where it is, and a view of it. */
export interface Floats {
  readonly at: number
  readonly view: Float32Array
}

const isCall = (value: unknown): value is Call => typeof value === 'function'

export async function assemble(functions: readonly string[], bytes: number): Promise<Machine> {
  const text = `(module (import "js" "memory" (memory 1))\n${functions.join('\n')})`
  const parsed = (await wabt()).parseWat('by-hand.wat', text, { simd: true })
  const module = new WebAssembly.Module(Uint8Array.from(parsed.toBinary({}).buffer))
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) })
  const { exports } = new WebAssembly.Instance(module, { js: { memory } })
  let end = 64
  const reserve = (size: number): number => {
    const at = end
    // Each array begins a line of the cache, and vectors may be read a little beyond its end.
    end = Math.ceil((at + size + 64) / 64) * 64
    if (end > bytes) throw new Error(`${bytes} bytes are too few`)
    return at
  }
  const floats = (count: number): Floats => {
    const at = reserve(4 * count)
    return { at, view: new Float32Array(memory.buffer, at, count) }
  }
  return {
    call(name) {
      const found = exports[name]
      if (!isCall(found)) throw new Error(`no function ${name}`)
      return found
    },
    floats,
    holding(values) {
      const all = floats(values.length)
      all.view.set(values)
      return all
    },
    integers(values) {
      const at = reserve(4 * values.length)
      new Int32Array(memory.buffer, at, values.length).set(values)
      return at
    },
  }
}

/** Lines with each number from 0. */
export const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** An address so many bytes further, which may be text of a number. */
export const plus = (name: string, bytes: string | number): string =>
  `(i32.add (local.get ${name}) ${typeof bytes === 'number' ? `(i32.const ${bytes})` : bytes})`

export const get = (name: string): string => `(local.get ${name})`

/** Runs the lines as often as `$count` says, which is at least once; it is 0 then. */
export const countDown = (count: string, lines: string): string => `
  (loop $down_${count.slice(1)}
    ${lines}
    (br_if $down_${count.slice(1)} (local.tee ${count} (i32.sub (local.get ${count}) (i32.const 1)))))`

export const locals = (type: 'i32' | 'v128', names: string): string =>
  names.split(' ').map((name) => `(local ${name} ${type})`).join(' ') // prettier-ignore

export const params = (names: string): string => names.split(' ').map((name) => `(param ${name} i32)`).join(' ') // prettier-ignore
