/** One system in a process of its own: a call that does not return is ended from outside. */
import type { Question, Reply } from './protocol.js'
import { openSystem, SYSTEM_NAMES, type Answer, type System } from './systems.js'
import type { Point } from './values.js'

const name = SYSTEM_NAMES.find((each) => each === process.argv[2])
if (!name) throw new Error(`no system '${process.argv[2]}'`)
const system = openSystem(name)

process.on('message', (question: Question) => process.send?.(reply(system, question)))
process.send?.({ kind: 'answer', text: 'ready', milliseconds: 0, values: [], excluded: [] } satisfies Reply)

function reply({ differentiate, simplify }: System, { task, expression, points }: Question): Reply {
  try {
    const started = performance.now()
    const answer = task === 'differentiate' ? differentiate(expression) : simplify(expression)
    const milliseconds = performance.now() - started
    const isExcluded = (at: Point): boolean => answer.conditions.some((condition) => !(condition(at) > 0))
    return {
      kind: 'answer',
      text: answer.text.length > 10_000 ? '' : answer.text,
      milliseconds,
      values: points.map((at) => valueAt(answer, at)),
      excluded: points.map(isExcluded),
    }
  } catch (reason) {
    return { kind: 'failed', reason: String(reason).split('\n')[0].slice(0, 200) }
  }
}

/** A result that cannot be evaluated, such as a derivative left standing, has no value. */
function valueAt(answer: Answer, at: Point): number {
  try {
    return answer.value(at)
  } catch {
    return NaN
  }
}
