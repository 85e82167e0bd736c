/** Stabilising and simplifying keep every value and gradient of the language's programs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { checkProgram } from '../../src/check/check.js'
import { differentiate } from '../../src/differentiate/differentiate.js'
import { expandDerivatives } from '../../src/differentiate/expand-pass.js'
import type { Def } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'
import { runPasses, type Pass } from '../../src/ir/pass.js'
import type { Entry, Program } from '../../src/ir/program.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { simplify } from '../../src/simplify/simplify.js'
import { stabilise } from '../../src/simplify/stabilise.js'
import { NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { Random } from '../../src/verify/random.js'
import { drawPoint, NoPoint } from '../../src/verify/sampling.js'

const FOLDER = join(import.meta.dirname, '..', 'programs')
const PLAIN: readonly Pass[] = [expandDerivatives(), differentiate()]
const WHOLE: readonly Pass[] = [stabilise(), ...PLAIN, simplify(), stabilise({ final: true })]

/** Programs that read no other files. The largest takes the interpreter too long. */
const names = readdirSync(FOLDER).filter(
  (name) => name !== '07-mlp.nn' && !/^import .*"\./m.test(readFileSync(join(FOLDER, name), 'utf8')),
)

function load(name: string): Program {
  const diagnostics = new Diagnostics()
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const file = parseFile({ filename: name, text }, diagnostics)
  const program = checkProgram(file, { graph: new Graph(), diagnostics, filename: name })
  if (!program || diagnostics.hasErrors)
    throw new Error(diagnostics.list.map(({ message }) => message).join())
  return program
}

/** Nothing where a construct has no interpretation yet. */
function pointOf(entry: Entry): ReturnType<typeof drawPoint>['point'] | undefined {
  try {
    return drawPoint(entry, new Random(11), {}).point
  } catch (reason) {
    if (reason instanceof NoPoint) return undefined
    throw reason
  }
}

/** Everything an entry yields at a point, by name; cotangents of results are drawn alike for both programs. */
function valuesOf(
  entry: Entry,
  point: ReturnType<typeof drawPoint>['point'],
): Map<string, readonly number[]> {
  const data = new Map<Def, readonly number[]>(point.data)
  const plain = interpret({ field: NUMBERS, sizes: point.sizes, data })
  const values = new Map<string, readonly number[]>()
  for (const { name, def } of entry.outputs) values.set(`output ${name}`, plain.array(def))
  if (entry.loss) values.set('loss', plain.array(entry.loss))
  const random = new Random(3)
  const real = entry.outputs.filter(({ def }) => !def.integer)
  for (const [at, cotangent] of (entry.backward?.cotangents ?? []).entries())
    data.set(
      cotangent,
      (values.get(`output ${real[at].name}`) ?? []).map(() => random.normal()),
    )
  const run = interpret({ field: NUMBERS, sizes: point.sizes, data })
  for (const { wrt, def } of entry.backward?.gradients ?? [])
    if (def) values.set(`gradient ${wrt.name}`, run.array(def))
  return values
}

const largest = (values: readonly number[]): number =>
  values.reduce((best, x) => Math.max(best, Math.abs(x)), 0)

describe.each(names)('%s', (name) => {
  test('keeps its values and gradients', () => {
    const program = load(name)
    const before = runPasses(program, PLAIN)
    const after = runPasses(program, WHOLE, {
      after: (current, pass) => verifyProgram(current, pass?.name ?? 'check'),
    })
    for (const [at, entry] of program.entries.entries()) {
      const point = pointOf(entry)
      if (!point) continue
      const expected = valuesOf(before.entries[at], point)
      const actual = valuesOf(after.entries[at], point)
      for (const [what, values] of expected) {
        const found = actual.get(what)
        if (!values.every(Number.isFinite)) continue
        if (!found) {
          expect(largest(values), `${entry.name}: ${what} is gone`).toBeLessThan(1e-12)
          continue
        }
        const error = largest(values.map((value, position) => value - found[position]))
        expect(error / (1 + largest(values)), `${entry.name}: ${what}`).toBeLessThan(1e-9)
      }
    }
  })
})
