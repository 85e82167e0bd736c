/** The thread of a session. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { COMMANDS, completions, Session } from './engine.js'
import type { Reply, Request } from './host.js'
import { nodeFiles } from './node-files.js'

/** The first answers find everything warm: the grammar, the operators, the rules; then what fewer people ask for. */
const WARMING = [
  'd/dx sin(x^2) exp(-x)',
  'max(x, 0) x^2 / (1 + exp(-x))',
  ':type tanh(x)',
  'jacobian(softmax(q), q)',
  "grad(v' @ A @ v, v)",
  ':errors x^2 x=1',
  ':plot sin(x)',
  ':js x exp(-x)',
]

/** After a question nothing is warmed for a while: the next one may follow at once. */
const QUIET_MS = 400

const session = new Session(COMMANDS, nodeFiles(process.cwd()))
let before = new Session(COMMANDS).run(WARMING[0]).then(() => {})
let asked = -QUIET_MS

parentPort?.on('message', (request: Request) => {
  asked = performance.now()
  // One after the other, in the order of asking.
  before = before.then(async () => parentPort?.postMessage(await answer(request)))
})

for (const line of WARMING.slice(1)) {
  do {
    await before
    await pause(0)
    if (performance.now() - asked < QUIET_MS) await pause(QUIET_MS)
  } while (performance.now() - asked < QUIET_MS)
  before = before.then(() => new Session(COMMANDS).run(line)).then(() => {})
}

async function answer(request: Request): Promise<Reply> {
  const { id } = request
  try {
    switch (request.kind) {
      case 'run': {
        const results = await session.run(request.text)
        return { kind: 'ran', id, results, lines: session.snapshot() }
      }
      case 'complete':
        return { kind: 'completed', id, completion: completions(session, request.text, request.cursor) }
      case 'restore':
        for (const line of request.lines) await session.run(line)
        return { kind: 'ran', id, results: [], lines: session.snapshot() }
    }
  } catch (thrown) {
    return {
      kind: 'failed',
      id,
      message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    }
  }
}
