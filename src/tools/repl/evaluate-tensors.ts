/** Values of tensors at a point, by the interpreter: as checked, before any rewriting. */
import type { Def, Size } from '../../ir/expr.js'
import { printExpr } from '../../ir/print.js'
import type { Entry } from '../../ir/program.js'
import { NUMBERS } from '../../verify/field.js'
import { interpret, OutOfRange } from '../../verify/interpreter.js'
import type { Values } from './array-text.js'
import { messages } from './messages.js'
import type { Message } from '../../base/messages.js'

/** The results of an entry; or what is wrong with what was given. */
export function evaluateEntry(entry: Entry, given: ReadonlyMap<string, Values>): readonly Values[] | Message {
  const sizes = new Map<Size, number>()
  const data = new Map<Def, readonly number[]>()
  for (const { size, input, axis } of entry.sizes) {
    const extent = given.get(input.name)?.shape[axis]
    if (extent === undefined) continue
    // The extent is linear in the size.
    const at = (value: number): number => {
      sizes.set(size, value)
      return interpret({ field: NUMBERS, sizes, data }).number(input.idx[axis].extent)
    }
    const [zero, one] = [at(0), at(1)]
    sizes.set(size, (extent - zero) / (one - zero))
  }
  const run = interpret({ field: NUMBERS, sizes, data })
  for (const { name, def, type } of entry.inputs) {
    const own = given.get(name)
    if (!own) continue
    const fits =
      own.shape.length === def.idx.length &&
      run.shape(def).every((extent, axis) => extent === own.shape[axis])
    if (!fits) {
      const wanted = def.idx.map(({ extent }) => printExpr(extent)).join(', ')
      return messages.otherShape(name, `[${wanted}]`, `[${own.shape.join(', ')}]`)
    }
    if (type !== 'real' && !own.values.every(Number.isInteger)) return messages.notWhole(name)
    data.set(def, own.values)
  }
  try {
    const broken = entry.checks.find(({ expr }) => !(run.number(expr) >= 0))
    if (broken) return messages.cannotEvaluate(broken.message)
    return entry.outputs.map(({ def }) => ({ shape: run.shape(def), values: run.array(def) }))
  } catch (thrown) {
    if (thrown instanceof OutOfRange) return messages.cannotEvaluate(thrown.message)
    throw thrown
  }
}
