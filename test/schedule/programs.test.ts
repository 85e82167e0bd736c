/** Every method of every program of the language reference computes what the interpreter does. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Def } from '../../src/ir/expr.js'
import type { Entry } from '../../src/ir/program.js'
import type { Method, MethodName } from '../../src/schedule/loop-program.js'
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { Random } from '../../src/verify/random.js'
import { drawPoint, NoPoint } from '../../src/verify/sampling.js'
import { compile, scheduled } from './compile.js'
import { execute } from './execute.js'

const folder = fileURLToPath(new URL('../programs/', import.meta.url))

/** Larger entries are scheduled, but take the interpreter too long. */
const MOST_WORK = 300_000

function wantedBy(entry: Entry, { name }: Method): readonly (Def | undefined)[] {
  const gradients = entry.backward?.gradients.map(({ def }) => def) ?? []
  const outputs = entry.outputs.map(({ def }) => def)
  const wanted: Record<MethodName, readonly (Def | undefined)[]> = {
    forward: outputs,
    value: outputs,
    loss: [entry.loss],
    backward: [entry.loss, ...gradients],
    grad: gradients,
    valueAndGrad: [...outputs, ...gradients],
    vjp: gradients,
    jvp: entry.tangent?.outputs ?? [],
  }
  return wanted[name]
}

function compare(entry: Entry, methods: readonly Method[]): void {
  const random = new Random(3)
  const { point, work } = drawPoint(entry, random, {})
  if (work > MOST_WORK) return
  for (const method of methods) {
    const data = new Map<Def, readonly number[]>(point.data)
    const shapes = interpret({ field: NUMBERS, sizes: point.sizes, data })
    for (const seed of method.seeds) {
      const count = shapes.shape(seed).reduce((product, extent) => product * extent, 1)
      data.set(
        seed,
        Array.from({ length: count }, () => random.normal()),
      )
    }
    const reference = interpret({ field: NUMBERS, sizes: point.sizes, data })
    const extent = (e: Parameters<typeof reference.number>[0]): number => reference.number(e)
    const results = execute(method, { sizes: point.sizes, data, extent, flags: true })
    for (const [number, def] of wantedBy(entry, method).entries()) {
      const got = results[number]
      const expected = def ? reference.array(def) : got.map(() => 0)
      expect(got.length).toBe(expected.length)
      const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)
      const worst = got.findIndex((value, at) => !Object.is(value, expected[at]) && !(Math.abs(value - expected[at]) <= 1e-10 * scale)) // prettier-ignore
      const where = `${entry.name} ${method.name} ${method.results[number].path.join('.')}[${worst}]`
      expect(worst < 0 ? [where] : [where, got[worst]]).toEqual(
        worst < 0 ? [where] : [where, expected[worst]],
      )
    }
  }
}

describe('programs', () => {
  for (const filename of readdirSync(folder).filter((name) => name.endsWith('.nn')))
    test(
      filename,
      () => {
        const program = compile(readFileSync(folder + filename, 'utf8'), filename)
        for (const [at, { methods }] of scheduled(program, { dtype: 'f64' }).entries()) {
          const entry = program.entries[at]
          try {
            compare(entry, methods)
          } catch (error) {
            // What cannot be sampled cannot be compared.
            if (!(error instanceof NoPoint)) throw error
          }
        }
      },
      300_000,
    )
})
