/** Locals that share places: the code computes what it does when each has its own, whatever is read before it is set. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Body } from '../../../codegen/wasm/body.js'
import { type Code, type Function, type Variable, get, i32, op, plus } from '../../../codegen/wasm/code.js'
import { encodeModule } from '../../../codegen/wasm/encode.js'

/** A statement of a random program over eight locals of two names. `mix` adds a local to the result. */
type Step =
  | { readonly kind: 'set'; readonly to: number; readonly from: number; readonly plus: number }
  | { readonly kind: 'mix'; readonly from: number }
  | {
      readonly kind: 'if'
      readonly on: number
      readonly yes: readonly Step[]
      readonly no: readonly Step[]
    }
  | { readonly kind: 'loop'; readonly body: readonly Step[] }

const RUNS = 1000

const local = fc.nat({ max: 7 })

const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 12, size: 'max', depthIdentifier: 'program' }),
  step: fc.oneof(
    { depthIdentifier: 'program', maxDepth: 4 },
    fc.record({ kind: fc.constant('set'), to: local, from: local, plus: fc.nat({ max: 9 }) }),
    fc.record({ kind: fc.constant('mix'), from: local }),
    fc.record({ kind: fc.constant('if'), on: local, yes: tie('steps'), no: tie('steps') }),
    fc.record({ kind: fc.constant('loop'), body: tie('steps') }),
  ),
}))

/** The program as a function of no arguments. */
function write(program: readonly Step[]): { readonly body: Body; readonly result: Code } {
  const body = new Body()
  const total = body.variable('i32', 'total')
  const locals = Array.from({ length: 8 }, (_, at) => body.variable('i32', at % 2 === 0 ? 'even' : 'odd'))
  const writeAll = (all: readonly Step[]): void => {
    for (const step of all) {
      switch (step.kind) {
        case 'set':
          body.set(locals[step.to], plus(get(locals[step.from]), i32(step.plus)))
          break
        case 'mix':
          body.set(total, op('i32.add', op('i32.mul', get(total), i32(31)), get(locals[step.from])))
          break
        case 'if':
          body.if(op('i32.and', get(locals[step.on]), i32(1)), () => writeAll(step.yes), () => writeAll(step.no)) // prettier-ignore
          break
        case 'loop':
          body.count(body.variable('i32', 'k'), i32(0), i32(3), 1, () => writeAll(step.body))
      }
    }
  }
  writeAll(program)
  return { body, result: get(total) }
}

function finished(program: readonly Step[]): Function {
  const { body, result } = write(program)
  return body.finish('f', '', result, true)
}

/** What a function without arguments gives. */
function valueOf(own: Function): unknown {
  const bytes = encodeModule({ imports: [], functions: [own] })
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { nnc: { memory } })
  return typeof exports.f === 'function' ? exports.f() : undefined
}

/** The same program by hand. */
function expected(program: readonly Step[]): number {
  const locals = new Int32Array(8)
  let total = 0
  const run = (all: readonly Step[]): void => {
    for (const step of all) {
      if (step.kind === 'set') locals[step.to] = locals[step.from] + step.plus
      else if (step.kind === 'mix') total = (Math.imul(total, 31) + locals[step.from]) | 0
      else if (step.kind === 'if') run((locals[step.on] & 1) === 1 ? step.yes : step.no)
      else for (let k = 0; k < 3; k++) run(step.body)
    }
  }
  run(program)
  return total
}

describe('places of locals', () => {
  test('any program computes what it says', () => {
    let shared = 0
    fc.assert(
      fc.property(steps, (program) => {
        const own = finished(program)
        if (own.places.size > own.locals.length) shared++
        expect(valueOf(own)).toBe(expected(program))
      }),
      { numRuns: RUNS },
    )
    expect(shared).toBeGreaterThan(RUNS / 10)
  })

  const mix = (from: number): Step => ({ kind: 'mix', from })
  const set = (to: number, from: number, more = 1): Step => ({ kind: 'set', to, from, plus: more })
  const loop = (...body: readonly Step[]): Step => ({ kind: 'loop', body })

  /** The places of locals with these names. */
  const count = (program: readonly Step[], name: string): number =>
    finished(program).locals.filter((each: Variable) => each.name === name).length

  test('loops one after another have one index', () => {
    expect(count([loop(set(0, 1), mix(0)), loop(set(2, 1), mix(2))], 'k')).toBe(1)
    expect(count([loop(loop(mix(1)))], 'k')).toBe(2)
  })

  test('what a turn of a loop leaves for the next one keeps its place', () => {
    const program = [set(0, 1, 5), mix(0), mix(0), loop(mix(2), set(2, 2))]
    expect(count(program, 'even')).toBe(2)
    expect(valueOf(finished(program))).toBe(expected(program))
  })
})
