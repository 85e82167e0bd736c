/** One system in a process of its own: each brings its own memory, and one that fails leaves the others alone. */
import { cpuTimeOf } from '../../harness.js'
import type { Question, Reply } from './protocol.js'
import { openSystem, SYSTEMS } from './systems.js'
import type { Computation } from './tasks.js'

const name = SYSTEMS.find((each) => each === process.argv[2])
if (!name || name === 'pytorch') throw new Error(`no system '${process.argv[2]}'`)
const open = await openSystem(name)
let computation: Computation = { step: () => undefined, results: () => [] }
let repeats = 1

process.on('message', (question: Question) => {
  void answer(question)
    .catch((reason: unknown): Reply => ({ kind: 'failed', reason: String(reason).split('\n')[0] }))
    .then((reply) => process.send?.(reply))
})

async function answer(question: Question): Promise<Reply> {
  switch (question.ask) {
    case 'results': {
      const found = await open(question.task)
      if (!found) return { kind: 'none' }
      computation = found
      return { kind: 'results', results: found.results() }
    }
    case 'warm': {
      const started = performance.now()
      while (performance.now() - started < question.milliseconds) computation.step()
      repeats = Math.max(1, Math.round(question.least / cpuTimeOf(() => computation.step(), 3)))
      return { kind: 'warm' }
    }
    case 'time':
      return { kind: 'time', milliseconds: cpuTimeOf(() => computation.step(), repeats) }
  }
}
