/**
 * Where a session runs. On a terminal it is a thread of its own: a long simplification never blocks the keys, and
 * an interrupt ends the thread, whatever it was doing; a new one is told what the old one knew.
 */
import type { Worker } from 'node:worker_threads'
import type { Completion } from './complete.js'
import type { Result } from './result.js'

export interface SessionHost {
  run(text: string): Promise<readonly Result[]>
  complete(text: string, cursor: number): Promise<Completion>
  /** Ends what is under way; its answer is never given. */
  interrupt(): void
  close(): Promise<void>
}

export type Request =
  | { readonly kind: 'run'; readonly id: number; readonly text: string }
  | { readonly kind: 'complete'; readonly id: number; readonly text: string; readonly cursor: number }
  | { readonly kind: 'restore'; readonly id: number; readonly lines: readonly string[] }

export type Reply =
  | {
      readonly kind: 'ran'
      readonly id: number
      readonly results: readonly Result[]
      readonly lines: readonly string[]
    }
  | { readonly kind: 'completed'; readonly id: number; readonly completion: Completion }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }

/** What was under way when the user interrupted it. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

interface Waiting {
  readonly resolve: (reply: Reply) => void
  readonly reject: (reason: unknown) => void
}

type OpenRequest = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

export class WorkerHost implements SessionHost {
  private worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private count = 0
  /** What the session knows, as lines that make it again. */
  private lines: readonly string[] = []
  /** The thread has answered something; one that never did is not started again. */
  private answered = false
  private broken: unknown

  constructor(private readonly start: () => Worker) {
    this.worker = this.connected()
  }

  private connected(): Worker {
    const worker = this.start()
    worker.on('message', (reply: Reply) => {
      this.answered = true
      const waiting = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      if (reply.kind === 'failed') waiting?.reject(new Error(reply.message))
      else waiting?.resolve(reply)
    })
    worker.on('error', (reason) => this.restart(reason))
    return worker
  }

  /** The thread is gone: what was asked fails, what is asked next finds a new one that knows what the old one knew. */
  private restart(reason: unknown): void {
    this.broken = this.answered ? undefined : reason
    this.answered = false
    if (this.broken === undefined) this.replace()
    this.rejectAll(reason)
  }

  private replace(): void {
    this.worker = this.connected()
    if (this.lines.length > 0) void this.ask({ kind: 'restore', lines: this.lines })
  }

  private rejectAll(reason: unknown): void {
    const all = [...this.waiting.values()]
    this.waiting.clear()
    for (const { reject } of all) reject(reason)
  }

  private ask(request: OpenRequest): Promise<Reply> {
    if (this.broken !== undefined) return Promise.reject(this.broken)
    const id = this.count++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ ...request, id })
    })
  }

  async run(text: string): Promise<readonly Result[]> {
    const reply = await this.ask({ kind: 'run', text })
    if (reply.kind !== 'ran') throw new Error(`the session answered '${reply.kind}'`)
    this.lines = reply.lines
    return reply.results
  }

  async complete(text: string, cursor: number): Promise<Completion> {
    const reply = await this.ask({ kind: 'complete', text, cursor })
    return reply.kind === 'completed' ? reply.completion : { from: cursor, candidates: [] }
  }

  interrupt(): void {
    // What it was at is not worth a message.
    this.worker.removeAllListeners()
    void this.worker.terminate()
    this.rejectAll(new Interrupted())
    this.replace()
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }
}
