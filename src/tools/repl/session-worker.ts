/** The thread of a session. */
import { parentPort } from 'node:worker_threads'
import { COMMANDS, completions, Session } from './engine.js'
import type { Reply, Request } from './host.js'
import { nodeFiles } from './node-files.js'

const session = new Session(COMMANDS, nodeFiles(process.cwd()))
// The first answer finds everything warm: the grammar, the operators, the rules.
let before = new Session(COMMANDS).run('d/dx sin(x^2) exp(-x)').then(() => {})

parentPort?.on('message', (request: Request) => {
  // One after the other, in the order of asking.
  before = before.then(async () => parentPort?.postMessage(await answer(request)))
})

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
