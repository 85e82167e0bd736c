/** The text form, assembled by WABT, is the module that the encoder writes, byte for byte. */
import { describe, expect, test } from 'vitest'
import wabt from 'wabt'
import { Body } from '../../../codegen/wasm/body.js'
import {
  type Function,
  type Import,
  type Module,
  choose,
  f32,
  f64,
  get,
  i32,
  i64,
  instructionOf,
  invoke,
  op,
  opAt,
  shuffle,
  vector,
} from '../../../codegen/wasm/code.js'
import { encodeModule } from '../../../codegen/wasm/encode.js'
import { INSTRUCTIONS, type InstructionName } from '../../../codegen/wasm/instructions.js'
import { printModule } from '../../../codegen/wasm/text.js'

const assembler = await wabt()

function assembled(text: string): Uint8Array {
  const module = assembler.parseWat('module.wat', text, { simd: true, bulk_memory: true })
  module.validate()
  const { buffer } = module.toBinary({ canonicalize_lebs: true, write_debug_names: false })
  module.destroy()
  return buffer
}

function expectSame(module: Module): void {
  const bytes = encodeModule(module)
  expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(assembled(printModule(module))).toString('hex'))
}

const moduleOf = (...functions: readonly Function[]): Module => ({ imports: [], functions })

const isInstruction = (name: string): name is InstructionName => Object.hasOwn(INSTRUCTIONS, name)

/** A function that is this instruction of its parameters, with the largest lane, and an offset of two bytes in LEB128. */
function functionOf(name: InstructionName): Function {
  const { takes, gives, align, lanes } = instructionOf(name)
  const body = new Body()
  const args = takes.map((type, at) => get(body.param(type, `p${at}`)))
  const immediates = { offset: align === undefined ? 0 : 300, lane: lanes === undefined ? 0 : lanes - 1 }
  if (gives !== 'nothing')
    return body.finish(name, '', { kind: 'apply', type: gives, instruction: name, args, ...immediates }, true)
  const whole = body.finish(name, '', undefined, true)
  return { ...whole, body: [{ kind: 'store', instruction: name, args, ...immediates }] }
}

describe('the bytes are those of the text', () => {
  test.each(Object.keys(INSTRUCTIONS))('%s', (name) => {
    if (!isInstruction(name)) throw new Error(`no instruction ${name}`)
    expectSame(moduleOf(functionOf(name)))
  })

  test('all instructions in one module', () => {
    expectSame(moduleOf(...Object.keys(INSTRUCTIONS).filter(isInstruction).map(functionOf)))
  })

  test.each([
    ...[0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)].map(i32),
    ...[0, -1, 64, -65, 2 ** 31, 2 ** 52 - 1, -(2 ** 53), 2047 * 2 ** 52, -(2 ** 63)].map(i64),
    ...[0, -0, 0.1, 2 ** -149, 3.4e38, -Infinity, NaN].map(f32),
    ...[0, -0, 0.1, 5e-324, 1.7976931348623157e308, Infinity, NaN].map(f64),
  ])('%o', (constant) => {
    expectSame(moduleOf(new Body().finish('f', '', constant, true)))
  })

  test.each([
    vector('f32x4', 0.1),
    vector('f32x4', 1, -0, NaN, Infinity),
    vector('f64x2', -1e300, 0.1),
    vector('i32x4', -1, 0x7fffffff, 0, 5),
    vector('i64x2', 2 ** 52 - 1, -(2 ** 63)),
  ])('a vector of $shape: $lanes', (constant) => {
    expectSame(moduleOf(new Body().finish('f', '', constant, true)))
  })

  test('every statement, nested, with comments and with names that the text must spell', () => {
    const sin: Import = { kind: 'import', name: 'sin', takes: ['f64'], gives: 'f64' }
    const tick: Import = { kind: 'import', name: 'tick', takes: ['i32', 'f64'], gives: 'nothing' }

    const inner = new Body()
    const x = inner.param('f64', 'x')
    const square = inner.finish("f'(x)", 'x², in two\nlines', op('f64.mul', get(x), get(x)))

    const body = new Body()
    const [from, to] = [body.param('i32', 'from'), body.param('i32', 'to')]
    const i = body.variable('i32', 'i')
    const sum = body.variable('f64', 'σ')
    const lanes = body.variable('v128', 'i')
    const total = body.variable('f64', 'σ')
    body.comment(() => 'everything\nonce')
    body.fill(get(from), i32(64))
    body.copy(get(to), get(from), op('i32.mul', get(from), i32(8)))
    body.count(i, get(from), get(to), 4, () => {
      body.if(
        op('i32.eq', op('i32.rem_u', get(i), i32(8)), i32(0)),
        () => body.set(sum, op('f64.add', get(sum), invoke(square, opAt({ offset: 8 }, 'f64.load', get(i))))),
        () => body.if(op('i32.lt_s', get(i), i32(12)), () => body.call(tick, get(i), invoke(sin, get(sum)))),
      )
      body.set(lanes, shuffle(get(lanes), vector('f32x4', 1), [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 28, 29, 30, 31])) // prettier-ignore
      body.store('v128.store64_lane', { offset: 16, lane: 1 }, get(i), get(lanes))
    })
    body.while(op('f64.lt', get(total), get(sum)), () => {
      body.set(total, op('f64.add', op('f64.mul', get(total), f64(2)), f64(1)))
    })
    body.set(total, choose(op('i32.eqz', get(i)), get(total), op('f64.neg', get(sum))))
    const run = body.finish('run', 'The whole of it.', get(total), true)

    expectSame({ imports: [sin, tick], functions: [square, run] })
  })
})
