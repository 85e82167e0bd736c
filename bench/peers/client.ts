import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question, Reply } from './protocol.js'
import type { SystemName } from './systems.js'

export type Result = Reply | { readonly kind: 'too long' }

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
const START_LIMIT = 60_000

/** Asks one system, in a process that is started again after it was ended or died. */
export class Client {
  private child: ChildProcess | undefined

  constructor(private readonly name: SystemName) {}

  async ask(question: Question, limit: number): Promise<Result> {
    const child = this.child ?? (await this.start())
    const waiting = this.next(child, limit)
    child.send(question)
    return waiting
  }

  close(): void {
    this.child?.kill('SIGKILL')
    this.child = undefined
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(WORKER, [this.name], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }) // prettier-ignore
    this.child = child
    const ready = await this.next(child, START_LIMIT)
    if (ready.kind !== 'answer') throw new Error(`${this.name} does not start`)
    return child
  }

  private next(child: ChildProcess, limit: number): Promise<Result> {
    return new Promise((resolve) => {
      const done = (result: Result): void => {
        clearTimeout(timer)
        child.removeAllListeners()
        if (result.kind !== 'answer' && result.kind !== 'failed') this.close()
        resolve(result)
      }
      const timer = setTimeout(() => done({ kind: 'too long' }), limit)
      child.once('message', (reply: Reply) => done(reply))
      child.once('exit', () => {
        this.child = undefined
        done({ kind: 'failed', reason: 'the process died' })
      })
    })
  }
}
