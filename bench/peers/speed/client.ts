/** The processes of the systems: those in JavaScript are forked, PyTorch is asked in lines of JSON. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Arrays, product, type Values } from '../../networks.js'
import type { Question, Reply } from './protocol.js'
import type { SystemName } from './systems.js'
import { flatten, NETWORKS, type Task } from './tasks.js'

export interface Client {
  ask(question: Question): Promise<Reply>
  close(): void
}

export const start = (name: SystemName): Client => (name === 'pytorch' ? pytorch() : worker(name))

function worker(name: SystemName): Client {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [name], {
    serialization: 'advanced',
    execArgv: process.execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return {
    ask: (question) =>
      reply(child, (done) => {
        child.once('message', done)
        child.send(question)
      }),
    close: () => child.kill(),
  }
}

function pytorch(): Client {
  const child = spawn('python3', [fileURLToPath(new URL('pytorch.py', import.meta.url))], {
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface(child.stdout)
  return {
    ask: (question) =>
      reply(child, (done) => {
        lines.once('line', (line) => done(fromPython(JSON.parse(line))))
        child.stdin.write(`${JSON.stringify(question.ask === 'results' ? { ...question, ...inputs(question.task) } : question)}\n`) // prettier-ignore
      }),
    close: () => child.kill(),
  }
}

function reply(child: ChildProcess, ask: (done: (reply: Reply) => void) => void): Promise<Reply> {
  return new Promise((resolve) => {
    const died = (): void => done({ kind: 'failed', reason: 'the process died' })
    const done = (answer: Reply): void => {
      child.off('exit', died)
      resolve(answer)
    }
    if (child.exitCode !== null) return died()
    child.once('exit', died)
    ask(done)
  })
}

/** Numbers go in base 64: 32 bits each, low bytes first. */
interface Lines {
  readonly kind: Reply['kind']
  readonly results?: readonly string[]
  readonly milliseconds?: number
  readonly reason?: string
}

function fromPython({ kind, results = [], milliseconds = NaN, reason = '' }: Lines): Reply {
  switch (kind) {
    case 'results':
      return { kind, results: results.map((text) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)) } // prettier-ignore
    case 'time':
      return { kind, milliseconds }
    case 'failed':
      return { kind, reason }
    case 'warm':
    case 'none':
      return { kind }
  }
}

const inBase64 = (values: Values): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

function inputs(task: Task) {
  if (task === 'product')
    return { params: {}, data: { a: { shape: [64, 784], numbers: inBase64(product.a) }, b: { shape: [784, 512], numbers: inBase64(product.b) } } } // prettier-ignore
  const { params, data, shapes } = NETWORKS[task]
  const tensors = (arrays: Arrays) =>
    Object.fromEntries(Object.entries(flatten(arrays)).map(([name, values]) => [name, { numbers: inBase64(values), shape: Object.entries(shapes).find(([path]) => path === name)?.[1] }])) // prettier-ignore
  return { params: tensors(params), data: tensors(data) }
}
